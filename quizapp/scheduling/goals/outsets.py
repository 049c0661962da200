"""Where people stand in a track, for projections: of nobody in particular, of one, of many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Avg, Case, Count, IntegerField, Q, Sum, Value, When

from quizapp.content.models import Track
from quizapp.scheduling.cards import parameters_of
from quizapp.scheduling.goals.prospects import Group, Outset
from quizapp.scheduling.goals.readiness import recalled
from quizapp.scheduling.goals.studied import studied_by
from quizapp.scheduling.goals.track import question_ids
from quizapp.scheduling.models import Card
from quizapp.scheduling.today import TYPICAL_MS
from quizapp.teams.models import User

TYPICAL_RETENTION = 0.9
_BOUNDS = (1, 2, 4, 8, 16, 32, 64, 128)
"""Days of stability at which one group ends and the next begins."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody stands in a track: `waiting` reviews are due."""

    outset: Outset
    waiting: int


def fresh(track: Track, seconds: float | None = None) -> Outset:
    """Of somebody who has met nothing, with so many seconds for an answer or the typical ones."""
    return Outset(
        total=question_ids(track).count(),
        groups=(),
        seconds=seconds or TYPICAL_MS / 1000,
        retention=TYPICAL_RETENTION,
    )


def outsets_of(users: Collection[User], track: Track, now: datetime) -> dict[int, Outset]:
    """Of many people, by their ids, whether they have met any of it or not. Three queries."""
    seconds = {key: studied.seconds for key, studied in studied_by(users, now).items()}
    standings = standings_in(track, users, seconds, now)
    return {key: standing.outset for key, standing in standings.items()}


def standings_in(
    track: Track, users: Collection[User], seconds: Mapping[int, float], now: datetime
) -> dict[int, Standing]:
    """Where these people stand in a track, by their ids. Two queries, however many people."""
    ids = list(question_ids(track))
    rows: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for row in _grouped(ids, [user.pk for user in users], now):
        rows[row["user"]].append(row)
    return {
        user.pk: Standing(
            outset=Outset(
                total=len(ids),
                groups=tuple(_group(row) for row in rows[user.pk] if row["bucket"] is not None),
                seconds=seconds[user.pk],
                retention=user.desired_retention,
                answers=sum(row["answers"] for row in rows[user.pk]),
                parameters=parameters_of(user),
            ),
            waiting=sum(row["waiting"] for row in rows[user.pk]),
        )
        for user in users
    }


def _group(row: Mapping[str, Any]) -> Group:
    return Group(row["number"], row["mean_stability"], row["recall"], row["mean_difficulty"])


def _grouped(question_ids: Collection[int], user_ids: Collection[int], now: datetime) -> Any:
    """Cards by person and how firm they are, in groups that are null where nothing is known."""
    firm = [When(stability__lt=bound, then=Value(at)) for at, bound in enumerate(_BOUNDS)]
    bucket = Case(
        When(stability=None, then=None),
        *firm,
        default=Value(len(_BOUNDS)),
        output_field=IntegerField(null=True),
    )
    cards = Card.objects.filter(user__in=user_ids, question__in=question_ids, reps__gt=0)
    return (
        cards.order_by()
        .annotate(bucket=bucket)
        .values("user", "bucket")
        .annotate(
            number=Count("pk"),
            mean_stability=Avg("stability"),
            mean_difficulty=Avg("difficulty"),
            recall=Avg(recalled(now)),
            answers=Sum("reps"),
            waiting=Count("pk", filter=Q(due__lte=now, is_suspended=False)),
        )
    )
