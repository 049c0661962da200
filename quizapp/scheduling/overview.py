"""Where a learner stands: each topic, the week ahead, the pace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, Greatest, Least

from quizapp.content.models import Topic
from quizapp.scheduling.cards import day_of
from quizapp.scheduling.line_up import LineUp
from quizapp.scheduling.memory import State
from quizapp.scheduling.models import Card, Review
from quizapp.scheduling.today import LONGEST_MS
from quizapp.teams.models import User

PACE_REVIEWS = 100
TYPICAL_MS = 20_000
TYPICAL_WEIGHT = 10
"""How many reviews at a typical pace a learner starts with, so that a few do not mislead."""


@dataclass(frozen=True, slots=True)
class TopicStanding:
    """`seen` questions were answered at least once, `learned` ones have left the learning steps."""

    topic: Topic
    total: int
    seen: int
    learned: int
    due: int


def topics(user: User | None, lined_up: LineUp | None) -> list[TopicStanding]:
    """Every topic that has questions, in the authors' order. Two queries."""
    by_topic: dict[int, Mapping[str, Any]] = {}
    if user:
        rows = (
            Card.objects.of(user)
            .filter(question__retired_at=None, reps__gt=0)
            .values("question__topic")
            .annotate(
                seen=Count("pk"),
                learned=Count("pk", filter=Q(state__in=(State.REVIEW, State.RELEARNING))),
            )
        )
        by_topic = {row["question__topic"]: row for row in rows}
    due = lined_up.due_by_topic if lined_up else {}
    listed = (
        Topic.objects.active()
        .annotate(total=Count("questions", filter=Q(questions__retired_at=None)))
        .filter(total__gt=0)
    )
    standings = []
    for topic in listed:
        counts: Mapping[str, int] = by_topic.get(topic.pk, {})
        standings.append(
            TopicStanding(
                topic=topic,
                total=topic.total,
                seen=counts.get("seen", 0),
                learned=counts.get("learned", 0),
                due=due.get(topic.pk, 0),
            )
        )
    return standings


def week(
    user: User, now: datetime, lined_up: LineUp, topic: Topic | None = None
) -> list[tuple[date, int]]:
    """How many questions, of the topic if one is given, come back on each of seven days.

    Those overdue come today, and those that the line-up holds back, tomorrow.
    """
    day = day_of(user)
    starts = [day.start(now, ahead) for ahead in range(8)]
    found = _coming(user, topic).aggregate(
        day0=Count("pk", filter=Q(comes__lt=starts[1])),
        **{
            f"day{n}": Count("pk", filter=Q(comes__gte=starts[n], comes__lt=starts[n + 1]))
            for n in range(1, 7)
        },
    )
    counts = [found[f"day{n}"] for n in range(7)]
    counts[0] -= lined_up.held
    counts[1] += lined_up.held
    today = day.date_of(now)
    return [(today + timedelta(days=n), count) for n, count in enumerate(counts)]


def next_due(
    user: User, now: datetime, lined_up: LineUp, topic: Topic | None = None
) -> datetime | None:
    """When the next question, of the topic if one is given, comes back of those not due now."""
    cards = _coming(user, topic).filter(comes__gt=now)
    comes = [cards.aggregate(next=Min("comes"))["next"]]
    if lined_up.held:
        comes.append(day_of(user).start(now, 1))
    return min(filter(None, comes), default=None)


def seconds_per_question(user: User) -> float:
    """The learner's own pace over the latest reviews, with long breaks cut off."""
    latest = Review.objects.of(user).standing().order_by("-reviewed_at")[:PACE_REVIEWS]
    own = Review.objects.filter(pk__in=latest.values("pk")).aggregate(
        number=Count("pk"), ms=Sum(Least(F("duration_ms"), LONGEST_MS))
    )
    total = TYPICAL_WEIGHT * TYPICAL_MS + (own["ms"] or 0)
    return float(total / (TYPICAL_WEIGHT + own["number"]) / 1000)


def suspended(user: User) -> QuerySet[Card]:
    """The cards that the learner has suspended, by topic."""
    cards = Card.objects.of(user).filter(is_suspended=True, question__retired_at=None)
    return cards.select_related("question").order_by(
        "question__topic__position", "question__position"
    )


def _coming(user: User, topic: Topic | None) -> QuerySet[Any]:
    """Cards that have been answered, each with the moment from which it is shown again."""
    cards = Card.objects.of(user).at_work().exclude(state=State.NEW)
    if topic:
        cards = cards.filter(question__topic=topic)
    return cards.annotate(comes=Greatest("due", Coalesce("buried_until", "due")))
