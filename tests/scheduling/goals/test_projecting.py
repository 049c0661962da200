from __future__ import annotations

import random
from dataclasses import replace
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.scheduling.formulas import Formulas
from quizapp.scheduling.goals.pacing import MARGIN
from quizapp.scheduling.goals.projecting import (
    COVERAGE,
    days_needed,
    interval,
    minutes_needed,
    project,
)
from quizapp.scheduling.goals.prospects import Group, Outset
from quizapp.scheduling.memory import DEFAULT_PARAMETERS
from tests.scheduling.dated import Joiner
from tests.scheduling.foretold import Foretold, foretold

WHEN = (0, 0.25, 0.5, 0.75)
BEGUN = Outset(221, (Group(40, 3, 0.9), Group(60, 20, 0.93)), 20, 0.9, answers=300)
FRESH = Outset(221, (), 20, 0.9)

groups = st.builds(
    Group, st.integers(1, 80), st.floats(0.01, 2000), st.floats(0.05, 1), st.floats(1, 10)
)
outsets = st.builds(
    lambda groups, unseen, **others: Outset(
        int(sum(each.count for each in groups)) + unseen, tuple(groups), **others
    ),
    st.lists(groups, max_size=5),
    st.integers(0, 200),
    seconds=st.floats(3, 60),
    retention=st.floats(0.7, 0.97),
    answers=st.integers(0, 5000),
)


@pytest.fixture(scope="module")
def forecasts() -> list[Foretold]:
    return [each for seed in range(30) for each in foretold(Joiner(seed), WHEN)]


@pytest.mark.parametrize("passed", WHEN)
def test_forecasts_come_true_on_the_way_that_the_queue_leads(
    forecasts: list[Foretold], passed: float
) -> None:
    errors = [each.error for each in forecasts if each.passed == passed]
    assert abs(fmean(errors)) < 0.015
    assert fmean(map(abs, errors)) < 0.03


def test_the_intervals_hold_as_many_outcomes_as_they_say(forecasts: list[Foretold]) -> None:
    assert fmean(each.holds for each in forecasts) >= COVERAGE


def test_with_nothing_done_memory_fades_along_the_curve() -> None:
    outset = Outset(100, (Group(100, 10, 0.9),), 20, 0.9)
    found = project(outset, days=20, study_days=0, minutes=0)
    assert found.readiness == pytest.approx(Formulas(DEFAULT_PARAMETERS).recall(30, 10))


def test_the_queue_refreshes_no_more_than_the_target_takes() -> None:
    known = replace(BEGUN, total=100)
    plain = project(known, days=30, study_days=30, minutes=10, target=0.5).readiness
    more = project(known, days=30, study_days=30, minutes=10, target=0.94).readiness
    assert plain < 0.96 < more
    assert more == pytest.approx(0.94 + MARGIN)
    assert project(known, days=30, study_days=30, minutes=10).readiness > more


@given(outsets, st.integers(0, 200), st.integers(0, 200), st.floats(0, 240))
def test_a_projection_is_a_share_within_its_interval(
    outset: Outset, days: int, away: int, minutes: float
) -> None:
    study_days = max(0, days - away)
    found = project(outset, days=days, study_days=study_days, minutes=minutes)
    assert 0 <= found.low <= found.readiness <= found.high <= 1
    assert outset.seen - 1e-9 <= found.met <= outset.total + 1e-9


@given(outsets, st.integers(1, 100), st.floats(0.5, 0.95))
def test_the_minutes_needed_are_the_least_that_reach_the_target(
    outset: Outset, days: int, target: float
) -> None:
    needed = minutes_needed(outset, days=days, study_days=days, target=target)
    if needed is None:
        assert reached(outset, days, 240, target) < target
        return
    assert reached(outset, days, needed, target) >= target
    if needed:
        assert reached(outset, days, needed - 0.5, target) < target + 0.02


def test_less_time_takes_more_minutes() -> None:
    needed = [
        minutes_needed(BEGUN, days=days, study_days=days, target=0.85) for days in (90, 60, 30, 15)
    ]
    assert needed == sorted(needed, key=lambda minutes: minutes or 999)
    assert needed[0] is not None
    assert needed[-1] is not None
    assert needed[0] * 2 < needed[-1]


def test_days_on_leave_take_more_minutes_on_the_others() -> None:
    working = minutes_needed(BEGUN, days=40, study_days=40, target=0.85)
    away = minutes_needed(BEGUN, days=40, study_days=20, target=0.85)
    assert working is not None
    assert away is not None
    assert away > 1.5 * working


def test_no_minutes_reach_a_target_tomorrow() -> None:
    assert minutes_needed(FRESH, days=0, study_days=0, target=0.85) is None
    assert minutes_needed(FRESH, days=10, study_days=0, target=0.85) is None


def test_no_minutes_are_needed_where_the_target_holds_anyway() -> None:
    firm = Outset(100, (Group(100, 300, 0.97),), 20, 0.9)
    assert minutes_needed(firm, days=10, study_days=10, target=0.85) == 0


@pytest.mark.parametrize("outset", [FRESH, BEGUN])
def test_the_days_needed_are_the_first_that_reach_the_target(outset: Outset) -> None:
    days = days_needed(outset, minutes=10, target=0.85)
    assert days
    assert reached(outset, days, 10, 0.85) >= 0.85
    assert reached(outset, days - 1, 10, 0.85) < 0.85


def test_days_beyond_a_year_count_as_never() -> None:
    assert days_needed(replace(FRESH, total=5000), minutes=1, target=0.85) is None
    assert days_needed(FRESH, minutes=0, target=0.85) is None


def test_a_track_without_questions_has_nothing_to_project() -> None:
    empty = Outset(0, (), 20, 0.9)
    assert project(empty, days=10, study_days=10, minutes=10).readiness == 0
    assert interval(empty, 0) == (0, 0)


def test_the_interval_narrows_with_answers_and_with_what_is_done() -> None:
    few, many = replace(BEGUN, answers=10), replace(BEGUN, answers=1000)
    assert width(few) > 1.5 * width(many)
    ahead = project(many, days=30, study_days=30, minutes=10)
    assert ahead.high - ahead.low > width(many)
    low, high = interval(FRESH, 0)
    assert (low, high) == (0, 0)


def test_the_interval_holds_as_many_outcomes_as_it_says() -> None:
    """Of a learner whose memory is what it is taken to be, even more."""
    outset = Outset(100, (Group(100, 10, 0.85),), 20, 0.9, answers=400)
    low, high = interval(outset, outset.readiness)
    chance = random.Random(3)
    outcomes = [sum(chance.random() < 0.85 for _ in range(100)) / 100 for _ in range(2000)]
    assert sum(low <= each <= high for each in outcomes) / 2000 > COVERAGE


def reached(outset: Outset, days: int, minutes: float, target: float) -> float:
    return project(outset, days=days, study_days=days, minutes=minutes, target=target).readiness


def width(outset: Outset) -> float:
    low, high = interval(outset, outset.readiness)
    return high - low
