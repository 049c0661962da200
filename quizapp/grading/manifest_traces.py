"""How the checks of an exercise come to their verdict: what each path led to. For authors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from quizapp.grading import bounded_yaml
from quizapp.grading.bounded_yaml import YamlError
from quizapp.grading.manifest_assessment import LIMITS, objects_in
from quizapp.grading.manifest_checks import Check, judged, shown
from quizapp.grading.manifest_paths import path_code
from quizapp.grading.text import as_code

MOST_MATCHES = 10
"""So many values are listed for each check."""

_LONGEST_VALUE = 300


@dataclass(frozen=True, slots=True)
class Match:
    """A value that a path led to: where it stands and what it is, both in Markdown."""

    path: str
    value: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Trace:
    """What a check found in a manifest, and whether it holds there.

    `document` names the object that was looked at, in Markdown; it is empty where the manifest
    has none that the check is about. `matches` are at most `MOST_MATCHES`; `more` counts the rest.
    """

    check: Check
    holds: bool
    document: str = ""
    matches: tuple[Match, ...] = ()
    more: int = 0


def traced(text: str, checks: Sequence[Check]) -> tuple[Trace, ...]:
    """A trace for each check, with the same verdicts as `assess`.

    Empty for a text that cannot be parsed. Never raises.
    """
    try:
        parsed = bounded_yaml.parse(text, LIMITS)
    except YamlError:
        return ()
    documents = [each.data for each in objects_in(parsed) if isinstance(each.data, dict)]
    return tuple(
        Trace(check, holds=False) if index is None else _trace(check, documents[index])
        for check, index in zip(checks, judged(checks, documents), strict=True)
    )


def _trace(check: Check, document: dict[str, Any]) -> Trace:
    found = check.found(document)
    return Trace(
        check,
        holds=check.holds(document),
        document=_name(document),
        matches=tuple(
            Match(path_code(path), shown(value, _LONGEST_VALUE), check.accepts(value))
            for path, value in islice(found, MOST_MATCHES)
        ),
        more=max(0, len(found) - MOST_MATCHES),
    )


def _name(document: dict[str, Any]) -> str:
    kind, metadata = document.get("kind"), document.get("metadata")
    name = metadata.get("name") if isinstance(metadata, dict) else None
    parts = [part for part in (kind, name) if isinstance(part, str) and part]
    return as_code("/".join(parts)) if parts else "a document without a kind"
