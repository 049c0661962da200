from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from quizapp.grading import Grade
from quizapp.progress import activity, model_fit
from quizapp.scheduling import cards, fitting
from quizapp.scheduling.answers import Verdict, record
from quizapp.scheduling.memory import Rating
from quizapp.scheduling.models import Card, DayTally, MemoryFit
from quizapp.teams.models import User
from tests.factories import QuestionFactory, TopicFactory, UserFactory
from tests.kinds import SAMPLES
from tests.scheduling.studying import DAY, MORNING, card_of, learn, show
from tests.study.browsing import text_of

AGAIN, HARD, GOOD, EASY = Rating

pytestmark = pytest.mark.django_db


def respond(
    user: User, question: Any, fields: dict[str, Any], now: Any, *, is_sure: bool = True
) -> None:
    """Answer as the form would be filled in."""
    spec = question.parsed_spec
    form = {name: [value] if isinstance(value, str) else value for name, value in fields.items()}
    response = spec.read(form)
    grade: Grade = spec.grade(response)
    rating = GOOD if grade.is_correct else AGAIN
    record(
        show(user, question, now),
        user=user,
        question=question,
        card=card_of(user, question),
        verdict=Verdict(response, grade, rating, is_sure),
        now=now,
    )


def tally(user: User, days_ago: int, reviews: int, known: int = 0, recalled: int = 0) -> None:
    DayTally.objects.create(
        user=user,
        day=(MORNING - days_ago * DAY).date(),
        reviews=reviews,
        known=known,
        recalled=recalled,
        duration_ms=reviews * 30_000,
    )


def test_a_newcomer_finds_one_thing_to_do(as_alice: Client) -> None:
    QuestionFactory()
    page = text_of(as_alice.get("/progress/"))
    assert "Nothing yet: this page fills as you answer." in page
    assert "Answer the first one" in page
    assert page.count("is-primary") == 1


def test_visitors_are_sent_home(client: Client) -> None:
    question = QuestionFactory()
    for name, args in [
        ("progress", []),
        ("progress-topic", [question.topic.slug]),
        ("history", []),
        ("question-history", [question.pk]),
    ]:
        assert client.get(reverse(name, args=args))["Location"] == "/"


def test_the_head_says_how_much_was_met_and_done(as_alice: Client, alice: User) -> None:
    QuestionFactory.create_batch(3)
    learn(alice, QuestionFactory(), MORNING - 400 * DAY)
    tally(alice, 0, 1)
    tally(alice, 6, 9)
    tally(alice, 7, 50)
    page = text_of(as_alice.get("/progress/"))
    assert "Questions met, of 4</dt> <dd> 1 </dd>" in page
    assert re.search(r"Expected recall of these, now</dt> <dd> \d\d% </dd>", page)
    assert "Answers in the last 7 days</dt> <dd> 10 </dd>" in page


def test_what_was_answered_today_is_no_forecast(as_alice: Client, alice: User) -> None:
    learn(alice, QuestionFactory(), MORNING)
    assert "Expected recall of these" not in text_of(as_alice.get("/progress/"))


def test_others_do_not_count(as_charlie: Client, alice: User) -> None:
    learn(alice, QuestionFactory())
    assert "Nothing yet" in text_of(as_charlie.get("/progress/"))


def test_topics_link_to_their_facts(as_alice: Client, alice: User) -> None:
    topic = TopicFactory(slug="services", title="Services")
    question = QuestionFactory(topic=topic)
    QuestionFactory(topic=topic)
    learn(alice, question, MORNING - 400 * DAY)
    assert '<a href="/progress/services/">Services</a>' in text_of(as_alice.get("/progress/"))
    page = text_of(as_alice.get("/progress/services/"))
    assert "Pods are replaceable." in page
    assert "1 of 1 question met · <strong>Fa" in page
    assert "due now" in page
    assert "0 of 1 question met" in page
    assert as_alice.get("/progress/nothing/").status_code == 404


def test_retention_is_told_by_month_from_twenty_reviews_on(as_alice: Client, alice: User) -> None:
    learn(alice, QuestionFactory())
    tally(alice, 5, 40, known=40, recalled=30)  # February
    tally(alice, 35, 19, known=19, recalled=19)  # January
    tally(alice, 500, 40, known=40, recalled=1)  # longer ago than a year
    page = text_of(as_alice.get("/progress/"))
    assert 'Feb 2026</th> <td class="number">40</td> <td class="number">30</td>' in page
    assert 'Jan 2026</th> <td class="number">19</td> <td class="number">19</td>' in page
    assert page.count("too few to say") == 1
    assert "Oct 2024" not in page
    assert "<title>Feb 2026: 75% of 40</title>" in page


def test_the_calendar_covers_26_weeks_up_to_today(alice: User) -> None:
    tally(alice, 25 * 7, 3)
    tally(alice, 25 * 7 + 1, 9)
    today = MORNING.date()
    found = activity.tallies(alice, today)
    days = activity.calendar_days(found, today)
    assert (days[0][0].weekday(), days[-1][0]) == (0, today)
    assert days[0][1] == 3
    assert sum(number for _, number in days) == 3
    assert [(week, sums.reviews) for week, sums in activity.weeks(found, today)] == [
        (days[0][0], 3)
    ]


def test_the_hardest_questions_come_first_and_leeches_are_named(
    as_alice: Client, alice: User
) -> None:
    lapses = {"Easy one?": 0, "Hard one?": 2, "Hardest one?": 9}
    for stem, number in lapses.items():
        question = QuestionFactory(stem=stem)
        learn(alice, question)
        Card.objects.filter(question=question).update(lapses=number, is_leech=number > 8)
    page = text_of(as_alice.get("/progress/"))
    listed = page[page.index("Hardest for you") : page.index("Sure, but not right")]
    assert listed.index("Hardest one?") < listed.index("Hard one?")
    assert "Easy one?" not in listed
    assert listed.count("keeps slipping") == 1
    assert "Slipped 2 times" in listed


def test_confident_errors_show_what_was_answered_but_not_the_key(
    as_alice: Client, alice: User
) -> None:
    first, second, unsure = (
        QuestionFactory(stem=f"{word} question?") for word in ("First", "Second", "Unsure")
    )
    wrong, right = SAMPLES["single_choice"].wrong, SAMPLES["single_choice"].right
    respond(alice, unsure, wrong, MORNING - 3 * DAY, is_sure=False)
    for question in (first, second, second):
        respond(alice, question, wrong, MORNING - 2 * DAY)
    respond(alice, first, right, MORNING - 1 * DAY)
    page = text_of(as_alice.get("/progress/"))
    listed = page[page.index("Sure, but not right") : page.index("How well your memory")]
    assert "Unsure question?" not in listed
    assert (listed.count("First question?"), listed.count("Second question?")) == (1, 1)
    assert listed.count("NodePort") == 2
    assert "ClusterIP" not in listed
    assert listed.count("not recalled since") == 1
    assert "recalled since, on 1 March" in listed


def test_what_was_answered_is_not_told_once_the_question_means_something_else(
    as_alice: Client, alice: User
) -> None:
    question = QuestionFactory()
    respond(alice, question, SAMPLES["single_choice"].wrong, MORNING)
    question.version = 2
    question.save()
    cards.start_anew([question.pk])
    page = text_of(as_alice.get("/progress/"))
    assert "not recalled since" in page
    assert "NodePort" not in page


FIT = {
    "reviews": 400,
    "parameters": [],
    "is_adopted": True,
    "log_loss": 0.3,
    "log_loss_before": 0.31,
    "log_loss_constant": 0.4,
    "log_loss_moving_average": 0.35,
    "bins": [[0, 0, 0], [40, 32, 30], [60, 57, 58]],
}


def test_the_model_is_shown_beside_its_baselines(as_alice: Client, alice: User) -> None:
    learn(alice, QuestionFactory())
    MemoryFit.objects.create(user=None, **FIT | {"log_loss": 0.77})
    MemoryFit.objects.create(user=alice, **FIT)
    page = text_of(as_alice.get("/progress/"))
    for loss in ("0.300", "0.400", "0.350"):
        assert f'<td class="number">{loss}</td>' in page
    assert "0.770" not in page
    assert "better than both simple rules" in page
    assert "400 reviews of yours" in page
    assert "<title>Predicted 80%, recalled 75% of 40 reviews</title>" in page
    assert "as it was published" in page


def test_without_a_fit_of_ones_own_that_of_everybody_is_shown(
    as_alice: Client, alice: User
) -> None:
    learn(alice, QuestionFactory())
    MemoryFit.objects.create(user=None, **FIT | {"log_loss": 0.5, "bins": []})
    MemoryFit.objects.create(user=UserFactory(), **FIT | {"log_loss": 0.77})
    page = text_of(as_alice.get("/progress/"))
    assert "400 reviews of everybody here" in page
    assert "does not predict better" in page


def test_without_any_fit_the_page_says_how_to_get_one(as_alice: Client, alice: User) -> None:
    learn(alice, QuestionFactory())
    assert "from 64 reviews on" in text_of(as_alice.get("/progress/"))
    assert fitting.LEAST_REVIEWS == model_fit.FIT_FROM


def test_htmx_gets_the_fragment_alone(as_alice: Client) -> None:
    page = as_alice.get("/progress/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in page
    assert 'data-title="My progress' in page


QUERIES = 12


def test_the_page_takes_the_same_queries_however_long_the_history(
    as_alice: Client, alice: User, django_assert_num_queries: Any
) -> None:
    topic = TopicFactory()
    wrong = SAMPLES["single_choice"].wrong
    question = QuestionFactory(topic=topic)
    card = learn(alice, question, MORNING - 100 * DAY)
    respond(alice, question, wrong, card.due)
    with django_assert_num_queries(QUERIES):
        as_alice.get("/progress/")
    for number in range(30):
        question = QuestionFactory()
        card = learn(alice, question, MORNING - (30 + 10 * number) * DAY)
        respond(alice, question, wrong, card.due)
        respond(alice, question, SAMPLES["single_choice"].right, card.due + timedelta(hours=1))
    MemoryFit.objects.create(user=alice, **FIT)
    with django_assert_num_queries(QUERIES):
        page = text_of(as_alice.get("/progress/"))
    assert page.count("You answered") == 10
    with django_assert_num_queries(6):
        as_alice.get(f"/progress/{topic.slug}/")
