"""Matching: for each left side, the right side that belongs to it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import model_validator

from quizapp.grading.base import Form, Grade, Note, Part, Response, Spec, opaque_id, shuffled
from quizapp.grading.fields import Count, Text, check_unique
from quizapp.grading.responses import as_texts_by_id, first_value


class Pair(Part):
    """A left side and the right side that belongs to it."""

    left: Text
    right: Text
    feedback: Text | None = None


class Matching(Spec):
    """The response has the id of the chosen right side by the id of the left one.

    The form has one field `match-<left id>` for each left side, "" where nothing was chosen.
    The id of a side is made from its own text alone, so no id tells which other it belongs to.
    """

    kind = "matching"
    label = "Matching"
    is_production = False
    layout = "pairs"

    pairs: Annotated[tuple[Pair, ...], Count(2, 6, "pairs")]
    distractors: Annotated[tuple[Text, ...], Count(0, 6, "distractors")] = ()

    @model_validator(mode="after")
    def _sides_differ(self) -> Matching:
        check_unique((pair.left for pair in self.pairs), "left side")
        check_unique(self._rights(), "right side")
        return self

    def present(self, seed: int) -> dict[str, Any]:
        """`{"lefts": [{"id", "text"}], "rights": [{"id", "text"}], "order": [right id]}`.

        The left sides stand in the author's order, the right ones in the order to show.
        """
        rights = [{"id": opaque_id(text), "text": text} for text in shuffled(self._rights(), seed)]
        return {
            "lefts": [{"id": opaque_id(pair.left), "text": pair.left} for pair in self.pairs],
            "rights": rights,
            "order": [right["id"] for right in rights],
        }

    def read(self, form: Form) -> Response:
        known = {opaque_id(right) for right in self._rights()}
        lefts = [opaque_id(pair.left) for pair in self.pairs]
        chosen = {left: first_value(form, f"match-{left}") for left in lefts}
        return {left: right for left, right in chosen.items() if right in known} or None

    def grade(self, response: Response) -> Grade:
        """The share of left sides that are matched rightly."""
        chosen = as_texts_by_id(response)
        texts = {opaque_id(right): right for right in self._rights()}
        notes = []
        for pair in self.pairs:
            given = texts.get(chosen.get(opaque_id(pair.left), ""), "")
            is_right = given == pair.right
            notes.append(Note(pair.left, is_right, given, pair.right, pair.feedback or ""))
        right = sum(note.is_right is True for note in notes)
        return Grade(score=right / len(notes), notes=tuple(notes))

    def _rights(self) -> list[str]:
        return [*(pair.right for pair in self.pairs), *self.distractors]
