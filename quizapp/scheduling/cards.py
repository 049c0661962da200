"""What happens to cards outside a review: set aside, brought back, started anew, replayed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.utils import timezone

from quizapp.content.models import Question
from quizapp.scheduling.day import LearnerDay
from quizapp.scheduling.memory import (
    LoggedReview,
    Memory,
    Rating,
    Schedule,
    State,
    replay,
)
from quizapp.scheduling.models import Card, Review
from quizapp.teams.models import User


def day_of(user: User) -> LearnerDay:
    return LearnerDay(user.zone, user.rollover_hour)


def schedule_of(user: User) -> Schedule:
    return Schedule(day=day_of(user), desired_retention=user.desired_retention)


def question_and_card(user: User, question_id: int) -> tuple[Question, Card | None]:
    """Both in one query, if there is a card. A retired question raises Question.DoesNotExist."""
    cards = Card.objects.of(user).select_related("question").filter(question=question_id)
    for card in cards:
        if card.question.is_retired:
            raise Question.DoesNotExist
        return card.question, card
    question: Question = Question.objects.active().get(pk=question_id)
    return question, None


def seed_of(user_id: int, question_id: int) -> str:
    """Names a card for the fuzz of its intervals, whether it has a row or not."""
    return f"{user_id}:{question_id}"


def start_anew(question_ids: Collection[int]) -> None:
    """Let everybody learn these questions again, because their meaning has changed."""
    Card.objects.filter(question_id__in=question_ids).start_anew(timezone.now())


def suspend(user: User, question: Question, now: datetime) -> None:
    """Show the question no more, until it is brought back."""
    _set_aside(user, question, now, is_suspended=True)


def unsuspend(user: User, question: Question) -> None:
    Card.objects.of(user).filter(question=question).update(is_suspended=False)


def bury(user: User, question: Question, now: datetime) -> None:
    """Show the question no more on this day of the learner."""
    _set_aside(user, question, now, buried_until=day_of(user).start(now, 1))


def unbury(user: User, question: Question) -> None:
    Card.objects.of(user).filter(question=question).update(buried_until=None)


def replayed(user: User, question: Question) -> Memory | None:
    """What the log says that the learner's memory of the question is."""
    reviews = Review.objects.of(user).shaping().filter(question=question).order_by("pk")
    log = [
        LoggedReview(Rating(r.rating), r.reviewed_at, r.desired_retention, r.question_version)
        for r in reviews
    ]
    return replay(log, schedule_of(user), seed=seed_of(user.pk, question.pk))


def _set_aside(user: User, question: Question, now: datetime, **fields: bool | datetime) -> None:
    Card.objects.update_or_create(
        user=user,
        question=question,
        defaults=fields,
        create_defaults={
            "state": State.NEW,
            "due": now,
            "question_version": question.version,
            **fields,
        },
    )
