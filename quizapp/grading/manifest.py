"""Manifest: the learner writes or repairs Kubernetes YAML, graded without a cluster."""

from __future__ import annotations

from difflib import unified_diff
from functools import cached_property
from itertools import islice
from typing import Annotated, Any, Self

from pydantic import StringConstraints, field_validator, model_validator

from quizapp.grading import bounded_yaml
from quizapp.grading.base import Form, Grade, Part, Response, ResponseError, Spec
from quizapp.grading.bounded_yaml import YamlError
from quizapp.grading.fields import Count, Text
from quizapp.grading.manifest_assessment import LIMITS, Assessment, assess, objects_in
from quizapp.grading.manifest_checks import Check, same
from quizapp.grading.responses import BYTE_ORDER_MARK, WRONG_SHAPE, first_value, storable

MOST_LINES = 500
"""A response may not have more, since the page shows them one by one."""

_MOST_DIFF_LINES = 400

SCHEMA = "schema"
"""Stands for the structure in a list of what fails."""

Source = Annotated[str, StringConstraints(strip_whitespace=False, max_length=LIMITS.bytes)]
"""YAML, in which the space at the beginning counts."""


class WrongManifest(Part):
    """A typical mistake, what to say of it, and the paths of the checks that it fails."""

    manifest: Source
    message: Text
    fails: Annotated[tuple[str, ...], Count(1, 41, "paths")]


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
        if not objects_in(parsed):
            raise ValueError("write a manifest here, it is empty")
        return solution

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        objects = objects_in(bounded_yaml.parse(self.solution, LIMITS))
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
        text = storable(first_value(form, "manifest")).removeprefix(BYTE_ORDER_MARK)
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if not text.strip():
            return None
        if len(text.encode()) > LIMITS.bytes:
            raise ResponseError(f"Shorten the manifest to {LIMITS.bytes // 1000} KB.")
        if len(text.splitlines()) > MOST_LINES:
            raise ResponseError(f"Shorten the manifest to {MOST_LINES} lines.")
        return text

    def grade(self, response: Response) -> Grade:
        """The share of checks that hold, below 1 while the structure is wrong.

        0 if the text cannot be parsed. The notes tell first of every fault in the structure,
        each with its line, then of every check.
        """
        if response is not None and not isinstance(response, str):
            raise ResponseError(WRONG_SHAPE)
        text = (response or "").removeprefix(BYTE_ORDER_MARK)
        assessment = assess(text, self.checks)
        is_right = assessment.score == 1
        return Grade(
            score=assessment.score,
            notes=assessment.faults + assessment.checks,
            hint="" if is_right else self._message_for(assessment),
            diff="" if is_right else self._diff_from(text),
        )

    def failing(self, text: str) -> list[str]:
        """The paths of the checks that fail, and `schema` if the structure is wrong."""
        assessment = assess(text, self.checks)
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
                reasons = [failed.part for failed in assess(text, self.checks).faults]
                found.append(" ".join([f"{name} fails {', '.join(failing)}.", *reasons]))
        for index, wrong in enumerate(self.wrong):
            failing = self.failing(wrong.manifest)
            if set(failing) != set(wrong.fails):
                fails = ", ".join(failing) or "nothing"
                found.append(f"wrong[{index}] fails {fails}, but lists {', '.join(wrong.fails)}.")
        if self.starter and not self.failing(self.starter):
            found.append("starter is already right.")
        return found

    @cached_property
    def _wrong_data(self) -> list[Any]:
        return [assess(wrong.manifest, self.checks).data for wrong in self.wrong]

    def _message_for(self, assessment: Assessment) -> str:
        """What the author says of this very mistake."""
        for wrong, data in zip(self.wrong, self._wrong_data, strict=True):
            if same(data, assessment.data):
                return wrong.message
        return ""

    def _diff_from(self, text: str) -> str:
        """The diff to the solution, cut where it gets long; none from what no form could hold."""
        lines = text.splitlines()
        if len(text) > LIMITS.bytes or len(lines) > MOST_LINES:
            return ""
        diff = unified_diff(
            lines, self.solution.splitlines(), "your manifest", "solution", lineterm=""
        )
        return "\n".join(islice(diff, _MOST_DIFF_LINES))
