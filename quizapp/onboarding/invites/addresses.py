"""E-mail addresses out of what a lead types, pastes or uploads. Pure.

Whatever holds one address a row is read: a plain list, a row of addresses as mail programs write
it, with names or without, or a table whose first row names its columns.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quizapp.teams.domains import is_domain

MOST_BYTES = 64 * 1024
MOST_ADDRESSES = 200
LONGEST_ADDRESS, LONGEST_LOCAL = 254, 64
"""Characters of all of it, and of what is before the @ (RFC 5321)."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SEPARATOR_LINE = re.compile(r"sep=.\n", re.IGNORECASE)  # by which Excel is told the delimiter
_DELIMITERS = ",;\t|"
_DELIMITER = re.compile(f"[{_DELIMITERS}]")
_COLUMNS = ("email", "emailaddress", "emailaddresses", "mail", "mailaddress", "address")

_LOCAL = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*", re.ASCII)
_IN_ANGLES = re.compile(r"<([^<>]*)>")
_LIKE_AN_ADDRESS = re.compile(r"\S+\.[^\W\d_]{2,}|.*[\[(<{]\s*at\s*[\])>}].*", re.IGNORECASE)
_LONGEST_QUOTED = 80


class UnreadableError(ValueError):
    """The whole of it cannot be read; the text is a sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Fault:
    """`line` counts from 1; `text` is what stands there, shortened, and "" for nothing."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Addresses:
    """`found` has each address once, in lower case and in the order given, with its line."""

    found: dict[str, int]
    faults: tuple[Fault, ...]


def text_of(data: bytes) -> str:
    """The text of a file, in whichever encoding a spreadsheet has saved it.

    Names in older encodings may come out wrong; addresses do not. Raises UnreadableError.
    """
    if len(data) > MOST_BYTES:
        raise UnreadableError(too_large())
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            text = data.decode(encoding, errors="replace")
            break
    else:
        try:
            text = data.decode()
        except UnicodeDecodeError:
            text = data.decode("cp1252", errors="replace")
    if _CONTROL.search(text):
        raise UnreadableError(
            "That is not a text file. Save the list as CSV or as plain text, and choose that file."
        )
    return text


def too_large() -> str:
    return f"Split the list: more than {MOST_BYTES // 1024} KB is not read at once."


def read(text: str) -> Addresses:
    """The addresses in a text of at most MOST_BYTES, and every place that should have one."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    offset = 0
    if _SEPARATOR_LINE.match(text):
        offset, text = 1, text.partition("\n")[2]
    records = [(line + offset, record) for line, record in _records(text)]
    found: dict[str, int] = {}
    faults: list[Fault] = []
    column = _column(records[0][1]) if records else None
    for line, record in records if column is None else records[1:]:
        addresses, wrong = _in_row(record) if column is None else _in_column(record, column)
        for address in addresses:
            found.setdefault(address, line)
        faults += [Fault(line, _shortened(each)) for each in wrong]
    return Addresses(found, tuple(faults))


def is_address(text: str) -> bool:
    """Whether mail could be sent there: `local@domain.tld` without quotes, at most 254 long."""
    local, _, domain = text.rpartition("@")
    is_local = len(local) <= LONGEST_LOCAL and _LOCAL.fullmatch(local) is not None
    return len(text) <= LONGEST_ADDRESS and is_local and is_domain(domain.lower())


def _records(text: str) -> Iterator[tuple[int, Sequence[str]]]:
    """Each row that says anything, with the line on which it begins."""
    file = io.StringIO(text, newline="")
    reader = csv.reader(file, delimiter=_delimiter(text), skipinitialspace=True)
    line = 1
    for record in reader:
        cells = [cell.strip() for cell in record]
        if any(cells):
            yield line, cells
        line = reader.line_num + 1


def _delimiter(text: str) -> str:
    first = text.lstrip("\n").partition("\n")[0]
    return max(_DELIMITERS, key=first.count)


def _column(header: Sequence[str]) -> int | None:
    """Which column holds the addresses, if this row names the columns."""
    if any("@" in cell for cell in header):
        return None
    names = [re.sub(r"[\s_-]", "", cell).lower() for cell in header]
    return next((names.index(name) for name in _COLUMNS if name in names), None)


def _in_column(record: Sequence[str], column: int) -> tuple[list[str], list[str]]:
    cell = record[column] if column < len(record) else ""
    addresses, wrong = _in_cell(cell)
    return (addresses, wrong) if addresses or wrong else ([], [cell])


def _in_row(record: Sequence[str]) -> tuple[list[str], list[str]]:
    """One address with whatever is said beside it, or several with nothing else."""
    addresses: list[str] = []
    wrong: list[str] = []
    beside: list[str] = []
    for cell in _split_on(record):
        if "@" in cell:
            more, faulty = _in_cell(cell)
            addresses += more
            wrong += faulty
        elif cell:
            beside.append(cell)
    is_list = len(addresses) + len(wrong) != 1
    wrong += [cell for cell in beside if is_list or _LIKE_AN_ADDRESS.fullmatch(cell)]
    return addresses, wrong


def _split_on(record: Sequence[str]) -> Iterator[str]:
    """The cells, without other delimiters in them than those within somebody's name."""
    for cell in record:
        is_named = "<" in cell and cell.count("@") == 1
        yield from [cell] if is_named else map(str.strip, _DELIMITER.split(cell))


def _in_cell(cell: str) -> tuple[list[str], list[str]]:
    """The addresses in `a@b.c`, `Ann <a@b.c>`, `Ann a@b.c` or `a@b.c d@e.f`."""
    parts = _IN_ANGLES.findall(cell) or [word for word in cell.split() if "@" in word]
    good: list[str] = []
    wrong: list[str] = []
    for part in parts:
        address = part.strip(" \t\"'()[]<>,;").removeprefix("mailto:")
        if is_address(address):
            good.append(address.lower())
        else:
            wrong.append(part)
    return good, wrong


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST_QUOTED else f"{text[: _LONGEST_QUOTED - 1]}…"
