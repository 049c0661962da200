"""The learner's day, which turns over at the learner's own hour in the learner's own time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class LearnerDay:
    """Maps instants to a learner's dates and back.

    `rollover_hour` runs from 0 to 23: with 4, what happens at 03:59 belongs to the day before.
    """

    zone: ZoneInfo
    rollover_hour: int

    def date_of(self, now: datetime) -> date:
        """The learner's date at an aware instant."""
        wall = now.astimezone(self.zone).replace(tzinfo=None)
        return (wall - timedelta(hours=self.rollover_hour)).date()

    def start_of(self, day: date) -> datetime:
        """The instant, in UTC, at which a learner's date begins.

        An hour that the clocks skip begins when they have moved on; one that they repeat,
        the first time round.
        """
        wall = datetime.combine(day, time(self.rollover_hour), tzinfo=self.zone)
        return wall.astimezone(UTC)

    def start(self, now: datetime, days_ahead: int = 0) -> datetime:
        """When the learner's current day began, or when the day `days_ahead` of it begins."""
        return self.start_of(self.date_of(now) + timedelta(days=days_ahead))
