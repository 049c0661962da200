"""The log of a learner's reviews: page by page, and all of one question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from quizapp.content.models import Question
from quizapp.scheduling.models import Card, Review
from quizapp.teams.models import User

PAGE = 50
MOST_OF_A_QUESTION = 200

OUTCOMES = {
    "all": ("Everything", Q()),
    "wrong": ("Not right", Q(score__lt=1)),
    "confident": ("Not right, though sure", Q(score__lt=1, is_sure=True)),
}
"""What the log can be narrowed to: a label and a condition by name."""


@dataclass(frozen=True, slots=True)
class Filters:
    """`topic` is the slug of one, or empty for all; `outcome` a key of OUTCOMES."""

    topic: str = ""
    outcome: str = "all"


@dataclass(frozen=True, slots=True)
class LogPage:
    """Reviews, newest first. The page of newer ones ends before the review `newer`, the page of
    older ones begins after `older`; each is None at its end of the log."""

    reviews: list[Review]
    newer: int | None
    older: int | None


def log_page(
    user: User, filters: Filters, *, after: int | None = None, before: int | None = None
) -> LogPage:
    """The page that follows the review `after`, or the one that precedes the review `before`.

    Pages hang on reviews, not on numbers, so that new answers move nothing. A review that is
    not the learner's own gives the first page. Two queries.
    """
    logs = Review.objects.of(user).with_untold()
    if filters.outcome != "all":
        logs = logs.told().filter(OUTCOMES[filters.outcome][1])
    if filters.topic:
        logs = logs.filter(question__topic__slug=filters.topic)
    logs = logs.select_related("question").only(
        "reviewed_at", "undone_at", "score", "rating", "is_sure", "duration_ms", "question__stem"
    )
    anchor = Review.objects.of(user).filter(pk=after or before or 0).only("reviewed_at").first()
    if anchor and before:
        newer = logs.filter(_is_newer(anchor)).order_by("reviewed_at", "pk")
        rows = list(newer[: PAGE + 1])
        if rows:
            shown = rows[:PAGE][::-1]
            return LogPage(shown, shown[0].pk if len(rows) > PAGE else None, shown[-1].pk)
        anchor = None
    older = logs.filter(_is_older(anchor)) if anchor else logs
    rows = list(older.order_by("-reviewed_at", "-pk")[: PAGE + 1])
    return LogPage(
        reviews=rows[:PAGE],
        newer=rows[0].pk if anchor and rows else None,
        older=rows[PAGE - 1].pk if len(rows) > PAGE else None,
    )


def of_question(user: User, question_id: int) -> list[Review]:
    """The learner's reviews of a question, those undone too, newest first. One query."""
    # By `question` alone, a number that is too large would be an error of the database.
    reviews = Review.objects.of(user).filter(question__pk=question_id)
    latest = reviews.with_untold().order_by("-reviewed_at", "-pk")
    latest = latest.defer("options_order", "before")
    return list(latest[:MOST_OF_A_QUESTION])


def question_and_card(user: User, question_id: int) -> tuple[Question, Card | None]:
    """The question, retired or not, with its topic, and the learner's card. Two queries."""
    question = Question.objects.select_related("topic").get(pk=question_id)
    return question, Card.objects.of(user).filter(question=question_id).first()


def _is_newer(anchor: Review) -> Any:
    at, pk = anchor.reviewed_at, anchor.pk
    return Q(reviewed_at__gte=at) & (Q(reviewed_at__gt=at) | Q(pk__gt=pk))


def _is_older(anchor: Review) -> Any:
    at, pk = anchor.reviewed_at, anchor.pk
    return Q(reviewed_at__lte=at) & (Q(reviewed_at__lt=at) | Q(pk__lt=pk))
