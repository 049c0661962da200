"""Paths into a manifest, such as `spec.containers[name=web].ports[*].containerPort`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from quizapp.grading.text import as_code
from quizapp.grading.yaml_reader import Step

Located = tuple[tuple[Step, ...], Any]
"""A value with the keys and indices that lead to it."""

_PIECE = re.compile(
    r"""
      (?P<dot>\.)? (?P<key> [^.\[\]"=\s]+ )
    | \[" (?P<quoted> [^"]+ ) "\]
    | \[ (?P<index> [0-9]{1,6} ) \]
    | \[ (?P<any> \* ) \]
    | \[ (?P<field> [^.\[\]"=\s]+ (?: \. [^.\[\]"=\s]+ )* ) = (?P<value> [^\[\]]+ ) \]
    """,
    re.VERBOSE,
)
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class _Key:
    name: str

    def within(self, value: Any) -> Iterator[tuple[Step, Any]]:
        if isinstance(value, dict) and self.name in value:
            yield self.name, value[self.name]


@dataclass(frozen=True, slots=True)
class _Index:
    index: int

    def within(self, value: Any) -> Iterator[tuple[Step, Any]]:
        if isinstance(value, list) and self.index < len(value):
            yield self.index, value[self.index]


@dataclass(frozen=True, slots=True)
class _Any:
    def within(self, value: Any) -> Iterator[tuple[Step, Any]]:
        if isinstance(value, list):
            yield from enumerate(value)


@dataclass(frozen=True, slots=True)
class _Where:
    field: tuple[_Key, ...]
    value: str

    def within(self, value: Any) -> Iterator[tuple[Step, Any]]:
        if isinstance(value, list):
            for index, item in enumerate(value):
                found = _follow(self.field, item)
                if found and printed(found[0][1]) == self.value:
                    yield index, item


_Piece = _Key | _Index | _Any | _Where


@dataclass(frozen=True, slots=True)
class Path:
    """A compiled path."""

    pieces: tuple[_Piece, ...]

    def resolve(self, document: Any) -> list[Located]:
        """Every value the path leads to; nulls count as absent, so they are left out."""
        return _follow(self.pieces, document)


def _follow(pieces: tuple[_Piece, ...], document: Any) -> list[Located]:
    found: list[Located] = [((), document)]
    for piece in pieces:
        found = [
            ((*path, step), inner)
            for path, value in found
            for step, inner in piece.within(value)
            if inner is not None
        ]
    return found


@cache
def compile_path(text: str) -> Path:
    """The path in a text. Raises ValueError with a sentence where it cannot be read.

    Dotted keys; `["a.quoted.key"]`; `[0]` for the first item of a list; `[*]` for any item;
    `[field=value]` for the items of a list whose (dotted) field prints as the value.
    """
    pieces: list[_Piece] = []
    at = 0
    while at < len(text):
        match = _PIECE.match(text, at)
        if not match or (match["key"] and bool(match["dot"]) != bool(pieces)):
            raise ValueError(
                f"write a path such as spec.containers[name=web].image; "
                f"{text!r} cannot be read from {text[at:]!r} on"
            )
        pieces.append(_piece(match))
        at = match.end()
    if not pieces:
        raise ValueError("write a path such as spec.containers[name=web].image, it is empty")
    return Path(tuple(pieces))


def _piece(match: re.Match[str]) -> _Piece:
    if name := match["key"] or match["quoted"]:
        return _Key(name)
    if match["index"]:
        return _Index(int(match["index"]))
    if match["any"]:
        return _Any()
    return _Where(tuple(_Key(name) for name in match["field"].split(".")), match["value"])


def printed(value: Any) -> str | None:
    """A scalar as YAML writes it, None for a list, a mapping or null."""
    match value:
        case bool():
            return "true" if value else "false"
        case str() | int() | float():
            return str(value)
        case _:
            return None


def path_code(path: tuple[Step, ...]) -> str:
    """Markdown code that shows where in a manifest something stands."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif _BARE_KEY.fullmatch(step):
            text += f".{step}" if text else step
        else:
            text += f'["{step}"]'
    return as_code(text)
