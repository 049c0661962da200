"""When mail is welcome."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.onboarding.reminders.hours import LATEST, MONDAY, WORKDAYS, Hours
from quizapp.scheduling.day import LearnerDay

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY_2_MARCH = date(2026, 3, 2)

zones = st.sampled_from(
    ["UTC", "Europe/Berlin", "Asia/Kolkata", "Pacific/Auckland", "America/Lima"]
)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
some_hours = st.builds(
    Hours,
    st.builds(LearnerDay, zones.map(ZoneInfo), st.integers(0, 23)),
    st.integers(0, 23),
    st.frozensets(st.integers(0, 6), min_size=1),
)


def hours(hour: int = 9, *, rollover: int = 4, days: frozenset[int] = WORKDAYS) -> Hours:
    return Hours(LearnerDay(BERLIN, rollover), hour, days)


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2026-03-02 08:59:59", None),
        ("2026-03-02 09:00", MONDAY_2_MARCH),
        ("2026-03-02 20:59:59", MONDAY_2_MARCH),
        ("2026-03-02 21:00", None),
        ("2026-03-01 12:00", None),  # a Sunday
    ],
)
def test_mail_comes_from_the_hour_on_for_half_a_day_on_the_chosen_days(
    now: str, day: date | None
) -> None:
    assert hours().date_for(berlin(now)) == day


def test_an_hour_before_the_day_turns_over_is_the_night_that_ends_the_day() -> None:
    night = hours(hour=2)
    assert night.date_for(berlin("2026-03-03 02:30")) == MONDAY_2_MARCH
    assert night.date_for(berlin("2026-03-02 02:30")) is None  # Sunday's
    assert night.date_for(berlin("2026-03-03 04:00")) is None  # the day is over


def test_an_hour_that_the_clocks_skip_begins_when_they_have_moved_on() -> None:
    early = hours(hour=2, rollover=0, days=frozenset({6}))
    assert early.begin_on(date(2026, 3, 29)) == berlin("2026-03-29 03:00")


def test_an_hour_that_the_clocks_skip_at_the_end_of_a_day_still_belongs_to_it() -> None:
    late = hours(hour=2, rollover=3, days=frozenset({5}))
    assert late.next_after(berlin("2026-03-28 12:00")) == berlin("2026-03-29 01:00")
    assert late.date_for(berlin("2026-03-29 01:00")) == date(2026, 3, 28)


def test_the_next_moment_skips_the_weekend() -> None:
    assert hours().next_after(berlin("2026-03-06 09:00")) == berlin("2026-03-09 09:00")
    assert hours().next_after(berlin("2026-03-06 08:00")) == berlin("2026-03-06 09:00")
    assert hours(days=MONDAY).next_after(berlin("2026-03-02 10:00")) == berlin("2026-03-09 09:00")


def test_without_days_there_is_none() -> None:
    never = hours(days=frozenset())
    assert never.next_after(berlin("2026-03-06 09:00")) is None
    assert never.date_for(berlin("2026-03-06 09:00")) is None


@given(some_hours, moments)
def test_the_next_moment_is_later_within_eight_days_and_mail_may_come_then(
    chosen: Hours, now: datetime
) -> None:
    following = chosen.next_after(now)
    assert following is not None
    assert now < following <= now + timedelta(days=8, hours=2)
    day = chosen.date_for(following)
    assert day is not None
    assert chosen.begin_on(day) == following


@given(some_hours, moments)
def test_mail_may_come_only_on_the_learner_s_own_date_and_not_long_after_the_hour(
    chosen: Hours, now: datetime
) -> None:
    day = chosen.date_for(now)
    if day is not None:
        assert day == chosen.day.date_of(now)
        assert day.weekday() in chosen.days
        assert timedelta(0) <= now - chosen.begin_on(day) < LATEST
