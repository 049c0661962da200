"""Recording a response: one transaction that moves the card and writes the log, or does nothing."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from quizapp.content.models import Question
from quizapp.grading import Grade, Response
from quizapp.scheduling.cards import day_of
from quizapp.scheduling.goals.aims import reviewed
from quizapp.scheduling.memory import (
    Memory,
    Rating,
    retrievability,
    unseen,
)
from quizapp.scheduling.models import Card, Review
from quizapp.scheduling.showing import Showing
from quizapp.scheduling.tallies import count_in, count_out
from quizapp.teams.models import User


@dataclass(frozen=True, slots=True)
class Verdict:
    """A response and what it was found to be worth. `is_sure` is None where nobody asked."""

    response: Response
    grade: Grade
    rating: Rating
    is_sure: bool | None


class StaleShowing(Exception):  # noqa: N818 - not a fault: the learner is shown the current state
    """The form is out of date: the card has moved on, or the question has a new meaning."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`is_repeat` tells that this showing was recorded before, and nothing was changed now."""

    review: Review
    grade: Grade
    is_repeat: bool = False


def record(
    showing: Showing,
    *,
    user: User,
    question: Question,
    card: Card | None,
    verdict: Verdict,
    now: datetime,
) -> Outcome:
    """Move the card and log the review, unless this showing has been answered already.

    `card` is the learner's card as just read, or None if there is none. Raises StaleShowing.
    """
    if question.version != showing.question_version:
        raise StaleShowing
    if (card.reps if card else 0) != showing.reps:
        return _recorded_before(showing, user)
    before = card.memory if card else unseen(now)
    after, schedule = reviewed(user, question, before, verdict.rating, now)
    log = Review(
        user=user,
        question=question,
        question_version=question.version,
        reviewed_at=now,
        seed=showing.seed,
        options_order=question.parsed_spec.present(showing.seed)["order"],
        response=verdict.response,
        duration_ms=showing.duration_ms(now),
        is_sure=verdict.is_sure,
        score=verdict.grade.score,
        rating=verdict.rating,
        desired_retention=schedule.desired_retention,
        retrievability=retrievability(before, now, schedule),
        state_before=before.state,
        before=card.snapshot if card else None,
    )
    log.reviewed_at = after.last_review or now
    try:
        with transaction.atomic():
            _move(card or Card(user=user, question=question), log, after)
    except (IntegrityError, _Outrun):
        return _recorded_before(showing, user)
    return Outcome(log, verdict.grade)


def undo(user: User, review_id: int, now: datetime) -> Review | None:
    """Take a review back and restore its card; None if the card has moved on since.

    A review that was undone before is left as it is and given back all the same.
    """
    with transaction.atomic():
        log = Review.objects.of(user).filter(pk=review_id).first()
        if log is None or not (log.undone_at or _take_back(user, log, now)):
            return None
        return log


def rate_easy(user: User, review_id: int, now: datetime) -> Review | None:
    """Log a right response anew as EASY, in the place of the review it had.

    None if the card has moved on since, if the response was not right, or if it is too early to
    tell that.
    """
    try:
        with transaction.atomic():
            return _rate_easy(user, review_id, now)
    except _Outrun:
        return None


class _Outrun(Exception):  # noqa: N818 - control flow inside this module
    """Another submit has moved the card first."""


def _rate_easy(user: User, review_id: int, now: datetime) -> Review | None:
    old = (
        Review.objects.of(user)
        .standing()
        .told()
        .select_related("question")
        .filter(pk=review_id, score=1)
        .exclude(rating=Rating.EASY)
        .first()
    )
    if old is None or not _take_back(user, old, now):
        return None
    card = Card.objects.of(user).filter(question_id=old.question_id).first()
    before = card.memory if card else unseen(old.reviewed_at)
    after, schedule = reviewed(user, old.question, before, Rating.EASY, old.reviewed_at)
    new = Review.objects.get(pk=old.pk)
    new.user = user
    new.pk = None
    new.undone_at = None
    new.seed = secrets.randbits(63)
    new.rating = Rating.EASY
    new.desired_retention = schedule.desired_retention
    new.question = old.question
    _move(card or Card(user=user, question=old.question), new, after)
    return new


def _move(card: Card, log: Review, after: Memory) -> None:
    """Inside a transaction: bring the card to `after` if it still is where it was, and log it."""
    as_read = {"pk": card.pk, "reps": card.reps, "question_version": card.question_version}
    card.memory = after
    card.question_version = log.question_version
    if card.pk is None:
        if not _still_means(log):
            raise _Outrun
        card.save(force_insert=True)
    elif (
        Card.objects.filter(**as_read).update(
            **{name: getattr(card, name) for name in card.snapshot}
        )
        != 1
    ):
        raise _Outrun
    log.after = card.snapshot
    log.save(force_insert=True)
    count_in(log, day_of(log.user))


def _still_means(log: Review) -> bool:
    """Whether the question still has the version that was answered; keeps it from changing.

    A card that exists tells by itself, since a change of meaning moves it.
    """
    question = Question.objects.select_for_update(no_key=True).filter(pk=log.question_id)
    return question.filter(version=log.question_version).exists()


def _take_back(user: User, log: Review, now: datetime) -> bool:
    """Inside a transaction: restore the card that the review moved, if nothing came after."""
    card = (
        Card.objects.select_for_update()
        .filter(user_id=log.user_id, question_id=log.question_id)
        .first()
    )
    if card is None or card.snapshot != log.after:
        return False
    if Review.objects.standing().filter(pk=log.pk).update(undone_at=now) != 1:
        return False
    count_out(log, day_of(user))
    if log.before is not None:
        card.restore(log.before)
        card.save()
    elif card.is_suspended or card.buried_until:
        card.memory = unseen(now)
        card.save()
    else:
        card.delete()
    return True


def _recorded_before(showing: Showing, user: User) -> Outcome:
    earlier = (
        Review.objects.of(user)
        .standing()
        .select_related("question")
        .filter(seed=showing.seed)
        .first()
    )
    if earlier is None:
        raise StaleShowing
    grade = earlier.question.parsed_spec.grade(earlier.response)
    return Outcome(earlier, grade, is_repeat=True)
