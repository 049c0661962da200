"""What is shown after the response: verdict, notes on each part, explanation, what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from quizapp.content.models import Question
from quizapp.content.rendering import markdown, markdown_inline
from quizapp.content.teaching import Contrast, Teaching, teaching_of
from quizapp.grading import Grade, Note, Response
from quizapp.grading.base import opaque_id
from quizapp.grading.cloze import Cloze
from quizapp.scheduling.answers import Outcome
from quizapp.scheduling.cards import schedule_of, seed_of
from quizapp.scheduling.day import LearnerDay
from quizapp.scheduling.memory import Rating, State, leech_threshold_met, review, unseen
from quizapp.scheduling.models import Card, Flag, Review
from quizapp.teams.models import User
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
    verdict = _verdict(grade, log.response, is_sure=log.is_sure)
    layout = question.parsed_spec.layout
    notes = _as_shown(grade.notes, log.options_order) if layout == "options" else grade.notes
    return {
        "question": question,
        "kind_label": question.parsed_spec.label,
        "stem": markdown(question.stem),
        "filled": _filled(question),
        "is_repeat": outcome.is_repeat,
        "verdict": verdict,
        "headline": _HEADLINES[verdict],
        "hint": grade.hint or _HINTS.get(verdict, ""),
        "layout": layout,
        "notes": [_note_html(note) for note in notes],
        "response_text": log.response if layout == "checks" and log.response else "",
        "diff": _diff_lines(grade.diff),
        "explanation": markdown(question.explanation),
        **_taught(question, teaching),
        "contrast_is_open": verdict != "right",
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
    before = card.memory if card else unseen(now)
    schedule = schedule_of(user)
    seed = seed_of(user.pk, question.pk)
    dues = {rating: review(before, rating, now, schedule, seed=seed).due for rating in Rating}
    return {
        "back": markdown(question.spec["back"]),
        "explanation": markdown(question.explanation),
        **_taught(question),
        "ratings": [
            {
                "value": rating.value,
                "label": rating.name.capitalize(),
                "interval": until(due, now, schedule.day),
            }
            for rating, due in dues.items()
        ],
    }


def _verdict(grade: Grade, response: Response, *, is_sure: bool | None) -> str:
    if grade.is_correct:
        return "unsure" if is_sure is False else "right"
    if response is None:
        return "shown"
    if grade.score > 0:
        return "partly"
    return "confident" if is_sure else "wrong"


def _filled(question: Question) -> str:
    """The text of a cloze as it should be, since the question itself does not say."""
    spec = question.parsed_spec
    return markdown(spec.filled()) if isinstance(spec, Cloze) else ""


def _diff_lines(diff: str) -> list[dict[str, str]]:
    """The lines of a unified diff, without its headers."""
    return [
        {"kind": line[:1] or " ", "text": line[1:]}
        for line in diff.splitlines()
        if not line.startswith(("---", "+++", "@@"))
    ]


def _taught(question: Question, teaching: Teaching | None = None) -> dict[str, Any]:
    """Where the documentation and the primer say so, each place once, and what is mixed up."""
    teaching = teaching or teaching_of([question.pk])[question.pk]
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


@lru_cache(maxsize=256)
def _contrast_html(contrast: Contrast) -> SafeString:
    """The table, which is the same for everybody."""
    names = [markdown_inline(name) for name in contrast.sides]
    title = f"{', '.join(contrast.sides[:-1])} or {contrast.sides[-1]}"
    rows = [
        (markdown_inline(aspect), list(zip(names, map(markdown_inline, says), strict=True)))
        for aspect, says in contrast.rows
    ]
    context = {"title": markdown_inline(title), "names": names, "rows": rows}
    return render_to_string("study/_contrast.html", context)


def docs_link(path: str) -> dict[str, str]:
    return {"url": DOCS + path, "label": _page_name(path)}


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


def _leech_lapses(log: Review) -> int:
    """How often the question has slipped, when this review made it a leech; otherwise 0."""
    lapses: int = log.after["lapses"]
    has_lapsed = log.state_before == State.REVIEW and log.rating == Rating.AGAIN
    return lapses if has_lapsed and leech_threshold_met(lapses) else 0


def _page_name(path: str) -> str:
    """`services-networking/dns-pod-service/` as `DNS pod service`."""
    first, *rest = path.strip("/").split("/")[-1].split("#")[-1].split("-")
    return " ".join([_CASED.get(first, first.capitalize()), *(_CASED.get(w, w) for w in rest)])
