"""Single choice: exactly one option is right. True/false is one with two options."""

from __future__ import annotations

from pydantic import field_validator

from quizapp.grading.base import Form, Grade, Response, ResponseError
from quizapp.grading.choice import ChoiceSpec, Option
from quizapp.grading.responses import as_text


class SingleChoice(ChoiceSpec):
    """The response is the id of the chosen option."""

    kind = "single_choice"
    label = "Single choice"

    @field_validator("options")
    @classmethod
    def _one_is_correct(cls, options: tuple[Option, ...]) -> tuple[Option, ...]:
        if sum(option.correct for option in options) != 1:
            raise ValueError("mark exactly one option with correct: true")
        return options

    def read(self, form: Form) -> Response:
        chosen = self.chosen_ids(form)
        if len(chosen) > 1:
            raise ResponseError("Choose only one option.")
        return chosen[0] if chosen else None

    def grade(self, response: Response) -> Grade:
        """1 for the right option, otherwise 0. An option that is no longer there is wrong."""
        chosen = as_text(response)
        key = next(option for option in self.options if option.correct)
        return Grade(score=float(chosen == key.id), notes=self.notes({chosen}))
