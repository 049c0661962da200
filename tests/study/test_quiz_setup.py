"""Before a quiz: the form, what it makes of what was given, and the list of past quizzes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from quizapp.content.models import Topic, Track, TrackTopic
from quizapp.scheduling import cards
from quizapp.study import quizzes
from quizapp.study.models import Quiz
from quizapp.study.quiz_forms import choices
from quizapp.teams.models import User
from tests.factories import FactFactory, QuestionFactory, TopicFactory
from tests.scheduling.studying import MINUTE, MORNING
from tests.study.browsing import text_of
from tests.study.quizzing import quiz_of, respond, take, url_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]

NEW = "/quiz/"


def topic_of(number: int, title: str) -> Topic:
    topic = TopicFactory(title=title, slug=title.lower())
    QuestionFactory.create_batch(number, topic=topic)
    return topic


@pytest.fixture
def services() -> Topic:
    return topic_of(6, "Services")


@pytest.fixture
def volumes() -> Topic:
    return topic_of(6, "Volumes")


def form(**given: Any) -> dict[str, Any]:
    return {"what": "all", "number": 5, "feedback": "at_once", "minutes": ""} | given


def topics_of(quiz: Quiz) -> set[str]:
    return set(quiz.places.values_list("question__topic__title", flat=True))


def test_all_topics_are_the_default(as_alice: Client, services: Topic, volumes: Topic) -> None:
    page = as_alice.get(NEW)
    fields = page.context["form"].fields.items()
    given = {name: field.initial for name, field in fields if field.initial is not None}
    response = as_alice.post(NEW, given)
    quiz = Quiz.objects.get()
    assert response.url == url_of(quiz)
    assert (quiz.title, quiz.feedback, quiz.minutes) == ("All topics", "at_once", None)
    assert quiz.places.count() == 10
    assert topics_of(quiz) == {"Services", "Volumes"}


@pytest.mark.parametrize(
    ("slugs", "title"),
    [
        (["services"], "Services"),
        (["services", "volumes"], "Services and Volumes"),
        (["services", "volumes", "pods"], "3 topics"),
    ],
)
def test_topics_can_be_chosen(
    as_alice: Client, services: Topic, volumes: Topic, slugs: list[str], title: str
) -> None:
    topic_of(6, "Pods")
    as_alice.post(NEW, form(what="topics", topics=slugs, number=15))
    quiz = Quiz.objects.get()
    assert quiz.title == title
    assert {name.lower() for name in topics_of(quiz)} == set(slugs)


def test_a_track_means_its_topics(as_alice: Client, services: Topic, volumes: Topic) -> None:
    track = Track.objects.create(slug="storage", title="Storage for all")
    TrackTopic.objects.create(track=track, topic=volumes)
    Track.objects.create(slug="empty", title="A track of nothing")
    assert "A track of nothing" not in text_of(as_alice.get(NEW))
    as_alice.post(NEW, form(what="track-storage", topics=["services"]))
    quiz = Quiz.objects.get()
    assert quiz.title == "Storage for all"
    assert topics_of(quiz) == {"Volumes"}


@pytest.mark.parametrize(("covers", "number"), [(None, 8), (False, 6), (True, 2)])
def test_a_track_may_cover_a_part(
    as_alice: Client,
    volumes: Topic,
    covers: bool | None,  # noqa: FBT001
    number: int,
) -> None:
    beyond = FactFactory(topic=volumes, extends=FactFactory(topic=volumes))
    within = FactFactory(topic=volumes)
    extra = {QuestionFactory(topic=volumes, facts=facts) for facts in ([beyond], [within, beyond])}
    track = Track.objects.create(slug="storage", title="Storage", covers_extensions=covers)
    TrackTopic.objects.create(track=track, topic=volumes)
    choice = choices().tracks[0]
    assert choice.number == number

    as_alice.post(NEW, form(what="track-storage", number=10))
    asked = {place.question for place in Quiz.objects.get().places.all()}
    assert len(asked) == number
    assert len(asked & extra) == (0 if covers is False else 2)


def test_feedback_and_time_are_as_chosen(as_alice: Client, services: Topic) -> None:
    as_alice.post(NEW, form(feedback="at_end", minutes=180))
    quiz = Quiz.objects.get()
    assert (quiz.feedback, quiz.minutes) == ("at_end", 180)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"what": ""}, "Choose what the quiz is about."),
        ({"what": "track-gone"}, "That is not there any more."),
        ({"what": "topics"}, "Choose at least one topic."),
        ({"what": "topics", "topics": ["gone"]}, "One of the topics is not there any more."),
        ({"number": "4"}, "Choose a number from 5 to 50."),
        ({"number": "51"}, "Choose a number from 5 to 50."),
        ({"number": "many"}, "Choose a number from 5 to 50."),
        ({"number": ""}, "Choose a number from 5 to 50."),
        ({"minutes": "0"}, "Choose 1 to 180 minutes"),
        ({"minutes": "181"}, "Choose 1 to 180 minutes"),
        ({"minutes": "soon"}, "Choose 1 to 180 minutes"),
        ({"feedback": "never"}, "Choose when you want to see what was right."),
    ],
)
def test_errors_say_what_to_do_and_nothing_is_lost(
    as_alice: Client, services: Topic, given: dict[str, Any], sentence: str
) -> None:
    filled = {"minutes": "17", "feedback": "at_end", "topics": ["services"]}
    if given == {"what": "topics"}:
        del filled["topics"]
    response = as_alice.post(NEW, form(**filled | given))
    assert response.status_code == 422
    assert sentence in text_of(response)
    kept = response.context["form"].data
    assert all(kept[name] == value for name, value in given.items() if isinstance(value, str))
    assert not Quiz.objects.exists()


def test_fewer_questions_than_asked_for_are_taken_and_that_is_told(
    as_alice: Client, services: Topic
) -> None:
    response = as_alice.post(NEW, form(number=50))
    assert "no more than 6 questions here" in text_of(as_alice.get(response.url))
    assert Quiz.objects.get().places.count() == 6


def test_nothing_left_to_ask_is_told(as_alice: Client, alice: User) -> None:
    question = QuestionFactory()
    cards.suspend(alice, question, MORNING)
    response = as_alice.post(NEW, form())
    assert response.status_code == 422
    assert "everything is suspended" in text_of(response)


def test_a_topic_can_be_chosen_by_the_link(as_alice: Client, services: Topic) -> None:
    page = as_alice.get(f"{NEW}?topic=services").context["form"]
    assert (page["what"].value(), page["topics"].value()) == ("topics", ["services"])
    assert as_alice.get(f"{NEW}?topic=gone").context["form"]["what"].value() == "all"


def test_a_double_click_makes_one_quiz(
    as_alice: Client, services: Topic, time_machine: Any
) -> None:
    first, second = (as_alice.post(NEW, form()) for _ in range(2))
    assert first.url == second.url
    time_machine.move_to(MORNING + MINUTE, tick=False)
    assert as_alice.post(NEW, form()).url != first.url
    assert Quiz.objects.count() == 2


@pytest.mark.parametrize("given", [{"minutes": 5}, {"feedback": "at_end"}, {"number": 6}])
def test_another_wish_right_after_makes_another_quiz(
    as_alice: Client, services: Topic, given: dict[str, Any]
) -> None:
    urls = {as_alice.post(NEW, form(**wish)).url for wish in ({}, given)}
    assert len(urls) == Quiz.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_several_ways_at_once_makes_one_quiz(alice: User) -> None:
    topic_of(12, "Services")
    browsing = Client()
    browsing.force_login(alice)

    def post(_: int) -> str:
        try:
            client = Client()
            client.cookies = browsing.cookies
            return str(client.post(NEW, form())["Location"])
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(post, range(4)))) == 1
    assert Quiz.objects.count() == 1


def test_an_empty_installation_says_so(as_alice: Client) -> None:
    main = text_of(as_alice.get(NEW)).partition("<main")[2].partition("</main>")[0]
    assert "There are no questions yet." in main
    assert "<form" not in main


def test_past_quizzes_are_listed_with_their_score(as_alice: Client, alice: User) -> None:
    quiz = quiz_of(alice, 3, title="An old one")
    take(as_alice, quiz, "rwr")
    unfinished = quiz_of(alice, 3, title="A new one")
    respond(as_alice, unfinished)
    page = text_of(as_alice.get(NEW))
    assert "An old one" in page
    assert "2 of 3" in page
    assert "1 of 3 answered" in page


def test_the_latest_ten_are_shown_and_the_others_paged(as_alice: Client, alice: User) -> None:
    question = QuestionFactory()
    for number in range(28):
        quiz = quiz_of(alice, [question], title=f"Number {number}.")
        quizzes.finish(quiz, MORNING)
    page = as_alice.get(NEW)
    assert len(page.context["finished"]) == 10
    assert "All past quizzes" in text_of(page)
    first = text_of(as_alice.get(reverse("quiz-past")))
    assert "Number 27." in first
    assert "Page 1 of 2" in first
    assert "Number 0." in text_of(as_alice.get(reverse("quiz-past"), {"page": 2}))


def test_the_page_takes_as_many_queries_however_many_topics_tracks_and_quizzes(
    as_alice: Client, alice: User, django_assert_num_queries: Any
) -> None:
    for number in (1, 6):
        for _ in range(number):
            quiz = quiz_of(alice, 1)
            topic = quiz.places.get().question.topic
            track = Track.objects.create(slug=topic.slug, title=topic.title)
            TrackTopic.objects.create(track=track, topic=topic)
            quiz_of(alice, 1)
            quizzes.finish(quiz, MORNING)
        with django_assert_num_queries(7):  # session, user, topics, 2 tracks, 2 quizzes
            as_alice.get(NEW)
        with django_assert_num_queries(4):
            as_alice.get(reverse("quiz-past"))


class TestWhatOtherPagesInclude:
    def home(self, quiz: Quiz | None) -> str:
        return render_to_string("study/_begun.html", {"quiz": quiz, "now": timezone.now()})

    def test_the_quiz_under_way(self, as_alice: Client, alice: User) -> None:
        assert self.home(quizzes.unfinished(alice)).strip() == ""
        quiz = quiz_of(alice, 3)
        respond(as_alice, quiz)
        html = self.home(quizzes.unfinished(alice))
        assert "1 of 3 answered" in html
        assert "Continue your quiz" in html
        assert url_of(quiz) in html

    def test_a_quiz_whose_time_is_up(
        self, as_alice: Client, alice: User, time_machine: Any
    ) -> None:
        quiz_of(alice, 3, minutes=1)
        assert "Continue your quiz" in self.home(quizzes.unfinished(alice))
        time_machine.move_to(MORNING + 2 * MINUTE, tick=False)
        assert "See the result" in self.home(quizzes.unfinished(alice))
        assert "See the result" in text_of(as_alice.get(NEW))

    def test_a_quiz_that_only_has_to_be_closed(self, as_alice: Client, alice: User) -> None:
        respond(as_alice, quiz_of(alice, 1))
        assert "See the result" in self.home(quizzes.unfinished(alice))

    def test_the_offer_of_a_pretest(self) -> None:
        context = {"slug": "services", "title": "Services"}
        html = render_to_string("study/_pretest_offer.html", context)
        assert 'href="/topics/services/pretest/"' in html
