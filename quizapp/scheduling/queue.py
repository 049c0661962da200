"""What to study next, in order: due steps, overdue reviews with new questions spread between."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Sum, Value, When, Window

from quizapp.content.models import Question, QuestionFact, Topic
from quizapp.scheduling.day import LearnerDay
from quizapp.scheduling.functions import Epoch
from quizapp.scheduling.memory import State
from quizapp.scheduling.models import Card, Review
from quizapp.teams.models import User

LEARN_AHEAD = timedelta(minutes=20)

STEP, REVIEW, AHEAD = range(3)


class Reason(StrEnum):
    """Why a question is shown now."""

    STEP = "step"
    REVIEW = "review"
    NEW = "new"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class Scope:
    """Which questions to draw from, and how many more new ones than the daily limit allows."""

    topic: Topic | None = None
    extra_new: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """How many questions are left to do now, by why they are shown."""

    steps: int = 0
    reviews: int = 0
    new: int = 0

    @property
    def total(self) -> int:
        return self.steps + self.reviews + self.new

    @property
    def is_empty(self) -> bool:
        return self.total == 0


@dataclass(frozen=True, slots=True)
class Queued:
    """The head of the queue. `question` is None when there is nothing to show.

    `done` counts the reviews of the learner's day so far.
    """

    plan: Plan
    done: int = 0
    question: Question | None = None
    card: Card | None = None
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Today:
    """What the learner has done since the day began."""

    done: int
    new: int
    reviews: int
    facts: frozenset[int]


def next_card(user: User, now: datetime, scope: Scope) -> Queued:
    """The question to show next and the plan it belongs to, in three queries."""
    today = _today(user, now)
    reviews_left = _reviews_left(user, today)
    head = _due(user, now, scope, today.facts, with_reviews=reviews_left > 0).first()
    steps, reviews = (head.steps, min(head.reviews, reviews_left)) if head else (0, 0)

    new_left = max(0, user.new_per_day + scope.extra_new - today.new)
    fresh = _unseen(user, now, scope, today.facts).first() if new_left else None
    new = min(new_left, fresh.available) if fresh else 0

    plan = Plan(steps, reviews, new)
    if head and head.rank == STEP:
        return Queued(plan, today.done, head.question, head, Reason.STEP)
    if fresh and new and _is_time_for_new(today, reviews=reviews, new=new):
        return Queued(plan, today.done, fresh, None, Reason.NEW)
    if head and head.rank == REVIEW:
        return Queued(plan, today.done, head.question, head, Reason.REVIEW)
    if head and head.rank == AHEAD:
        return Queued(plan, today.done, head.question, head, Reason.AHEAD)
    return Queued(plan, today.done)


def asked_for(user: User, question_id: int) -> Queued | None:
    """A question that the learner wants to see, whatever the queue says; None if it is gone."""
    question = Question.objects.active().select_related("topic").filter(pk=question_id).first()
    card = Card.objects.of(user).filter(question_id=question_id).first()
    return Queued(Plan(), 0, question, card) if question else None


def _today(user: User, now: datetime) -> Today:
    start = LearnerDay(user.zone, user.rollover_hour).start(now)
    rows = (
        Review.objects.of(user)
        .standing()
        .since(start)
        .values_list("pk", "state_before", "question__questionfact__fact_id")
    )
    states = {pk: state for pk, state, _ in rows}
    return Today(
        done=len(states),
        new=sum(state == State.NEW for state in states.values()),
        reviews=sum(state == State.REVIEW for state in states.values()),
        facts=frozenset(fact for _, _, fact in rows if fact is not None),
    )


def _reviews_left(user: User, today: Today) -> float:
    if user.reviews_per_day is None:
        return math.inf
    return max(0, user.reviews_per_day - today.reviews)


def _due(
    user: User, now: datetime, scope: Scope, facts_seen: Collection[int], *, with_reviews: bool
) -> models.QuerySet[Any]:
    """Cards to show, best first, each with the number of steps and reviews that are due.

    Among reviews, the one goes first whose memory has faded most: the time since its last
    review, relative to its stability.
    """
    in_steps = Q(state__in=(State.LEARNING, State.RELEARNING))
    is_due = Q(due__lte=now)
    reviews = is_due & Q(state=State.REVIEW) & ~_shares_a_fact(facts_seen)
    cards = (
        Card.objects.of(user)
        .at_work(now)
        .filter(due__lte=now + LEARN_AHEAD)
        .filter(in_steps | reviews if with_reviews else in_steps)
    )
    if scope.topic:
        cards = cards.filter(question__topic=scope.topic)
    faded = (Value(now.timestamp()) - Epoch("last_review")) / F("stability")
    return (
        cards.annotate(
            rank=Case(
                When(in_steps & is_due, then=STEP),
                When(in_steps, then=AHEAD),
                default=REVIEW,
                output_field=models.IntegerField(),
            ),
            urgency=Case(
                When(in_steps, then=-Epoch("due")),
                default=faded,
                output_field=models.FloatField(),
            ),
        )
        .annotate(
            steps=_how_many(STEP),
            reviews=_how_many(REVIEW),
        )
        .select_related("question__topic")
        .order_by("rank", "-urgency", "pk")
    )


def _unseen(
    user: User, now: datetime, scope: Scope, facts_seen: Collection[int]
) -> models.QuerySet[Any]:
    """Questions never answered, in the authors' order, each with how many there are."""
    answered_or_set_aside = (
        Card.objects.of(user)
        .filter(question=OuterRef("pk"))
        .filter(~Q(state=State.NEW) | Q(is_suspended=True) | Q(buried_until__gt=now))
    )
    questions: models.QuerySet[Any] = Question.objects.active()
    questions = questions.filter(~Exists(answered_or_set_aside), ~_shares_a_fact(facts_seen, "pk"))
    if scope.topic:
        questions = questions.filter(topic=scope.topic)
    questions = questions.annotate(available=Window(Count("*"))).select_related("topic")
    return questions.order_by("topic__position", "topic_id", "position", "pk")


def _is_time_for_new(today: Today, *, reviews: int, new: int) -> bool:
    """Whether new questions, spread evenly between the day's reviews, have fallen behind."""
    if not reviews:
        return True
    return today.new * (today.reviews + reviews) < today.reviews * (today.new + new)


def _shares_a_fact(facts_seen: Collection[int], question: str = "question_id") -> Exists:
    return Exists(QuestionFact.objects.filter(question=OuterRef(question), fact_id__in=facts_seen))


def _how_many(rank: int) -> Window:
    return Window(Sum(Case(When(rank=rank, then=1), default=0)))
