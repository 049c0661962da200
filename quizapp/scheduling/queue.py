"""What to study next: due steps, then reviews with new questions spread between.

Of reviews that are due, one that contrasts with the question asked last comes next.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from quizapp.content.models import Question, Topic
from quizapp.scheduling.candidates import Candidate
from quizapp.scheduling.cards import question_and_card
from quizapp.scheduling.line_up import LineUp, line_up
from quizapp.scheduling.models import Card
from quizapp.teams.models import User


class Reason(StrEnum):
    """Why a question is shown now."""

    STEP = "step"
    REVIEW = "review"
    NEW = "new"
    EARLY = "early"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class Scope:
    """Which questions to draw from, and what the learner has asked for beyond the day's work.

    `extra_new` is how many new ones more than the daily limit, and `ahead_days` for how many
    days to come reviews are taken today.
    """

    topic: Topic | None = None
    extra_new: int = 0
    ahead_days: int = 0

    def line_up(self, user: User, now: datetime) -> LineUp:
        return line_up(user, now, self.topic, extra_new=self.extra_new, ahead_days=self.ahead_days)


@dataclass(frozen=True, slots=True)
class Queued:
    """The head of the queue. `question` is None when there is nothing to show."""

    line_up: LineUp
    question: Question | None = None
    card: Card | None = None
    reason: Reason | None = None


def next_card(user: User, now: datetime, scope: Scope) -> Queued:
    """The question to show next, in at most three queries."""
    lined_up = scope.line_up(user, now)
    head = _head(lined_up)
    if head is None:
        return Queued(lined_up)
    candidate, reason = head
    question, card = _fetch(candidate)
    return Queued(lined_up, question, card, reason)


def asked_for(user: User, now: datetime, scope: Scope, question_id: int) -> Queued | None:
    """A question that the learner wants to see, whatever the queue says; None if it is gone."""
    try:
        question, card = question_and_card(user, question_id)
    except Question.DoesNotExist:
        return None
    lined_up = scope.line_up(user, now)
    return Queued(lined_up, question, card)


def _head(lined_up: LineUp) -> tuple[Candidate, Reason] | None:
    if lined_up.steps:
        return lined_up.steps[0], Reason.STEP
    if lined_up.new and not lined_up.has_contrast and _is_time_for_new(lined_up):
        return lined_up.new[0], Reason.NEW
    if lined_up.reviews:
        return lined_up.reviews[0], Reason.REVIEW
    if lined_up.early:
        return lined_up.early[0], Reason.EARLY
    if lined_up.ahead:
        return lined_up.ahead[0], Reason.AHEAD
    return None


def _is_time_for_new(lined_up: LineUp) -> bool:
    """Whether new questions, spread evenly between the day's reviews, have fallen behind."""
    today, new = lined_up.today, len(lined_up.new)
    reviews = len(lined_up.reviews) + len(lined_up.early)
    if not reviews:
        return True
    return today.new * (today.reviews + reviews) < today.reviews * (today.new + new)


def _fetch(candidate: Candidate) -> tuple[Question, Card | None]:
    if candidate.card_id is not None:
        card = Card.objects.select_related("question").filter(pk=candidate.card_id).first()
        if card is not None:  # or its only answer was undone this very moment
            return card.question, card
    return Question.objects.get(pk=candidate.question_id), None
