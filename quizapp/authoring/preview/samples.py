"""Responses that show what a question says to those who are right, and to those who are not. Pure.

They are what learners are likely to respond, so an editor reads all feedback without trying.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from quizapp.grading import Response, Spec
from quizapp.grading.base import opaque_id
from quizapp.grading.choice import ChoiceSpec
from quizapp.grading.cloze import Cloze
from quizapp.grading.manifest import Manifest
from quizapp.grading.matching import Matching
from quizapp.grading.multiple_choice import MultipleChoice
from quizapp.grading.ordering import Ordering
from quizapp.grading.short_answer import ShortAnswer

MOST = 12


@dataclass(frozen=True, slots=True)
class Sample:
    """A response, and in words what it is, such as `the right response`."""

    words: str
    response: Response


def samples(spec: Spec) -> list[Sample]:
    """The right response first, then at most eleven others; empty for what learners rate."""
    if spec.is_self_rated:
        return []
    right, *others = _responses(spec)
    blank = Sample("no response", None)
    return [Sample("the right response", right), *(list(_named(spec, others)) or [blank])][:MOST]


def _responses(spec: Spec) -> Iterator[Response]:
    """A right response, then wrong ones."""
    match spec:
        case ChoiceSpec():
            yield from _choices(spec)
        case ShortAnswer():
            yield spec.accept[0]
            yield from (wrong.text for wrong in spec.wrong)
        case Ordering():
            steps = [opaque_id(step) for step in spec.steps]
            yield steps
            yield steps[::-1]
        case Matching():
            lefts = [opaque_id(pair.left) for pair in spec.pairs]
            rights = [opaque_id(pair.right) for pair in spec.pairs]
            yield dict(zip(lefts, rights, strict=True))
            yield dict(zip(lefts, [*rights[1:], rights[0]], strict=True))
        case Cloze():
            yield {key: blank.accept[0] for key, blank in spec.blanks_by_id().items()}
        case Manifest():
            yield spec.solution
            yield from [wrong.manifest for wrong in spec.wrong][:1]


def _choices(spec: ChoiceSpec) -> Iterator[Response]:
    """All wrong options at once where several may be chosen, otherwise the first."""
    right = sorted(option.id for option in spec.options if option.correct)
    wrong = [option.id for option in spec.options if not option.correct]
    if isinstance(spec, MultipleChoice):
        yield from (right, sorted(wrong))
    else:
        yield from (right[0], wrong[0])


def _named(spec: Spec, wrong: list[Response]) -> Iterator[Sample]:
    for response in wrong:
        words = f"“{response}”" if isinstance(spec, ShortAnswer) else "a wrong response"
        yield Sample(words, response)
