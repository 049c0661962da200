"""CSV files as spreadsheets read them: known for UTF-8, and free of formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from quizapp.content.importing.csv_rows import defused

BOM = "\ufeff"
"""The mark by which spreadsheets know UTF-8."""


def csv_pieces(columns: Iterable[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """RFC 4180, a line at a time: the names of the columns, then the rows.

    Texts are in quotes. Where the comma is for decimals, spreadsheets divide a line at its
    semicolons, and what follows one within a text would be a cell of its own, and a formula.
    """
    line = io.StringIO(newline="")
    writer = csv.writer(line, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow(columns)
    yield BOM + _taken(line)
    for row in rows:
        writer.writerow(harmless(value) for value in row)
        yield _taken(line)


def harmless(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula, with a mark that makes it text."""
    return defused(value) if isinstance(value, str) else value


def _taken(line: io.StringIO) -> str:
    text = line.getvalue()
    line.seek(0)
    line.truncate()
    return text
