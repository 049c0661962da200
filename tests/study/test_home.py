from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from quizapp.scheduling import cards
from quizapp.scheduling.memory import Rating
from quizapp.teams.models import User
from tests.factories import QuestionFactory, TopicFactory, UserFactory
from tests.scheduling.studying import DAY, MORNING, answer, learn, show
from tests.study.browsing import text_of

WEEK_FROM_MONDAY = ["Today", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

pytestmark = pytest.mark.django_db


def test_a_visitor_finds_one_button(client: Client) -> None:
    QuestionFactory()
    page = text_of(client.get("/"))
    assert page.count("<button") == 2  # Start, and Close in the hidden dialog on the keys
    assert "Start" in page


def test_an_empty_installation_says_how_to_load_content(client: Client) -> None:
    assert "manage.py loadcontent" in text_of(client.get("/"))


def test_start_makes_a_guest_in_the_time_zone_of_the_browser(client: Client) -> None:
    QuestionFactory(stem="Which one?")
    response = client.post("/start/", {"timezone": "Asia/Tokyo"}, follow=True)
    assert "Which one?" in text_of(response)
    guest = User.objects.get()
    assert (guest.is_guest, guest.timezone, guest.email) == (True, "Asia/Tokyo", None)
    assert not guest.has_usable_password()


@pytest.mark.parametrize("name", ["", "Middle/Earth", "../../etc/passwd", "x" * 5000])
def test_an_unknown_time_zone_becomes_utc(client: Client, name: str) -> None:
    client.post("/start/", {"timezone": name})
    assert User.objects.get().timezone == "UTC"


def test_start_again_keeps_the_guest(client: Client) -> None:
    client.post("/start/")
    client.post("/start/")
    assert User.objects.count() == 1


def test_an_installation_without_guests_makes_none(client: Client, settings: Any) -> None:
    settings.QUIZAPP_GUESTS = False
    QuestionFactory()
    page = text_of(client.post("/start/", follow=True))
    assert "Ask your administrator" in page
    assert not User.objects.exists()


def test_a_learner_sees_what_is_due_and_how_long_it_takes(
    as_alice: Client, alice: User, time_machine: Any
) -> None:
    time_machine.move_to(MORNING, tick=False)
    for _ in range(3):
        learn(alice, QuestionFactory(), MORNING - 20 * DAY)
    QuestionFactory()
    response = as_alice.get("/")
    page = text_of(response)
    assert "4 questions for now" in page
    assert "3 reviews" in page
    assert "1 new" in page
    assert "About 2 minutes" in page
    assert "Start review" in page


def test_minutes_follow_the_learners_own_pace(
    as_alice: Client, alice: User, time_machine: Any
) -> None:
    time_machine.move_to(MORNING, tick=False)
    slow = timedelta(seconds=50)
    for _ in range(40):
        question = QuestionFactory()
        showing = show(alice, question, MORNING - 20 * DAY - slow)
        answer(alice, question, Rating.EASY, MORNING - 20 * DAY, showing)
    # Forty reviews of 50 seconds weigh more than the ten typical ones of 20.
    assert as_alice.get("/").context["minutes"] == 30


def test_when_nothing_is_due_the_page_says_what_comes_when(
    as_alice: Client, alice: User, time_machine: Any
) -> None:
    time_machine.move_to(MORNING, tick=False)
    card = learn(alice, QuestionFactory())
    page = text_of(as_alice.get("/"))
    assert "Nothing is due now" in page
    days = (card.due.date() - MORNING.date()).days
    assert f"in {days} days" in page


def test_what_could_be_repeated_ahead_of_time_is_offered(
    as_alice: Client, alice: User, time_machine: Any
) -> None:
    time_machine.move_to(MORNING, tick=False)
    answer(alice, QuestionFactory(), Rating.AGAIN)
    page = text_of(as_alice.get("/"))
    assert "1 question to repeat" in page
    assert "Take it now, or later." in page


def test_progress_is_shown_by_topic(as_alice: Client, alice: User, time_machine: Any) -> None:
    time_machine.move_to(MORNING, tick=False)
    topic = TopicFactory(title="Service types")
    QuestionFactory.create_batch(4, topic=topic)
    learn(alice, topic.questions.first())
    answer(alice, topic.questions.last())
    standing = as_alice.get("/").context["topics"][0]
    assert (standing["total"], standing["seen"], standing["learned"]) == (4, 2, 1)
    assert standing["percent_seen"] == 50


def test_the_week_ahead_is_counted_by_the_learners_days(
    as_alice: Client, alice: User, time_machine: Any
) -> None:
    time_machine.move_to(MORNING, tick=False)
    learn(alice, QuestionFactory(), MORNING - 30 * DAY)
    coming = learn(alice, QuestionFactory(), MORNING - 5 * DAY)
    days = (coming.due.date() - MORNING.date()).days
    week = as_alice.get("/").context["week"]
    assert [day["day_label"] for day in week] == WEEK_FROM_MONDAY
    assert [day["count"] for day in week] == [
        1 if day == 0 else int(day == days) for day in range(7)
    ]


def test_the_page_takes_the_same_queries_however_much_there_is(
    as_alice: Client, alice: User, django_assert_max_num_queries: Any
) -> None:
    for _ in range(4):
        learn(alice, QuestionFactory(), MORNING - 30 * DAY)
    with django_assert_max_num_queries(11):
        as_alice.get("/")
    for _ in range(8):
        learn(alice, QuestionFactory(), MORNING - 30 * DAY)
    with django_assert_max_num_queries(11):
        as_alice.get("/")


def test_suspended_questions_are_listed_and_brought_back(as_alice: Client, alice: User) -> None:
    question = QuestionFactory(stem="Which one is it?")
    QuestionFactory(stem="And this one?")
    assert "None." in text_of(as_alice.get("/suspended/"))
    cards.suspend(alice, question, MORNING)
    page = text_of(as_alice.get("/suspended/"))
    assert "Which one is it?" in page
    assert "And this one?" not in page
    url = reverse("unsuspend", args=[question.pk])
    page = text_of(as_alice.post(url, {"next": "/suspended/"}, follow=True))
    assert "The question is back." in page
    assert "Which one is it?" not in page


def test_suspended_questions_are_the_learners_own(client: Client, alice: User) -> None:
    question = QuestionFactory(stem="Which one is it?")
    cards.suspend(alice, question, MORNING)
    assert client.get("/suspended/")["Location"] == "/"
    client.force_login(UserFactory())
    assert "Which one is it?" not in text_of(client.get("/suspended/"))
