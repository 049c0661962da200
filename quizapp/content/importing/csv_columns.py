"""Which column of a CSV holds which part of a question. Pure, as are all of its functions.

Common fields and the usual parts of each kind have columns of their own; whatever does not fit
into them is written into the column `more`, as JSON. So every question that the parser takes can
be written, and reads back as the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from quizapp.content.problems import Step
from quizapp.grading import bounded_yaml

Cells = Mapping[str, str]
"""The texts of one row by their columns."""
Path = tuple[Step, ...]

MORE = "more"

_WORDS = ("id", "topic", "kind", "bloom", "docs")
_TEXTS = ("stem", "explanation", "back", "text", "pattern", "starter", "solution")
_FLAGS = ("scenario", "case_sensitive")
_LINES = ("accept", "distractors")
_PAIR = ("left", "right", "feedback")
_NUMBERS = range(1, 10)

ALWAYS = ("id", "topic", "kind", "version", "facts", "bloom", "stem", "explanation")
"""The columns that every file has which is written here."""

COLUMNS: tuple[str, ...] = (
    *("id", "topic", "kind", "version", "facts", "bloom", "scenario", "docs", "stem"),
    *("back", "text", "accept", "pattern", "case_sensitive", "correct", "pinned"),
    *(
        f"{part}_{number}"
        for number in _NUMBERS
        for part in ("option", "left", "right", "step", "feedback")
        if part in ("option", "feedback") or number <= 6
    ),
    *("distractors", "starter", "solution", MORE, "explanation"),
)
"""All columns, in the order in which they are written."""

_HOMES = {"options": "option_1", "pairs": "left_1", "steps": "step_1"}
_TRUE, _FALSE = {"true", "yes", "1"}, {"false", "no", "0"}
_BETWEEN = re.compile(r"[\s,;]+")


@dataclass(frozen=True, slots=True)
class Fields:
    """What one row says: plain data for the parser, and what is wrong with cells.

    `faults` are pairs of a column and a sentence; the data leaves out what those cells say.
    """

    raw: dict[str, Any] = field(default_factory=dict)
    faults: list[tuple[str, str]] = field(default_factory=list)
    places: dict[Path, str] = field(default_factory=dict)

    def column(self, path: Path) -> str:
        """The column of a part of the question, empty for the question as a whole."""
        if not path:
            return ""
        for length in range(len(path), 0, -1):
            if path[:length] in self.places:
                return self.places[path[:length]]
        name = str(path[0])
        return name if name in COLUMNS else _HOMES.get(name, MORE)


def fields_of(cells: Cells) -> Fields:
    """What the cells of one row say. Empty ones say nothing."""
    given = {name: _unix(text) for name, text in cells.items() if text.strip()}
    fields = Fields()
    raw = fields.raw
    raw.update({name: given[name].strip() for name in _WORDS if name in given})
    raw.update({name: given[name] for name in _TEXTS if name in given})
    raw.update({name: _lines(given[name]) for name in _LINES if name in given})
    if "facts" in given:
        raw["facts"] = _words(given["facts"])
    _read_version(given, fields)
    for name in _FLAGS:
        _read_flag(name, given, fields)
    _read_options(given, fields)
    _read_pairs(given, fields)
    if steps := _numbered(given, "step"):
        raw["steps"] = [given[f"step_{number}"] for number in steps]
        _note(fields, "steps", steps, {}, "step")
    _read_more(given, fields)
    return fields


def cells_of(source: Mapping[str, Any]) -> dict[str, str]:
    """The cells for a question's source, without empty ones: `fields_of` gives it again."""
    cells = dict(_cells(source))
    read = fields_of(cells).raw
    misfits = {name: value for name, value in source.items() if read.get(name) != value}
    if misfits:
        fitting = {name: value for name, value in source.items() if name not in misfits}
        cells = dict(_cells(fitting))
        cells[MORE] = json.dumps(misfits, ensure_ascii=False)
    return cells


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _words(text: str) -> list[str]:
    return [word for word in _BETWEEN.split(text) if word]


def _lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


def _numbered(given: Cells, *parts: str) -> list[int]:
    return [number for number in _NUMBERS if any(f"{part}_{number}" in given for part in parts)]


def _note(
    fields: Fields, name: str, numbers: Iterable[int], parts: Mapping[str, str], whole: str
) -> None:
    """Remembers in which columns the parts of a list stand."""
    for index, number in enumerate(numbers):
        fields.places[name, index] = f"{whole}_{number}"
        for part, column in parts.items():
            is_shared = column in COLUMNS
            fields.places[name, index, part] = column if is_shared else f"{column}_{number}"


def _read_version(given: Cells, fields: Fields) -> None:
    if "version" not in given:
        return
    text = given["version"].strip()
    if re.fullmatch("[0-9]{1,9}", text):
        fields.raw["version"] = int(text)
    else:
        fields.faults.append(("version", "write a whole number here"))


def _read_flag(name: str, given: Cells, fields: Fields) -> None:
    word = given.get(name, "no").strip().lower()
    if word in _TRUE:
        fields.raw[name] = True
    elif word not in _FALSE:
        fields.faults.append((name, "write true or false here"))


def _read_options(given: Cells, fields: Fields) -> None:
    numbers = _numbered(given, "option")
    marked = {
        "correct": _marked("correct", numbers, given, fields),
        "pinned": _marked("pinned", numbers, given, fields),
    }
    options: list[dict[str, Any]] = []
    for number in numbers:
        option: dict[str, Any] = {"text": given[f"option_{number}"]}
        option |= {mark: True for mark, those in marked.items() if number in those}
        if feedback := given.get(f"feedback_{number}"):
            option["feedback"] = feedback
        options.append(option)
    if options:
        fields.raw["options"] = options
        columns = {"text": "option", "feedback": "feedback"} | {mark: mark for mark in marked}
        _note(fields, "options", numbers, columns, "option")


def _marked(mark: str, numbers: list[int], given: Cells, fields: Fields) -> set[int]:
    """The numbers of the options that `correct` or `pinned` names."""
    words = _words(given.get(mark, ""))
    known = {str(number): number for number in numbers}
    for word in words:
        if word not in known:
            sentence = f"write the numbers of options, such as 1 3: there is no option {word[:20]}"
            fields.faults.append((mark, sentence))
    return {known[word] for word in words if word in known}


def _read_pairs(given: Cells, fields: Fields) -> None:
    numbers = _numbered(given, "left", "right")
    pairs = [
        {part: given[f"{part}_{number}"] for part in _PAIR if f"{part}_{number}" in given}
        for number in numbers
    ]
    if pairs:
        fields.raw["pairs"] = pairs
        _note(fields, "pairs", numbers, {part: part for part in _PAIR}, "left")
    for number in _numbered(given, "feedback"):
        if number not in numbers and f"option_{number}" not in given:
            sentence = f"there is no option or pair {number} that this could be said of"
            fields.faults.append((f"feedback_{number}", sentence))


def _read_more(given: Cells, fields: Fields) -> None:
    if MORE not in given:
        return
    try:
        documents = bounded_yaml.parse(given[MORE]).documents
    except bounded_yaml.YamlError as error:
        for each in error.problems:
            fields.faults.append((MORE, f"line {each.line} of the cell: {each.message}"))
        return
    more = documents[0] if documents else None
    if not isinstance(more, dict):
        fields.faults.append((MORE, "write fields here, such as `name: value`"))
        return
    for name, value in more.items():
        if name in fields.raw:
            sentence = f"`{name[:80]}` has a column of its own that is filled in: clear one of them"
            fields.faults.append((MORE, sentence))
        else:
            fields.raw[name] = value
            fields.places[name,] = MORE


def _cells(source: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Cells for whatever has columns. What does not fit may come out mangled."""
    for name, value in source.items():
        if name in _SEVERAL:
            yield from _SEVERAL[name](value)
        elif name in _SINGLE:
            yield name, _SINGLE[name](value)


def _pair_cells(pairs: list[dict[str, str]]) -> Iterator[tuple[str, str]]:
    for number, pair in enumerate(pairs, start=1):
        yield from ((f"{part}_{number}", text) for part, text in pair.items())


def _step_cells(steps: list[str]) -> Iterator[tuple[str, str]]:
    yield from ((f"step_{number}", text) for number, text in enumerate(steps, start=1))


def _option_cells(options: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for number, option in enumerate(options, start=1):
        yield f"option_{number}", option["text"]
        if "feedback" in option:
            yield f"feedback_{number}", option["feedback"]
    for mark in ("correct", "pinned"):
        numbers = [str(at) for at, option in enumerate(options, start=1) if option.get(mark)]
        if numbers:
            yield mark, " ".join(numbers)


_SEVERAL: dict[str, Callable[[Any], Iterator[tuple[str, str]]]] = {
    "options": _option_cells,
    "pairs": _pair_cells,
    "steps": _step_cells,
}
_SINGLE: dict[str, Callable[[Any], str]] = {
    "facts": " ".join,
    "version": str,
    **dict.fromkeys(_FLAGS, lambda value: "true" if value else ""),
    **dict.fromkeys(_LINES, "\n".join),
    **dict.fromkeys((*_WORDS, *_TEXTS), str),
}
