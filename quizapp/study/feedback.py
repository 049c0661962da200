"""What is shown after the response: verdict, notes on each part, explanation, what comes next."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from quizapp.content.models import Question
from quizapp.content.teaching import Teaching, teaching_of
from quizapp.scheduling.answers import Outcome
from quizapp.scheduling.cards import day_of
from quizapp.scheduling.day import LearnerDay
from quizapp.scheduling.goals.aims import dues
from quizapp.scheduling.memory import Rating, State, leech_threshold_met, unseen
from quizapp.scheduling.models import Card, Flag, Review
from quizapp.teams.models import User
from quizapp.web.explaining import back_of, explained
from quizapp.web.words import until


def feedback(
    outcome: Outcome,
    day: LearnerDay,
    now: datetime,
    teaching: Teaching | None = None,
) -> dict[str, Any]:
    """The context of the feedback on a review that has just been recorded, or was before.

    `teaching` is that of the question, where it has been fetched already.
    """
    log, grade = outcome.review, outcome.grade
    question = log.question
    return {
        **explained(
            question,
            log.response,
            grade,
            order=log.options_order,
            is_sure=log.is_sure,
            teaching=teaching or teaching_of([question.pk])[question.pk],
        ),
        "is_repeat": outcome.is_repeat,
        "next_words": until(datetime.fromisoformat(log.after["due"]), now, day),
        "leech_lapses": _leech_lapses(log),
        "can_be_easier": grade.is_correct and log.rating != Rating.EASY,
        "review_pk": log.pk,
        "undo_pk": log.pk,
        "flag_reasons": flag_reasons(),
    }


@cache
def flag_reasons() -> SafeString:
    """The choices of the form that flags a question, the same on every page."""
    return render_to_string("study/_flag_reasons.html", {"reasons": Flag.Reason.choices})


def revealed(user: User, question: Question, card: Card | None, now: datetime) -> dict[str, Any]:
    """The back of a flashcard, and when each rating would bring it back."""
    return back_of(
        question,
        teaching_of([question.pk])[question.pk],
        dues(user, question, card.memory if card else unseen(now), now),
        day=day_of(user),
        now=now,
    )


def _leech_lapses(log: Review) -> int:
    """How often the question has slipped, when this review made it a leech; otherwise 0."""
    lapses: int = log.after["lapses"]
    has_lapsed = log.state_before == State.REVIEW and log.rating == Rating.AGAIN
    return lapses if has_lapsed and leech_threshold_met(lapses) else 0
