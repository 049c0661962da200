"""Plain data and its places from the events of a YAML parser, within limits."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import yaml

from quizapp.grading.text import as_code
from quizapp.grading.yaml_scalars import Scalar, resolve

_MOST_PROBLEMS = 20
_MOST_QUOTED = 80  # characters of the text, in a sentence about it

# Besides control characters: halves of surrogate pairs, the byte order mark, and the line
# separators that YAML counts as line breaks and text editors do not.
FORBIDDEN = re.compile(
    r"[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)

Step = str | int


@dataclass(frozen=True, slots=True)
class Limits:
    """How much YAML is read; the defaults suit a file of questions.

    `nodes` counts values (scalars, lists and mappings), `scalar` characters, and `depth` how
    many lists and mappings may lie in one another.
    """

    bytes: int = 2_000_000
    documents: int = 1
    depth: int = 40
    nodes: int = 200_000
    scalar: int = 20_000


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong; line and column count from 1, the message is a sentence."""

    line: int
    column: int
    message: str


@dataclass(slots=True)
class Place:
    """Line and column (from 1) of what one list or mapping holds, and the places within."""

    positions: dict[Step, tuple[int, int]] = field(default_factory=dict)
    within: dict[Step, Place] = field(default_factory=dict)


class StopReading(Exception):  # noqa: N818 - not an error of its own
    """Reading on would be useless or too expensive."""


_AWAITED: Any = object()
"""Stands for the key while a mapping waits for its next one."""


class Reader:
    """Builds plain data from parser events. All state of one `parse` call lives here.

    Events are untyped, as their type stubs call marks and values optional that never are.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.problems: list[Problem] = []
        self.documents: list[Any] = []
        self.place = Place()
        self.nodes = 0
        # The stream is treated as a list of documents: `holder` is the list or mapping being
        # filled, `place` says where its content stands, `key` is the field to be given a value.
        self.holder: Any = self.documents
        self.key: Any = None
        self.outer: list[tuple[Any, Place, Any]] = []
        self.handlers: dict[type[yaml.Event], Callable[[Any], None]] = {
            yaml.StreamStartEvent: self.ignore,
            yaml.StreamEndEvent: self.ignore,
            yaml.DocumentStartEvent: self.document,
            yaml.DocumentEndEvent: self.ignore,
            yaml.ScalarEvent: self.scalar,
            yaml.AliasEvent: self.alias,
            yaml.MappingStartEvent: self.mapping,
            yaml.MappingEndEvent: self.end,
            yaml.SequenceStartEvent: self.sequence,
            yaml.SequenceEndEvent: self.end,
        }

    def problem(self, mark: yaml.Mark, message: str) -> None:
        self.problems.append(Problem(mark.line + 1, mark.column + 1, message))
        if len(self.problems) >= _MOST_PROBLEMS:
            raise StopReading

    def refuse(self, mark: yaml.Mark, message: str) -> None:
        self.problem(mark, message)
        raise StopReading

    def ignore(self, event: yaml.Event) -> None:
        """The event says nothing that matters."""

    def document(self, event: Any) -> None:
        if len(self.documents) >= self.limits.documents:
            most = self.limits.documents
            plural = "document is" if most == 1 else "documents are"
            self.refuse(event.start_mark, f"At most {most} {plural} allowed; another starts here.")

    def scalar(self, event: Any) -> None:
        mark, text = event.start_mark, event.value
        if event.tag is not None or event.anchor is not None:
            self.decorated(event)
        if len(text) > self.limits.scalar:
            most = f"{self.limits.scalar:,}"
            self.problem(mark, f"This text is too long: at most {most} characters are allowed.")
        if event.style == '"' and FORBIDDEN.search(text):
            self.problem(mark, "This text contains an escape for a character that cannot be seen.")
        value: Scalar = text
        if event.implicit[0]:
            try:
                value = resolve(text)
            except ValueError as error:
                self.problem(mark, str(error))
        if self.key is _AWAITED:
            self.name(mark, value, text, is_plain=event.implicit[0])
        else:
            self.add(mark, value)

    def name(self, mark: yaml.Mark, value: Any, text: str, *, is_plain: bool) -> None:
        """Takes a scalar as the key of the mapping being filled."""
        if type(value) is not str:
            self.problem(mark, _key_message(value, text))
        elif text == "<<" and is_plain:
            self.problem(mark, "Merge keys (`<<`) are not allowed; write the fields out.")
        elif text in self.holder:
            first, _ = self.place.positions[text]
            name = as_code(text, _MOST_QUOTED)
            self.problem(mark, f"{name} is given twice, first on line {first}.")
        self.key = text
        self.place.positions.setdefault(text, (mark.line + 1, mark.column + 1))

    def add(self, mark: yaml.Mark, value: Any) -> Step:
        """Puts a value where the next one is expected; its index or the name of its field."""
        self.nodes += 1
        if self.nodes > self.limits.nodes:
            self.refuse(mark, f"There are too many values: at most {self.limits.nodes:,} are read.")
        key: Step = self.key
        if key is None:
            key = len(self.holder)
            self.place.positions[key] = (mark.line + 1, mark.column + 1)
            self.holder.append(value)
        else:
            self.holder[key] = value
            self.key = _AWAITED
        return key

    def mapping(self, event: Any) -> None:
        self.begin(event, {}, _AWAITED)

    def sequence(self, event: Any) -> None:
        self.begin(event, [], None)

    def begin(self, event: Any, holder: Any, key: Any) -> None:
        mark = event.start_mark
        if event.tag is not None or event.anchor is not None:
            self.decorated(event)
        if self.key is _AWAITED:
            self.refuse(
                mark, "A field's name has to be text. Quote text that starts with a bracket."
            )
        if len(self.outer) >= self.limits.depth:
            most = self.limits.depth
            self.refuse(mark, f"This is nested too deeply: at most {most} levels are allowed.")
        place = self.place.within[self.add(mark, holder)] = Place()
        self.outer.append((self.holder, self.place, self.key))
        self.holder, self.place, self.key = holder, place, key

    def end(self, _event: yaml.CollectionEndEvent) -> None:
        self.holder, self.place, self.key = self.outer.pop()

    def alias(self, event: Any) -> None:
        alias = as_code(f"*{event.anchor}", _MOST_QUOTED)
        message = f"{alias} is an alias, which is not allowed. Write the value out,"
        self.problem(event.start_mark, f"{message} or quote it if it is text.")
        if self.key is _AWAITED:
            raise StopReading
        self.add(event.start_mark, None)

    def decorated(self, event: Any) -> None:
        if event.anchor is not None:
            what = f"{as_code(f'&{event.anchor}', _MOST_QUOTED)} is an anchor"
        else:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            what = f"{as_code(tag, _MOST_QUOTED)} is a tag"
        self.problem(event.start_mark, f"{what}, which is not allowed; quote it if it is text.")


def _key_message(value: Any, text: str) -> str:
    if value is None:
        return "A field's name is missing here, or is an unquoted null."
    what = "true or false" if isinstance(value, bool) else "a number"
    return f"The name {as_code(text, _MOST_QUOTED)} means {what} in YAML; quote it."
