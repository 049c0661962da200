"""YAML from people one does not know: bounded, located, and only plain data.

The text is read as one stream of parser events, which nothing in it can make recurse or grow.
Whatever has no place in a manifest or a topic file (aliases, tags, merge keys, keys that are
not text) is refused with a sentence, and every value keeps the line it came from.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from quizapp.grading.yaml_reader import FORBIDDEN, Limits, Place, Problem, Reader, Step, StopReading
from quizapp.grading.yaml_sentences import syntax_problem

__all__ = [
    "FILE_LIMITS",
    "Limits",
    "Parsed",
    "Problem",
    "Step",
    "YamlError",
    "checked_text",
    "parse",
]

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

FILE_LIMITS = Limits()


class YamlError(ValueError):
    """The text was refused; `problems` holds at least one problem, in the order of the text."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(f"line {each.line}: {each.message}" for each in problems))


@dataclass(frozen=True, slots=True)
class Parsed:
    """`documents` holds plain dicts, lists, strings, numbers, booleans and None."""

    documents: list[Any]
    _place: Place

    def position(self, document: int, path: Sequence[Step]) -> tuple[int, int]:
        """Line and column (from 1) of a field's name or a list's item, or of its nearest parent.

        `document` is an index into `documents`, `path` the keys and indices below it.
        """
        position = (1, 1)
        place: Place | None = self._place
        for step in (document, *path):
            if place is None or step not in place.positions:
                break
            position, place = place.positions[step], place.within.get(step)
        return position

    def locate(self, document: int, path: Sequence[Step]) -> int:
        """The line of `position`."""
        return self.position(document, path)[0]


def parse(source: str | bytes, limits: Limits = FILE_LIMITS) -> Parsed:
    """The documents in a text, or YamlError with every problem that could be found."""
    text = checked_text(source, limits)
    reader = Reader(limits)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            reader.handlers[type(event)](event)
    except StopReading:
        pass
    except yaml.YAMLError as error:
        reader.problems.append(Problem(*syntax_problem(error, text)))
    if reader.problems:
        raise YamlError(reader.problems)
    return Parsed(reader.documents, reader.place)


def checked_text(source: str | bytes, limits: Limits = FILE_LIMITS) -> str:
    """The text, once it is known to be UTF-8 of a bearable size without odd characters."""
    if len(source) > limits.bytes:
        raise YamlError([Problem(1, 1, _too_large(limits))])
    if isinstance(source, bytes):
        try:
            text = source.decode()
        except UnicodeDecodeError as error:
            line, column = _position(source[: error.start].decode(), error.start)
            message = "This is not UTF-8. Save the file with the encoding UTF-8."
            raise YamlError([Problem(line, column, message)]) from None
    else:
        text = source
    odd = FORBIDDEN.search(text)
    if odd:
        raise YamlError([Problem(*_position(text, odd.start()), _odd_character(odd))])
    if isinstance(source, str) and len(text.encode()) > limits.bytes:
        raise YamlError([Problem(1, 1, _too_large(limits))])
    return text


def _too_large(limits: Limits) -> str:
    return f"The text is too large: at most {limits.bytes // 1000} KB are read."


def _position(text: str, offset: int) -> tuple[int, int]:
    start = text.rfind("\n", 0, offset) + 1
    return text.count("\n", 0, offset) + 1, offset - start + 1


def _odd_character(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code == 0xFEFF:
        return "There is a byte order mark here. Save the text as UTF-8 without one."
    return f"There is a character here that cannot be seen (U+{code:04X}). Delete it."
