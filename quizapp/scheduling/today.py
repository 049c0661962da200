"""What a learner has done since the day began."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from quizapp.scheduling.cards import day_of
from quizapp.scheduling.memory import Rating, State
from quizapp.scheduling.models import Review
from quizapp.teams.models import User

LONGEST_MS = 60_000
"""What counts of a review's duration: who takes longer has taken a break."""


@dataclass(frozen=True, slots=True)
class Today:
    """`done` counts all reviews, `new` and `reviews` those of new and of known questions.

    `facts` holds the ids of the facts that were asked, and `last_id` the latest review's.
    """

    done: int
    new: int
    reviews: int
    right: int
    minutes: int
    facts: frozenset[int]
    last_id: int | None


def today_of(user: User, now: datetime) -> Today:
    """One query, whose cost grows with what the learner has done today."""
    rows = (
        Review.objects.of(user)
        .standing()
        .since(day_of(user).start(now))
        .values_list(
            "pk", "state_before", "rating", "duration_ms", "question__questionfact__fact_id"
        )
    )
    reviews = {pk: (state, rating, ms) for pk, state, rating, ms, _ in rows}
    states = [state for state, _, _ in reviews.values()]
    return Today(
        done=len(reviews),
        new=states.count(State.NEW),
        reviews=states.count(State.REVIEW),
        right=sum(rating != Rating.AGAIN for _, rating, _ in reviews.values()),
        minutes=max(1, round(sum(min(ms, LONGEST_MS) for *_, ms in reviews.values()) / 60_000)),
        facts=frozenset(fact for *_, fact in rows if fact is not None),
        last_id=max(reviews, default=None),
    )
