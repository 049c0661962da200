"""CSV files as spreadsheets read them: known for UTF-8, and free of formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

BOM = "\ufeff"
"""The mark by which spreadsheets know UTF-8."""

_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_pieces(columns: Iterable[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """RFC 4180, a line at a time: the names of the columns, then the rows."""
    line = io.StringIO(newline="")
    writer = csv.writer(line)
    writer.writerow(columns)
    yield BOM + _taken(line)
    for row in rows:
        writer.writerow(harmless(value) for value in row)
        yield _taken(line)


def harmless(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula, with a mark that makes it text."""
    if isinstance(value, str) and value.startswith(_FORMULAS):
        return f"'{value}"
    return value


def _taken(line: io.StringIO) -> str:
    text = line.getvalue()
    line.seek(0)
    line.truncate()
    return text
