"""Rules of the API server that no schema states, checked on one parsed document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from quizapp.grading.kubernetes import StructureProblem
from quizapp.grading.manifest_paths import path_code
from quizapp.grading.text import as_code
from quizapp.grading.yaml_reader import Step

_SELECTING_KINDS = ("DaemonSet", "Deployment", "ReplicaSet", "StatefulSet")
_SELECTOR = ("spec", "selector")
_MATCH_LABELS = (*_SELECTOR, "matchLabels")


def rule_problems(document: Any) -> list[StructureProblem]:
    """Everything these rules have against a document; what the schema tells is not told again.

    The selector of a workload names labels of its own template, a Pod has a container, and no
    list has an empty item.
    """
    return [*_selector_problems(document), *_list_problems(document, ())]


def _selector_problems(document: Any) -> Iterator[StructureProblem]:
    match document:
        case {
            "kind": str(kind),
            "spec": {"selector": dict(selector), "template": dict(template)},
        } if kind in _SELECTING_KINDS:
            if not any(selector.values()):
                sentence = f"{path_code(_SELECTOR)} is empty; name labels of the template in it."
                yield StructureProblem(_SELECTOR, sentence)
            yield from _unmatched(selector.get("matchLabels"), _labels(template))


def _labels(template: dict[str, Any]) -> Any:
    metadata = template.get("metadata", {})
    labels = metadata.get("labels") if isinstance(metadata, dict) else metadata
    return {} if labels is None else labels


def _unmatched(wanted: Any, labels: Any) -> Iterator[StructureProblem]:
    if not isinstance(wanted, dict) or not isinstance(labels, dict):
        return
    for name, value in wanted.items():
        if isinstance(value, str) and labels.get(name) != value:
            entry = as_code(f"{name}={value}")
            sentence = f"{path_code(_MATCH_LABELS)}: {entry} is missing in the labels"
            yield StructureProblem((*_MATCH_LABELS, name), f"{sentence} of the template.")


def _list_problems(value: Any, path: tuple[Step, ...]) -> Iterator[StructureProblem]:
    if value == [] and path[-2:] == ("spec", "containers"):
        yield StructureProblem(path, f"{path_code(path)} needs at least one entry.")
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _list_problems(inner, (*path, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            if item is None:
                sentence = f"{path_code((*path, index))} is empty; write what belongs after"
                yield StructureProblem((*path, index), f"{sentence} the dash.")
            yield from _list_problems(item, (*path, index))
