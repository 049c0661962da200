"""From a question to what the template of its kind prints, before the response."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from quizapp.content.models import Question
from quizapp.content.rendering import markdown, markdown_inline, plain_text
from quizapp.grading.base import Form


def presented(
    question: Question, seed: int, given: Form, *, takes_focus: bool = True
) -> dict[str, Any]:
    """The context of `study/_ask.html` but for where the form goes and its token.

    The question need not be saved. What was given is filled in already.
    """
    spec = question.parsed_spec
    return {
        "question": question,
        "kind_label": spec.label,
        "kind_template": f"study/kinds/{question.kind}.html",
        "is_self_rated": spec.is_self_rated,
        "takes_focus": spec.takes_focus,
        "stem": markdown(question.stem),
        "shown": shown(question, seed, given, takes_focus=takes_focus),
    }


def shown(
    question: Question, seed: int, given: Form, *, takes_focus: bool = True
) -> dict[str, Any]:
    """What the template of the question's kind prints, with what was given already filled in.

    `takes_focus` lets the first field of a text take the focus.
    """
    spec = question.parsed_spec
    parts = spec.present(seed)
    for value in parts.values():
        if isinstance(value, list):
            _decorate([part for part in value if isinstance(part, dict)], given)
    if "blanks" in parts:
        parts["html"] = _with_fields(parts["text"], parts["blanks"], takes_focus=takes_focus)
    for name in spec.written_fields:
        if name in given:
            parts["given"] = given[name][0]
    return parts


def _decorate(parts: Sequence[dict[str, Any]], given: Form) -> None:
    chosen = given.get("option", ())
    for number, part in enumerate(parts, start=1):
        part["key"] = str(number)
        part["given"] = _given_for(part["id"], given)
        part["place"] = part["given"] or part["key"]
        part["is_given"] = part["id"] in chosen
        if "text" in part:
            part["html"] = markdown_inline(part["text"])
            part["plain"] = plain_text(part["text"])


def _given_for(part_id: str, given: Form) -> str:
    """The value of the field that is named for the part, such as `blank-<id>`."""
    named = (values[0] for name, values in given.items() if name.endswith(f"-{part_id}") and values)
    return next(named, "")


def _with_fields(
    text: str, blanks: Sequence[Mapping[str, Any]], *, takes_focus: bool
) -> SafeString:
    """The cloze text with a field in the place of each blank's token."""
    html = str(markdown(text))
    for place, blank in enumerate(blanks):
        context = {"blank": blank, "has_focus": takes_focus and place == 0}
        field = render_to_string("study/kinds/_blank.html", context)
        html = html.replace(blank["token"], field.strip())
    return mark_safe(html)  # noqa: S308 - sanitised Markdown and our own template
