"""What a learner has done since the day began."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import FloatField, Sum, Value
from django.db.models.functions import Cast

from quizapp.scheduling.cards import day_of
from quizapp.scheduling.interleaving import Pairing, opposites
from quizapp.scheduling.memory import Rating, State
from quizapp.scheduling.models import DayTally, Review
from quizapp.teams.models import User

LONGEST_MS = 60_000
"""What counts of a review's duration: who takes longer has taken a break."""

PACE_DAYS = 14
TYPICAL_MS = 20_000
TYPICAL_WEIGHT = 10
"""How many answers at a typical pace a learner starts with, so that a few do not mislead."""


@dataclass(frozen=True, slots=True)
class Today:
    """`done` counts all reviews, `new` and `reviews` those of new and of known questions.

    `facts` holds the ids of the facts that were asked. `last_id` is the latest review's, and
    `opposites` are the facts that its question is easily confused with.
    """

    done: int
    new: int
    reviews: int
    right: int
    spent_ms: int
    facts: frozenset[int]
    last_id: int | None
    opposites: frozenset[int]

    @property
    def minutes(self) -> int:
        return max(1, round(self.spent_ms / 60_000))


def today_of(user: User, now: datetime) -> Today:
    """One query, whose cost grows with what the learner has done today."""
    drilled = "question__questionfact__fact"
    pair = f"{drilled}__confusablefact__confusable"
    rows = (
        Review.objects.of(user)
        .standing()
        .since(day_of(user).start(now))
        .values_list(
            "pk",
            "state_before",
            "rating",
            "duration_ms",
            f"{drilled}_id",
            f"{drilled}__confusablefact__confusable",
            f"{drilled}__confusablefact__side",
            f"{pair}__confusablefact__fact",
            f"{pair}__confusablefact__side",
            f"{pair}__retired_at",
        )
    )
    reviews = {pk: (state, rating, ms) for pk, state, rating, ms, *_ in rows}
    last_id = max(reviews, default=None)
    states = [state for state, _, _ in reviews.values()]
    return Today(
        done=len(reviews),
        new=states.count(State.NEW),
        reviews=states.count(State.REVIEW),
        right=sum(rating != Rating.AGAIN for _, rating, _ in reviews.values()),
        spent_ms=sum(min(ms, LONGEST_MS) for *_, ms in reviews.values()),
        facts=frozenset(row[4] for row in rows if row[4] is not None),
        last_id=last_id,
        opposites=opposites(
            Pairing(*row[5:9])
            for row in rows
            if row[0] == last_id and row[5] is not None and row[9] is None
        ),
    )


def pace(user: User) -> Any:
    """A query for the learner's own milliseconds per answer, over the latest days of study.

    It finds nothing for somebody who has not answered yet: TYPICAL_MS is for them.
    """
    latest = DayTally.objects.of(user).filter(reviews__gt=0).order_by("-day")[:PACE_DAYS]
    return (
        DayTally.objects.filter(pk__in=latest.values("pk"))
        .order_by()
        .values("user")
        .annotate(
            pace=Cast(Sum("duration_ms") + Value(TYPICAL_WEIGHT * TYPICAL_MS), FloatField())
            / Cast(Sum("reviews") + Value(TYPICAL_WEIGHT), FloatField())
        )
        .values_list("pace", flat=True)
    )
