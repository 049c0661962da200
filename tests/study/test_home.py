from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from quizapp.scheduling.memory import Rating
from quizapp.scheduling.models import Card, DayTally, Review
from quizapp.study.models import Reading
from quizapp.teams.models import User
from quizapp.web.words import count
from tests.factories import ChapterFactory, QuestionFactory, TopicFactory
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
    settings.QUIZAPP_GUESTS = settings.QUIZAPP_SIGN_UP = False
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
    DayTally.objects.all().delete()
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
    # Forty reviews of 50 seconds weigh more than the ten typical ones of 20, which makes 44. At
    # a chance of recall of 0.83, they take 47 answers.
    assert as_alice.get("/").context["minutes"] == 34


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


@pytest.mark.parametrize("minutes", [None, 1])
def test_the_page_takes_the_same_queries_however_much_there_is(
    as_alice: Client, alice: User, minutes: int | None, django_assert_max_num_queries: Any
) -> None:
    alice.minutes_per_day = minutes
    alice.save()
    for _ in range(4):
        learn(alice, QuestionFactory(), MORNING - 30 * DAY)
    with django_assert_max_num_queries(12):
        as_alice.get("/")
    for _ in range(8):
        learn(alice, QuestionFactory(), MORNING - 30 * DAY)
    with django_assert_max_num_queries(12):
        as_alice.get("/")


def overdue(alice: User, number: int) -> None:
    """Reviews that have long been due, of somebody whose pace is not known."""
    for _ in range(number):
        learn(alice, QuestionFactory(), MORNING - 30 * DAY)
    DayTally.objects.all().delete()


def limit(alice: User, **limits: int) -> None:
    for name, value in limits.items():
        setattr(alice, name, value)
    alice.save()


@pytest.mark.usefixtures("morning")
def test_a_backlog_is_told_with_the_day_it_is_worked_off(as_alice: Client, alice: User) -> None:
    overdue(alice, 20)
    limit(alice, minutes_per_day=2)
    QuestionFactory()
    page = text_of(as_alice.get("/"))
    assert ">5 questions for now<" in page
    assert "About 2 minutes" in page
    assert "<strong>20 reviews</strong> are waiting" in page
    assert "At 2 minutes a day you have caught up <strong>in 4 days</strong>, on Friday." in page
    assert "New questions wait until then." in page


@pytest.mark.usefixtures("morning")
def test_a_pace_that_never_catches_up_is_said_to_be_one(as_alice: Client, alice: User) -> None:
    overdue(alice, 90)
    DayTally.objects.create(user=alice, day=MORNING - DAY, reviews=1000, duration_ms=60_000_000)
    limit(alice, minutes_per_day=1)
    page = text_of(as_alice.get("/"))
    assert "At 1 minute a day you would not catch up: it takes" in page
    needed = as_alice.get("/").context["catch_up"].needed
    assert f"<strong>{needed} minutes a day</strong>" in page
    limit(alice, minutes_per_day=needed)
    assert "you have caught up <strong>in" in text_of(as_alice.get("/"))


@pytest.mark.usefixtures("morning")
def test_a_pause_of_new_questions_is_named_where_it_would_do(as_alice: Client, alice: User) -> None:
    overdue(alice, 30)
    QuestionFactory.create_batch(100)
    limit(alice, reviews_per_day=1, new_per_day=10)
    page = text_of(as_alice.get("/"))
    assert "At 1 review a day you would not catch up: it takes" in page
    assert "days without new questions." in page


@pytest.mark.usefixtures("morning")
def test_one_review_that_waits_is_told_in_the_singular(as_alice: Client, alice: User) -> None:
    overdue(alice, 1)
    limit(alice, reviews_per_day=0, new_per_day=0)
    page = text_of(as_alice.get("/"))
    assert "<strong>1 review</strong> is waiting. It need not be done today." in page


@pytest.mark.usefixtures("morning")
def test_without_a_backlog_nothing_is_said_of_catching_up(as_alice: Client, alice: User) -> None:
    overdue(alice, 4)
    limit(alice, minutes_per_day=30)
    page = as_alice.get("/")
    assert page.context["catch_up"] is None
    assert "caught up" not in text_of(page)


@pytest.mark.usefixtures("morning")
def test_the_week_shows_what_the_limit_lets_through(as_alice: Client, alice: User) -> None:
    overdue(alice, 10)
    limit(alice, reviews_per_day=4, new_per_day=0)
    page = as_alice.get("/")
    assert [day["count"] for day in page.context["week"]] == [4, 4, 2, 0, 0, 0, 0]
    assert "as many as your limit lets through" in text_of(page)


@pytest.mark.usefixtures("morning")
def test_when_the_minutes_are_used_up_the_day_is_done(as_alice: Client, alice: User) -> None:
    overdue(alice, 8)
    limit(alice, minutes_per_day=1)
    QuestionFactory()
    answer(alice, QuestionFactory(), Rating.EASY)
    Review.objects.filter(reviewed_at=MORNING).update(duration_ms=60_000)
    page = text_of(as_alice.get("/"))
    assert "That is enough for today" in page
    assert "<strong>8 reviews</strong> are waiting" in page
    assert "Go on with reviews" in page
    going_on = as_alice.post(reverse("study-ahead"), {"days": "1"}, follow=True)
    assert going_on.context["plan"].reviews == 8


@pytest.mark.usefixtures("morning")
def test_studying_ahead_brings_the_next_days_reviews_until_tonight(
    as_alice: Client, alice: User, time_machine: Any
) -> None:
    learn(alice, QuestionFactory(stem="Which one?"), MORNING - 5 * DAY)
    days = 3
    Card.objects.update(due=MORNING + days * DAY)
    url = reverse("study-ahead")
    assert "Going away? Study ahead" in text_of(as_alice.get("/"))
    page = text_of(as_alice.post(url, {"days": str(days)}, follow=True))
    assert "Which one?" in page
    assert "1 ahead of time" in page
    home = text_of(as_alice.get("/"))
    assert f"you are studying {count(days, 'day')} ahead" in home
    assert as_alice.get("/").context["week"][0]["count"] == 1
    time_machine.move_to(MORNING + timedelta(hours=20), tick=False)
    assert "Nothing is due now" in text_of(as_alice.get("/"))


@pytest.mark.usefixtures("morning")
def test_studying_ahead_can_be_stopped(as_alice: Client, alice: User) -> None:
    card = learn(alice, QuestionFactory(), MORNING - 5 * DAY)
    days = (card.due.date() - MORNING.date()).days
    as_alice.post(reverse("study-ahead"), {"days": str(days)})
    page = text_of(as_alice.post(reverse("study-ahead"), {"days": "0", "next": "/"}, follow=True))
    assert "Nothing is due now" in page


@pytest.mark.usefixtures("morning")
def test_when_nothing_comes_back_in_that_time_studying_ahead_says_so(
    as_alice: Client, alice: User
) -> None:
    learn(alice, QuestionFactory())
    page = text_of(as_alice.post(reverse("study-ahead"), {"days": "1", "next": "/"}, follow=True))
    assert "Nothing more comes back within 1 day." in page
    assert "you are studying" not in page


@pytest.mark.parametrize("days", ["", "31", "-1", "2.5", "many", "9" * 50])
def test_days_ahead_are_from_one_to_thirty(as_alice: Client, days: str) -> None:
    response = as_alice.post(reverse("study-ahead"), {"days": days, "next": "/"}, follow=True)
    assert "Choose from 1 to 30 days." in text_of(response)


def test_studying_ahead_is_for_learners_and_never_by_a_link(client: Client, alice: User) -> None:
    assert client.post(reverse("study-ahead"), {"days": "3"})["Location"] == "/"
    client.force_login(alice)
    assert client.get(reverse("study-ahead")).status_code == 405


def test_a_topic_not_begun_offers_a_pretest(as_alice: Client, alice: User) -> None:
    begun, other = QuestionFactory(), QuestionFactory()
    answer(alice, begun)
    page = text_of(as_alice.get("/"))
    assert f'href="/topics/{other.topic.slug}/pretest/"' in page
    assert f'href="/topics/{begun.topic.slug}/pretest/"' not in page


def test_a_chapter_begun_can_be_gone_on_with(as_alice: Client, alice: User) -> None:
    assert "Go on" not in as_alice.get("/").content.decode()
    chapter = ChapterFactory(slug="pods", title="Pods")
    Reading.objects.create(user=alice, chapter=chapter)
    page = text_of(as_alice.get("/"))
    assert 'href="/primer/pods/"' in page
    assert "Continue reading" in page


def test_many_questions_at_once_lead_to_the_limit(as_alice: Client, alice: User) -> None:
    for _ in range(90):
        learn(alice, QuestionFactory(), MORNING - 30 * DAY)
    DayTally.objects.update(duration_ms=90 * 30_000)  # half a minute each
    assert "Say how many minutes you have" in text_of(as_alice.get("/"))
    alice.minutes_per_day = 10
    alice.save()
    assert "Say how many minutes you have" not in text_of(as_alice.get("/"))


def test_without_guests_a_visitor_may_create_an_account(client: Client, settings: Any) -> None:
    settings.QUIZAPP_GUESTS = False
    QuestionFactory()
    page = text_of(client.get("/"))
    assert 'href="/account/signup/">Create an account</a>' in page
    assert "Ask your administrator" not in page
