"""Everything that is kept about a person, for that person: as JSON, and the answers as CSV.

Both are written as they are sent, a few hundred rows at a time, so that years of answers fill
no memory and hold no transaction open.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any, cast

from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from quizapp.account.own_data import ABOUT_PROFILE, SECTIONS, profile, rows_of, values_of
from quizapp.scheduling.cards import day_of
from quizapp.scheduling.memory import Rating
from quizapp.scheduling.models import Review
from quizapp.teams.models import User
from quizapp.web import spreadsheets
from quizapp.web.access import LearnerRequest, learner_required

FORMAT = 1

REVIEW_COLUMNS = {
    "when": "reviewed_at",
    "question": "question__slug",
    "topic": "question__topic__slug",
    "kind": "question__kind",
    "version": "question_version",
    "rating": "rating",
    "score": "score",
    "sure": "is_sure",
    "seconds": "duration_ms",
    "expected recall": "retrievability",
    "response": "response",
    "undone": "undone_at",
    "superseded": "superseded_at",
}
"""The columns of the CSV file, and the lookups that fill them."""

_YES_NO = {True: "yes", False: "no"}


@require_GET
@cache_control(private=True, no_store=True)
@learner_required
def export_json(request: LearnerRequest) -> HttpResponse:
    now = timezone.now()
    return _download(request.user, json_pieces(request.user, now), now, "json")


@require_GET
@cache_control(private=True, no_store=True)
@learner_required
def reviews_csv(request: LearnerRequest) -> HttpResponse:
    return _download(request.user, csv_pieces(request.user), timezone.now(), "csv")


def _download(user: User, pieces: Iterable[str], now: datetime, kind: str) -> HttpResponse:
    types = {"json": "application/json", "csv": "text/csv; charset=utf-8"}
    names = {"json": "quizapp", "csv": "quizapp-answers"}
    name = f"{names[kind]}-{day_of(user).date_of(now).isoformat()}.{kind}"
    response = StreamingHttpResponse(pieces, content_type=types[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return cast("HttpResponse", response)  # as good as one for everything that handles it


def json_pieces(user: User, now: datetime) -> Iterator[str]:
    """One JSON object, a piece at a time: README first, then a list for each section."""
    about = {"profile": ABOUT_PROFILE} | {section.name: section.about for section in SECTIONS}
    head = {"README": about, "format": FORMAT, "exported_at": now, "profile": profile(user)}
    yield _as_json(head, indent=1).removesuffix("\n}")
    for section in SECTIONS:
        yield f",\n {json.dumps(section.name)}: ["
        separator = "\n  "
        for row in rows_of(section, user):
            yield separator + _as_json(row)
            separator = ",\n  "
        yield "\n ]"
    yield "\n}\n"


def csv_pieces(user: User) -> Iterator[str]:
    """RFC 4180, oldest answer first, with the mark by which spreadsheets know UTF-8."""
    rows = values_of(Review, {"user": user}, REVIEW_COLUMNS.values())
    named = (dict(zip(REVIEW_COLUMNS, values, strict=True)) for values in rows)
    return spreadsheets.csv_pieces(REVIEW_COLUMNS, (list(_in_words(row).values()) for row in named))


def _in_words(row: dict[str, Any]) -> dict[str, Any]:
    expected = row["expected recall"]
    return {
        **row,
        "when": row["when"].astimezone(UTC).isoformat(timespec="seconds"),
        "rating": Rating(row["rating"]).name.lower(),
        "sure": "" if row["sure"] is None else _YES_NO[row["sure"]],
        "seconds": row["seconds"] / 1000,
        "expected recall": "" if expected is None else round(expected, 4),
        "response": json.dumps(row["response"], ensure_ascii=False),
        "undone": _YES_NO[row["undone"] is not None],
        "superseded": _YES_NO[row["superseded"] is not None],
    }


def _as_json(data: Any, indent: int | None = None) -> str:
    return json.dumps(data, ensure_ascii=False, indent=indent, default=_plain)


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
