"""Short answer: a word or a few that the learner types."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import model_validator

from quizapp.grading.base import Form, Grade, Note, Part, Response, Spec
from quizapp.grading.fields import Count, ShortText, Text
from quizapp.grading.responses import as_text, first_value
from quizapp.grading.text import as_markdown
from quizapp.grading.text_key import TextKey


class WrongText(Part):
    """A wrong response that is often given, and what to say of it."""

    text: ShortText
    feedback: Text


class ShortAnswer(TextKey, Spec):
    """The response is the text. The form's field is `text`."""

    kind = "short_answer"
    label = "Short answer"
    is_production = True
    layout = "answer"
    takes_focus = True
    written_fields = ("text",)

    wrong: Annotated[tuple[WrongText, ...], Count(0, 50, "wrong texts")] = ()

    @model_validator(mode="after")
    def _wrong_texts_are_wrong(self) -> ShortAnswer:
        for wrong in self.wrong:
            if self.accepts(wrong.text):
                raise ValueError(f"{wrong.text} is listed as wrong, but is accepted")
        return self

    def present(self, seed: int) -> dict[str, Any]:  # noqa: ARG002 - nothing to shuffle
        """`{"order": []}`: there is only a field to fill in."""
        return {"order": []}

    def read(self, form: Form) -> Response:
        return as_text(first_value(form, "text")) or None

    def grade(self, response: Response) -> Grade:
        """1 for an accepted text, otherwise 0; a hint tells of a slip."""
        given = as_text(response)
        is_right = self.accepts(given)
        feedback = "" if is_right else self._feedback_on(given)
        hint = "" if is_right or feedback else self.slip_in(given)
        note = Note("", is_right, as_markdown(given), self.accept[0], feedback)
        return Grade(score=float(is_right), notes=(note,), hint=hint)

    def _feedback_on(self, given: str) -> str:
        tidied = self.tidied(given)
        said = (wrong.feedback for wrong in self.wrong if self.tidied(wrong.text) == tidied)
        return next(said, "")
