"""How many minutes a day somebody studies, and how far that may change until a date. Pure.

What was done lately is taken to go on. How sure that is, the weeks before tell: whoever studied
as much in each of them will probably do so again, and whoever came and went may come or go. The
numbers below were chosen by simulated people, some of whom are regular, while others come on
workdays only, begin late, pause, slow down, pick up, or stop for good.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from quizapp.scheduling.goals.pacing import Spans, days_at_work

PACE_DAYS = 14
"""What somebody did in the latest of these goes on, as forecasts take it."""

BEGINNING_DAYS = 3
"""Before so many days for studying, nobody has a pace."""

MISSED_DAYS, GONE_DAYS = 2, 7
"""Days for studying without an answer that mean nothing yet, and that mean somebody has stopped."""

_DEVIATIONS = 1.645
_USUAL_DEVIATION, _USUAL_WEEKS = 0.35, 2
"""By how much people in general deviate from their pace, as a share of the minutes wished for,
and for how many weeks of one's own that counts."""

_BEGINNERS_LEAST = 0.2
"""The share of the minutes wished for that all but one in twenty beginners will study."""


class Worked(NamedTuple):
    """What somebody studied from `first` on, on `came` of so many `days`: 1, or a week of 7."""

    first: date
    minutes: float
    came: int = 1
    days: int = 1


@dataclass(frozen=True, slots=True)
class Pace:
    """Minutes (0 or more) a day for studying: those expected, and the least and the most, between
    which nine of ten will lie. Before a pace `is_known`, they are those of a beginner."""

    minutes: float
    least: float
    most: float
    is_known: bool = True


def pace_of(
    worked: Iterable[Worked],
    *,
    begun: date,
    today: date,
    away: Spans,
    limit: float,
    keeps_up: bool,
    idle: int,
    share: float = 1.0,
) -> Pace:
    """The pace of somebody who has had a goal since `begun`, with leave on the spans `away`.

    `worked` holds the single days of the latest two weeks that were studied on, and whole weeks
    before, idle ones among them. `limit` are the minutes a day that are wished for, and `idle` the
    days for studying without an answer before today. Who `keeps_up` did all that was asked on the
    days on which they came, and may have needed less than the limit: then the days count, with
    the limit on each. `share` is the part of what was studied that counts, from 0 to 1.
    """
    found = [each for each in worked if begun <= each.first <= today]
    # A day that has only begun counts if something was done, for more may not come.
    has_begun = any(each.first == today for each in found)

    def minutes_a_day(start: date, end: date) -> tuple[float, int]:
        """With the number of days for studying. Leave on which somebody studied is none."""
        days = days_at_work(away, start, end)
        inside = [each for each in found if start <= each.first < end]
        came = sum(each.came for each in inside)
        days = max(days, came)
        spent = share * sum(each.minutes for each in inside)
        return max(spent, limit * came if keeps_up else 0.0) / max(days, 1), days

    lately, days = minutes_a_day(
        max(begun, today - timedelta(days=PACE_DAYS)), today + timedelta(days=int(has_begun))
    )
    if days < BEGINNING_DAYS:
        return Pace(limit, _BEGINNERS_LEAST * limit, limit, is_known=False)
    minutes = lately * _comes_back(idle)
    starts = [today - timedelta(days=7), today - timedelta(days=14)]
    starts += [each.first for each in found if each.days > 1]
    square, weeks = _USUAL_WEEKS * (_USUAL_DEVIATION * limit) ** 2, float(_USUAL_WEEKS)
    for start in starts:
        of_week, days = minutes_a_day(max(begun, start), start + timedelta(days=7))
        square += days / 7 * (of_week - minutes) ** 2
        weeks += days / 7
    off = _DEVIATIONS * math.sqrt(square / weeks)
    return Pace(minutes, max(0.0, minutes - off), minutes + off)


def _comes_back(idle: int) -> float:
    """How much of the pace is counted on: less after some days without an answer, 0 to 1."""
    return min(1.0, max(0.0, (GONE_DAYS - idle) / (GONE_DAYS - MISSED_DAYS)))
