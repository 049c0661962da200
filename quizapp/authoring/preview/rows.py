"""What the panel of the preview prints: problems with their places, and manifests put to proof."""

from __future__ import annotations

import re
from typing import Any

from quizapp.authoring.edit.kinds import label_of
from quizapp.authoring.preview.grading import Proof, asks, proofs
from quizapp.content.problems import ContentError
from quizapp.content.rendering import markdown_inline
from quizapp.grading import KINDS, Spec
from quizapp.grading.manifest import Manifest
from quizapp.grading.manifest_traces import Trace

_STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")


def located(error: ContentError, kind: str, *, is_yaml: bool) -> list[dict[str, str]]:
    """The problems, each with where to look: a line of the YAML, or a field of the form."""
    return [
        {
            "where": f"Line {problem.line}" if is_yaml else _label(kind, problem.field),
            "message": problem.message,
        }
        for problem in error.problems
    ]


def _label(kind: str, field: str) -> str:
    steps = tuple(int(index) if index else name for index, name in _STEP.findall(field))
    return label_of(kind, steps) if steps and kind in KINDS else field


def proof_rows(spec: Spec) -> list[dict[str, Any]]:
    """The manifests of an exercise and how its checks fare on each; empty for other kinds."""
    return [_proof(proof) for proof in proofs(spec)] if isinstance(spec, Manifest) else []


def _proof(proof: Proof) -> dict[str, Any]:
    return {
        "title": proof.title,
        "is_as_meant": proof.is_as_meant,
        "words": markdown_inline(proof.words),
        "message": markdown_inline(proof.message),
        "faults": [(note.line, markdown_inline(note.part)) for note in proof.faults],
        "is_open": proof.title == "Solution" or not proof.is_as_meant,
        "traces": [_trace(trace) for trace in proof.traces],
    }


def _trace(trace: Trace) -> dict[str, Any]:
    return {
        "title": markdown_inline(trace.check.title),
        "asks": markdown_inline(asks(trace.check)),
        "holds": trace.holds,
        "document": markdown_inline(trace.document),
        "more": trace.more,
        "matches": [
            {
                "path": markdown_inline(each.path),
                "value": markdown_inline(each.value),
                "holds": each.holds,
            }
            for each in trace.matches
        ],
    }
