"""The sums by day: kept in the transaction of each answer, and rebuilt from the log."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, F, IntegerField, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce, Greatest

from quizapp.scheduling.cards import day_of
from quizapp.scheduling.day import LearnerDay
from quizapp.scheduling.memory import Rating, State
from quizapp.scheduling.models import DayTally, Review
from quizapp.scheduling.today import LONGEST_MS
from quizapp.teams.models import User

FIELDS = ("reviews", "new", "known", "recalled", "duration_ms")

_TABLE = "quizapp_daytally"
_ADD = f"""
INSERT INTO {_TABLE} (user_id, day, {", ".join(FIELDS)}) VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (user_id, day)
DO UPDATE SET {", ".join(f"{name} = {_TABLE}.{name} + excluded.{name}" for name in FIELDS)}
"""  # noqa: S608 - made of the names above alone


def count_in(log: Review, day: LearnerDay) -> None:
    """Inside the review's transaction: add it to the sums of its date. One query.

    Written out, since Django can insert a row or overwrite it, but not add to it.
    """
    on = connection.ops.adapt_datefield_value(day.date_of(log.reviewed_at))
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [log.user_id, on, *_shares_of(log).values()])


def count_out(log: Review, day: LearnerDay) -> None:
    """Inside the transaction that takes a review back: the opposite. One query.

    Should the learner's time zone have changed since, another date may get it, but none falls
    below zero.
    """
    less: dict[str, Any] = {
        name: Greatest(F(name) - share, 0) for name, share in _shares_of(log).items()
    }
    DayTally.objects.filter(user_id=log.user_id, day=day.date_of(log.reviewed_at)).update(**less)


def rebuild(user: User) -> None:
    """Add up the whole log anew, by the learner's days as they are now."""
    with transaction.atomic():
        _hold_answers()
        DayTally.objects.of(user).delete()
        sums = _added_up(user, day_of(user))
        DayTally.objects.bulk_create(
            DayTally(user=user, day=day, **of_date) for day, of_date in sums.items()
        )


def _hold_answers() -> None:
    """Inside a transaction: let no answer come between reading the log and writing the sums.

    SQLite has one writer anyway. In PostgreSQL locks on rows would not do, since the day's row
    may not be there yet; answers that have counted are waited for, later ones wait a moment.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {_TABLE} IN SHARE ROW EXCLUSIVE MODE")


def rebuild_missing() -> int:
    """Rebuild the tallies that do not add up to the log, such as those of logs that are older.

    Returns of how many learners. Reads the whole log once, so it is for updates of the product.
    """
    counted = DayTally.objects.filter(user=OuterRef("pk")).values("user")
    logged = Review.objects.standing().filter(user=OuterRef("pk")).values("user")
    learners = User.objects.annotate(
        counted=_or_none(counted.annotate(sum=Sum("reviews")).values("sum")),
        logged=_or_none(logged.annotate(sum=Count("pk")).values("sum")),
    )
    mistaken = list(learners.exclude(counted=F("logged")))
    for user in mistaken:
        rebuild(user)
    return len(mistaken)


def _or_none(number: Any) -> Coalesce:
    return Coalesce(Subquery(number, output_field=IntegerField()), 0)


def _added_up(user: User, day: LearnerDay) -> Mapping[date, dict[str, int]]:
    sums: dict[date, dict[str, int]] = defaultdict(lambda: dict.fromkeys(FIELDS, 0))
    rows = (
        Review.objects.of(user)
        .standing()
        .values_list("reviewed_at", "state_before", "rating", "duration_ms")
    )
    for reviewed_at, state, rating, ms in rows.iterator():
        of_date = sums[day.date_of(reviewed_at)]
        for name, share in _shares(state, rating, ms).items():
            of_date[name] += share
    return sums


def _shares_of(log: Review) -> dict[str, int]:
    return _shares(log.state_before, log.rating, log.duration_ms)


def _shares(state_before: int, rating: int, duration_ms: int) -> dict[str, int]:
    """What one review adds to each sum."""
    is_known = state_before == State.REVIEW
    return {
        "reviews": 1,
        "new": int(state_before == State.NEW),
        "known": int(is_known),
        "recalled": int(is_known and rating > Rating.AGAIN),
        "duration_ms": min(duration_ms, LONGEST_MS),
    }
