"""The structure of Kubernetes objects, checked against the schemas of one Kubernetes version."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from referencing import Registry, Resource

from quizapp.grading.manifest_paths import path_code
from quizapp.grading.text import as_code
from quizapp.grading.yaml_reader import Step

VERSION = "1.37"
"""The Kubernetes version whose schemas are used."""

_MOST_PROBLEMS = 25
_MOST_ERRORS = 100  # some errors say the same
_MOST_GUESSES = 3

_TYPE_NAME = {
    "object": "a mapping",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
}
_VALUE_NAME = {
    type(None): "empty",
    bool: "true or false",
    int: "a number",
    float: "a decimal number",
    str: "text",
    list: "a list",
    dict: "a mapping",
}


@dataclass(frozen=True, slots=True)
class StructureProblem:
    """Where in a document something is wrong, and a sentence (Markdown) saying what."""

    path: tuple[Step, ...]
    message: str


def structure_problems(document: Any) -> list[StructureProblem]:
    """Everything the schema has against one parsed document, in the order of its fields.

    At most 25 problems are listed. A document whose kind exists in another API version is
    checked against that one, so that all its faults are told at once.
    """
    if not isinstance(document, dict):
        given = _VALUE_NAME[type(document)]
        message = f"A manifest is a mapping of fields such as `kind`, but this is {given}."
        return [StructureProblem((), message)]
    kind, api_version = document.get("kind"), document.get("apiVersion")
    problems = [*_unless_text("apiVersion", api_version), *_unless_text("kind", kind)]
    if not isinstance(kind, str):
        return problems
    versions = _kinds().get(kind)
    if versions is None:
        return [*problems, StructureProblem(("kind",), _no_such_kind(kind))]
    definition = next(iter(versions.values()))
    if isinstance(api_version, str):
        if api_version not in versions:
            problems.append(StructureProblem(("apiVersion",), _wrong_version(kind, api_version)))
        definition = versions.get(api_version, definition)
    return (problems + _violations(document, definition))[:_MOST_PROBLEMS]


def _unless_text(name: str, value: Any) -> Iterator[StructureProblem]:
    if value is None:
        yield StructureProblem((), f"`{name}` is missing; it is required.")
    elif not isinstance(value, str):
        yield StructureProblem(
            (name,), f"`{name}` must be text, but is {_VALUE_NAME[type(value)]}."
        )


def _violations(document: Any, definition: str) -> list[StructureProblem]:
    root = _definitions()[definition]
    errors = islice(_validator(definition).iter_errors(document), _MOST_ERRORS)
    problems = {
        problem for error in errors for problem in islice(_problems(error, root), _MOST_PROBLEMS)
    }
    return sorted(problems, key=lambda each: (_sortable(each.path), each.message))


def _sortable(path: Iterable[Step]) -> list[tuple[int, str]]:
    return [(step, "") if isinstance(step, int) else (-1, step) for step in path]


def _problems(error: ValidationError, root: Any) -> Iterator[StructureProblem]:
    path = tuple(error.absolute_path)
    schema: Any = error.schema
    value: Any = error.instance
    match error.validator:
        case "additionalProperties":
            known = schema.get("properties", {})
            for name in value:
                if name not in known:
                    yield StructureProblem((*path, name), _unknown_field(path, name, known, root))
        case "required":
            for name in schema["required"]:
                if name not in value:
                    field = path_code((*path, name))
                    yield StructureProblem(path, f"{field} is missing; it is required.")
        case "type" if path != ("apiVersion",):  # told already
            yield _wrong_type(path, [schema["type"]], value)
        case "oneOf" if value is not None:
            # Null fits both sides of "text or number", which the schema takes for a fault.
            types = [each["type"] for each in schema["oneOf"]]
            yield _wrong_type(path, types, value)


def _wrong_type(path: tuple[Step, ...], types: Sequence[Any], value: Any) -> StructureProblem:
    flat = [name for each in types for name in ([each] if isinstance(each, str) else each)]
    wanted = [name for name in dict.fromkeys(flat) if name != "null"]
    names = " or ".join(_TYPE_NAME[name] for name in wanted)
    remedy = ""
    if wanted == ["string"] and isinstance(value, bool | int | float):
        remedy = "; put it in quotes"
    elif isinstance(value, str) and "string" not in wanted and _is_unquotable(value, wanted):
        remedy = "; write it without quotes"
    sentence = f"{path_code(path)} must be {names}, but is {_VALUE_NAME[type(value)]}{remedy}."
    return StructureProblem(path, sentence)


def _is_unquotable(text: str, wanted: Sequence[str]) -> bool:
    if "boolean" in wanted:
        return text in ("true", "false")
    return text.isdecimal() and bool({"integer", "number"} & set(wanted))


def _unknown_field(path: tuple[Step, ...], name: str, known: Iterable[str], root: Any) -> str:
    sentence = f"{path_code((*path, name))} is an unknown field"
    alike = _alike(name, known)
    if alike:
        return f"{sentence}; did you mean {_listed(alike)}?"
    for length in reversed(range(len(path))):
        if name in _fields_at(root, path[:length]):
            home = f"directly under {path_code(path[:length])}" if length else "on the top level"
            return f"{sentence} here; it belongs {home}."
    return f"{sentence}."


def _alike(name: str, known: Iterable[str]) -> list[str]:
    """Names that may have been meant: almost the same, or with the whole name inside."""
    by_lower = {each.lower(): each for each in known}
    lower = name.lower()
    close = get_close_matches(lower[:60], by_lower, n=1, cutoff=0.8)
    longer = [each for each in by_lower if len(lower) >= 4 and lower in each]
    return [by_lower[each] for each in (close or longer[:_MOST_GUESSES])]


def _listed(names: Sequence[str]) -> str:
    quoted = [as_code(name) for name in names]
    return " or ".join([", ".join(quoted[:-1]), quoted[-1]] if quoted[1:] else quoted)


def _fields_at(schema: Any, path: Iterable[Step]) -> dict[str, Any]:
    """The fields that the schema knows at a path; none where it knows no names."""
    for step in path:
        schema = _dereferenced(schema)
        if isinstance(step, int):
            schema = schema.get("items", {})
        else:
            schema = schema.get("properties", {}).get(step) or {}
    fields: dict[str, Any] = _dereferenced(schema).get("properties", {})
    return fields


def _dereferenced(schema: Any) -> Any:
    reference = schema.get("$ref", "")
    return _definitions()[reference.rpartition("/")[2]] if reference else schema


def _no_such_kind(kind: str) -> str:
    by_lower = {each.lower(): each for each in _kinds()}
    close = get_close_matches(kind[:60].lower(), by_lower, n=1)
    guess = f"; did you mean `{by_lower[close[0]]}`?" if close else "."
    return f"Kubernetes {VERSION} has no kind {as_code(kind, 60)}{guess}"


def _wrong_version(kind: str, api_version: str) -> str:
    right = _listed(list(_kinds()[kind])[:_MOST_GUESSES])
    return f"There is no `{kind}` in {as_code(api_version, 60)}; `{kind}` is in {right}."


@cache
def _contents() -> dict[str, Any]:
    folder = files("kubernetes_validate") / "kubernetes-json-schema"
    source = folder / f"v{VERSION}.0-local-strict" / "_definitions.json"
    contents: dict[str, Any] = json.loads(source.read_text("utf-8"))
    return contents


def _definitions() -> dict[str, Any]:
    definitions: dict[str, Any] = _contents()["$defs"]
    return definitions


@cache
def _kinds() -> dict[str, dict[str, str]]:
    """For each kind its API versions, stable ones first, with the name of their definition."""
    kinds: dict[str, dict[str, str]] = {}
    for name, schema in sorted(_definitions().items(), key=lambda item: _maturity(item[0])):
        identities = schema.get("x-kubernetes-group-version-kind", ())
        if len(identities) == 1:  # what belongs to every group, like DeleteOptions, is no object
            group, version = identities[0]["group"], identities[0]["version"]
            api_version = f"{group}/{version}" if group else version
            kinds.setdefault(identities[0]["kind"], {})[api_version] = name
    return kinds


def _maturity(definition: str) -> tuple[bool, bool, str]:
    return "alpha" in definition, "beta" in definition, definition


@cache
def _validator(definition: str) -> Draft202012Validator:
    return Draft202012Validator(
        {"$ref": f"{_contents()['$id']}#/$defs/{definition}"}, registry=_registry()
    )


@cache
def _registry() -> Registry[Any]:
    return Resource.from_contents(_contents()) @ Registry()
