"""How a manifest exercise grades what its author listed: the solution, the mistakes. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quizapp.grading import Note
from quizapp.grading.manifest import SCHEMA, Manifest
from quizapp.grading.manifest_assessment import assess
from quizapp.grading.manifest_checks import Check, shown
from quizapp.grading.manifest_traces import Trace, traced
from quizapp.grading.text import as_code


@dataclass(frozen=True, slots=True)
class Proof:
    """One of the author's manifests put to the test.

    `words` say how it fared, and `is_as_meant` whether it should have. Without `traces` the text
    cannot be parsed, and `faults` say why.
    """

    title: str
    is_as_meant: bool
    words: str
    message: str
    faults: tuple[Note, ...]
    traces: tuple[Trace, ...]


def proofs(spec: Manifest) -> list[Proof]:
    """Every manifest of the exercise, the solution first. Never raises."""
    return list(_proofs(spec))


def asks(check: Check) -> str:
    """What a check asks for, in Markdown: `equals 80`. Unlike `wanted`, it tells the pattern."""
    if check.matches is not None:
        return f"matches {as_code(check.matches)}"
    if check.exists is not None:
        return "is given" if check.exists else "is left out"
    if check.contains is not None:
        return f"contains {shown(check.contains)}"
    return f"{'is one of' if check.one_of is not None else 'equals'} {check.wanted()}"


def _proofs(spec: Manifest) -> Iterator[Proof]:
    yield _right("Solution", spec.solution, spec.checks)
    for number, text in enumerate(spec.also_correct, start=1):
        yield _right(f"Other right manifest {number}", text, spec.checks)
    for number, wrong in enumerate(spec.wrong, start=1):
        faults, traces, failing = _tested(wrong.manifest, spec.checks)
        is_as_meant = set(failing) == set(wrong.fails)
        words = f"Fails {_listed(failing)}" if failing else "Is right"
        words += ", as it lists." if is_as_meant else f", but lists {_listed(wrong.fails)}."
        yield Proof(f"Mistake {number}", is_as_meant, words, wrong.message, faults, traces)
    if spec.starter:
        faults, traces, failing = _tested(spec.starter, spec.checks)
        words = "Is not right yet, as it should be." if failing else "Is right already."
        yield Proof("Starter", bool(failing), words, "", faults, traces)


def _right(title: str, text: str, checks: Sequence[Check]) -> Proof:
    faults, traces, failing = _tested(text, checks)
    words = f"Fails {_listed(failing)}." if failing else "Is right, as it should be."
    return Proof(title, not failing, words, "", faults, traces)


def _tested(
    text: str, checks: Sequence[Check]
) -> tuple[tuple[Note, ...], tuple[Trace, ...], list[str]]:
    """What is wrong with a text, what the checks found, and what fails, as `fails` lists it."""
    faults, traces = assess(text, checks).faults, traced(text, checks)
    failing = [trace.check.path for trace in traces if not trace.holds]
    if not traces:
        failing = [check.path for check in checks]
    return faults, traces, [*dict.fromkeys(failing), *([SCHEMA] if faults else [])]


def _listed(paths: Sequence[str]) -> str:
    return ", ".join(as_code(path) for path in paths)
