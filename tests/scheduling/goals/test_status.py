from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from quizapp.scheduling.goals.pacing import Aim
from quizapp.scheduling.goals.prospects import Group, Outset
from quizapp.scheduling.goals.status import Situation, Status, advice, judge
from quizapp.scheduling.goals.words import counted, minutes_a_day, on_day, percent

TODAY = date(2026, 2, 20)
DUE = date(2026, 3, 12)
HALFWAY = Situation(
    today=TODAY,
    due_on=DUE,
    target=0.85,
    readiness=0.18,
    forecast=0.5,
    total=221,
    seen=40,
    met=120,
    minutes=5.6,
    limit=15,
    minutes_needed=13.5,
    last_answer_on=TODAY,
)
FRESH = Outset(221, (), 20, 0.9)


def test_who_is_too_slow_is_at_risk_and_the_lead_is_told_what_would_do() -> None:
    status, reason = judge(HALFWAY)
    assert status is Status.AT_RISK
    assert reason == (
        "Has met 40 of 221 questions; at 6 minutes a day 120 will be met by 12 March."
        " Needs 14 minutes a day."
    )


def test_what_the_limit_does_not_allow_calls_for_another_date() -> None:
    now = replace(HALFWAY, limit=10, possible_on=date(2026, 4, 2))
    assert judge(now)[1].endswith(
        "Needs 14 minutes a day; the limit is 10. Or move the date to 2 April."
    )
    never = replace(now, minutes_needed=None)
    assert judge(never)[1].endswith(
        "No number of minutes a day reaches 85% by then. Move the date to 2 April."
    )


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"seen": 0, "last_answer_on": None}, "Has not started; 20 days are left."),
        (
            {"seen": 0, "last_answer_on": None, "due_on": TODAY + timedelta(days=1)},
            "Has not started; 1 day is left.",
        ),
        (
            {"last_answer_on": TODAY - timedelta(days=9), "idle_days": 9, "waiting": 31},
            "No answer for 9 days; 31 reviews wait.",
        ),
        (
            {"last_answer_on": TODAY - timedelta(days=4), "idle_days": 4, "waiting": 1},
            "No answer for 4 days; 1 review waits.",
        ),
        (
            {"last_answer_on": TODAY - timedelta(days=18), "idle_days": 4},
            "No answer for 18 days, 14 of them on leave.",
        ),
        (
            {"last_answer_on": TODAY - timedelta(days=15), "idle_days": 1},
            "Has met 40 of 221 questions; at 6 minutes a day 120 will be met by 12 March.",
        ),
        (
            {"leave_until": date(2026, 3, 5)},
            "On leave until 5 March; memory still fades.",
        ),
        (
            {"met": 221, "minutes": 5.2, "forecast": 0.8},
            "Will have met every question; at 5 minutes a day, 80% expected on 12 March.",
        ),
        (
            {"seen": 1, "met": 1, "total": 1, "minutes": 0.4, "forecast": 0.8},
            "Has met every question; at less than a minute a day, 80% expected on 12 March.",
        ),
        (
            {"seen": 221, "met": 221, "minutes": 0, "forecast": 0.8},
            "Has met every question; with nothing done any more, 80% expected on 12 March.",
        ),
        (
            {"minutes": 13.6, "minutes_needed": 14},
            "Has met 40 of 221 questions; at 13 minutes a day 120 will be met by 12 March.",
        ),
        (
            {"met": 40},
            "Has met 40 of 221 questions; at 6 minutes a day there is no time for more.",
        ),
    ],
)
def test_the_reason_for_a_risk_is_said_first(changes: dict[str, object], sentence: str) -> None:
    status, reason = judge(replace(HALFWAY, **changes))  # type: ignore[arg-type]
    assert status is Status.AT_RISK
    assert reason == f"{sentence} Needs 14 minutes a day."


def test_who_will_reach_the_target_is_on_course() -> None:
    now = replace(HALFWAY, forecast=0.88)
    assert judge(now) == (Status.ON_COURSE, "At 6 minutes a day, 88% expected on 12 March.")
    beginning = replace(now, minutes=10, has_pace=False)
    assert judge(beginning)[1] == "With 10 minutes a day, 88% expected on 12 March."
    gone = replace(now, minutes=0, minutes_needed=0)
    assert judge(gone)[1] == "With nothing done any more, 88% expected on 12 March."
    unstarted = replace(beginning, seen=0, last_answer_on=None)
    assert (
        judge(unstarted)[1] == "Has not started; with 10 minutes a day, 88% expected on 12 March."
    )
    on_leave = replace(now, leave_until=date(2026, 3, 5))
    assert judge(on_leave) == (
        Status.ON_COURSE,
        "On leave until 5 March; memory still fades. Even so, 88% expected on 12 March.",
    )


def test_ready_is_who_recalls_enough_now_and_will_on_the_date() -> None:
    now = replace(HALFWAY, readiness=0.9, forecast=0.87)
    assert judge(now) == (
        Status.READY,
        "Recalls 90% of the track today; 87% expected on 12 March.",
    )
    assert judge(replace(now, forecast=0.8, met=221, seen=221))[0] is Status.AT_RISK
    assert judge(replace(now, forecast=0.5, today=DUE)) == (
        Status.READY,
        "Recalls 90% of the track today.",
    )


def test_overdue_is_who_falls_short_once_the_date_is_over() -> None:
    after = replace(HALFWAY, today=DUE + timedelta(days=1), last_answer_on=DUE, minutes_needed=None)
    assert judge(after) == (
        Status.OVERDUE,
        "Was due on 12 March; recalls 18% of the track, not 85%. 181 questions were never met.",
    )
    assert judge(replace(after, readiness=0.86))[0] is Status.READY
    joined_later = replace(after, seen=0, readiness=0, last_answer_on=None, is_late=True)
    assert judge(joined_later)[1] == (
        "Was due on 12 March, before it was asked of them; recalls 0% of the track, not 85%."
        " Has not started."
    )


def test_on_the_date_itself_who_falls_short_is_told_so() -> None:
    today = replace(HALFWAY, today=DUE, last_answer_on=DUE, minutes_needed=None)
    falls_short = "Due today; recalls 18% of the track, not 85%."
    assert judge(today) == (Status.AT_RISK, f"{falls_short} 181 questions were never met.")
    gone = replace(today, last_answer_on=DUE - timedelta(days=9), idle_days=9)
    assert judge(gone)[1] == f"{falls_short} No answer for 9 days."
    on_leave = replace(today, leave_until=date(2026, 3, 20))
    assert judge(on_leave)[1] == f"{falls_short} On leave until 20 March; memory still fades."


def test_a_share_short_of_the_target_never_looks_like_it() -> None:
    now = replace(HALFWAY, seen=221, met=221, forecast=0.8496)
    assert "84% expected" in judge(now)[1]


def test_a_track_without_questions_asks_for_nothing() -> None:
    assert judge(replace(HALFWAY, total=0, seen=0))[0] is Status.READY


def test_reasons_fit_into_their_column() -> None:
    longest = replace(
        HALFWAY,
        due_on=date(2027, 9, 30),
        total=99_999,
        seen=50_000,
        met=60_000,
        minutes=200,
        limit=100,
        minutes_needed=239,
        possible_on=date(2027, 12, 31),
    )
    assert len(judge(longest)[1]) < 300


def test_advice_says_what_is_needed() -> None:
    found = advice(FRESH, Aim(DUE, 0.85), today=TODAY, minutes=60)
    assert found.is_feasible
    assert found.possible_on == DUE
    assert found.minutes_needed
    needed = minutes_a_day(found.minutes_needed)
    assert found.sentence == f"Needs {needed}; the limit is 60."


@pytest.mark.parametrize(
    "leave",
    [
        (),
        ((date(2026, 2, 24), date(2026, 3, 9)),),  # two weeks, in which much fades
        ((date(2026, 3, 5), date(2026, 4, 10)),),  # beyond the date
        ((date(2026, 3, 20), date(2026, 4, 3)),),  # after it
    ],
)
def test_advice_names_the_date_that_the_minutes_allow(leave: tuple[tuple[date, date], ...]) -> None:
    aim = Aim(DUE, 0.85, leave)
    found = advice(FRESH, aim, today=TODAY, minutes=10)
    assert not found.is_feasible
    assert found.minutes_needed
    assert found.minutes_needed > 10
    assert found.possible_on
    moved = replace(aim, due_on=found.possible_on)
    assert advice(FRESH, moved, today=TODAY, minutes=10).is_feasible
    too_early = replace(aim, due_on=found.possible_on - timedelta(days=1))
    assert not advice(FRESH, too_early, today=TODAY, minutes=10).is_feasible
    assert found.sentence == (
        f"Needs {minutes_a_day(found.minutes_needed)}; the limit is 10."
        f" Or move the date to {on_day(found.possible_on, TODAY)}."
    )


def test_advice_where_no_minutes_would_do() -> None:
    tomorrow = TODAY + timedelta(days=1)
    large = replace(FRESH, total=3000)
    found = advice(large, Aim(tomorrow, 0.85), today=TODAY, minutes=1)
    assert found.minutes_needed is None
    assert found.possible_on is None
    assert found.sentence == (
        "No number of minutes a day reaches 85% by 21 February."
        " At 1 minute a day it takes more than a year longer."
    )


def test_advice_looks_beyond_a_date_that_is_years_off() -> None:
    due_on = TODAY + timedelta(days=500)
    large = replace(FRESH, total=900)
    found = advice(large, Aim(due_on, 0.85), today=TODAY, minutes=5)
    assert found.possible_on
    assert due_on < found.possible_on < due_on + timedelta(days=365)


def test_advice_on_what_holds_anyway() -> None:
    firm = Outset(100, (Group(100, 300, 0.97),), 20, 0.9)
    found = advice(firm, Aim(DUE, 0.85, ((TODAY, DUE),)), today=TODAY, minutes=10)
    assert found.is_feasible
    assert found.minutes_needed == 0


def test_words() -> None:
    assert counted(1, "question") == "1 question"
    assert counted(0, "question") == "0 questions"
    assert minutes_a_day(0.5) == "1 minute a day"
    assert on_day(date(2027, 3, 1), TODAY) == "1 March 2027"
    assert percent(0.8496, 0.85) == "84%"
    assert percent(0.8496) == "85%"
