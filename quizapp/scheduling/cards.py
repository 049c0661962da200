"""What happens to cards outside a review: set aside, brought back, started anew, replayed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from django.db.models import Case, Value, When
from django.utils import timezone

from quizapp.content.models import Question
from quizapp.scheduling.day import LearnerDay
from quizapp.scheduling.memory import (
    DEFAULT_PARAMETERS,
    LoggedReview,
    Memory,
    Rating,
    Schedule,
    State,
    replay,
)
from quizapp.scheduling.models import Card, Review
from quizapp.scheduling.models.review import ReviewQuerySet
from quizapp.teams.models import User

PARAMETERS_VERSION = 6
"""Of FSRS, whose versions differ in the number of parameters and in what they mean."""


def day_of(user: User) -> LearnerDay:
    return LearnerDay(user.zone, user.rollover_hour)


def parameters_of(user: User) -> tuple[float, ...]:
    """Those of the memory model fitted to the learner, or the published ones."""
    own = user.memory_parameters
    if own and own["version"] == PARAMETERS_VERSION:
        return tuple(own["values"])
    return DEFAULT_PARAMETERS


def schedule_of(user: User) -> Schedule:
    return Schedule(
        day=day_of(user),
        desired_retention=user.desired_retention,
        parameters=parameters_of(user),
        easy_days=frozenset(user.easy_days or ()),
    )


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


def hold(people: Collection[int]) -> None:
    """Inside a transaction: lock the cards of these people, by their ids.

    Before the people themselves, as an answer does, or each might wait for the other.
    """
    cards = Card.objects.filter(user__in=people).select_for_update().order_by("pk")
    list(cards.values_list("pk"))


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


def bury_until(user: User, until: Mapping[int, datetime], now: datetime) -> None:
    """Put off questions that are still new, each to its moment, by their ids. Three queries."""
    versions = Question.objects.filter(pk__in=until).values_list("pk", "version")
    Card.objects.bulk_create(
        (
            Card(user=user, question_id=pk, question_version=version, state=State.NEW, due=now)
            for pk, version in versions
        ),
        ignore_conflicts=True,
    )
    at: dict[datetime, list[int]] = defaultdict(list)
    for pk, moment in until.items():
        at[moment].append(pk)
    moments = [When(question__in=ids, then=Value(moment)) for moment, ids in at.items()]
    new = Card.objects.of(user).filter(question__in=until, state=State.NEW)
    new.update(buried_until=Case(*moments))


def unbury_new(user: User, question_ids: Collection[int]) -> int:
    """Take that back for those of the questions that are new still; gives how many."""
    new = Card.objects.of(user).filter(question__in=question_ids, state=State.NEW)
    return new.update(buried_until=None)


def keep_dates(user: User, before: LearnerDay) -> None:
    """Let what is known come back on its dates, though days begin elsewhere now. Two queries.

    Needs a transaction that holds the cards. `before` is the learner's day as it was. Otherwise
    who has moved east would find nothing to review before noon.
    """
    known, day = Card.objects.of(user).filter(state=State.REVIEW), day_of(user)
    dues = known.values_list("due", flat=True).distinct()
    moved = [When(due=due, then=Value(day.start_of(before.date_of(due)))) for due in dues]
    if moved:
        known.update(due=Case(*moved, default="due"))


def replayed(user: User, question: Question) -> Memory | None:
    """What the log says that the learner's memory of the question is."""
    log = logs_of(user, Review.objects.filter(question=question))[question.pk]
    return replay(log, schedule_of(user), seed=seed_of(user.pk, question.pk))


def logs_of(user: User, reviews: ReviewQuerySet) -> dict[int, list[LoggedReview]]:
    """Of these reviews the learner's own that shaped the cards, by question, oldest first."""
    logs: dict[int, list[LoggedReview]] = defaultdict(list)
    rows = reviews.of(user).shaping().order_by("pk")
    for key, rating, at, retention, version in rows.values_list(
        "question_id", "rating", "reviewed_at", "desired_retention", "question_version"
    ):
        logs[key].append(LoggedReview(Rating(rating), at, retention, version))
    return logs


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
