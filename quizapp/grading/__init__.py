"""Grading: pure functions from a question's spec and a response to a grade. No Django here.

from quizapp.grading import parse_spec

spec = parse_spec("short_answer", {"accept": ["ClusterIP"]})
spec.grade("clusterip").is_correct
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from quizapp.grading.base import Grade, Note, Response, ResponseError, Spec
from quizapp.grading.cloze import Cloze
from quizapp.grading.flashcard import Flashcard
from quizapp.grading.manifest import Manifest
from quizapp.grading.matching import Matching
from quizapp.grading.multiple_choice import MultipleChoice
from quizapp.grading.ordering import Ordering
from quizapp.grading.short_answer import ShortAnswer
from quizapp.grading.single_choice import SingleChoice

__all__ = [
    "COMMON_FIELDS",
    "KINDS",
    "Grade",
    "Note",
    "Response",
    "ResponseError",
    "Spec",
    "parse_spec",
]

KINDS: dict[str, type[Spec]] = {
    spec.kind: spec
    for spec in (
        Flashcard,
        SingleChoice,
        MultipleChoice,
        ShortAnswer,
        Ordering,
        Matching,
        Cloze,
        Manifest,
    )
}

COMMON_FIELDS = frozenset(
    {"id", "kind", "version", "title", "stem", "prompt", "facts", "bloom", "difficulty"}
    | {"explanation", "docs", "scenario"}
)
"""Fields of a question, or of an exercise from elsewhere, that belong to no kind."""


def parse_spec(kind: str, raw: Mapping[str, Any]) -> Spec:
    """The spec in a mapping of the kind's own fields, or in a whole question of that kind.

    Fields that all questions have in common are passed over; any other unknown field is an
    error. Raises pydantic.ValidationError (a ValueError) naming every wrong field at once, and
    KeyError for an unknown kind.
    """
    own = {name: value for name, value in raw.items() if name not in COMMON_FIELDS}
    return KINDS[kind].model_validate(own)
