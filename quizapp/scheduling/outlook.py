"""The days ahead: what comes back when, what the day's limits make of it, until when."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import Coalesce, Greatest

from quizapp.content.models import Topic
from quizapp.scheduling.backlog import (
    HORIZON,
    NEW_COMES_BACK,
    Fading,
    capacity_needed,
    days_to_catch_up,
    returning,
    worked_off,
)
from quizapp.scheduling.cards import day_of
from quizapp.scheduling.line_up import LineUp
from quizapp.scheduling.memory import State
from quizapp.scheduling.models import Card
from quizapp.teams.models import User

SAMPLE = 60
"""So many of the cards that wait stand for all of them when a promise is worked out."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """How many cards come back today and on each day after, as they stand; overdue ones today.

    `next_due` is when the next one comes of those that are not due yet.
    """

    today: date
    counts: list[int]
    next_due: datetime | None


@dataclass(frozen=True, slots=True)
class CatchUp:
    """When a learner with more reviews than fit into the day has caught up.

    `days` counts from today; None is for never at this pace. Then `needed` says how many a day
    it takes: minutes if `by_minutes`, reviews otherwise. `without_new` is how many days it takes
    if no new questions are begun, where that makes the difference.
    """

    waiting: int
    by_minutes: bool
    limit: int
    days: int | None
    on: date | None
    needed: int | None
    without_new: int | None

    @property
    def unit(self) -> str:
        return "minute" if self.by_minutes else "review"


def forecast(user: User, now: datetime, topic: Topic | None = None) -> Forecast:
    """Of the topic if one is given. One query, whose rows are the days on which cards come."""
    day = day_of(user)
    today = day.date_of(now)
    counts = [0] * (HORIZON + 1)
    later = []
    rows = _coming(user, topic).values("comes").annotate(number=Count("pk")).order_by()
    for comes, number in rows.values_list("comes", "number"):
        days = max(0, (day.date_of(comes) - today).days)
        if days <= HORIZON:
            counts[days] += number
        if comes > now:
            later.append(comes)
    return Forecast(today, counts, min(later, default=None))


def next_due(user: User, now: datetime, lined_up: LineUp, coming: Forecast) -> datetime | None:
    """When the next question comes back of those not for now."""
    held_until = day_of(user).start(now, 1) if lined_up.held else None
    return min(filter(None, (coming.next_due, held_until)), default=None)


def week(user: User, now: datetime, lined_up: LineUp, coming: Forecast) -> list[tuple[date, int]]:
    """How many reviews are planned for each of seven days.

    What today holds back goes to the days after, as far as their limits allow; what is taken
    ahead of time counts for today.
    """
    day = day_of(user)
    counts = list(coming.counts)
    for early in filter(None, (each.due for each in lined_up.early)):
        if (days := (day.date_of(early) - coming.today).days) <= HORIZON:
            counts[days] -= 1
    capacity = lined_up.limits.reviews_per_day(_fading(user, now, lined_up))
    after = worked_off(lined_up.held, counts[1:], capacity, today=0)
    today = counts[0] - lined_up.held + len(lined_up.early)
    planned = [today, *(round(done) for done, _ in islice(after, 1, 7))]
    return [(coming.today + timedelta(days=n), number) for n, number in enumerate(planned)]


def catch_up(user: User, now: datetime, lined_up: LineUp, coming: Forecast) -> CatchUp | None:
    """None for a learner whose reviews all fit into today."""
    if not lined_up.over:
        return None
    limits, cards = lined_up.limits, _fading(user, now, lined_up)
    by_minutes = limits.answers / limits.mean_answers(cards) <= limits.reviews
    waiting, capacity = len(lined_up.due), limits.reviews_per_day(cards)
    share = returning(cards, limits.formulas, user.desired_retention)
    known: list[float] = list(coming.counts[1:])
    arriving = known if by_minutes else _with_new(known, user, lined_up)

    def days_with(arriving: list[float]) -> int | None:
        today = len(lined_up.reviews)
        return days_to_catch_up(waiting, arriving, capacity, today=today, returning=share)

    days = days_with(arriving)
    needed = without_new = None
    if days is None:
        needed = capacity_needed(waiting, arriving, returning=share)
        if by_minutes:
            needed = math.ceil(needed * limits.mean_answers(cards) * limits.pace / 60_000)
        without_new = None if by_minutes else days_with(known)
    return CatchUp(
        waiting=waiting,
        by_minutes=by_minutes,
        limit=(limits.minutes if by_minutes else user.reviews_per_day) or 0,
        days=days,
        on=None if days is None else coming.today + timedelta(days=days),
        needed=needed,
        without_new=without_new,
    )


def _with_new(known: list[float], user: User, lined_up: LineUp) -> list[float]:
    """What becomes due if new questions are begun every day, as long as there are any."""
    arriving = list(known)
    left = len(lined_up.new) + lined_up.more_new
    for day in range(NEW_COMES_BACK - 1, len(arriving)):
        begun = min(left, user.new_per_day)
        arriving[day] += begun
        left -= begun
    return arriving


def _fading(user: User, now: datetime, lined_up: LineUp) -> list[Fading]:
    """A sample of the reviews that are due, evenly spread."""
    day = day_of(user)
    today = day.date_of(now)
    sample = lined_up.due[:: math.ceil(len(lined_up.due) / SAMPLE) or 1]
    return [each.fading(today, day) for each in sample]


def _coming(user: User, topic: Topic | None) -> QuerySet[Any]:
    """Cards that have been answered, each with the moment from which it is shown again."""
    cards = Card.objects.of(user).at_work().exclude(state=State.NEW)
    if topic:
        cards = cards.filter(question__topic=topic)
    return cards.annotate(comes=Greatest("due", Coalesce("buried_until", "due")))
