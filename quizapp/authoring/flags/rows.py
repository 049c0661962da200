"""Flags as the inbox shows them: what was said of the question, and what had been responded."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.http import urlencode

from quizapp.authoring.flags.groups import Group
from quizapp.content.models import Question
from quizapp.content.rendering import markdown, markdown_inline, plain_text
from quizapp.grading import ResponseError
from quizapp.scheduling.models import Flag, Review
from quizapp.web.responses import OUTCOMES, given, outcome

LONGEST_NAME = 80


def group_row(group: Group, zone: ZoneInfo) -> dict[str, Any]:
    """A question with its flags. Settled ones are taken together as they were settled."""
    question = group.question
    return {
        "question": question,
        "kind_label": question.parsed_spec.label,
        "stem": markdown(question.stem),
        "name": _name(question),
        "people": group.people,
        "left_out": group.number - len(group.flags),
        "newest": _in_words(group.newest, zone),
        "seen": group.newest.isoformat(),
        "has_new_meaning": group.has_new_meaning,
        "has_changed": group.has_changed,
        "changed_at": _in_words(group.changed_at, zone) if group.changed_at else "",
        "acts": [
            _act(question, list(flags), zone)
            for _, flags in groupby(group.flags, lambda flag: flag.resolved_at)
        ],
    }


def undo_url(question: Question, settled_at: datetime) -> str:
    """Where to take back what was settled at that moment."""
    query = urlencode({"undo": settled_at.isoformat()})
    return f"{reverse('edit-flag-answer', args=[question.pk])}?{query}"


def _act(question: Question, flags: list[Flag], zone: ZoneInfo) -> dict[str, Any]:
    """Flags that were settled at once, or all of those that are open."""
    first = flags[0]
    settled_at = first.resolved_at
    return {
        "rows": [_flag_row(flag, zone) for flag in flags],
        "is_settled": settled_at is not None,
        "outcome": first.get_outcome_display() or "Settled",
        "by": str(first.resolved_by) if first.resolved_by else "",
        "at": _in_words(settled_at, zone) if settled_at else "",
        "reply": markdown(first.reply or ""),
        "reopen_url": undo_url(question, settled_at) if settled_at else "",
    }


def _flag_row(flag: Flag, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "reason": flag.get_reason_display(),
        "comment": flag.comment,
        "at": _in_words(flag.created_at, zone),
        "machine_at": flag.created_at.isoformat(),
        "version": flag.question_version,
        "is_outdated": flag.question_version != flag.question.version,
        "is_told": flag.told_at is not None,
        "response": _response(flag.review, flag.question) if flag.review else None,
    }


def _response(review: Review, question: Question) -> dict[str, Any]:
    """What was responded, as far as it can still be told, and how it was graded then."""
    spec = question.parsed_spec
    turned_out = outcome(review.score, is_sure=review.is_sure)
    said: dict[str, Any] = {"outcome": turned_out, "outcome_words": OUTCOMES[turned_out]}
    if review.response is None:
        return said | {"is_blank": True}
    if isinstance(review.response, str) and spec.layout == "checks":
        return said | {"text": review.response}
    if review.question_version != question.version:
        return said | {"is_lost": True}
    try:
        parts = given(spec, review.response)
    except ResponseError:
        parts = []
    return said | {"given": [markdown_inline(part) for part in parts], "is_lost": not parts}


def _name(question: Question) -> str:
    """The stem in short, for those who hear the page."""
    words = plain_text(" ".join(question.stem.split()))
    return words if len(words) <= LONGEST_NAME else f"{words[:LONGEST_NAME].rstrip()} …"


def _in_words(moment: datetime, zone: ZoneInfo) -> str:
    """Day and time on the editor's clock."""
    local = moment.astimezone(zone)
    return f"{local.day} {local:%B %Y, %H:%M}"
