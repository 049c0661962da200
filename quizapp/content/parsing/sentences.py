"""Pydantic's errors as plain sentences, each at the field that it is about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from quizapp.content.problems import Place, Problem, Step
from quizapp.content.schema import Entry, Question
from quizapp.grading import COMMON_FIELDS, KINDS

_SENTENCES = {
    "missing": "is missing",
    "model_type": "write fields here, such as `name: value`",
    "dict_type": "write fields here, such as `name: value`",
    "string_type": "write a text here",
    "string_too_short": "write a text here, it is empty",
    "string_too_long": "shorten this to {max_length} characters",
    "list_type": "write a list here, each item on its own line after a hyphen",
    "tuple_type": "write a list here, each item on its own line after a hyphen",
    "int_type": "write a whole number here, without quotes",
    "greater_than_equal": "write {ge} or more",
    "less_than_equal": "write {le} or less",
    "literal_error": "write {expected}",
}


def problems_of(
    error: ValidationError, model: type[BaseModel], raw: Any, place: Place
) -> Iterator[Problem]:
    """Every problem in an error that `model` raised on `raw`, which stands at `place`."""
    for detail in error.errors(include_url=False):
        path = _path(detail, raw)
        yield place.at(*path).error(_sentence(detail, model, raw, path))


def _path(detail: ErrorDetails, raw: Any) -> tuple[Step, ...]:
    """The steps of an error's `loc` that the author wrote, without pydantic's own."""
    path: list[Step] = []
    for step in detail["loc"]:
        if _has(raw, step):
            path.append(step)
            raw = raw[step]
    if detail["type"] == "missing":
        path.append(detail["loc"][-1])
    return tuple(path)


def _has(raw: Any, step: Step) -> bool:
    if isinstance(raw, dict):
        return step in raw
    return isinstance(raw, list) and isinstance(step, int) and step < len(raw)


def _sentence(detail: ErrorDetails, model: type[BaseModel], raw: Any, path: Sequence[Step]) -> str:
    context = detail.get("ctx", {})
    match detail["type"]:
        case "value_error":
            return str(context["error"])
        case "extra_forbidden":
            return _unknown_field(model, raw, path)
        case known if known in _SENTENCES:
            return _SENTENCES[known].format(**context)
    return detail["msg"]


def _unknown_field(model: type[BaseModel], raw: Any, path: Sequence[Step]) -> str:
    """Says which field was probably meant, or which ones there are."""
    owner: str | None = None
    fields: list[str] = []
    for step in path:
        if isinstance(step, str):
            owner, fields = _fields(model, raw)
            model = _model_within(model, raw, step) or model
        raw = raw[step]
    unknown = path[-1]
    known = f"is not a field of {owner}" if owner else "is not a field here"
    likely = get_close_matches(str(unknown), fields, n=1)
    if likely:
        return f"{known}; did you mean `{likely[0]}`?"
    return f"{known}; use {', '.join(fields)}"


def _fields(model: type[BaseModel], raw: dict[str, Any]) -> tuple[str | None, list[str]]:
    """What the author calls a model, and the fields that may be written in it."""
    if model is Question and raw.get("kind") in KINDS:
        kind = raw["kind"]
        common = [name for name in Question.model_fields if name in COMMON_FIELDS]
        return f"a {kind} question", common + list(KINDS[kind].model_fields)
    name = f"a {model.noun}" if issubclass(model, Entry) else None
    return name, list(model.model_fields)


def _model_within(model: type[BaseModel], raw: Any, field: str) -> type[BaseModel] | None:
    """The model of what a field holds, be it alone, in a list or in a mapping."""
    if model is Question and field not in COMMON_FIELDS:
        model = KINDS[raw["kind"]]
    info = model.model_fields.get(field)
    return _first_model(info.annotation) if info else None


def _first_model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (_first_model(each) for each in get_args(annotation))
    return next((each for each in found if each), None)
