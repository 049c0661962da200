"""What single choice and multiple choice share: options, and what to say of each."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated, Any

from pydantic import field_validator

from quizapp.grading.base import Form, Note, Part, Spec, opaque_id, shuffled
from quizapp.grading.fields import Count, Flag, Text, check_unique


class Option(Part):
    """One choice. Only its id and text are shown before the response."""

    text: Text
    correct: Flag = False
    pinned: Flag = False
    feedback: Text | None = None

    @property
    def id(self) -> str:
        return opaque_id(self.text)


class ChoiceSpec(Spec):
    """A question whose response is chosen from options. The form's field is `option`."""

    is_production = False
    layout = "options"

    options: Annotated[tuple[Option, ...], Count(2, 9, "options")]

    @field_validator("options")
    @classmethod
    def _options_differ(cls, options: tuple[Option, ...]) -> tuple[Option, ...]:
        check_unique((option.text for option in options), "option")
        return options

    def present(self, seed: int) -> dict[str, Any]:
        """`{"options": [{"id", "text"}], "order": [id]}`, both in the order to show."""
        options = shuffled(self.options, seed, [option.pinned for option in self.options])
        return {
            "options": [{"id": option.id, "text": option.text} for option in options],
            "order": [option.id for option in options],
        }

    def chosen_ids(self, form: Form) -> list[str]:
        """The ids of this question's options that were ticked, sorted."""
        return sorted({option.id for option in self.options} & set(form.get("option", ())))

    def notes(self, chosen: Collection[str]) -> tuple[Note, ...]:
        """A note per option, in the author's order."""
        return tuple(_note(option, is_chosen=option.id in chosen) for option in self.options)


def _note(option: Option, *, is_chosen: bool) -> Note:
    rightly_left_out = not is_chosen and not option.correct
    return Note(
        part=option.text,
        is_right=None if rightly_left_out else is_chosen and option.correct,
        given="chosen" if is_chosen else "",
        expected="right" if option.correct else "",
        text=option.feedback or "",
    )
