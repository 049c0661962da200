"""Giving each learner the memory model that fits: fits, adopts, and reschedules by replay."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from django.db import transaction

from quizapp.scheduling import fitting
from quizapp.scheduling.cards import (
    PARAMETERS_VERSION,
    hold,
    logs_of,
    parameters_of,
    schedule_of,
    seed_of,
)
from quizapp.scheduling.day import LearnerDay
from quizapp.scheduling.fitting import Fit, History, Parameters, Step
from quizapp.scheduling.memory import DEFAULT_PARAMETERS, replay
from quizapp.scheduling.models import Card, MemoryFit, Review
from quizapp.teams.models import User

MOST_POOLED_REVIEWS = 500_000
"""The latest reviews of the installation that are pooled, so that a night is long enough."""


@dataclass(frozen=True, slots=True)
class Summary:
    """How many learners there are with reviews, had enough of them, and got new parameters."""

    learners: int = 0
    fitted: int = 0
    adopted: int = 0
    pooled_reviews: int = 0


def refit_everybody(now: datetime) -> Summary:
    """Fit the installation as a whole, then each learner with enough reviews. Idempotent."""
    start, pooled_reviews = fit_pool(now)
    summary = Summary(pooled_reviews=pooled_reviews)
    learners = User.objects.filter(reviews__isnull=False).distinct().order_by("pk")
    for pk in list(learners.values_list("pk", flat=True)):
        user = User.objects.filter(pk=pk).first()
        found = refit(user, start, now) if user else None
        summary = replace(
            summary,
            learners=summary.learners + 1,
            fitted=summary.fitted + (found is not None),
            adopted=summary.adopted + (found is not None and found.is_adopted),
        )
    return summary


def fit_pool(now: datetime) -> tuple[Parameters, int]:
    """The installation's own parameters, or the published ones while they are no better."""
    published = DEFAULT_PARAMETERS
    histories = list(_histories())
    found = fitting.fit(histories, start=published, in_use=published)
    if found is None:
        return published, fitting.usable(histories)
    row = _note(None, found, histories, now)
    return (found.parameters if row.is_adopted else published), found.reviews


def refit(user: User, start: Parameters, now: datetime) -> MemoryFit | None:
    """Fit one learner, who gets the parameters if they improve.

    None with too few reviews, and for who has deleted the account meanwhile.
    """
    histories = list(_histories(user))
    found = fitting.fit(histories, start=start, in_use=parameters_of(user))
    if found is None:
        return None
    with transaction.atomic():
        if not _hold(user):
            return None
        row = _note(user, found, histories, now)
        if row.is_adopted:
            adopt(user, found.parameters)
    return row


def adopt(user: User, parameters: Parameters | None) -> None:
    """Schedule by these parameters from now on, or by the published ones; cards are replayed."""
    user.memory_parameters = (
        {"version": PARAMETERS_VERSION, "values": list(parameters)} if parameters else None
    )
    user.save(update_fields=["memory_parameters"])
    reschedule(user)


def reset(user: User) -> None:
    """Back to the published parameters, as if nothing had ever been fitted."""
    with transaction.atomic():
        if _hold(user):
            MemoryFit.objects.filter(user=user).delete()
            adopt(user, None)


def reschedule(user: User) -> int:
    """Bring each card to what its log says under the parameters in use. Returns how many moved.

    A card that is answered meanwhile stays as the answer left it, and one whose question has
    taken on a new meaning since has no log to replay.
    """
    schedule = schedule_of(user)
    logs = logs_of(user, Review.objects.all())
    moved = 0
    for card in Card.objects.of(user).filter(reps__gt=0):
        log = logs[card.question_id]
        if not log or log[-1].question_version != card.question_version:
            continue
        seed = seed_of(user.pk, card.question_id)
        memory = replay(log, schedule, seed=seed)
        if memory is None or memory == card.memory:
            continue
        as_read = Card.objects.filter(
            pk=card.pk, reps=card.reps, question_version=card.question_version
        )
        card.memory = memory
        moved += as_read.update(**{name: getattr(card, name) for name in card.snapshot})
    return moved


def _hold(user: User) -> bool:
    """Inside a transaction: let the learner and the cards stay as they are. False if gone."""
    hold([user.pk])
    try:
        user.refresh_from_db(from_queryset=User.objects.select_for_update(no_key=True))
    except User.DoesNotExist:
        return False
    return True


def _note(user: User | None, found: Fit, histories: list[History], now: datetime) -> MemoryFit:
    row = MemoryFit(
        user=user,
        fitted_at=now,
        reviews=found.reviews,
        parameters={"version": PARAMETERS_VERSION, "values": list(found.parameters)},
        is_adopted=found.improves,
        log_loss=found.log_loss,
        log_loss_before=found.before,
        log_loss_constant=found.constant,
        log_loss_moving_average=found.moving_average,
        bins=fitting.calibration(histories),
    )
    with transaction.atomic():
        # Those for everybody may be two, if two programs have made the first one at once.
        MemoryFit.objects.filter(user=user).delete()
        row.save()
    return row


def _histories(user: User | None = None) -> Iterator[History]:
    """One for each question and meaning of a learner, or of all learners for the pool.

    Where the latest reviews are not all, the history that lacks its beginning is left out: its
    first review would be taken for the first ever, of which alone nothing is predicted.
    """
    reviews = Review.objects.shaping()
    if user:
        reviews = reviews.of(user)
    newest = reviews.order_by("-pk").values("pk")[:MOST_POOLED_REVIEWS]
    rows = (
        Review.objects.filter(pk__in=newest)
        .order_by("user_id", "question_id", "pk")
        .values_list(
            "user_id",
            "question_id",
            "question_version",
            "user__timezone",
            "user__rollover_hour",
            "rating",
            "reviewed_at",
            "retrievability",
        )
    )
    for (*_, zone, hour), group in groupby(rows.iterator(), key=lambda row: row[:5]):
        day = LearnerDay(ZoneInfo(zone), hour)
        history = [
            Step(rating, day.date_of(at).toordinal(), at.timestamp(), predicted)
            for *_, rating, at, predicted in group
        ]
        if history[0].predicted is None:
            yield history
