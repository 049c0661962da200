from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.scheduling.day import LearnerDay

ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Pacific/Kiritimati", "Australia/Lord_Howe"]


def in_zone(name: str, rollover_hour: int = 4) -> LearnerDay:
    return LearnerDay(ZoneInfo(name), rollover_hour)


@pytest.mark.parametrize(
    ("zone", "instant", "day"),
    [
        ("UTC", "2026-03-10T03:59:59Z", date(2026, 3, 9)),
        ("UTC", "2026-03-10T04:00:00Z", date(2026, 3, 10)),
        ("Europe/Berlin", "2026-01-10T02:59:59Z", date(2026, 1, 9)),
        ("Europe/Berlin", "2026-01-10T03:00:00Z", date(2026, 1, 10)),
        # The clocks go forward from 02:00 to 03:00: four o'clock comes an hour earlier.
        ("Europe/Berlin", "2026-03-29T01:59:59Z", date(2026, 3, 28)),
        ("Europe/Berlin", "2026-03-29T02:00:00Z", date(2026, 3, 29)),
        # They go back from 03:00 to 02:00: four o'clock comes an hour later.
        ("Europe/Berlin", "2026-10-25T02:59:59Z", date(2026, 10, 24)),
        ("Europe/Berlin", "2026-10-25T03:00:00Z", date(2026, 10, 25)),
        # Fourteen hours ahead of UTC.
        ("Pacific/Kiritimati", "2026-06-01T13:59:59Z", date(2026, 6, 1)),
        ("Pacific/Kiritimati", "2026-06-01T14:00:00Z", date(2026, 6, 2)),
    ],
)
def test_a_day_turns_over_at_the_learners_own_hour(zone: str, instant: str, day: date) -> None:
    assert in_zone(zone).date_of(datetime.fromisoformat(instant)) == day


def test_an_hour_that_the_clocks_skip_begins_when_they_have_moved_on() -> None:
    assert in_zone("Europe/Berlin", 2).start_of(date(2026, 3, 29)) == datetime(
        2026, 3, 29, 1, tzinfo=UTC
    )


def test_an_hour_that_the_clocks_repeat_begins_the_first_time_round() -> None:
    assert in_zone("Europe/Berlin", 2).start_of(date(2026, 10, 25)) == datetime(
        2026, 10, 25, 0, tzinfo=UTC
    )


@given(
    now=st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    zone=st.sampled_from(ZONES),
    hour=st.integers(0, 23),
)
def test_every_instant_lies_in_the_day_that_it_is_given(
    now: datetime, zone: str, hour: int
) -> None:
    day = in_zone(zone, hour)
    assert day.start(now) <= now < day.start(now, 1)


@given(
    now=st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    zone=st.sampled_from(ZONES),
    later=st.timedeltas(timedelta(0), timedelta(days=3)),
)
def test_days_never_run_backwards(now: datetime, zone: str, later: timedelta) -> None:
    day = in_zone(zone)
    assert day.date_of(now) <= day.date_of(now + later)
