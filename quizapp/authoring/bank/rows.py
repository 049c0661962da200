"""Questions and drafts as rows of the editor's list."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone

from quizapp.authoring.bank.found import drafts_of, open_flags, shown
from quizapp.authoring.bank.search import Figures, Order, Origin, Standing
from quizapp.authoring.models import Draft, ItemStatistics
from quizapp.authoring.statistics.attention import percent
from quizapp.content.models import Question
from quizapp.content.rendering import plain_text
from quizapp.grading import KINDS
from quizapp.web.words import count

LONGEST = 160

STANDINGS = {
    Standing.LIVE: "Live",
    Standing.DRAFT: "Draft",
    Standing.RETIRED: "Retired",
}
ORIGINS = {
    Origin.FILE: "Files",
    Origin.BROWSER: "Browser",
    Origin.BOTH: "Both: edited since it was loaded",
}
FIGURES = {
    Figures.ATTENTION: "Needs attention",
    Figures.FEW: "Few responses",
    Figures.EASY: "Too easy",
    Figures.HARD: "Too hard",
    Figures.FLAT: "Low discrimination",
}
ORDERS = {
    Order.TOPIC: "By topic",
    Order.CHANGED: "Newest change",
    Order.ATTENTION: "Most in need of attention",
    Order.FACILITY: "Lowest facility",
    Order.DISCRIMINATION: "Lowest discrimination",
    Order.RESPONSES: "Most responses",
    Order.FLAGS: "Most open flags",
}

_ORIGIN_WORDS = {
    Origin.FILE: "from the files",
    Origin.BROWSER: "made in the browser",
    Origin.BOTH: "from the files, changed in the browser",
}
_FENCE = re.compile(r"^ *(```|~~~).*$", re.MULTILINE)
_CODE_BLOCK = re.compile(r"^ *(```|~~~).*?^ *\1[^\n]*$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Row:
    """`key` is None for a draft of a question that is to come. `badges` are (name, words)."""

    key: int | None
    slug: str
    stem: str
    about: str
    badges: Sequence[tuple[str, str]]
    flags: str = ""
    facility: str = ""
    responses: str = ""
    reasons: Sequence[str] = ()

    @property
    def edit_url(self) -> str:
        return reverse("edit-question", args=[self.slug])

    @property
    def history_url(self) -> str:
        return reverse("edit-history", args=[self.slug])


def rows_of(
    new: Sequence[Draft], ids: Sequence[int], topics: Mapping[str, str], zone: ZoneInfo
) -> list[Row]:
    """Three queries, if there are any questions. `topics` are titles by slug."""
    rows = [_new(draft, topics, zone) for draft in new]
    if ids:
        questions, flags = shown(ids), open_flags(ids)
        drafts = drafts_of(questions)
        rows += [
            _known(each, flags.get(each.pk, 0), drafts.get(each.slug), zone) for each in questions
        ]
    return rows


def short(stem: str) -> str:
    """A stem as plain text on one line, without its blocks of code unless it is nothing else."""
    words = _CODE_BLOCK.sub(" ", stem).split() or _FENCE.sub(" ", stem).split()
    text = " ".join(words)
    if len(text) > 2 * LONGEST:
        text = text[: 2 * LONGEST].rpartition(" ")[0] or text[: 2 * LONGEST]
    text = " ".join(plain_text(text).split())
    if len(text) <= LONGEST:
        return text
    head = text[: LONGEST + 1].rpartition(" ")[0] or text[:LONGEST]
    return f"{head.rstrip(' ,;:.')} …"


def _known(question: Question, flags: int, draft: Draft | None, zone: ZoneInfo) -> Row:
    return Row(
        key=question.pk,
        slug=question.slug,
        stem=short(question.stem) or question.slug,
        about=" · ".join(
            [question.topic.title, KINDS[question.kind].label, _ORIGIN_WORDS[_origin(question)]]
        ),
        badges=_badges(draft, zone, is_retired=question.is_retired),
        flags=count(flags, "open flag") if flags else "",
        **_figures(question),
    )


def _new(draft: Draft, topics: Mapping[str, str], zone: ZoneInfo) -> Row:
    source: dict[str, Any] = draft.source if isinstance(draft.source, dict) else {}
    stem, topic, kind = (str(source.get(name) or "") for name in ("stem", "topic", "kind"))
    known = [topics.get(topic, ""), KINDS[kind].label if kind in KINDS else "", "not live yet"]
    return Row(
        key=None,
        slug=draft.slug,
        stem=short(stem) or draft.slug,
        about=" · ".join(part for part in known if part),
        badges=(("new", "New"), *_badges(draft, zone)),
    )


def _badges(
    draft: Draft | None, zone: ZoneInfo, *, is_retired: bool = False
) -> list[tuple[str, str]]:
    badges = [("retired", "Retired")] if is_retired else []
    if draft and draft.live_at:
        when = draft.live_at.astimezone(zone)
        goes = "goes" if draft.live_at > timezone.now() else "was to go"
        badges.append(("draft", f"Draft, {goes} live on {when:%-d %B %Y, %H:%M}"))
    elif draft:
        badges.append(("draft", "Draft"))
    return badges


def _origin(question: Question) -> Origin:
    if not question.source_digest:
        return Origin.BROWSER
    written = getattr(question, "written", None)
    is_same = written is None or written.digest == question.source_digest
    return Origin.FILE if is_same and not question.is_retired else Origin.BOTH


def _figures(question: Question) -> dict[str, Any]:
    """What the statistics say, where there are any and the question still means the same."""
    found: ItemStatistics | None = getattr(question, "statistics", None)
    if found is None or found.version != question.version or not found.responses:
        return {"responses": "no responses yet"}
    facility = "" if found.facility is None else f"{percent(found.facility)} right"
    return {
        "facility": facility,
        "responses": f"{'of ' if facility else ''}{count(found.responses, 'first response')}",
        "reasons": () if question.is_retired else found.reasons,
    }
