"""Where a learner stands: each topic, the work that is left, the pace."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from quizapp.content.models import Topic
from quizapp.scheduling.backlog import ANSWERS_PER_NEW
from quizapp.scheduling.cards import day_of
from quizapp.scheduling.line_up import LineUp
from quizapp.scheduling.memory import State
from quizapp.scheduling.models import Card
from quizapp.scheduling.today import TYPICAL_MS, pace
from quizapp.teams.models import User


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


def answers_left(user: User, now: datetime, lined_up: LineUp) -> float:
    """How many answers the plan takes: two for a new question and for a review that is missed."""
    day, formulas = day_of(user), lined_up.limits.formulas
    today = day.date_of(now)
    reviews = (*lined_up.reviews, *lined_up.early)
    return (
        len(lined_up.steps)
        + math.fsum(each.fading(today, day).answers(formulas) for each in reviews)
        + ANSWERS_PER_NEW * len(lined_up.new)
    )


def seconds_per_question(user: User) -> float:
    """The learner's own pace over the latest days of study, with long breaks cut off."""
    return float(next(iter(pace(user)), TYPICAL_MS) / 1000)


def minutes_left(user: User, now: datetime, lined_up: LineUp) -> int:
    """How long the plan takes at the learner's own pace: a minute at the least."""
    return max(1, round(seconds_per_question(user) * answers_left(user, now, lined_up) / 60))


def suspended(user: User) -> QuerySet[Card]:
    """The cards that the learner has suspended, by topic."""
    cards = Card.objects.of(user).filter(is_suspended=True, question__retired_at=None)
    return cards.select_related("question").order_by(
        "question__topic__position", "question__position"
    )
