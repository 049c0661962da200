"""Flashcard: the learner recalls, reveals the back, and rates the recall."""

from __future__ import annotations

from typing import Any

from quizapp.grading.base import Form, Grade, Note, Response, ResponseError, Spec
from quizapp.grading.fields import Text
from quizapp.grading.responses import WRONG_SHAPE, first_value

AGAIN, EASY = 1, 4
"""The lowest and the highest rating of one's own recall; only the lowest means forgotten."""


class Flashcard(Spec):
    """The response is the learner's own rating, 1 to 4. The form's field is `recalled`."""

    kind = "flashcard"
    label = "Flashcard"
    is_production = True
    layout = "answer"
    is_self_rated = True

    back: Text

    def present(self, seed: int) -> dict[str, Any]:  # noqa: ARG002 - nothing to shuffle
        """`{"order": []}`: the stem is all there is to see before the back is revealed."""
        return {"order": []}

    def read(self, form: Form) -> Response:
        digits = first_value(form, "recalled")
        if not digits:
            return None
        if digits not in {str(rating) for rating in range(AGAIN, EASY + 1)}:
            raise ResponseError("Say how well you recalled it, from Again to Easy.")
        return int(digits)

    def grade(self, response: Response) -> Grade:
        """1 unless the learner had forgotten; the note shows the back."""
        if response is None:
            return Grade(score=0, notes=(Note("Back", is_right=None, expected=self.back),))
        if type(response) is not int or not AGAIN <= response <= EASY:
            raise ResponseError(WRONG_SHAPE)
        recalled = response > AGAIN
        note = Note("Back", is_right=recalled, expected=self.back)
        return Grade(score=float(recalled), notes=(note,))
