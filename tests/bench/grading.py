"""Grading each kind of question: real questions, parsed before, with right responses."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from statistics import median
from typing import Any

from quizapp.content.schema import Question
from quizapp.grading import KINDS, Response
from quizapp.grading.base import opaque_id
from quizapp.grading.manifest import Manifest
from tests.bench.bank import real_bank
from tests.bench.figures import Figure

TITLE = "Grading, warm; the median of all questions of the kind"
REPEATS = 20
MANIFEST_MOST_MS = 5

RIGHT_RESPONSES: dict[str, Callable[[Any], Response]] = {
    "flashcard": lambda _: 3,
    "single_choice": lambda spec: next(each.id for each in spec.options if each.correct),
    "multiple_choice": lambda spec: [each.id for each in spec.options if each.correct],
    "short_answer": lambda spec: spec.accept[0],
    "ordering": lambda spec: [opaque_id(step) for step in spec.steps],
    "matching": lambda spec: {opaque_id(pair.left): opaque_id(pair.right) for pair in spec.pairs},
    "cloze": lambda spec: {key: blank.accept[0] for key, blank in spec.blanks_by_id().items()},
    "manifest": lambda spec: spec.solution,
}


def figures(*, is_full: bool) -> list[Figure]:
    by_kind: dict[str, list[Question]] = defaultdict(list)
    for question in real_bank().questions:
        by_kind[question.kind].append(question)
    kinds = [
        Figure(KINDS[kind].label, 1e6 * median(map(_right, by_kind[kind])), "µs", digits=0)
        for kind in KINDS
        if by_kind[kind]
    ]
    manifests = [
        Figure(f"{question.slug}, slowest", _slowest_ms(question.spec), "ms", most=MANIFEST_MOST_MS)
        for question in by_kind[Manifest.kind]
    ]
    return [*kinds, *manifests]


def _right(question: Question) -> float:
    response = RIGHT_RESPONSES[question.kind](question.spec)
    if not question.spec.grade(response).is_correct:
        raise RuntimeError(f"{question.slug} takes its own solution for wrong.")
    return _seconds(question.spec, response)


def _slowest_ms(spec: Any) -> float:
    """For whichever of the manifests that the exercise knows, right and wrong."""
    wrong = [each.manifest for each in spec.wrong]
    variants = [spec.solution, spec.starter, *spec.also_correct, *wrong]
    return max(1000 * _seconds(spec, variant) for variant in variants)


def _seconds(spec: Any, response: Response) -> float:
    spec.grade(response)
    taken = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        spec.grade(response)
        taken.append(time.perf_counter() - start)
    return median(taken)
