"""How the days lead to a date: how many new ones, which reviews early, by which retention."""

from __future__ import annotations

from datetime import date, timedelta
from statistics import fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.scheduling.backlog import Fading
from quizapp.scheduling.goals.pacing import (
    LAST_DAYS,
    MARGIN,
    SETTLING_DAYS,
    Aim,
    Resting,
    new_today,
    retention_to_the_date,
    weakest,
)
from quizapp.scheduling.memory import MAXIMUM_RETENTION, Rating
from tests.scheduling.absence import FORMULAS
from tests.scheduling.dated import Joiner, is_feasible, plain, to_the_date

TODAY = date(2026, 3, 2)


def after(days: int) -> date:
    return TODAY + timedelta(days=days)


def aim_in(days: int, *leave: tuple[int, int], target: float = 0.85) -> Aim:
    return Aim(after(days), target, tuple((after(first), after(last)) for first, last in leave))


spans = st.lists(st.tuples(st.integers(0, 90), st.integers(0, 20)), max_size=3)
aims = st.builds(
    lambda days, leave: aim_in(days, *((first, first + length) for first, length in leave)),
    st.integers(-5, 120),
    spans,
)


class TestDays:
    @pytest.mark.parametrize(
        ("days", "leave", "study_days", "meeting_days"),
        [
            (30, [], 30, 16),
            (SETTLING_DAYS + 1, [], SETTLING_DAYS + 1, 1),
            (SETTLING_DAYS, [], SETTLING_DAYS, 0),
            (1, [], 1, 0),
            (0, [], 0, 0),
            (-3, [], 0, 0),
            (30, [(5, 9)], 25, 11),
            (30, [(5, 9), (8, 10)], 24, 10),
            (30, [(-9, 2)], 27, 13),
            (30, [(25, 40)], 25, 16),
            (30, [(30, 40)], 30, 16),
        ],
    )
    def test_leave_is_no_study(
        self, days: int, leave: list[tuple[int, int]], study_days: int, meeting_days: int
    ) -> None:
        aim = aim_in(days, *leave)
        assert aim.study_days(TODAY) == study_days
        assert aim.meeting_days(TODAY) == meeting_days

    def test_the_last_days_are_those_before_the_date(self) -> None:
        assert not aim_in(LAST_DAYS + 1).is_near(TODAY)
        assert aim_in(LAST_DAYS).is_near(TODAY)
        assert not aim_in(0).is_near(TODAY)

    def test_a_span_of_leave_includes_both_of_its_days(self) -> None:
        aim = aim_in(30, (5, 9))
        assert [day for day in range(12) if aim.is_away(after(day))] == [5, 6, 7, 8, 9]


class TestNewToday:
    @pytest.mark.parametrize(
        ("days", "unseen", "met", "new"),
        [
            # Of 50 days to meet them on, 40 are planned with.
            (64, 400, 0, 10),
            (64, 401, 0, 11),
            (64, 390, 10, 10),
            (64, 380, 20, 10),
            (64, 0, 0, 0),
            (64, 1, 0, 1),
            (SETTLING_DAYS + 1, 30, 0, 30),
            (5, 30, 0, 30),
            (1, 30, 4, 34),
            (0, 30, 0, 0),
            (-1, 30, 0, 0),
        ],
    )
    def test_they_are_spread_over_the_days(
        self, days: int, unseen: int, met: int, new: int
    ) -> None:
        assert new_today([(aim_in(days), unseen)], met, TODAY) == new

    def test_a_day_of_leave_takes_none(self) -> None:
        assert new_today([(aim_in(64, (0, 0)), 400)], 0, TODAY) == 0

    def test_two_goals_add_up(self) -> None:
        near, far = (aim_in(64), 400), (aim_in(114), 400)
        assert new_today([near], 0, TODAY) == 10
        assert new_today([far], 0, TODAY) == 5
        assert new_today([near, far], 0, TODAY) == 15

    def test_what_was_met_today_counts_for_the_nearest_that_has_any_left(self) -> None:
        assert new_today([(aim_in(2), 0), (aim_in(64), 390)], 10, TODAY) == 10

    @given(
        unseen=st.lists(st.tuples(aims, st.integers(0, 500)), max_size=3), met=st.integers(0, 50)
    )
    def test_never_more_than_there_are(self, unseen: list[tuple[Aim, int]], met: int) -> None:
        new = new_today(unseen, met, TODAY)
        assert 0 <= new <= met + sum(number for _, number in unseen)

    @given(days=st.integers(1, 200), fewer=st.integers(0, 50), unseen=st.integers(0, 500))
    def test_fewer_days_are_no_less_a_day(self, days: int, fewer: int, unseen: int) -> None:
        sooner = aim_in(max(1, days - fewer))
        assert new_today([(sooner, unseen)], 0, TODAY) >= new_today(
            [(aim_in(days), unseen)], 0, TODAY
        )

    @settings(deadline=None)
    @given(aim=aims, unseen=st.integers(1, 500))
    def test_all_are_met_by_the_last_day_that_lets_them_settle(self, aim: Aim, unseen: int) -> None:
        had_days = aim.meeting_days(TODAY) > 0
        day, left = TODAY, unseen
        while day < aim.due_on:
            met = new_today([(aim, left)], 0, day)
            assert not (met and aim.is_away(day))
            left -= met
            day += timedelta(days=1)
            if had_days and day == aim.due_on - timedelta(days=SETTLING_DAYS):
                assert left == 0
        assert left == (0 if aim.study_days(TODAY) else unseen)

    @settings(deadline=None)
    @given(days=st.integers(SETTLING_DAYS + 10, 200), unseen=st.integers(1, 500))
    def test_no_day_is_much_fuller_than_the_first(self, days: int, unseen: int) -> None:
        aim, left, day = aim_in(days), unseen, TODAY
        first = new_today([(aim, left)], 0, day)
        while left:
            new = new_today([(aim, left)], 0, day)
            assert new <= first
            left, day = left - new, day + timedelta(days=1)


def resting(stability: float, days: int, comes_in: int, *facts: int) -> Resting:
    return Resting(Fading(stability, 5, days), comes_in, frozenset(facts))


class TestWeakest:
    def weakest(self, met: list[Resting], days: int = 3, **more: object) -> list[int]:
        options = {"total": len(met), "aim": aim_in(days), "today": TODAY} | more
        return weakest(met, formulas=FORMULAS, **options)  # type: ignore[arg-type]

    def test_the_greatest_gain_comes_first(self) -> None:
        met = [resting(40, 20, 20), resting(5, 4, 9), resting(20, 15, 9)]
        assert self.weakest(met, aim=aim_in(3, target=0.95)) == [1, 2, 0]

    def test_no_more_than_it_takes(self) -> None:
        met = [resting(5, 6, 9), *(resting(400, 10, 200) for _ in range(9))]
        assert self.weakest(met) == []
        met = [resting(5, 6, 9) for _ in range(10)]
        picked = self.weakest(met)
        assert 0 < len(picked) < 10
        expected = fmean(
            each.fading.kept(3, FORMULAS)
            if index in picked
            else FORMULAS.recall(each.fading.days + 3, each.fading.stability)
            for index, each in enumerate(met)
        )
        assert 0.85 + MARGIN <= expected < 0.85 + MARGIN + 0.03

    def test_unseen_questions_are_made_up_for(self) -> None:
        met = [resting(30, 10, 20) for _ in range(10)]
        assert self.weakest(met) == []
        assert len(self.weakest(met, total=12)) == 10

    def test_what_is_due_before_the_date_counts_as_reviewed(self) -> None:
        shaky = resting(2, 2, 2)
        assert self.weakest([shaky, resting(6, 2, 4)]) == []
        later = resting(2, 2, 4)
        assert self.weakest([later, resting(6, 2, 4)]) == [0]

    def test_what_is_asked_today_anyway_is_not_offered(self) -> None:
        assert self.weakest([resting(2, 2, 0), resting(2, 0, 5)], total=9) == []

    @pytest.mark.parametrize("days", [-1, 0, LAST_DAYS + 1])
    def test_none_outside_the_last_days(self, days: int) -> None:
        assert self.weakest([resting(2, 2, 30)], days=days) == []

    def test_none_on_leave(self) -> None:
        assert self.weakest([resting(2, 2, 30)], aim=aim_in(3, (0, 0))) == []

    def test_siblings_keep_a_day_apart(self) -> None:
        met = [resting(4, 3, 9, 1), resting(3, 3, 9, 1), resting(5, 3, 9, 2)]
        assert self.weakest(met, total=9) == [1, 2]
        assert self.weakest(met, total=9, asked={1}) == [2]


class TestRetention:
    def retention(self, own: float = 0.7, **case: float) -> float:
        given_case = {"stability": 10, "comes_in": 40, "days_left": 30, "target": 0.85} | case
        return retention_to_the_date(own, formulas=FORMULAS, **given_case)  # type: ignore[arg-type]

    def test_what_would_fall_below_the_target_comes_back_before(self) -> None:
        raised = self.retention()
        assert raised == 0.85
        assert FORMULAS.intervals(raised)(10) < 30

    @pytest.mark.parametrize(
        "case",
        [
            {"stability": 100},
            {"comes_in": 29},
            {"days_left": 0},
            {"days_left": -4},
            {"own": 0.9},
        ],
    )
    def test_otherwise_it_is_the_learners_own(self, case: dict[str, float]) -> None:
        assert self.retention(**case) == case.get("own", 0.7)

    def test_it_never_is_more_than_the_scheduler_takes(self) -> None:
        assert self.retention(target=0.99) == MAXIMUM_RETENTION

    @given(
        own=st.floats(0.7, MAXIMUM_RETENTION),
        target=st.floats(0.5, 0.95),
        stability=st.floats(0.1, 400),
        days_left=st.integers(-5, 200),
    )
    def test_it_is_never_lowered(
        self, own: float, target: float, stability: float, days_left: int
    ) -> None:
        comes_in = FORMULAS.intervals(own)(stability)
        raised = self.retention(
            own, target=target, stability=stability, comes_in=comes_in, days_left=days_left
        )
        assert own <= raised <= MAXIMUM_RETENTION
        if raised > own:
            assert FORMULAS.intervals(raised)(stability) <= days_left <= comes_in


def test_a_question_that_goes_well_settles_by_three_spaced_sessions() -> None:
    """Which is what the settling days are long enough for."""
    day = 0
    stability, difficulty = (
        FORMULAS.first_stability(Rating.GOOD),
        FORMULAS.first_difficulty(Rating.GOOD),
    )
    stability = FORMULAS.next_stability(stability, difficulty, 0, Rating.GOOD)
    for _ in range(2):
        days = FORMULAS.intervals(0.9)(stability)
        day += days
        stability = FORMULAS.next_stability(stability, difficulty, days, Rating.GOOD)
    assert day < SETTLING_DAYS


def test_simulated_learners_reach_the_target_who_can() -> None:
    """A few of those that `make bench BENCH="--only onboarding"` follows."""
    joiners = [joiner for joiner in map(Joiner, range(1000, 1018)) if is_feasible(joiner)]
    dated = [to_the_date(joiner) for joiner in joiners]
    usual = [plain(joiner, is_limited=True) for joiner in joiners]
    assert len(joiners) > 8
    assert fmean(each.recall >= each.joiner.target for each in dated) >= 0.95
    assert fmean(each.recall for each in dated) > fmean(each.recall for each in usual)
