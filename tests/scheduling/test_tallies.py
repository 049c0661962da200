from __future__ import annotations

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from quizapp.scheduling import tallies
from quizapp.scheduling.answers import rate_easy, undo
from quizapp.scheduling.cards import day_of
from quizapp.scheduling.memory import Rating
from quizapp.scheduling.models import DayTally, Review
from quizapp.scheduling.today import LONGEST_MS
from quizapp.teams.models import User
from tests.factories import QuestionFactory, UserFactory
from tests.scheduling.studying import DAY, MINUTE, MORNING, answer, learn, show

AGAIN, HARD, GOOD, EASY = Rating
MONDAY = date(2026, 3, 2)

pytestmark = pytest.mark.django_db


def sums(user: User) -> dict[date, tuple[int, ...]]:
    """The sums by date, without dates on which nothing stands."""
    rows = DayTally.objects.of(user).filter(reviews__gt=0)
    return {day: tuple(rest) for day, *rest in rows.values_list("day", *tallies.FIELDS)}


def rebuilt(user: User) -> dict[date, tuple[int, ...]]:
    tallies.rebuild(user)
    assert not DayTally.objects.of(user).filter(reviews=0).exists()
    return sums(user)


def test_an_answer_counts_on_the_learners_date() -> None:
    alice = UserFactory(timezone="Asia/Tokyo")
    question = QuestionFactory()
    showing = show(alice, question)
    answer(alice, question, GOOD, MORNING + timedelta(seconds=7), showing)
    assert sums(alice) == {MONDAY: (1, 1, 0, 0, 7000)}
    late = QuestionFactory()
    answer(alice, late, GOOD, MORNING + 10 * 60 * MINUTE)  # 04:00 in Tokyo, where a day begins
    assert sums(alice)[MONDAY + DAY] == (1, 1, 0, 0, 0)


def test_what_was_known_counts_as_recalled_or_not() -> None:
    alice = UserFactory()
    for rating in (AGAIN, HARD):
        card = learn(alice, QuestionFactory())
        answer(alice, card.question, rating, MORNING + 30 * DAY)
    assert sums(alice) == {MONDAY: (2, 2, 0, 0, 0), date(2026, 4, 1): (2, 0, 2, 1, 0)}


def test_breaks_are_cut_off() -> None:
    alice, question = UserFactory(), QuestionFactory()
    answer(alice, question, GOOD, MORNING + 5 * MINUTE, show(alice, question))
    assert sums(alice)[MONDAY][-1] == LONGEST_MS


def test_the_same_form_again_counts_once() -> None:
    alice, question = UserFactory(), QuestionFactory()
    showing = show(alice, question)
    for _ in range(3):
        answer(alice, question, GOOD, showing=showing)
    assert sums(alice)[MONDAY][0] == 1


def test_undo_takes_the_review_out_of_the_sums() -> None:
    alice = UserFactory()
    answer(alice, QuestionFactory())
    before = sums(alice)
    review = answer(alice, QuestionFactory(), AGAIN).review
    for _ in range(2):
        undo(alice, review.pk, MORNING)
        assert sums(alice) == before


def test_undo_after_moving_to_another_time_zone_leaves_nothing_below_zero() -> None:
    alice = UserFactory(timezone="Pacific/Auckland", rollover_hour=0)
    review = answer(alice, QuestionFactory(), now=MORNING + 3 * 60 * MINUTE).review
    answer(alice, QuestionFactory(), now=MORNING)
    alice.timezone = "UTC"
    undo(alice, review.pk, MORNING)
    undo(alice, review.pk, MORNING)
    assert all(part >= 0 for of_date in sums(alice).values() for part in of_date)
    assert rebuilt(alice) == {MONDAY: (1, 1, 0, 0, 0)}


def test_too_easy_counts_once() -> None:
    alice = UserFactory()
    review = answer(alice, QuestionFactory()).review
    before = sums(alice)
    assert rate_easy(alice, review.pk, MORNING + DAY)
    assert sums(alice) == before == rebuilt(alice)


def test_rebuilding_follows_a_new_time_zone() -> None:
    alice = UserFactory()
    answer(alice, QuestionFactory(), now=MORNING + 14 * 60 * MINUTE)
    assert list(sums(alice)) == [MONDAY]
    alice.timezone = "Asia/Tokyo"
    assert list(rebuilt(alice)) == [MONDAY + DAY]


def test_rebuilding_leaves_others_alone_and_counts_what_was_superseded() -> None:
    alice, bob, question = UserFactory(), UserFactory(), QuestionFactory()
    for user in (alice, bob):
        answer(user, question)
    Review.objects.of(alice).update(superseded_at=MORNING)
    before = sums(bob)
    DayTally.objects.of(alice).update(reviews=7, known=7)
    assert rebuilt(alice) == before
    assert sums(bob) == before


def test_logs_that_are_older_than_the_tallies_are_added_up_later() -> None:
    alice, bob, _charlie = UserFactory(), UserFactory(), UserFactory()
    for user in (alice, bob):
        answer(user, QuestionFactory())
    expected = sums(alice)
    DayTally.objects.of(alice).delete()
    answer(bob, QuestionFactory())
    DayTally.objects.of(bob).update(reviews=1)  # begun half-way through the log
    assert tallies.rebuild_missing() == 2
    assert sums(alice) == expected
    assert sums(bob)[MONDAY][0] == 2
    assert tallies.rebuild_missing() == 0


def test_counting_takes_one_query_on_the_first_answer_of_a_day_too(
    django_assert_num_queries: Any,
) -> None:
    alice = UserFactory()
    review = answer(alice, QuestionFactory()).review
    DayTally.objects.all().delete()
    for _ in range(2):
        with django_assert_num_queries(1):
            tallies.count_in(review, day_of(alice))
    assert sums(alice)[MONDAY][0] == 2


@pytest.mark.django_db
class AnySequence(TestCase):
    @settings(max_examples=25, deadline=None)
    @given(
        seed=st.integers(0, 10_000),
        steps=st.lists(
            st.sampled_from(["answer", "answer", "answer", "undo", "easy"]), min_size=3, max_size=16
        ),
        zone=st.sampled_from(["UTC", "Asia/Kolkata", "America/Los_Angeles"]),
    )
    def test_any_answers_undos_and_corrections_add_up_to_the_log(
        self, seed: int, steps: list[str], zone: str
    ) -> None:
        random_ = random.Random(seed)
        alice = UserFactory(timezone=zone, rollover_hour=random_.randrange(24))
        questions = QuestionFactory.create_batch(2)
        now = MORNING
        for step in steps:
            now += timedelta(hours=random_.choice([0, 1, 9, 60, 400]))
            last = Review.objects.of(alice).order_by("pk").last()
            if step == "answer":
                question = random_.choice(questions)
                showing = show(alice, question, now - timedelta(seconds=random_.randrange(200)))
                answer(alice, question, random_.choice(list(Rating)), now, showing)
            elif last and step == "undo":
                undo(alice, last.pk, now)
            elif last:
                rate_easy(alice, last.pk, now)
        assert sums(alice) == rebuilt(alice)


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(6) as pool:
        yield pool


@pytest.mark.django_db(transaction=True)
def test_six_first_answers_at_once_are_all_counted(threads: ThreadPoolExecutor) -> None:
    alice = UserFactory()
    questions = QuestionFactory.create_batch(6)

    def submit(number: int) -> None:
        try:
            answer(alice, questions[number])
            if number % 2:
                tallies.rebuild(alice)
        finally:
            connection.close()

    list(threads.map(submit, range(6)))
    assert sums(alice) == {MONDAY: (6, 6, 0, 0, 0)}
    assert sums(alice) == rebuilt(alice)
