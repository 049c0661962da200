"""Asking a question and taking the response: the same in a review, a chapter and a quiz.

A view reads the form with `read_asked`, records what came back with `grade_and_record`, and
prints a question with `asking`. What surrounds the question is the view's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from quizapp.content.models import Question
from quizapp.grading.base import Form
from quizapp.scheduling.answers import Outcome, StaleShowing, Verdict, record
from quizapp.scheduling.cards import question_and_card
from quizapp.scheduling.memory import Rating, suggested_rating
from quizapp.scheduling.models import Card, Review
from quizapp.scheduling.showing import InvalidShowingError, Showing
from quizapp.study.feedback import flag_reasons, revealed
from quizapp.teams.models import User
from quizapp.web.access import LearnerRequest
from quizapp.web.presenting import presented
from quizapp.web.responding import graded, wants_reveal


class GoneError(Exception):
    """The form is not ours, or what it responds to has left the bank."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was shown, the learner's card of it, and the form that came back."""

    question: Question
    card: Card | None
    showing: Showing
    form: Form

    @property
    def wants_reveal(self) -> bool:
        """Whether the form asks for the back of a flashcard, and responds to nothing yet."""
        return wants_reveal(self.question.parsed_spec, self.form)

    @property
    def fits(self) -> bool:
        """Whether all that the form names is still there.

        An option that was reworded meanwhile would be passed over, and its choice be lost.
        """
        shown = self.question.parsed_spec.present(self.showing.seed)
        lists = (value for value in shown.values() if isinstance(value, list))
        there = {part["id"] for parts in lists for part in parts if isinstance(part, dict)}
        return there.issuperset(_ids_named(self.form))


def _ids_named(form: Form) -> Iterator[str]:
    """The ids of options, steps and sides in the names and values of a form's fields."""
    for name, values in form.items():
        kind, _, part_id = name.partition("-")
        if part_id and kind in ("blank", "match", "position"):
            yield part_id
        if kind in ("match", "option"):
            yield from filter(None, values)


def read_asked(request: LearnerRequest) -> Asked:
    """What the posted form responds to. Raises GoneError."""
    try:
        showing = Showing.unseal(request.POST.get("token", ""), request.user)
        question, card = question_and_card(request.user, showing.question_id)
    except (InvalidShowingError, Question.DoesNotExist) as error:
        raise GoneError from error
    asked = Asked(question, card, showing, dict(request.POST.lists()))
    if not asked.fits:
        raise GoneError
    return asked


def grade_and_record(
    user: User, asked: Asked, now: datetime, *, known_is_easy: bool = False
) -> Outcome:
    """Raises ResponseError if there is nothing to grade, StaleShowing if the card moved on.

    `known_is_easy` rates what is right and sure as EASY: it was known before it was taught.
    """
    spec = asked.question.parsed_spec
    given = graded(spec, asked.form)
    if spec.is_self_rated:
        verdict = Verdict(given.response, given.grade, Rating(given.response), is_sure=None)
    else:
        rating = suggested_rating(given.grade, is_sure=given.is_sure)
        if known_is_easy and rating is Rating.GOOD:
            rating = Rating.EASY
        verdict = Verdict(given.response, given.grade, rating, given.is_sure)
    return record(
        asked.showing,
        user=user,
        question=asked.question,
        card=asked.card,
        verdict=verdict,
        now=now,
    )


def grade_and_tell(user: User, asked: Asked, now: datetime) -> Outcome:
    """The same where the verdict follows at once.

    Raises StaleShowing as well for what was recorded in a quiz that tells only at its end.
    """
    outcome = grade_and_record(user, asked, now)
    told = Review.objects.told().filter(pk=outcome.review.pk)
    if outcome.is_repeat and not told.exists():
        raise StaleShowing
    return outcome


def asking(user: User, asked: Asked, *, is_alone: bool = True) -> dict[str, Any]:
    """The context of `study/_ask.html`, with what was given already filled in.

    Where it is one of several questions on a page, none takes the focus.
    """
    showing = asked.showing
    return {
        **presented(asked.question, showing.seed, asked.form, takes_focus=is_alone),
        "token": showing.seal(user),
        "flag_reasons": flag_reasons(),
    }


def asking_back(user: User, asked: Asked, now: datetime) -> dict[str, Any]:
    """The same with the back of the flashcard, and what each rating would lead to."""
    return asking(user, asked) | {"revealed": revealed(user, asked.question, asked.card, now)}
