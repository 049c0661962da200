"""The history of a question as it is listed: page by page, each version beside the one before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from quizapp.authoring.history.diff import Fate, Piece, abridged, field_changes
from quizapp.authoring.history.restoring import is_same, version_after
from quizapp.content.history import Act
from quizapp.content.models import Question, Revision
from quizapp.content.schema import Question as Entry
from quizapp.content.schema import Source
from quizapp.content.sources import as_yaml

PER_PAGE = 20

_NOBODY = frozenset({Act.FOUND, Act.LOADED})
"""Acts of which nobody is the author."""
_MARKS = {
    Fate.KEPT: "{}",
    Fate.ADDED: "<ins>{}</ins>",
    Fate.REMOVED: "<del>{}</del>",
    Fate.SKIPPED: '<span class="quiet">{}</span>',
}


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Revisions, newest first. `before` has the version that each took the place of.

    `newest` is the key of the newest of all, 0 for none; `older` is the revision that the page
    of older ones begins below, None at the end.
    """

    revisions: list[Revision]
    before: dict[int, Source | None]
    newest: int
    older: int | None


def history_page(slug: str, below: int | None = None) -> HistoryPage:
    """The newest revisions of a question, or those older than one. At most three queries.

    Pages hang on revisions, not on numbers, so that new ones move nothing. What a question that
    was brought back said before it was retired is looked up further down.
    """
    known = Revision.objects.of(Entry.noun, slug).select_related("by")
    found = list((known.filter(pk__lt=below) if below else known)[: PER_PAGE + 1])
    shown, rest = found[:PER_PAGE], found[PER_PAGE:]
    newest = shown[0].pk if shown and not below else known.values_list("pk", flat=True).first()
    before: dict[int, Source | None] = {}
    last: Source | None = _said_before(slug, rest[0]) if rest else None
    for revision in reversed(shown):
        before[revision.pk] = last
        last = revision.source or last
    return HistoryPage(shown, before, newest or 0, shown[-1].pk if rest else None)


def _said_before(slug: str, revision: Revision) -> Source | None:
    """What a question says in a revision, or said last if it was retired then."""
    said: Source | None = revision.source
    if not said:
        older = Revision.objects.of(Entry.noun, slug).filter(pk__lt=revision.pk)
        said = older.exclude(source={}).values_list("source", flat=True).first()
    return said


def rows(page: HistoryPage, question: Question, present: Source, zone: ZoneInfo) -> list[Any]:
    """A row for each revision of the page. One query."""
    together = _batches(page.revisions)
    return [
        {
            "revision": each,
            "act": each.get_act_display(),
            "who": _who(each),
            "at": _wall_clock(each.at, zone),
            "machine_at": each.at.isoformat(),
            "others": together.get(each.batch, 1) - 1,
            **_said(each, page.before[each.pk]),
            **_way_back(each, question, present),
        }
        for each in page.revisions
    ]


def _said(revision: Revision, before: Source | None) -> dict[str, Any]:
    source = revision.source
    changes = field_changes(before, source) if source and before is not None else []
    versions = (before or {}).get("version", 1), source.get("version", 1)
    return {
        "is_first": before is None,
        "is_retired": not source,
        "version": versions[1] if source and before and versions[0] != versions[1] else None,
        "changes": [(each.label, marked(each.pieces)) for each in changes],
        "yaml": as_yaml(source) if source else "",
    }


def marked(pieces: Sequence[Piece]) -> SafeString:
    """The text with what came and went, in an element in which every space counts."""
    inner = format_html_join("", "{}", ((_piece(each),) for each in abridged(pieces)))
    return format_html('<div class="change-text">{}</div>', inner)


def _piece(piece: Piece) -> str:
    return format_html(_MARKS[piece.fate], piece.text)


def _way_back(revision: Revision, question: Question, present: Source) -> dict[str, Any]:
    source = revision.source
    version = version_after(question, source) if source else question.version
    return {
        "is_present": is_same(source, present),
        "new_version": version if version > question.version else None,
    }


def _who(revision: Revision) -> str:
    if revision.by:
        return str(revision.by)
    return "" if revision.act in _NOBODY else "an account that is gone"


def _batches(revisions: list[Revision]) -> dict[Any, int]:
    """How many questions were changed together, by batch."""
    keys = {each.batch for each in revisions if each.batch}
    if not keys:
        return {}
    together = Revision.objects.filter(batch__in=keys, noun=Entry.noun).values_list("batch")
    return dict(together.order_by().annotate(Count("slug", distinct=True)))


def _wall_clock(moment: datetime, zone: ZoneInfo) -> datetime:
    """What a clock there showed, without its zone, since templates move what has one to UTC."""
    return moment.astimezone(zone).replace(tzinfo=None)
