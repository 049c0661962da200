"""What every question kind shares: the spec, the grade, and the errors between them.

A *spec* is the kind's own part of a question, parsed and checked. It can show itself without
its key (`present`), read a submitted form into a *response* (`read`) and grade that response
(`grade`). A response is plain JSON data, so it can be stored and graded again years later.
"""

from __future__ import annotations

import hashlib
import random
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict

T = TypeVar("T")

Response = Any
"""JSON data, or None for "nothing given", which every kind grades 0."""

Form = Mapping[str, Sequence[str]]
"""A submitted form: every field name with the list of its values, in document order."""


class ResponseError(ValueError):
    """The response cannot be graded as it stands; the message tells the learner what to do."""


@dataclass(frozen=True, slots=True)
class Note:
    """What the grader says of one part of a response.

    `is_right` is None for a part that is only shown, for example an option rightly left out.
    `part`, `given`, `expected` and `text` are Markdown; empty means there is nothing to say.
    """

    part: str
    is_right: bool | None
    given: str = ""
    expected: str = ""
    text: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Grade:
    """The machine's verdict on a response.

    `score` runs from 0 to 1, and `is_correct` holds only at 1. `hint` is one sentence about the
    response as a whole, such as "Almost: check the spelling."; `diff` is a unified diff from
    the response to the solution, for kinds whose response is a text of several lines.
    """

    score: float
    notes: tuple[Note, ...] = ()
    hint: str = ""
    diff: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.score <= 1:
            raise ValueError(f"score must lie between 0 and 1, not {self.score}")

    @property
    def is_correct(self) -> bool:
        return self.score == 1


class Part(BaseModel):
    """A piece of a spec, such as one option."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Spec(BaseModel):
    """Base of the eight kinds. Instances are immutable and may be shared between threads."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    kind: ClassVar[str]
    label: ClassVar[str]
    """How the kind is called on a page, e.g. "Multiple choice"."""
    is_production: ClassVar[bool]
    """Whether the learner produces the response instead of recognising it."""
    layout: ClassVar[str]
    """How feedback lays out the notes: answer, options, places, pairs or checks."""
    is_self_rated: ClassVar[bool] = False
    """Whether the learner rates the recall; the response is that rating then."""
    takes_focus: ClassVar[bool] = False
    """Whether the first field is typed into, and so takes the keyboard's focus."""
    written_fields: ClassVar[tuple[str, ...]] = ()
    """How the names of the form's fields begin that hold what the learner wrote."""

    @abstractmethod
    def present(self, seed: int) -> dict[str, Any]:
        """What the page may show before the response: JSON data that never holds the key.

        The same seed gives the same order. `present(seed)["order"]` lists the opaque ids of
        whatever was shuffled, in the order shown, and is empty for kinds that shuffle nothing.
        """

    @abstractmethod
    def read(self, form: Form) -> Response:
        """The response in a submitted form, None when nothing was given.

        Unknown fields and unknown ids are ignored, since a page may be older than the question.
        Raises ResponseError when the form is half filled in and could not be graded fairly.
        """

    @abstractmethod
    def grade(self, response: Response) -> Grade:
        """The verdict on a response. None scores 0 and its notes still show what was right.

        Raises ResponseError for data of a wrong shape.
        """


def opaque_id(text: str) -> str:
    """Eight hex digits that identify an option by its text and tell nothing about its place."""
    return hashlib.blake2s(text.encode(), digest_size=4).hexdigest()


def shuffled(items: Sequence[T], seed: int, pinned: Sequence[bool] = ()) -> list[T]:
    """The items in an order that the seed decides; pinned ones (by index) keep their place."""
    held = [index < len(pinned) and pinned[index] for index in range(len(items))]
    free = [item for item, is_held in zip(items, held, strict=True) if not is_held]
    random.Random(seed).shuffle(free)  # noqa: S311 - an order to show, not a secret
    rest = iter(free)
    return [item if is_held else next(rest) for item, is_held in zip(items, held, strict=True)]
