"""What the page of a question prints."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from quizapp.authoring.edit import choices
from quizapp.authoring.edit.drafts import stamp_of
from quizapp.authoring.edit.fields import Page, remark, views
from quizapp.authoring.edit.form import name_for
from quizapp.authoring.edit.kinds import label_of
from quizapp.authoring.edit.saving import (
    Overtaken,
    learners_with_memory,
    touches_key,
    without_version,
)
from quizapp.authoring.edit.sheet import Sheet, clash_views, said, value_at
from quizapp.authoring.models import Draft, ItemStatistics
from quizapp.content.editing.merging import Clash, differences
from quizapp.content.models import Question, Revision
from quizapp.content.problems import ContentError, Severity
from quizapp.content.schema import Source
from quizapp.grading import KINDS
from quizapp.scheduling.flags import LONGEST_REPLY, number_open
from quizapp.teams.models import User

_LOCAL = "%Y-%m-%dT%H:%M"


@dataclass(frozen=True)
class Desk:
    """Who edits which question, when. Without a row and a draft the question is a new one."""

    user: User
    kind: str
    now: datetime
    row: Question | None = None
    draft: Draft | None = None

    @property
    def slug(self) -> str:
        """The id, once it stands."""
        return self.row.slug if self.row else self.draft.slug if self.draft else ""

    @property
    def url(self) -> str:
        if self.slug:
            return reverse("edit-question", args=[self.slug])
        return f"{reverse('edit-new')}?{urlencode({'kind': self.kind})}"

    def has_draft(self, sheet: Sheet) -> bool:
        """Whether the sheet began with the draft as it is now."""
        return self.draft is not None and sheet.seen == stamp_of(self.draft)


def kinds() -> list[dict[str, Any]]:
    return [{"kind": kind, "label": spec.label} for kind, spec in KINDS.items()]


def context(
    desk: Desk,
    sheet: Sheet,
    *,
    posted_at: str = "",
    focus: str = "",
    merged: str = "",
    reasons: Sequence[str] = (),
    overtaken: Overtaken | None = None,
    asks_again: bool = False,
) -> dict[str, Any]:
    """For `authoring/_edit.html`; the number of its queries does not grow with the bank."""
    title = desk.slug or f"New question: {KINDS[desk.kind].label.lower()}"
    return {
        "desk": desk,
        "sheet": sheet,
        "title": title,
        "kind_label": KINDS[desk.kind].label,
        "scope": {"url": desk.url, "title": title},
        "history_url": reverse("edit-history", args=[desk.slug]) if desk.row else "",
        "statistics": ItemStatistics.objects.filter(question=desk.row).first()
        if desk.row
        else None,
        "asks_again": asks_again,
        "open_flags": number_open(desk.row) if desk.row else 0,
        "longest_reply": LONGEST_REPLY,
        "now": desk.now,
        "reasons": reasons,
        "merged_rows": _merged(desk, merged) if merged else [],
        **_form(desk, sheet, focus),
        **_others(desk, sheet, overtaken),
        **_saving(desk, sheet),
        **_draft(desk, sheet, posted_at),
    }


def _form(desk: Desk, sheet: Sheet, focus: str) -> dict[str, Any]:
    topics = choices.topics()
    if sheet.typed is None:
        remarks = [(each.line, remark(each)) for each in sheet.problems]
        return {
            "topics": topics[0][1],
            "line_remarks": [(line, said) for line, said in remarks if not said.is_advice],
            "line_advice": [(line, said) for line, said in remarks if said.is_advice],
            "yaml_lines": sheet.yaml.count("\n") + 2,
            "has_errors": any(not said.is_advice for _, said in remarks),
        }
    topic = sheet.typed.texts["topic"]
    chosen = {row["text"] for row in sheet.typed.rows["facts"]}
    facts = choices.facts(topic, chosen)
    shown = Page(topics, facts, sheet.names, sheet.problems, focus)
    errors = [
        remark(each, name_for(sheet.names, each.field))
        for each in sheet.problems
        if each.severity is Severity.ERROR
    ]
    return {
        "parts": list(views(sheet.typed, shown, is_new=not desk.slug)),
        "errors": errors,
        "elsewhere": shown.elsewhere,
        "has_errors": bool(errors),
        "advice": sum(each.severity is Severity.WARNING for each in sheet.problems),
    }


def _others(desk: Desk, sheet: Sheet, overtaken: Overtaken | None) -> dict[str, Any]:
    """What somebody else has done meanwhile, and the choices that are to be made."""
    if not sheet.choices and not overtaken:
        return {"clashes": [], "theirs": None}
    theirs = sheet.base
    ours = _source_or_none(sheet) or {}
    says = theirs.source if theirs else {}
    clashes = overtaken.clashes if overtaken and overtaken.clashes else _clashes(sheet, ours, says)
    taken = overtaken.taken if overtaken else ()
    return {
        "clashes": clash_views(desk.kind, clashes, sheet.choices),
        "theirs": theirs,
        "is_gone": bool(overtaken and overtaken.is_gone),
        "taken": [(label_of(desk.kind, path), said(value_at(says, path))) for path in taken],
    }


def _clashes(sheet: Sheet, ours: Source, theirs: Source) -> Iterable[Clash]:
    for choice in sheet.choices:
        yield Clash(choice.path, value_at(ours, choice.path), value_at(theirs, choice.path))


def _saving(desk: Desk, sheet: Sheet) -> dict[str, Any]:
    """The one question that saving asks, and a hint at the answer."""
    if desk.row is None:
        return {"is_new": True}
    before = without_version(sheet.base.source) if sheet.base else {}
    after = _source_or_none(sheet)
    changed = bool(before and after) and touches_key(desk.kind, before, after or {})
    return {
        "is_new": False,
        "learners": learners_with_memory(desk.row),
        "next_version": desk.row.version + 1,
        "is_likely_meaning": changed,
    }


def _source_or_none(sheet: Sheet) -> Source | None:
    try:
        return sheet.source()
    except ContentError:
        return None


def _draft(desk: Desk, sheet: Sheet, posted_at: str) -> dict[str, Any]:
    draft = desk.draft
    live_at = draft.live_at.astimezone(desk.user.zone) if draft and draft.live_at else None
    found: dict[str, Any] = {
        "zone": desk.user.timezone,
        "live_at": posted_at or (live_at.strftime(_LOCAL) if live_at else ""),
        "live_at_words": f"{live_at:%-d %B %Y at %H:%M}" if live_at else "",
        "live_at_remarks": [remark(each) for each in sheet.problems if each.field == "live_at"],
        "shows_draft": desk.has_draft(sheet) and not sheet.other_draft,
        "draft": draft,
        "changes_meaning": draft is not None and draft.changes_meaning,
    }
    if draft and sheet.other_draft:
        ours = sheet.rough_source()
        found["draft_rows"] = [
            (label_of(desk.kind, path), said(mine), said(other))
            for path, mine, other in differences(ours, draft.source)
        ]
    return found


def _merged(desk: Desk, merged: str) -> list[tuple[str, str, str]]:
    """What somebody else changed between two revisions, named in the address after a save."""
    pks = [int(part) for part in merged.split("-") if part.isdecimal() and len(part) < 19]
    found = Revision.objects.of("question", desk.slug).filter(pk__in=pks[:2])
    if len(found) != 2:
        return []
    after, before = found
    rows = differences(without_version(before.source), without_version(after.source))
    return [(label_of(desk.kind, path), said(one), said(other)) for path, one, other in rows]
