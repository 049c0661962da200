"""The questions that a learner could be shown now, siblings and all. One query."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.db.models import F, FilteredRelation, FloatField, IntegerField, Q, Subquery, Value

from quizapp.content.models import Question, Topic
from quizapp.scheduling.backlog import Fading
from quizapp.scheduling.cards import day_of
from quizapp.scheduling.day import LearnerDay
from quizapp.scheduling.goals.aims import Aims
from quizapp.scheduling.memory import State
from quizapp.scheduling.today import pace
from quizapp.teams.models import User

LEARN_AHEAD = timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question that is new to the learner, due, or about to be.

    `pace` is the learner's own, in milliseconds, where minutes are counted. `is_extension` tells
    whether it drills an extension, where that matters to a goal.
    """

    question_id: int
    topic_id: int
    card_id: int | None
    state: State
    due: datetime | None
    last_review: datetime | None
    stability: float | None
    difficulty: float | None
    pace: float | None
    is_extension: bool
    facts: frozenset[int]

    @property
    def is_in_steps(self) -> bool:
        return self.state in (State.LEARNING, State.RELEARNING)

    def faded(self, now: datetime) -> float:
        """The time since the last review, in stabilities: how far the memory has faded."""
        if self.last_review is None or not self.stability:
            return math.inf
        return (now - self.last_review) / timedelta(days=self.stability)

    def fading(self, today: date, day: LearnerDay) -> Fading:
        """The memory as it stands on the learner's date `today`."""
        if self.last_review is None or not self.stability or not self.difficulty:
            return _GONE
        days = (today - day.date_of(self.last_review)).days
        return Fading(self.stability, self.difficulty, max(0, days))


_GONE = Fading(stability=0.001, difficulty=10, days=365)


def candidates(
    user: User, now: datetime, topic: Topic | None, aims: Aims, *, ahead_days: int = 0
) -> Iterator[Candidate]:
    """In the authors' order. `ahead_days` is how many days' reviews after today's are wanted.

    Where the date of a goal is near, all that was met of its topics is among them.
    """
    is_shown = Q(card__is_suspended=False) & (
        Q(card__buried_until=None) | Q(card__buried_until__lte=now)
    )
    by_then = day_of(user).start(now, ahead_days + 1)
    is_due = Q(card__due__lt=by_then) if ahead_days else Q(card__due__lte=now)
    if aims.near and not topic:
        is_due |= Q(topic__in=aims.near_topics)
    is_wanted = (
        Q(card__state=State.NEW)
        | Q(card__state=State.REVIEW) & is_due
        | Q(
            card__state__in=(State.LEARNING, State.RELEARNING),
            card__due__lte=now + LEARN_AHEAD,
        )
    )
    questions: Any = Question.objects.active().annotate(
        card=FilteredRelation("cards", condition=Q(cards__user=user)),
        # Worked out once, beside the rows, and only for those whose minutes are counted.
        pace=Subquery(pace(user))
        if aims.minutes(user.minutes_per_day)
        else Value(None, FloatField()),
        extension=F("questionfact__fact__extends")
        if aims.tell_extensions
        else Value(None, IntegerField()),
    )
    if topic:
        questions = questions.filter(topic=topic)
    rows = (
        questions.filter(Q(card=None) | is_shown & is_wanted)
        .order_by("topic__position", "topic_id", "position", "pk")
        .values_list(
            "pk",
            "topic_id",
            "card__pk",
            "card__state",
            "card__due",
            "card__last_review",
            "card__stability",
            "card__difficulty",
            "pace",
            "extension",
            "questionfact__fact_id",
        )
    )
    for _, group in groupby(rows, key=lambda row: row[0]):
        yield _candidate(list(group))


def _candidate(rows: Collection[Any]) -> Candidate:
    """From the rows of one question, which differ in their fact."""
    pk, topic_id, card_id, state, due, last_review, stability, difficulty, pace, *_ = next(
        iter(rows)
    )
    return Candidate(
        question_id=pk,
        topic_id=topic_id,
        card_id=card_id,
        state=State(state or 0),
        due=due,
        last_review=last_review,
        stability=stability,
        difficulty=difficulty,
        pace=pace,
        is_extension=any(row[-2] is not None for row in rows),
        facts=frozenset(row[-1] for row in rows if row[-1] is not None),
    )
