"""CSV files of questions, one a row: read with everything that is wrong, and written. Pure.

The first row names the columns of `csv_columns`. Cells that a spreadsheet would take for a
formula are written behind an apostrophe, which is taken off again when they are read.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from quizapp.content.importing.csv_columns import ALWAYS, COLUMNS, Fields, Path, cells_of, fields_of
from quizapp.content.problems import ContentError, Place, Problem

MOST_ROWS = 2000
MOST_COLUMNS = 100
_MOST_PROBLEMS = 20
_DELIMITERS = ",;\t"
_NEEDED = ("id", "kind")

# What makes a formula of a cell in some spreadsheet, be it behind apostrophes or spaces, and be the
# sign of double width, as spreadsheets in East Asia read it.
_FORMULA = re.compile(r"'*\s*[=+\-@\t\r\n＝＋－＠]")


def defused(cell: str) -> str:
    """The text for a cell, which no spreadsheet takes for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def undefused(cell: str) -> str:
    """The text that `defused` was given. A cell that it would have left alone stays as it is."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


@dataclass(frozen=True, slots=True)
class CellPlace(Place):
    """A place in a CSV, whose fields are columns."""

    column: Callable[[Path], str] = lambda _path: ""

    @property
    def field(self) -> str:
        return self.column(self.path)


@dataclass(frozen=True, slots=True)
class CsvRow:
    """One question. `number` is the row's in a spreadsheet, where the names of columns are row 1.

    `faults` are problems of its cells, which the parser does not see.
    """

    number: int
    place: Place
    raw: dict[str, Any]
    faults: tuple[Problem, ...]


def read(text: str, file: str) -> list[CsvRow]:
    """The questions of a CSV. Raises ContentError where the file as a whole is no such thing."""
    records = _records(text, Place(file))
    number, line, header = next(records, (0, 0, []))
    if not number:
        raise ContentError([Place(file).error("the file is empty")])
    names = _names(header, _at(file, line))
    rows: list[CsvRow] = []
    for number, line, record in records:
        if len(rows) == MOST_ROWS:
            message = f"split the file: at most {MOST_ROWS:,} questions are read at once"
            raise ContentError([_at(file, line).error(message)])
        rows.append(_row(number, _at(file, line), names, record))
    if not rows:
        raise ContentError([_at(file, line).error("there is no question below the columns' names")])
    return rows


def write(sources: Iterable[Mapping[str, Any]]) -> str:
    """A CSV of these questions, in which `read` finds the same. Lines end as spreadsheets want."""
    rows = [cells_of(source) for source in sources]
    used = set(ALWAYS).union(*rows)
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    columns = [name for name in COLUMNS if name in used]
    writer.writerow(columns)
    writer.writerows([defused(row.get(name, "")) for name in columns] for row in rows)
    return file.getvalue()


def _at(file: str, line: int) -> Place:
    return Place(file, lambda _path: line)


def _records(text: str, place: Place) -> Iterator[tuple[int, int, list[str]]]:
    """Each record that says anything, with its number and the line on which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    number, line = 0, 1
    while True:
        number, line = number + 1, reader.line_num + 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise ContentError([_at(place.file, line).error(_sentence(error))]) from None
        if any(cell.strip() for cell in record):
            yield number, line, record


def _delimiter(text: str) -> str:
    """What the first line has most of: some spreadsheets write semicolons or tabs."""
    first = text.lstrip("\r\n")[:10_000].splitlines()[:1]
    return max(_DELIMITERS, key=first[0].count) if first else ","


def _sentence(error: csv.Error) -> str:
    text = str(error)
    if text == "unexpected end of data":
        return "a cell of this row opens with a quote that is never closed"
    if text.startswith("field larger"):
        return "a cell of this row is too long; perhaps it opens with a quote that is never closed"
    if "expected after" in text:
        return "a cell of this row goes on after its closing quote; double the quotes within it"
    return f"this row cannot be read: {text}"


def _names(header: Sequence[str], place: Place) -> list[str]:
    names = [undefused(cell).strip().lower() for cell in header]
    while names and not names[-1]:
        names.pop()
    if len(names) > MOST_COLUMNS:
        message = f"there are {len(names):,} columns; at most {MOST_COLUMNS} are read"
        raise ContentError([place.error(message)])
    problems = [place.error(message) for message in _header_problems(names)]
    if problems:
        raise ContentError(problems[:_MOST_PROBLEMS])
    return names


def _header_problems(names: list[str]) -> Iterator[str]:
    for number, name in enumerate(names, start=1):
        if not name:
            yield f"column {number} has no name"
        elif name not in COLUMNS:
            likely = get_close_matches(name[:80], COLUMNS, n=1)
            hint = f"; did you mean `{likely[0]}`?" if likely else ""
            yield f"`{name[:80]}` is not a column of questions{hint}"
    for name, times in Counter(names).items():
        if times > 1 and name:
            places = [str(number) for number, each in enumerate(names, start=1) if each == name]
            yield f"`{name[:80]}` is the name of the columns {' and '.join(places[:5])}; keep one"
    for name in _NEEDED:
        if name not in names:
            yield f"there is no column `{name}`"


def _row(number: int, place: Place, names: list[str], record: Sequence[str]) -> CsvRow:
    cells = {name: undefused(cell) for name, cell in zip(names, record, strict=False)}
    fields: Fields = fields_of(cells)
    within = CellPlace(place.file, place.locate, column=fields.column)
    faults = [
        Problem(place.file, place.line, column, sentence) for column, sentence in fields.faults
    ]
    if any(cell.strip() for cell in record[len(names) :]):
        message = "has more cells than there are columns; put a text with commas in quotes"
        faults.append(place.error(message))
    return CsvRow(number, within, fields.raw, tuple(faults))
