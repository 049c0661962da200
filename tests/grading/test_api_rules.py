"""Rules of the API server that no schema states."""

from __future__ import annotations

import pytest
import yaml

from quizapp.grading.api_rules import rule_problems
from quizapp.grading.kubernetes import StructureProblem


def problems(source: str) -> list[StructureProblem]:
    return rule_problems(yaml.safe_load(source))


def workload(selector: str, template: str, kind: str = "Deployment") -> str:
    return f"{{kind: {kind}, spec: {{selector: {selector}, template: {template}}}}}"


def labelled(labels: str) -> str:
    return f"{{metadata: {{labels: {labels}}}}}"


@pytest.mark.parametrize("kind", ["DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"])
def test_each_label_of_a_selector_has_to_be_in_the_template(kind: str) -> None:
    selector = "{matchLabels: {app: web, tier: x, zone: a}}"
    source = workload(selector, labelled("{app: web, tier: y}"), kind)
    place = ("spec", "selector", "matchLabels")

    assert problems(source) == [
        StructureProblem(
            (*place, label),
            f"`spec.selector.matchLabels`: `{entry}` is missing in the labels of the template.",
        )
        for label, entry in [("tier", "tier=x"), ("zone", "zone=a")]
    ]


@pytest.mark.parametrize("template", ["{}", "{metadata: {}}", "{metadata: {labels: null}}"])
def test_a_template_without_labels_fits_no_selector(template: str) -> None:
    [problem] = problems(workload("{matchLabels: {app: web}}", template))

    assert "`app=web` is missing in the labels of the template" in problem.message


@pytest.mark.parametrize("selector", ["{}", "{matchLabels: {}}", "{matchLabels: null}"])
def test_an_empty_selector_is_refused(selector: str) -> None:
    [problem] = problems(workload(selector, labelled("{app: web}")))

    assert problem.path == ("spec", "selector")
    assert problem.message == "`spec.selector` is empty; name labels of the template in it."


@pytest.mark.parametrize(
    "source",
    [
        workload("{matchLabels: {app: web}}", labelled("{app: web, tier: x}")),
        workload("{matchExpressions: [{key: app, operator: Exists}]}", labelled("{app: web}")),
        workload("{matchLabels: {app: web}}", "{}", kind="Job"),
        workload("{app: web}", "{}", kind="Service"),
    ],
)
def test_sound_selectors_and_those_of_other_kinds_have_no_problems(source: str) -> None:
    assert problems(source) == []


@pytest.mark.parametrize(
    "source",
    [
        "hello",
        "{}",
        "{kind: [Deployment]}",
        "{kind: Deployment}",
        "{kind: Deployment, spec: []}",
        workload("web", "{}"),
        workload("null", "{}"),
        workload("{matchLabels: [app]}", "{}"),
        workload("{matchLabels: {app: 1}}", "{}"),
        workload("{matchLabels: {app: web}}", "null"),
        workload("{matchLabels: {app: web}}", "{metadata: []}"),
        workload("{matchLabels: {app: web}}", "{metadata: {labels: [web]}}"),
    ],
)
def test_what_the_schema_refuses_is_not_told_twice(source: str) -> None:
    assert problems(source) == []


@pytest.mark.parametrize(
    ("source", "path", "sentence"),
    [
        (
            "{spec: {containers: []}}",
            ("spec", "containers"),
            "`spec.containers` needs at least one entry.",
        ),
        (
            "{spec: {template: {spec: {containers: []}}}}",
            ("spec", "template", "spec", "containers"),
            "`spec.template.spec.containers` needs at least one entry.",
        ),
        (
            "{spec: {containers: [{name: a}, null]}}",
            ("spec", "containers", 1),
            "`spec.containers[1]` is empty; write what belongs after the dash.",
        ),
        (
            "{spec: {containers: [{args: [null]}]}}",
            ("spec", "containers", 0, "args", 0),
            "`spec.containers[0].args[0]` is empty; write what belongs after the dash.",
        ),
    ],
)
def test_lists_hold_what_they_need_and_no_gaps(
    source: str, path: tuple[str | int, ...], sentence: str
) -> None:
    assert problems(source) == [StructureProblem(path, sentence)]


def test_other_lists_may_be_empty() -> None:
    assert problems("{spec: {containers: [{args: []}], volumes: [], affinity: null}}") == []
