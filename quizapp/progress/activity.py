"""What a learner has done by day, week and month, from the sums by day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from quizapp.scheduling.models import DayTally
from quizapp.teams.models import User

WEEKS, MONTHS = 26, 12
FEWEST = 20
"""From how many reviews on a share of them says something."""


@dataclass(frozen=True, slots=True)
class Sums:
    """`minutes` are rounded; `known` and `recalled` as in DayTally."""

    reviews: int = 0
    known: int = 0
    recalled: int = 0
    minutes: int = 0
    days: int = 0

    @property
    def retention(self) -> float | None:
        """The share of known questions that was recalled, None where there are too few to say."""
        return self.recalled / self.known if self.known >= FEWEST else None


class Tally(NamedTuple):
    """The sums of one date, as DayTally has them."""

    reviews: int
    known: int
    recalled: int
    duration_ms: int


Tallies = Mapping[date, Tally]


def tallies(user: User, today: date) -> Tallies:
    """The days with reviews, as far back as the reports reach. One query."""
    since = min(_monday(today) - timedelta(weeks=WEEKS - 1), _months_back(today, MONTHS - 1))
    rows = DayTally.objects.of(user).filter(day__gte=since, reviews__gt=0)
    return {day: Tally(*sums) for day, *sums in rows.values_list("day", *Tally._fields)}


def last_days(found: Tallies, today: date, days: int = 7) -> Sums:
    first = today - timedelta(days=days - 1)
    return _sums(row for day, row in found.items() if first <= day <= today)


def calendar_days(found: Tallies, today: date) -> list[tuple[date, int]]:
    """The number of reviews on each day of the last 26 weeks, from a Monday to today."""
    first = _monday(today) - timedelta(weeks=WEEKS - 1)
    days = [first + timedelta(days=n) for n in range((today - first).days + 1)]
    return [(day, found[day].reviews if day in found else 0) for day in days]


def weeks(found: Tallies, today: date) -> list[tuple[date, Sums]]:
    """Each of the last 26 weeks that has reviews, by its Monday, the latest first."""
    by_week: dict[date, list[Tally]] = {}
    for day, row in found.items():
        by_week.setdefault(_monday(day), []).append(row)
    first = _monday(today) - timedelta(weeks=WEEKS - 1)
    return [(week, _sums(by_week[week])) for week in sorted(by_week, reverse=True) if week >= first]


def months(found: Tallies, today: date) -> list[tuple[date, Sums]]:
    """Each of the last twelve months that has reviews of known questions, by its first day."""
    by_month: dict[date, list[Tally]] = {}
    for day, row in found.items():
        by_month.setdefault(day.replace(day=1), []).append(row)
    first = _months_back(today, MONTHS - 1)
    listed = [(month, _sums(by_month[month])) for month in sorted(by_month) if month >= first]
    return [(month, sums) for month, sums in listed if sums.known]


def _sums(rows: Iterable[Tally]) -> Sums:
    rows = list(rows)
    return Sums(
        reviews=sum(row.reviews for row in rows),
        known=sum(row.known for row in rows),
        recalled=sum(row.recalled for row in rows),
        minutes=round(sum(row.duration_ms for row in rows) / 60_000),
        days=len(rows),
    )


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _months_back(day: date, number: int) -> date:
    """The first day of the month so many months before."""
    months = day.year * 12 + day.month - 1 - number
    return date(months // 12, months % 12 + 1, 1)
