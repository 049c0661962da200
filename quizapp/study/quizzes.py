"""Where a quiz stands: what was answered, what comes next, when it is over."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.shortcuts import get_object_or_404

from quizapp.scheduling.models import Review
from quizapp.study import pretest
from quizapp.study.models import Quiz, QuizQuestion
from quizapp.teams.models import User

GRACE = timedelta(seconds=5)
"""How long after the time is up a response still counts, since it may have been on its way."""


@dataclass(frozen=True, slots=True)
class Place:
    """`is_gone` tells that the question was retired or suspended, so it is not asked any more."""

    question_id: int
    is_answered: bool
    is_gone: bool

    @property
    def is_open(self) -> bool:
        return not (self.is_answered or self.is_gone)


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the learner has come, place by place."""

    places: tuple[Place, ...]

    @property
    def total(self) -> int:
        return len(self.places)

    @property
    def answered(self) -> int:
        return sum(place.is_answered for place in self.places)

    @property
    def left(self) -> int:
        return sum(place.is_open for place in self.places)

    @property
    def done(self) -> int:
        return self.total - self.left

    @property
    def next_question_id(self) -> int | None:
        return next((place.question_id for place in self.places if place.is_open), None)

    def has(self, question_id: int) -> bool:
        return any(place.question_id == question_id for place in self.places)

    def with_answered(self, question_id: int) -> Standing:
        """The same after a response to the question."""
        return Standing(
            tuple(
                replace(place, is_answered=True) if place.question_id == question_id else place
                for place in self.places
            )
        )


def quiz_of(user: User, pk: int) -> Quiz:
    """The learner's own quiz, or 404."""
    quiz: Quiz = get_object_or_404(Quiz.objects.of(user), pk=pk)
    quiz.user = user
    return quiz


def standing(quiz: Quiz) -> Standing:
    """One query, or three when there are responses to take in.

    A question that was answered elsewhere since the quiz began, in the daily review or in a
    chapter, counts with the first response to it and is not asked again: the learner has seen
    the verdict. A response belongs to one quiz only, so two quizzes under way that share a
    question both ask it. In the same way a response is found whose request died before it was
    noted in the quiz. A quiz that has ended stays as it was.
    """
    places = _places(quiz)
    if not quiz.finished_at and any(place.found and not place.is_answered for place in places):
        _take_in_found(quiz)
        places = _places(quiz)
    return Standing(
        tuple(
            Place(
                place.question_id, place.is_answered, bool(place.retired_at or place.is_suspended)
            )
            for place in places
        )
    )


def put_in_place(quiz: Quiz, review: Review) -> None:
    """Note that the review is the response to its question, unless there is one already."""
    place = QuizQuestion.objects.unanswered().filter(quiz=quiz, question=review.question_id)
    try:
        with transaction.atomic():
            place.update(review=review)
    except IntegrityError:
        return  # another quiz has taken it in


def keep_place(review_id: int, anew: Review) -> None:
    """Let the response that was logged anew stand where the earlier review of it stood."""
    QuizQuestion.objects.filter(review=review_id).update(review=anew)


def is_time_up(quiz: Quiz, now: datetime, grace: timedelta = timedelta()) -> bool:
    return quiz.deadline is not None and now > quiz.deadline + grace


def finish(quiz: Quiz, now: datetime) -> None:
    """End the quiz, once. What a pretest has shown to be known is put off in the same moment."""
    standing(quiz)
    ended = min(now, quiz.deadline) if quiz.deadline else now
    with transaction.atomic():
        if Quiz.objects.unfinished().filter(pk=quiz.pk).update(finished_at=ended) == 1:
            quiz.finished_at = ended
            if quiz.pretest_of_id:
                pretest.put_off_known(quiz, now)


def drop_untouched(quiz: Quiz) -> bool:
    """Delete the quiz if nothing in it was answered. True if it is gone."""
    if standing(quiz).answered:
        return False
    answered = QuizQuestion.objects.answered().filter(quiz=OuterRef("pk"))
    untouched = Quiz.objects.unfinished().filter(~Exists(answered), pk=quiz.pk)
    return untouched.delete()[0] > 0


def unfinished(user: User) -> Quiz | None:
    """The quiz begun last of those under way, with `answered` and `total`. One query."""
    return under_way(user).first()


def under_way(user: User) -> QuerySet[Quiz]:
    return Quiz.objects.of(user).unfinished().with_score().newest_first()


def finished(user: User) -> QuerySet[Quiz]:
    return Quiz.objects.of(user).finished().with_score().newest_first()


def _places(quiz: Quiz) -> list[Any]:
    return list(
        QuizQuestion.objects.filter(quiz=quiz)
        .annotate(
            card=FilteredRelation(
                "question__cards", condition=Q(question__cards__user=quiz.user_id)
            ),
        )
        .annotate(
            is_answered=Q(review__isnull=False, review__undone_at=None),
            is_suspended=F("card__is_suspended"),
            retired_at=F("question__retired_at"),
            found=_found(quiz),
        )
    )


def _take_in_found(quiz: Quiz) -> None:
    found = _found(quiz)
    places = QuizQuestion.objects.unanswered().filter(quiz=quiz)
    try:
        with transaction.atomic():
            places.annotate(found=found).exclude(found=None).update(review=found)
    except IntegrityError:
        return  # another quiz was faster, so this one asks


def _found(quiz: Quiz) -> Subquery:
    """The first standing response to the place's question since the quiz began, if in no quiz."""
    reviews: QuerySet[Review] = (
        Review.objects.standing()
        .since(quiz.started_at)
        .filter(user=quiz.user_id, question=OuterRef("question_id"), quiz_place=None)
    )
    if quiz.deadline:
        reviews = reviews.filter(reviewed_at__lte=quiz.deadline + GRACE)
    return Subquery(reviews.order_by("pk").values("pk")[:1])
