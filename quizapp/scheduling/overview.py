"""Where a learner stands: each topic, the week ahead, the pace, the day that was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Least

from quizapp.content.models import Question, Topic
from quizapp.scheduling.day import LearnerDay
from quizapp.scheduling.memory import Rating, State
from quizapp.scheduling.models import Card, Review
from quizapp.teams.models import User

PACE_REVIEWS = 100
PACE_CAP_MS = 60_000
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


@dataclass(frozen=True, slots=True)
class DayDone:
    questions: int
    new: int
    right: int
    minutes: int


def topics(user: User | None, now: datetime) -> list[TopicStanding]:
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
                due=Count("pk", filter=_is_due(now)),
            )
        )
        by_topic = {row["question__topic"]: row for row in rows}
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
                due=counts.get("due", 0),
            )
        )
    return standings


def week(user: User, now: datetime) -> list[tuple[date, int]]:
    """How many cards fall due on each of the learner's next seven days; overdue ones today."""
    day = LearnerDay(user.zone, user.rollover_hour)
    starts = [day.start(now, ahead) for ahead in range(8)]
    counts = (
        _active(user)
        .exclude(state=State.NEW)
        .aggregate(
            day0=Count("pk", filter=Q(due__lt=starts[1])),
            **{
                f"day{n}": Count("pk", filter=Q(due__gte=starts[n], due__lt=starts[n + 1]))
                for n in range(1, 7)
            },
        )
    )
    today = day.date_of(now)
    return [(today + timedelta(days=n), counts[f"day{n}"]) for n in range(7)]


def next_due(user: User, now: datetime, topic: Topic | None = None) -> datetime | None:
    """When the learner's next card, in the topic if one is given, falls due."""
    cards = _active(user).exclude(state=State.NEW)
    if topic:
        cards = cards.filter(question__topic=topic)
    tomorrow = LearnerDay(user.zone, user.rollover_hour).start(now, 1)
    found = cards.aggregate(
        step=Min("due", filter=~Q(state=State.REVIEW)),
        review=Min("due", filter=Q(state=State.REVIEW, due__gt=now)),
        held=Max("due", filter=Q(state=State.REVIEW, due__lte=now)),
    )
    held_until = tomorrow if found["held"] else None
    return min(filter(None, (found["step"], found["review"], held_until)), default=None)


def seconds_per_question(user: User) -> float:
    """The learner's own pace over the latest reviews, with long breaks cut off."""
    latest = Review.objects.of(user).standing().order_by("-reviewed_at")[:PACE_REVIEWS]
    own = Review.objects.filter(pk__in=latest.values("pk")).aggregate(
        number=Count("pk"), ms=Sum(Least(F("duration_ms"), PACE_CAP_MS))
    )
    total = TYPICAL_WEIGHT * TYPICAL_MS + (own["ms"] or 0)
    return float(total / (TYPICAL_WEIGHT + own["number"]) / 1000)


def day_done(user: User, now: datetime) -> DayDone:
    """What the learner has done since the day began."""
    start = LearnerDay(user.zone, user.rollover_hour).start(now)
    durations = [0]
    new = right = 0
    rows = (
        Review.objects.of(user)
        .standing()
        .since(start)
        .values_list("state_before", "rating", "duration_ms")
    )
    for state, rating, duration in rows:
        new += state == State.NEW
        right += rating != Rating.AGAIN
        durations.append(min(duration, PACE_CAP_MS))
    return DayDone(
        questions=len(rows), new=new, right=right, minutes=max(1, round(sum(durations) / 60_000))
    )


def unseen_questions(user: User, topic: Topic | None = None) -> int:
    """How many questions, in the topic if one is given, the learner has never answered."""
    answered = Card.objects.of(user).filter(question=OuterRef("pk"))
    questions = Question.objects.active().filter(
        ~Exists(answered.filter(Q(reps__gt=0) | Q(is_suspended=True)))
    )
    return questions.filter(topic=topic).count() if topic else questions.count()


def suspended(user: User) -> QuerySet[Card]:
    """The cards that the learner has suspended, by topic."""
    cards = Card.objects.of(user).filter(is_suspended=True, question__retired_at=None)
    return cards.select_related("question__topic").order_by(
        "question__topic__position", "question__position"
    )


def _active(user: User) -> QuerySet[Card]:
    return Card.objects.of(user).filter(is_suspended=False, question__retired_at=None)


def _is_due(now: datetime) -> Q:
    return Q(due__lte=now, is_suspended=False) & (Q(buried_until=None) | Q(buried_until__lte=now))
