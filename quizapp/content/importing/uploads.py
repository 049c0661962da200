"""Files of questions from people's computers, taken apart into plain data. Pure.

Nothing in them is trusted: their size, their encoding and what they claim to be are looked at
first, and YAML is read by the bounded parser only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from quizapp.content.importing import csv_rows
from quizapp.content.parsing.files import LIMITS, parse_yaml, yaml_problems
from quizapp.content.problems import ContentError, Place, Problem
from quizapp.content.schema import Topic
from quizapp.grading import bounded_yaml

MOST_BYTES = LIMITS.bytes
MOST_QUESTIONS = csv_rows.MOST_ROWS

_YAML, _CSV = (".yaml", ".yml", ".json"), (".csv", ".tsv")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_DISGUISED = {
    b"PK": "a zip file or a spreadsheet in its own format",
    b"\xd0\xcf\x11\xe0": "a spreadsheet or document in its own format",
    b"\x1f\x8b": "a compressed file",
    b"%PDF": "a PDF",
}
_COPY = re.compile(r" ?\(\d{1,4}\)$")  # what browsers add to the name of a second download


@dataclass(frozen=True, slots=True)
class Upload:
    """`topic` is the slug for questions that name none, "" for that of a topic file's name."""

    name: str
    data: bytes
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """One question as the file has it, of whatever type, and what is wrong with its cells.

    `row` is its number in a spreadsheet, None in YAML.
    """

    place: Place
    raw: Any
    row: int | None = None
    faults: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Contents:
    """What an upload holds. `topic` is the slug for questions that name none.

    `about` has the fields of a topic file other than its questions.
    """

    given: tuple[Given, ...]
    topic: str
    about: dict[str, Any]
    place: Place


def read(upload: Upload) -> Contents:
    """The questions in an upload, not parsed yet.

    Raises ContentError where the file as a whole cannot be read, with every reason.
    """
    place = Place(upload.name)
    suffix = PurePath(upload.name).suffix.lower()
    if len(upload.data) > MOST_BYTES:
        raise ContentError([place.error(too_large())])
    for start, what in _DISGUISED.items():
        if upload.data.startswith(start):
            message = f"this is {what}: save it as “CSV UTF-8” and bring in that file"
            raise ContentError([place.error(message)])
    if suffix not in _YAML + _CSV:
        raise ContentError([place.error("choose a file that ends with .yaml, .yml or .csv")])
    data = upload.data.removeprefix(_BYTE_ORDER_MARK)
    if suffix in _CSV:
        return _from_csv(upload, data)
    return _from_yaml(upload, data)


def too_large() -> str:
    return f"split the file: it is larger than {MOST_BYTES // 1_000_000} MB"


def _from_csv(upload: Upload, data: bytes) -> Contents:
    place = Place(upload.name)
    try:
        text = bounded_yaml.checked_text(data, LIMITS)
    except bounded_yaml.YamlError as error:
        raise ContentError(yaml_problems(error, place)) from None
    rows = csv_rows.read(text, upload.name)
    given = tuple(Given(row.place, row.raw, row.number, row.faults) for row in rows)
    return Contents(given, upload.topic, {}, place)


def _from_yaml(upload: Upload, data: bytes) -> Contents:
    place, raw = parse_yaml(data, Place(upload.name))
    about: dict[str, Any] = {}
    topic, items = upload.topic, raw
    prefix: tuple[str, ...] = ()
    if isinstance(raw, dict) and "questions" in raw:
        about = {name: value for name, value in raw.items() if name != "questions"}
        unknown = [name for name in about if name not in Topic.model_fields]
        if unknown:
            raise ContentError(
                place.at(name).error("is not a field of a topic") for name in unknown
            )
        topic = topic or _COPY.sub("", PurePath(upload.name).stem)
        prefix, items = ("questions",), raw["questions"]
    elif isinstance(raw, dict) and "kind" in raw:
        return Contents((Given(place, raw),), topic, about, place)
    if not isinstance(items, list):
        message = "write a list of questions here, or a topic as in its file"
        raise ContentError([place.at(*prefix).error(message)])
    if not items:
        raise ContentError([place.at(*prefix).error("there is no question in the list")])
    if len(items) > MOST_QUESTIONS:
        message = f"split the file: at most {MOST_QUESTIONS:,} questions are read at once"
        raise ContentError([place.at(*prefix).error(message)])
    given = tuple(Given(_within(place, *prefix, index), item) for index, item in enumerate(items))
    return Contents(given, topic, about, place)


def _within(place: Place, *prefix: str | int) -> Place:
    """A place whose fields are named from a question on, while its lines are the file's."""
    return Place(place.file, lambda path: place.locate((*prefix, *path)))
