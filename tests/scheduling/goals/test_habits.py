"""How many minutes a day somebody studies, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.scheduling.goals.habits import Pace, Worked, pace_of
from quizapp.scheduling.goals.projecting import COVERAGE
from tests.scheduling.dated import Joiner, Restless
from tests.scheduling.foretold import foretold

TODAY = date(2026, 3, 2)
LIMIT = 10


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def pace(
    minutes: Sequence[float],
    weeks: Sequence[float] = (),
    *,
    begun: int = 60,
    today: float = 0,
    leave: tuple[tuple[date, date], ...] = (),
    keeps_up: bool = False,
    idle: int = 0,
) -> Pace:
    """Of somebody who has studied so many `minutes` yesterday, the day before and so on, and in
    the `weeks` before the last fifteen days, the latest first."""
    worked = [Worked(ago(days), spent) for days, spent in enumerate((today, *minutes)) if spent]
    worked += [
        Worked(ago(15 + 7 * number), spent, came=min(7, round(spent)), days=7)
        for number, spent in enumerate(weeks, start=1)
    ]
    return pace_of(
        worked,
        begun=ago(begun),
        today=TODAY,
        away=leave,
        limit=LIMIT,
        keeps_up=keeps_up,
        idle=idle,
    )


def width(found: Pace) -> float:
    return found.most - found.least


def test_a_beginner_is_taken_at_the_minutes_wished_for_and_may_do_less() -> None:
    assert pace([5, 5], begun=2) == Pace(LIMIT, 2, LIMIT, is_known=False)
    assert pace([5, 5], begun=3).is_known


@pytest.mark.parametrize(
    ("minutes", "more", "expected"),
    [
        ([7] * 14, {}, 7),
        ([14] * 7, {}, 7),
        ([0] * 14, {}, 0),
        ([7] * 20, {}, 7),
        ([7] * 14, {"begun": 4}, 7),
        ([7] * 14, {"today": 22}, 8),
        ([7] * 14, {"idle": 2}, 7),
        ([7] * 14, {"idle": 4}, 4.2),
        ([7] * 14, {"idle": 9}, 0),
        ([14, 14], {"keeps_up": True, "begun": 4}, 7),
        ([1, 1], {"keeps_up": True, "begun": 4}, 5),
        ([6] * 4, {"leave": ((ago(14), ago(5)),)}, 6),
        ([6] * 14, {"leave": ((ago(14), ago(2)),)}, 6),
    ],
)
def test_what_was_done_lately_goes_on(
    minutes: list[float], more: dict[str, int], expected: float
) -> None:
    assert pace(minutes, **more).minutes == pytest.approx(expected)  # type: ignore[arg-type]


def test_the_steadier_the_surer() -> None:
    steady = pace([7] * 14, [49] * 6)
    assert 4 < steady.least < 7 < steady.most < 10
    in_turns = pace([7] * 14, [98, 0] * 3)
    assert width(in_turns) > 1.5 * width(steady)
    assert width(pace([7] * 14, begun=14)) > width(steady)


def test_who_came_before_may_come_again() -> None:
    gone = pace([0] * 14, [70] * 6, idle=14)
    assert (gone.minutes, gone.least) == (0, 0)
    assert gone.most > 5
    never = pace([0] * 14, [0] * 6)
    assert 0 < never.most < gone.most / 2


@given(
    minutes=st.lists(st.floats(0, 200), max_size=16),
    weeks=st.lists(st.floats(0, 900), max_size=6),
    begun=st.integers(0, 60),
    idle=st.integers(0, 20),
    keeps_up=st.booleans(),
)
def test_a_pace_lies_between_its_bounds(
    minutes: list[float], weeks: list[float], begun: int, idle: int, *, keeps_up: bool
) -> None:
    found = pace(minutes, weeks, begun=begun, keeps_up=keeps_up, idle=idle)
    assert 0 <= found.least <= found.minutes <= found.most


def test_forecasts_of_people_whose_habits_change_mostly_stay_within_their_interval() -> None:
    """Not always, since nobody knows who will stop tomorrow."""
    made = [each for seed in range(24) for each in foretold(Restless(seed), (0.3, 0.6, 0.9))]
    steady = [each for seed in range(6) for each in foretold(Joiner(seed), (0.3, 0.6, 0.9))]
    assert fmean(each.holds for each in made) >= COVERAGE - 0.1
    restless, other = (
        fmean(each.forecast.high - each.forecast.low for each in found) for found in (made, steady)
    )
    assert restless > 1.2 * other
