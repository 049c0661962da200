"""Multiple choice: every right option has to be chosen, and no wrong one."""

from __future__ import annotations

from pydantic import field_validator

from quizapp.grading.base import Form, Grade, Response
from quizapp.grading.choice import ChoiceSpec, Option
from quizapp.grading.responses import as_ids


class MultipleChoice(ChoiceSpec):
    """The response is the sorted list of the ids of the chosen options."""

    kind = "multiple_choice"
    label = "Multiple choice"

    @field_validator("options")
    @classmethod
    def _some_are_correct(cls, options: tuple[Option, ...]) -> tuple[Option, ...]:
        if not any(option.correct for option in options):
            raise ValueError("mark at least one option with correct: true")
        if all(option.correct for option in options):
            raise ValueError("add at least one option that is not correct")
        return options

    def read(self, form: Form) -> Response:
        return self.chosen_ids(form) or None

    def grade(self, response: Response) -> Grade:
        """The right choices less the wrong ones, over the number of right options; at least 0."""
        chosen = set(as_ids(response))
        right = {option.id for option in self.options if option.correct}
        wrong = {option.id for option in self.options} - right
        balance = len(chosen & right) - len(chosen & wrong)
        return Grade(score=max(0, balance) / len(right), notes=self.notes(chosen))
