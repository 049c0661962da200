"""What a response was worth, and why: the same after a review and in an editor's preview."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from quizapp.content.models import Question
from quizapp.content.rendering import markdown, markdown_inline
from quizapp.content.teaching import Contrast, Teaching
from quizapp.grading import Grade, Note, Response
from quizapp.grading.base import opaque_id
from quizapp.grading.cloze import Cloze
from quizapp.scheduling.day import LearnerDay
from quizapp.scheduling.memory import Rating
from quizapp.web.words import until

DOCS = "https://kubernetes.io/"

_HEADLINES = {
    "right": "Right.",
    "unsure": "Right, though you were not sure.",
    "partly": "Partly right.",
    "wrong": "Not right.",
    "confident": "Not right, though you were sure.",
    "shown": "Here is the answer.",
}
_SPELT = (
    "API APIs CLI CNI CPU CRD CRDs CSI DNS HPA HTTP ID IP IPs IPv4 IPv6 JSON OCI OS PV PVs PVC "
    "PVCs QoS RBAC TCP TLS TTL UDP UID URL VPA YAML ConfigMap ConfigMaps CronJob DaemonSet "
    "EndpointSlice ReplicaSet StatefulSet"
)
_CASED = {word.lower(): word for word in _SPELT.split()} | {
    "ttlafterfinished": "TTL after finished"
}
"""Words in addresses of the documentation that are not written in small letters."""
_HINTS = {"confident": "Take a moment for the explanation: surprises like this stick best."}


@dataclass(frozen=True, slots=True)
class NoteHtml:
    part: SafeString
    is_right: bool | None
    given: SafeString
    expected: SafeString
    text: SafeString
    line: int | None


def explained(
    question: Question,
    response: Response,
    grade: Grade,
    *,
    order: Sequence[str],
    is_sure: bool | None,
    teaching: Teaching,
) -> dict[str, Any]:
    """The context of `study/_verdict.html`. `order` are the ids of the options as they stood."""
    spec = question.parsed_spec
    verdict = _verdict(grade, response, is_sure=is_sure)
    notes = _as_shown(grade.notes, order) if spec.layout == "options" else grade.notes
    return {
        "question": question,
        "kind_label": spec.label,
        "stem": markdown(question.stem),
        "filled": markdown(spec.filled()) if isinstance(spec, Cloze) else "",
        "verdict": verdict,
        "headline": _HEADLINES[verdict],
        "hint": grade.hint or _HINTS.get(verdict, ""),
        "layout": spec.layout,
        "notes": [_note_html(note) for note in notes],
        "response_text": response if spec.layout == "checks" and response else "",
        "diff": _diff_lines(grade.diff),
        "explanation": markdown(question.explanation),
        "contrast_is_open": verdict != "right",
        **taught(question, teaching),
    }


def back_of(
    question: Question,
    teaching: Teaching,
    dues: Mapping[Rating, datetime],
    *,
    day: LearnerDay,
    now: datetime,
) -> dict[str, Any]:
    """The back of a flashcard, and when each rating would bring it back.

    It is the `revealed` of `study/_ask.html`.
    """
    return {
        "back": markdown(question.spec["back"]),
        "explanation": markdown(question.explanation),
        **taught(question, teaching),
        "ratings": [
            {
                "value": rating.value,
                "label": rating.name.capitalize(),
                "interval": until(due, now, day),
            }
            for rating, due in dues.items()
        ],
    }


def taught(question: Question, teaching: Teaching) -> dict[str, Any]:
    """Where the documentation and the primer say so, each place once, and what is mixed up."""
    statements = teaching.statements
    paths = [question.docs] if question.docs else [each.docs for each in statements]
    stated = {
        (each.chapter, each.heading): {
            "url": f"{reverse('chapter', args=[each.chapter])}#fact-{each.fact}",
            "label": each.heading or each.title or "",
        }
        for each in reversed(statements)
        if each.chapter
    }
    return {
        "docs": [docs_link(path) for path in dict.fromkeys(paths)],
        "passages": list(reversed(stated.values())),
        "contrast": _contrast_html(teaching.contrast) if teaching.contrast else None,
    }


def docs_link(path: str) -> dict[str, str]:
    return {"url": DOCS + path, "label": _page_name(path)}


def _verdict(grade: Grade, response: Response, *, is_sure: bool | None) -> str:
    if grade.is_correct:
        return "unsure" if is_sure is False else "right"
    if response is None:
        return "shown"
    if grade.score > 0:
        return "partly"
    return "confident" if is_sure else "wrong"


def _diff_lines(diff: str) -> list[dict[str, str]]:
    """The lines of a unified diff, without its headers."""
    return [
        {"kind": line[:1] or " ", "text": line[1:]}
        for line in diff.splitlines()
        if not line.startswith(("---", "+++", "@@"))
    ]


@lru_cache(maxsize=256)
def _contrast_html(contrast: Contrast) -> SafeString:
    """The table, which is the same for everybody."""
    names = [markdown_inline(name) for name in contrast.sides]
    title = f"{', '.join(contrast.sides[:-1])} or {contrast.sides[-1]}"
    rows = [
        (markdown_inline(aspect), [markdown_inline(text) for text in says])
        for aspect, says in contrast.rows
    ]
    context = {"title": markdown_inline(title), "names": names, "rows": rows}
    return render_to_string("study/_contrast.html", context)


def _as_shown(options: Sequence[Note], order: Sequence[str]) -> Sequence[Note]:
    """The notes on options, where the options stood; any edited since come last."""
    places = {option: place for place, option in enumerate(order)}
    return sorted(options, key=lambda note: places.get(opaque_id(note.part), len(places)))


def _note_html(note: Note) -> NoteHtml:
    return NoteHtml(
        part=markdown_inline(note.part),
        is_right=note.is_right,
        given=markdown_inline(note.given),
        expected=markdown_inline(note.expected),
        text=markdown_inline(note.text),
        line=note.line,
    )


def _page_name(path: str) -> str:
    """`services-networking/dns-pod-service/` as `DNS pod service`."""
    first, *rest = path.strip("/").split("/")[-1].split("#")[-1].split("-")
    return " ".join([_CASED.get(first, first.capitalize()), *(_CASED.get(w, w) for w in rest)])
