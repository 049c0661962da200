"""Manifest: the learner writes or repairs Kubernetes YAML, graded without a cluster."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff
from functools import cached_property
from typing import Annotated, Any, Self

from pydantic import StringConstraints, field_validator, model_validator

from quizapp.grading import bounded_yaml
from quizapp.grading.base import Form, Grade, Note, Part, Response, ResponseError, Spec
from quizapp.grading.bounded_yaml import Limits, Parsed, Step, YamlError
from quizapp.grading.fields import Count, Text
from quizapp.grading.kubernetes import structure_problems
from quizapp.grading.manifest_checks import Check, judged, same, shown
from quizapp.grading.responses import WRONG_SHAPE, first_value

LIMITS = Limits(bytes=64_000, documents=10, nodes=5_000)
"""How large a manifest may be."""

SCHEMA = "schema"
"""Stands for the structure in a list of what fails."""

Source = Annotated[str, StringConstraints(strip_whitespace=False, max_length=LIMITS.bytes)]
"""YAML, in which the space at the beginning counts."""


class WrongManifest(Part):
    """A typical mistake, what to say of it, and the paths of the checks that it fails."""

    manifest: Source
    message: Text
    fails: Annotated[tuple[str, ...], Count(1, 41, "paths")]


@dataclass(frozen=True, slots=True)
class _Object:
    """A Kubernetes object, and where in the parsed text it stands."""

    data: Any
    document: int
    path: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class _Assessment:
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


class Manifest(Spec):
    """The response is the text. The form's field is `manifest`."""

    kind = "manifest"
    label = "Manifest"
    is_production = True
    layout = "checks"
    written_fields = ("manifest",)

    starter: Source = ""
    solution: Source
    checks: Annotated[tuple[Check, ...], Count(1, 40, "checks")]
    also_correct: Annotated[tuple[Source, ...], Count(0, 20, "manifests")] = ()
    wrong: Annotated[tuple[WrongManifest, ...], Count(0, 20, "wrong manifests")] = ()

    @field_validator("solution")
    @classmethod
    def _can_be_parsed(cls, solution: str) -> str:
        try:
            parsed = bounded_yaml.parse(solution, LIMITS)
        except YamlError as error:
            raise ValueError(f"the manifest cannot be read: {error}") from None
        if not list(_objects(parsed)):
            raise ValueError("write a manifest here, it is empty")
        return solution

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        objects = list(_objects(bounded_yaml.parse(self.solution, LIMITS)))
        if len(objects) > 1 and not all(check.document for check in self.checks):
            raise ValueError("say in each check which `document` of the solution it is about")
        known = {SCHEMA, *(check.path for check in self.checks)}
        for wrong in self.wrong:
            if unknown := sorted(set(wrong.fails) - known):
                raise ValueError(f"fails names {unknown[0]}, but no check has that path")
        return self

    def present(self, seed: int) -> dict[str, Any]:  # noqa: ARG002 - nothing to shuffle
        """`{"starter": text, "order": []}`: what the text field holds at first."""
        return {"starter": self.starter, "order": []}

    def read(self, form: Form) -> Response:
        text = first_value(form, "manifest").replace("\r\n", "\n").replace("\r", "\n")
        text = text.replace("\0", "")  # PostgreSQL cannot store a NUL
        if len(text.encode(errors="replace")) > LIMITS.bytes:
            raise ResponseError(f"Shorten the manifest to {LIMITS.bytes // 1000} KB.")
        return text if text.strip() else None

    def grade(self, response: Response) -> Grade:
        """The share of checks that hold, below 1 while the structure is wrong.

        0 if the text cannot be parsed. The notes tell first of every fault in the structure,
        each with its line, then of every check.
        """
        if response is not None and not isinstance(response, str):
            raise ResponseError(WRONG_SHAPE)
        text = response or ""
        assessment = self._assess(text)
        is_right = assessment.score == 1
        return Grade(
            score=assessment.score,
            notes=assessment.faults + assessment.checks,
            hint="" if is_right else self._message_for(assessment),
            diff="" if is_right else self._diff_from(text),
        )

    def failing(self, text: str) -> list[str]:
        """The paths of the checks that fail, and `schema` if the structure is wrong."""
        assessment = self._assess(text)
        notes = assessment.checks or (None,) * len(self.checks)
        paths = [
            check.path
            for check, note in zip(self.checks, notes, strict=True)
            if note is None or not note.is_right
        ]
        return [*paths, SCHEMA] if assessment.faults else paths

    def problems(self) -> list[str]:
        """What speaks against the exercise itself, one sentence each, by grading all it lists.

        The solution and the other right manifests have to score 1, the starter has not, and
        each wrong manifest has to fail exactly what it lists.
        """
        right = {"solution": self.solution}
        right |= {f"also_correct[{index}]": text for index, text in enumerate(self.also_correct)}
        found = []
        for name, text in right.items():
            if failing := self.failing(text):
                reasons = [failed.part for failed in self._assess(text).faults]
                found.append(" ".join([f"{name} fails {', '.join(failing)}.", *reasons]))
        for index, wrong in enumerate(self.wrong):
            failing = self.failing(wrong.manifest)
            if set(failing) != set(wrong.fails):
                fails = ", ".join(failing) or "nothing"
                found.append(f"wrong[{index}] fails {fails}, but lists {', '.join(wrong.fails)}.")
        if self.starter and not self.failing(self.starter):
            found.append("starter is already right.")
        return found

    def _assess(self, text: str) -> _Assessment:
        try:
            parsed = bounded_yaml.parse(text, LIMITS)
        except YamlError as error:
            faults = [Note(each.message, is_right=False, line=each.line) for each in error.problems]
            return _Assessment(text.split(), tuple(faults))
        objects = list(_objects(parsed))
        faults = [note for each in objects for note in _structure_notes(each, parsed)]
        if not objects:
            faults = [Note("There is no manifest here.", is_right=False, line=1)]
        data = [each.data for each in objects]
        return _Assessment(data, tuple(faults), tuple(self._check_notes(objects, parsed)))

    def _check_notes(self, objects: list[_Object], parsed: Parsed) -> Iterator[Note]:
        mappings = [each for each in objects if isinstance(each.data, dict)]
        indices = judged(self.checks, [each.data for each in mappings])
        for check, index in zip(self.checks, indices, strict=True):
            yield _check_note(check, None if index is None else mappings[index], parsed)

    @cached_property
    def _wrong_data(self) -> list[Any]:
        return [self._assess(wrong.manifest).data for wrong in self.wrong]

    def _message_for(self, assessment: _Assessment) -> str:
        """What the author says of this very mistake."""
        for wrong, data in zip(self.wrong, self._wrong_data, strict=True):
            if same(data, assessment.data):
                return wrong.message
        return ""

    def _diff_from(self, text: str) -> str:
        if len(text) > LIMITS.bytes:
            return ""
        lines = unified_diff(
            text.splitlines(), self.solution.splitlines(), "your manifest", "solution", lineterm=""
        )
        return "\n".join(lines)


def _objects(parsed: Parsed) -> Iterator[_Object]:
    """The objects in a text; empty documents are passed over, and a List is taken apart."""
    for index, document in enumerate(parsed.documents):
        if document is not None:
            yield from _unpacked(_Object(document, index))


def _unpacked(whole: _Object) -> Iterator[_Object]:
    match whole.data:
        case {"apiVersion": "v1", "kind": "List", "items": list(items)}:
            for index, item in enumerate(items):
                yield from _unpacked(_Object(item, whole.document, (*whole.path, "items", index)))
        case _:
            yield whole


def _structure_notes(each: _Object, parsed: Parsed) -> list[Note]:
    notes = [
        Note(
            problem.message,
            is_right=False,
            line=parsed.locate(each.document, (*each.path, *problem.path)),
        )
        for problem in structure_problems(each.data)
    ]
    return sorted(notes, key=lambda note: note.line or 0)


def _check_note(check: Check, judged_on: _Object | None, parsed: Parsed) -> Note:
    if judged_on is None:
        return Note(check.title, is_right=False, expected=check.wanted(), text=check.hint)
    found = check.found(judged_on.data)
    line = None
    if found:
        line = parsed.locate(judged_on.document, (*judged_on.path, *found[0][0]))
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
