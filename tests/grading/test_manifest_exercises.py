"""Sixteen manifest exercises: every right variant scores 1, every wrong one fails as it should."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
import yaml

from quizapp.grading import parse_spec
from quizapp.grading.manifest import Manifest

EXERCISES: list[dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("manifests.yaml").read_text("utf-8")
)["exercises"]


def manifest(exercise: dict[str, Any]) -> Manifest:
    spec = parse_spec("manifest", exercise)
    assert isinstance(spec, Manifest)
    return spec


SPECS = {exercise["id"]: manifest(exercise) for exercise in EXERCISES}
RIGHT = [
    pytest.param(SPECS[exercise["id"]], text, id=f"{exercise['id']}-{index}")
    for exercise in EXERCISES
    for index, text in enumerate([exercise["solution"], *exercise["also_correct"]])
]
WRONG = [
    pytest.param(SPECS[exercise["id"]], wrong, id=f"{exercise['id']}-{index}")
    for exercise in EXERCISES
    for index, wrong in enumerate(exercise["wrong"])
]


def shuffled_keys(tree: Any, order: random.Random) -> Any:
    if isinstance(tree, dict):
        keys = order.sample(list(tree), len(tree))
        return {key: shuffled_keys(tree[key], order) for key in keys}
    return [shuffled_keys(item, order) for item in tree] if isinstance(tree, list) else tree


WRITERS = {
    "keys in another order": lambda tree: yaml.safe_dump(
        shuffled_keys(tree, random.Random(7)), sort_keys=False
    ),
    "flow style": lambda tree: yaml.safe_dump(tree, default_flow_style=True),
    "JSON": json.dumps,
    "JSON with tabs": lambda tree: json.dumps(tree, indent="\t"),
    "a List": lambda tree: json.dumps({"apiVersion": "v1", "kind": "List", "items": [tree]}),
    "comments and markers": lambda tree: f"# mine\n---\n{yaml.safe_dump(tree)}...\n---\n",
}


def test_there_are_sixteen_exercises() -> None:
    assert len(SPECS) == 16


@pytest.mark.parametrize(("spec", "text"), RIGHT)
def test_every_right_manifest_scores_1(spec: Manifest, text: str) -> None:
    grade = spec.grade(text)
    assert spec.failing(text) == []
    assert (grade.score, grade.is_correct, grade.hint, grade.diff) == (1, True, "", "")
    assert [note.is_right for note in grade.notes] == [True] * len(spec.checks)


@pytest.mark.parametrize(("spec", "wrong"), WRONG)
def test_every_wrong_manifest_fails_exactly_what_it_should(
    spec: Manifest, wrong: dict[str, Any]
) -> None:
    grade = spec.grade(wrong["manifest"])
    assert set(spec.failing(wrong["manifest"])) == set(wrong["fails"])
    assert 0 < grade.score < 1
    assert grade.hint == wrong["message"]
    assert grade.diff.startswith("--- your manifest\n+++ solution\n@@")


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
def test_every_exercise_is_sound(spec: Manifest) -> None:
    assert spec.problems() == []


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
def test_any_equivalent_form_of_a_solution_scores_1(spec: Manifest, write: Any) -> None:
    assert spec.grade(write(yaml.safe_load(spec.solution))).score == 1


@pytest.mark.parametrize(("spec", "wrong"), WRONG)
def test_a_known_mistake_is_recognised_in_any_form(spec: Manifest, wrong: dict[str, Any]) -> None:
    text = json.dumps(yaml.safe_load(wrong["manifest"]))
    assert spec.grade(text).hint == wrong["message"]
