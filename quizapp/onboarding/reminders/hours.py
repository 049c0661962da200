"""When mail is welcome: an hour on days of the week, in somebody's own time zone. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from quizapp.scheduling.day import LearnerDay

USUAL_HOUR = 9
WORKDAYS = frozenset(range(5))
MONDAY = frozenset({0})

LATEST = timedelta(hours=12)
"""So long after its hour mail may still come. What was held up longer waits for another day."""


@dataclass(frozen=True, slots=True)
class Hours:
    """`hour` runs from 0 to 23; `days` are weekdays of the learner's dates, 0 for Monday."""

    day: LearnerDay
    hour: int
    days: frozenset[int]

    def begin_on(self, date_: date) -> datetime:
        """The moment, in UTC, from which on the mail of a learner's date may come.

        An hour before the day turns over is the night's that ends the date, not the one that
        begins it. An hour that the clocks skip begins when they have moved on, or an hour before
        the date ends, if it would be over by then.
        """
        ends_later = self.hour < self.day.rollover_hour
        on = date_ + timedelta(days=1) if ends_later else date_
        begin = datetime.combine(on, time(self.hour), tzinfo=self.day.zone).astimezone(UTC)
        return min(begin, self.day.start_of(date_ + timedelta(days=1)) - timedelta(hours=1))

    def date_for(self, now: datetime) -> date | None:
        """Whose mail may come at this moment: a learner's date, or None for no mail."""
        today = self.day.date_of(now)
        if today.weekday() not in self.days:
            return None
        begin = self.begin_on(today)
        return today if begin <= now < begin + LATEST else None

    def next_after(self, now: datetime) -> datetime | None:
        """The next moment at which mail may come, later than `now`; None if there are no days."""
        today = self.day.date_of(now)
        for ahead in range(9):  # a week, and the ends of it, which the hour may shift
            date_ = today + timedelta(days=ahead)
            if date_.weekday() in self.days and self.begin_on(date_) > now:
                return self.begin_on(date_)
        return None
