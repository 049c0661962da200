"""Ordering: steps to be put in their right order."""

from __future__ import annotations

from itertools import combinations, count
from typing import Annotated, Any

from pydantic import field_validator

from quizapp.grading.base import (
    Form,
    Grade,
    Note,
    Response,
    ResponseError,
    Spec,
    opaque_id,
    shuffled,
)
from quizapp.grading.fields import Count, Text, check_unique
from quizapp.grading.responses import as_ids, first_value


class Ordering(Spec):
    """The response is the list of the steps' ids in the learner's order.

    The form has one field `position-<id>` for each step, which holds its place, counted from 1.
    """

    kind = "ordering"
    label = "Ordering"
    is_production = True
    layout = "places"

    steps: Annotated[tuple[Text, ...], Count(3, 6, "steps")]

    @field_validator("steps")
    @classmethod
    def _steps_differ(cls, steps: tuple[str, ...]) -> tuple[str, ...]:
        check_unique(steps, "step")
        return steps

    def present(self, seed: int) -> dict[str, Any]:
        """`{"steps": [{"id", "text"}], "order": [id]}`, never in the right order."""
        orders = (shuffled(self.steps, attempt) for attempt in count(seed))
        shown = next(order for order in orders if order != list(self.steps))
        steps = [{"id": opaque_id(step), "text": step} for step in shown]
        return {"steps": steps, "order": [step["id"] for step in steps]}

    def read(self, form: Form) -> Response:
        places = {step: first_value(form, f"position-{step}").strip() for step in self._ids()}
        if not any(places.values()):
            return None
        if not all(place.isdecimal() and len(place) <= 3 for place in places.values()):
            raise ResponseError("Give every step a place of its own.")
        by_place = {int(place): step for step, place in places.items()}
        if len(by_place) < len(places):
            raise ResponseError("Give every step a place of its own.")
        return [by_place[place] for place in sorted(by_place)]

    def grade(self, response: Response) -> Grade:
        """The share of all pairs of steps that stand in the right order."""
        known = self._ids()
        given = [step for step in as_ids(response) if step in known]
        places = {step: place for place, step in enumerate(given, start=1)}
        pairs = list(combinations(known, 2))
        right = [pair for pair in pairs if _stands_in_order(pair, places)]
        notes = tuple(
            Note(
                part=step,
                is_right=places.get(opaque_id(step)) == place,
                given=str(places.get(opaque_id(step), "")),
                expected=str(place),
            )
            for place, step in enumerate(self.steps, start=1)
        )
        return Grade(score=len(right) / len(pairs), notes=notes)

    def _ids(self) -> list[str]:
        return [opaque_id(step) for step in self.steps]


def _stands_in_order(pair: tuple[str, str], places: dict[str, int]) -> bool:
    first, second = pair
    return first in places and second in places and places[first] < places[second]
