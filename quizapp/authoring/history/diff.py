"""What changed from one version of a question to the next, field by field and word by word. Pure.

Rows of a list, such as options, are matched by what they say, so that a row that was put in
between does not make all below it look changed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from quizapp.authoring.edit.kinds import label_of
from quizapp.content.editing.merging import Path
from quizapp.content.schema import Source

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
_MOST_COMPARED = 1_000_000
"""Texts of so many lines or words, multiplied, are not compared but shown one after the other."""
_ALIKE = 0.5
"""Rows that have so much in common are one row that was edited."""
_AROUND = 120
"""So many characters are kept on each side of a change; what is further away is left out."""


class Fate(StrEnum):
    """What became of a piece of text."""

    KEPT = "kept"
    ADDED = "added"
    REMOVED = "removed"
    SKIPPED = "skipped"
    """Kept, but too long to be shown."""


@dataclass(frozen=True, slots=True)
class Piece:
    fate: Fate
    text: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that changed. The pieces are in the order in which they are read."""

    label: str
    pieces: tuple[Piece, ...]


def field_changes(old: Source, new: Source) -> list[FieldChange]:
    """Every field in which two versions of a question differ, in the order of the new one.

    The version is left out, since it says what kind of change it is. Never raises for JSON data.
    """
    kind = str(new.get("kind") or old.get("kind") or "")
    names = [name for name in dict.fromkeys([*new, *old]) if name != "version"]
    return [
        FieldChange(label(kind, path), pieces(_text(before), _text(after)))
        for name in names
        for path, before, after in _differences(old.get(name), new.get(name), (name,))
    ]


def label(kind: str, path: Path) -> str:
    """A field as the form of its kind calls it; by its own name where the form knows none."""
    try:
        return label_of(kind, path)
    except KeyError:
        return str(path[0]).replace("_", " ").capitalize()


def pieces(old: str, new: str) -> tuple[Piece, ...]:
    """The changed words of a text, and what stands around them.

    Put together, all pieces but those added are `old`, and all but those removed are `new`.
    """
    changed: list[Piece] = []
    lines = old.splitlines(keepends=True), new.splitlines(keepends=True)
    for fate, before, after in _compared(*lines):
        if fate is None:
            words = _compared(_WORDS.findall(before), _WORDS.findall(after))
            for inner, one, other in words:
                changed += _pieces(inner, one, other)
        else:
            changed += _pieces(fate, before, after)
    return tuple(_joined(changed))


def abridged(whole: Sequence[Piece]) -> list[Piece]:
    """The same pieces, where long stretches of what was kept are cut down to their ends."""
    return [each for index, piece in enumerate(whole) for each in _cut(piece, index, len(whole))]


def _compared(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[Fate | None, str, str]]:
    """Stretches of text in order: kept, added, removed, or one replaced by another (None)."""
    if len(old) * len(new) > _MOST_COMPARED:
        yield Fate.REMOVED, "".join(old), ""
        yield Fate.ADDED, "", "".join(new)
        return
    fates = {"equal": Fate.KEPT, "insert": Fate.ADDED, "delete": Fate.REMOVED, "replace": None}
    matcher = SequenceMatcher(str.isspace, old, new)
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        yield fates[tag], "".join(old[start:end]), "".join(new[new_start:new_end])


def _pieces(fate: Fate | None, before: str, after: str) -> Iterator[Piece]:
    match fate:
        case Fate.ADDED:
            yield Piece(Fate.ADDED, after)
        case None:
            yield Piece(Fate.REMOVED, before)
            yield Piece(Fate.ADDED, after)
        case _:
            yield Piece(fate, before)


def _joined(parts: Sequence[Piece]) -> Iterator[Piece]:
    """Changes with only a space between them become one, which reads better word by word."""
    removed = added = kept = ""
    for piece in parts:
        if piece.fate is Fate.KEPT and not (piece.text == " " and (removed or added)):
            yield from _change(removed, added, kept)
            removed = added = kept = ""
            yield piece
        elif piece.fate is Fate.KEPT:
            kept += piece.text
        else:
            removed, added, kept = removed + kept, added + kept, ""
            if piece.fate is Fate.REMOVED:
                removed += piece.text
            else:
                added += piece.text
    yield from _change(removed, added, kept)


def _change(removed: str, added: str, kept: str) -> Iterator[Piece]:
    if removed:
        yield Piece(Fate.REMOVED, removed)
    if added:
        yield Piece(Fate.ADDED, added)
    if kept:
        yield Piece(Fate.KEPT, kept)


def _cut(piece: Piece, index: int, number: int) -> Iterator[Piece]:
    text = piece.text
    is_first, is_last = index == 0, index == number - 1
    if piece.fate is not Fate.KEPT or len(text) <= 3 * _AROUND:
        yield piece
        return
    if not is_first:
        yield Piece(Fate.KEPT, text[:_AROUND])
    yield Piece(Fate.SKIPPED, " … ")
    if not is_last:
        yield Piece(Fate.KEPT, text[-_AROUND:])


def _differences(old: Any, new: Any, path: Path) -> Iterator[tuple[Path, Any, Any]]:
    if _canonical(old) == _canonical(new):  # unlike ==, it tells 1 from true
        return
    if isinstance(old, dict) and isinstance(new, dict) and not _is_value(path):
        for name in dict.fromkeys([*new, *old]):
            yield from _differences(old.get(name), new.get(name), (*path, name))
    elif isinstance(old, list) and isinstance(new, list) and len(path) == 1:
        yield from _rows(old, new, path)
    elif isinstance(new, list) and old is None and len(path) == 1:
        yield from (((*path, index), None, row) for index, row in enumerate(new))
    elif isinstance(old, list) and new is None and len(path) == 1:
        yield from (((*path, index), row, None) for index, row in enumerate(old))
    else:
        yield path, old, new


def _is_value(path: Path) -> bool:
    """Whether it stands below a row's field, such as the value that a check compares with."""
    return len(path) > 2


def _rows(old: list[Any], new: list[Any], path: Path) -> Iterator[tuple[Path, Any, Any]]:
    before, after = [_canonical(row) for row in old], [_canonical(row) for row in new]
    if sorted(before) == sorted(after):
        yield path, [_head(row) for row in old], [_head(row) for row in new]
        return
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag != "equal":
            pairs = _paired(before[start:end], after[new_start:new_end])
            for one, other in pairs:
                gone = None if one is None else old[start + one]
                come = None if other is None else new[new_start + other]
                index = start + (one or 0) if other is None else new_start + other
                if gone is None or come is None or not isinstance(gone, dict):
                    yield (*path, index), gone, come
                else:
                    yield from _differences(gone, come, (*path, index))


def _paired(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int | None, int | None]]:
    """Which old row became which new one, both in their order. None: it came new, or is gone."""
    at = 0
    for index, row in enumerate(old):
        likeness = [(_likeness(row, new[other]), -other) for other in range(at, len(new))]
        best, place = max(likeness, default=(0.0, 0))
        is_only = len(old) == len(new) == 1
        if best >= _ALIKE or is_only:
            yield from ((None, other) for other in range(at, -place))
            yield index, -place
            at = 1 - place
        else:
            yield index, None
    yield from ((None, other) for other in range(at, len(new)))


def _likeness(one: str, other: str) -> float:
    """The share of words in common, from 0 to 1."""
    words, others = set(_WORDS.findall(one)), set(_WORDS.findall(other))
    return len(words & others) / max(1, len(words | others))


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def _head(row: Any) -> str:
    """The line by which a row is known."""
    return _text(next(iter(row.values()), "") if isinstance(row, dict) else row).strip()


def _text(value: Any) -> str:
    """A field's value for people: texts as they are, lists with a line for each item."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "yes" if value else "no"
        case list():
            return "\n".join(map(_text, value))
        case dict():
            return "\n".join(f"{name}: {_text(each)}" for name, each in value.items())
    return json.dumps(value, ensure_ascii=False)
