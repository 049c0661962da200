"""What a text that should be a manifest is found to be: its objects, faults and checks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from quizapp.grading import bounded_yaml
from quizapp.grading.api_rules import rule_problems
from quizapp.grading.base import Note
from quizapp.grading.bounded_yaml import Limits, Parsed, Step, YamlError
from quizapp.grading.kubernetes import structure_problems
from quizapp.grading.manifest_checks import Check, judged, shown

LIMITS = Limits(bytes=64_000, documents=10, nodes=5_000)
"""How large a manifest may be."""

_MOST_FAULTS = 25

_Place = tuple[Step, ...]
"""The index of a document, and the keys and indices below it."""


@dataclass(frozen=True, slots=True)
class Object:
    """A Kubernetes object, and where in the parsed text it stands."""

    data: Any
    place: _Place


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a text was found to be: `checks` is empty if it could not be parsed.

    `data` is what makes two manifests the same: the objects, or the text itself.
    """

    data: Any
    faults: tuple[Note, ...]
    checks: tuple[Note, ...] = ()

    @property
    def score(self) -> float:
        """The share of checks that hold; faults count as one more where all of them do."""
        passed, total = sum(note.is_right is True for note in self.checks), len(self.checks)
        if self.faults and passed == total:
            total += 1
        return passed / total


def assess(text: str, checks: Sequence[Check]) -> Assessment:
    """The assessment of any text. At most 25 faults are told, each with its line."""
    try:
        parsed = bounded_yaml.parse(text, LIMITS)
    except YamlError as error:
        faults = [Note(each.message, is_right=False, line=each.line) for each in error.problems]
        return Assessment(text.split(), tuple(faults))
    objects = objects_in(parsed)
    mappings = [each for each in objects if isinstance(each.data, dict)]
    indices = judged(checks, [each.data for each in mappings])
    pairs = [
        (check, None if index is None else mappings[index])
        for check, index in zip(checks, indices, strict=True)
    ]
    faults = list(islice(_faults(objects, parsed, _told_by_checks(pairs)), _MOST_FAULTS))
    notes = tuple(_check_note(check, judged_on, parsed) for check, judged_on in pairs)
    return Assessment([each.data for each in objects], tuple(faults), notes)


def objects_in(parsed: Parsed) -> list[Object]:
    """The objects in a text; empty documents are passed over, and a List is taken apart."""
    return [
        each
        for index, document in enumerate(parsed.documents)
        if document is not None
        for each in _unpacked(Object(document, (index,)))
    ]


def _unpacked(whole: Object) -> Iterator[Object]:
    match whole.data:
        case {"apiVersion": "v1", "kind": "List", "items": list(items)}:
            for index, item in enumerate(items):
                yield from _unpacked(Object(item, (*whole.place, "items", index)))
        case _:
            yield whole


def _told_by_checks(pairs: Sequence[tuple[Check, Object | None]]) -> set[_Place]:
    """The places of the values for which a check fails."""
    return {
        (*judged_on.place, *path)
        for check, judged_on in pairs
        if judged_on and not check.holds(judged_on.data)
        for path, _ in check.found(judged_on.data)
    }


def _faults(objects: Sequence[Object], parsed: Parsed, told: set[_Place]) -> Iterator[Note]:
    """What is wrong whatever the exercise asks for, without repeating what its checks tell."""
    if not objects:
        yield Note("There is no manifest here.", is_right=False, line=1)
    for each in objects:
        rules = [rule for rule in rule_problems(each.data) if (*each.place, *rule.path) not in told]
        notes = [
            Note(problem.message, is_right=False, line=_line(parsed, (*each.place, *problem.path)))
            for problem in [*structure_problems(each.data), *rules]
        ]
        yield from sorted(notes, key=lambda note: note.line or 0)


def _check_note(check: Check, judged_on: Object | None, parsed: Parsed) -> Note:
    if judged_on is None:
        return Note(check.title, is_right=False, expected=check.wanted(), text=check.hint)
    found = check.found(judged_on.data)
    line = _line(parsed, (*judged_on.place, *found[0][0])) if found else None
    if check.holds(judged_on.data):
        return Note(check.title, is_right=True, line=line)
    given = shown(found[0][1]) if found else ""
    return Note(
        check.title,
        is_right=False,
        given=given,
        expected=check.wanted(),
        text=check.hint,
        line=line,
    )


def _line(parsed: Parsed, place: _Place) -> int:
    document, *path = place
    return parsed.locate(int(document), path)
