"""What a learner finds hardest, and what was wrong though it seemed certain."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from quizapp.content.models import Question
from quizapp.grading import ResponseError
from quizapp.scheduling.memory import Rating
from quizapp.scheduling.models import Card, Review
from quizapp.teams.models import User
from quizapp.web.responses import given

LISTED = 10
LOOKED_AT = 50
"""How many are looked through for those to list: of different questions, and not retired."""


def hardest(user: User, bank: Collection[int]) -> list[tuple[Card, str]]:
    """The questions of the bank that have slipped most often, with their stems. Two queries."""
    cards = Card.objects.of(user).filter(lapses__gt=0).order_by("-lapses", "-difficulty", "pk")
    ranked = cards.only("question_id", "lapses", "is_leech")[:LOOKED_AT]
    listed = [card for card in ranked if card.question_id in bank][:LISTED]
    stems = dict(
        Question.objects.filter(pk__in=[card.question_id for card in listed]).values_list(
            "pk", "stem"
        )
    )
    return [(card, stems[card.question_id]) for card in listed]


@dataclass(frozen=True, slots=True)
class ConfidentError:
    """`given` has the parts of the response in Markdown; `recalled_at` is None if not since."""

    question: Question
    at: datetime
    given: list[str]
    recalled_at: datetime | None


def confidently_wrong(user: User, bank: Collection[int]) -> list[ConfidentError]:
    """The latest questions of the bank that were wrong though rated sure. Three queries.

    What was responded is told only as long as the question means the same.
    """
    logs = Review.objects.of(user).standing().told()
    errors = logs.filter(is_sure=True, score__lt=1)
    latest: dict[int, int] = {}
    newest_first = errors.order_by("-reviewed_at", "-pk").values_list("question_id", "pk")
    for question, pk in newest_first[:LOOKED_AT]:
        if len(latest) < LISTED and question in bank:
            latest.setdefault(question, pk)
    since = logs.filter(question__in=list(latest), rating__gt=Rating.AGAIN)
    recalled = dict(since.values_list("question").annotate(Max("reviewed_at")))
    reviews = Review.objects.select_related("question").defer("before", "after", "options_order")
    by_key = reviews.in_bulk(latest.values())
    return [
        ConfidentError(
            question=by_key[pk].question,
            at=by_key[pk].reviewed_at,
            given=_given(by_key[pk]),
            recalled_at=_later(recalled.get(question), by_key[pk].reviewed_at),
        )
        for question, pk in latest.items()
    ]


def _given(review: Review) -> list[str]:
    question = review.question
    if review.question_version != question.version:
        return []
    try:
        return given(question.parsed_spec, review.response)
    except ResponseError:
        return []


def _later(moment: datetime | None, than: datetime) -> datetime | None:
    return moment if moment and moment > than else None
