"""From a submitted form to a verdict: the same in a review and where an editor tries a question."""

from __future__ import annotations

from dataclasses import dataclass

from quizapp.grading import Grade, Response, ResponseError, Spec
from quizapp.grading.base import Form


@dataclass(frozen=True, slots=True)
class Graded:
    """`is_sure` says which of the two ways to submit was chosen, *Check* or *Not sure*."""

    response: Response
    grade: Grade
    is_sure: bool


def wants_reveal(spec: Spec, form: Form) -> bool:
    """Whether the form asks for the back of a flashcard, and responds to nothing yet."""
    return spec.is_self_rated and "reveal" in form.get("action", ())


def graded(spec: Spec, form: Form) -> Graded:
    """Raises ResponseError, with a sentence for the learner, if there is nothing to grade."""
    response = spec.read(form)
    is_sure = "unsure" not in form.get("action", ())
    if response is None and (is_sure or spec.is_self_rated):
        raise ResponseError("Give a response first. No idea? Choose “Not sure” to see the answer.")
    return Graded(response, spec.grade(response), is_sure)
