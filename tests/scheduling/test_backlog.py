"""A backlog: what comes first, how much fits a day, and whether the promise is kept."""

from __future__ import annotations

import math
from collections.abc import Callable
from copy import deepcopy
from datetime import datetime
from functools import cache
from itertools import islice
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.scheduling.backlog import (
    HORIZON,
    Fading,
    capacity_needed,
    days_to_catch_up,
    fitting,
    returning,
    worked_off,
)
from quizapp.scheduling.limits import Limits
from quizapp.scheduling.memory import Rating
from tests.scheduling.absence import (
    FORMULAS,
    ORDERS,
    SECONDS,
    Learner,
    back_after_absence,
    fading,
    work_off,
)

MINUTES = 15
ANSWERS = MINUTES * 60 / SECONDS
SAVED = "what a review saves"

loads = st.lists(st.integers(0, 40), max_size=HORIZON)


@pytest.fixture(scope="module")
def returned() -> list[tuple[Learner, datetime]]:
    """Five learners with 300 reviews due after a month away."""
    return [back_after_absence(seed) for seed in range(5)]


@pytest.fixture(scope="module")
def recall_by(returned: list[tuple[Learner, datetime]]) -> Callable[[str], float]:
    """The average recall over 30 days if they work off what is due in an order."""

    @cache
    def average(order: str) -> float:
        return fmean(
            fmean(recall for recall, _ in islice(days, 30))
            for learner, now in returned
            for days in [work_off(deepcopy(learner), now, ORDERS[order], minutes=MINUTES)]
        )

    return average


@pytest.mark.parametrize("other", ["at random", "greatest loss by waiting first"])
def test_what_a_review_saves_keeps_more_alive_than_other_orders(
    recall_by: Callable[[str], float], other: str
) -> None:
    assert recall_by(SAVED) > recall_by(other) + 0.001


def test_it_keeps_no_less_alive_than_the_best_of_the_simple_orders(
    recall_by: Callable[[str], float],
) -> None:
    simple = ["by due date", "lowest chance of recall first"]
    assert recall_by(SAVED) > max(map(recall_by, simple)) - 0.0005


def test_what_never_was_firm_and_what_still_is_wait_for_what_is_slipping_away() -> None:
    shaky = Fading(stability=0.2, difficulty=5, days=10)
    slipping = Fading(stability=10, difficulty=5, days=90)
    firm = Fading(stability=300, difficulty=5, days=90)
    assert shaky.chance(FORMULAS) < slipping.chance(FORMULAS) < firm.chance(FORMULAS)
    cards = sorted((firm, shaky, slipping), key=lambda card: card.saved(FORMULAS), reverse=True)
    assert cards == [slipping, shaky, firm]


@given(stability=st.floats(0.1, 400), difficulty=st.floats(1, 10), days=st.integers(1, 1000))
def test_a_review_takes_one_answer_or_two(stability: float, difficulty: float, days: int) -> None:
    card = Fading(stability, difficulty, days)
    assert 1 <= card.answers(FORMULAS) <= 2
    assert -1 <= card.saved(FORMULAS) <= 1


@pytest.mark.parametrize(
    ("costs", "room", "number"),
    [
        ([], 5, 0),
        ([1, 1, 1], 0, 0),
        ([1, 1, 1], -3, 0),
        ([1, 1, 1], 2, 2),
        ([1, 1, 1], 2.4, 2),
        ([1, 1, 1], 2.5, 3),
        ([1, 1, 1], math.inf, 3),
        ([2, 1], 0.9, 0),
    ],
)
def test_what_fits_does_so_at_least_by_half(costs: list[float], room: float, number: int) -> None:
    assert fitting(costs, room) == number


@pytest.mark.parametrize(
    ("waiting", "arriving", "capacity", "days"),
    [
        (0, [], 10, 0),
        (10, [], 10, 0),
        (11, [], 10, 1),
        (84, [], 30, 2),
        (84, [10, 10, 10, 10], 30, 3),
        (84, [40] * HORIZON, 30, None),
        (84, [30] * HORIZON, 30, None),
        (84, [], 0, None),
        (84, [], math.inf, 0),
        (5, [0, 0, 500], 5, 0),
    ],
)
def test_the_days_to_catch_up(
    waiting: int, arriving: list[float], capacity: float, days: int | None
) -> None:
    assert days_to_catch_up(waiting, arriving, capacity) == days


def test_a_day_that_is_used_up_does_not_count() -> None:
    assert days_to_catch_up(60, [], 30) == 1
    assert days_to_catch_up(60, [], 30, today=0) == 2


def test_what_is_missed_comes_back_and_takes_longer() -> None:
    assert days_to_catch_up(90, [], 30) == 2
    assert days_to_catch_up(90, [], 30, returning=[0.5]) == 4


@given(waiting=st.integers(0, 300), arriving=loads, capacity=st.integers(0, 100))
def test_nothing_gets_lost_on_the_way(waiting: int, arriving: list[float], capacity: int) -> None:
    course = list(worked_off(waiting, arriving, capacity))
    done = sum(number for number, _ in course)
    assert done + course[-1][1] == pytest.approx(waiting + sum(arriving))
    assert all(number <= capacity for number, _ in course)


@given(waiting=st.integers(1, 300), arriving=loads)
def test_the_capacity_needed_is_enough_and_one_less_is_not(
    waiting: int, arriving: list[float]
) -> None:
    needed = capacity_needed(waiting, arriving)
    assert days_to_catch_up(waiting, arriving, needed) is not None
    if needed > 1:
        assert days_to_catch_up(waiting, arriving, needed - 1) is None


def promise(learner: Learner, now: datetime) -> int:
    """In how many days the learner has caught up, as the product works it out.

    For one who is always right nothing comes back early, and each review takes one answer.
    """
    due = learner.due(now)
    cards = [fading(learner.memories[number], now) for number in due]
    capacity, share = ANSWERS, [0.0] * HORIZON
    if learner.is_always_right:
        for card in cards:
            share[min(card.comes_back(Rating.GOOD, FORMULAS, 0.9), HORIZON) - 1] += 1 / len(cards)
    else:
        limits = Limits(FORMULAS, SECONDS * 1000, ANSWERS, math.inf, ANSWERS, math.inf)
        capacity, share = limits.reviews_per_day(cards), returning(cards, FORMULAS, 0.9)
    coming = [0.0] * HORIZON
    for memory in learner.memories.values():
        days = (memory.due.date() - now.date()).days
        if 0 < days <= HORIZON:
            coming[days - 1] += 1
    promised = days_to_catch_up(len(due), coming, capacity, returning=share)
    assert promised is not None
    return promised


def kept(learner: Learner, now: datetime) -> int:
    """In how many days the learner has really caught up."""
    days = work_off(learner, now, ORDERS[SAVED], minutes=MINUTES)
    return next(day for day, (_, left) in enumerate(days) if not left)


def test_the_promise_holds_on_average_for_learners_who_recall_as_expected(
    returned: list[tuple[Learner, datetime]],
) -> None:
    late = [kept(deepcopy(learner), now) - promise(learner, now) for learner, now in returned]
    assert abs(fmean(late)) <= 1


def test_who_answers_everything_right_has_caught_up_no_later_than_promised(
    returned: list[tuple[Learner, datetime]],
) -> None:
    for learner, now in returned:
        lucky = deepcopy(learner)
        lucky.is_always_right = True
        assert kept(lucky, now) <= promise(learner, now)


@pytest.mark.parametrize("due", [60, 150, 300])
def test_the_promise_to_one_who_is_always_right_holds_to_the_day(due: int) -> None:
    learner, now = back_after_absence(7, due=due)
    learner.is_always_right = True
    promised = promise(learner, now)
    assert abs(kept(learner, now) - promised) <= 1
