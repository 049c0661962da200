"""A chapter's file: front matter in YAML, then Markdown, with diagrams in files beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from quizapp.content.parsing.files import (
    check_name,
    parse_yaml,
    read_bytes,
    validated,
    yaml_problems,
)
from quizapp.content.parsing.references import Placed
from quizapp.content.primer.diagrams import MOST_BYTES, DiagramError, parse_diagram
from quizapp.content.primer.schema import Chapter, FrontMatter
from quizapp.content.primer.text import ChapterText, read_body
from quizapp.content.problems import ContentError, Place, Problem
from quizapp.grading import bounded_yaml

_MOST = 200_000
_FRONT = re.compile(r"---[ \t]*\n(.*?)^---[ \t]*\n\s*", re.MULTILINE | re.DOTALL)
_NO_FRONT = "begin the file with a line of three hyphens, fields, and three hyphens again"


@dataclass
class ChapterFile:
    """What a file holds: the chapter if it is good, what is wrong if it is not.

    What it refers to is kept of a bad file too, so that all that is wrong is told at once.
    """

    place: Place
    chapter: Chapter | None = None
    placed: list[Placed] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_chapter(path: Path) -> ChapterFile:
    """The chapter in a file, with the diagrams that it shows. Never raises."""
    file = ChapterFile(Place(str(path)))
    try:
        check_name(path.stem, file.place)
        _fill(file, path, _checked_text(read_bytes(path, _MOST), file.place))
    except ContentError as error:
        file.problems += error.problems
    if file.problems:
        file.chapter = None
    return file


def _fill(file: ChapterFile, path: Path, text: str) -> None:
    found = _FRONT.match(text)
    if not found:
        raise ContentError([file.place.error(_NO_FRONT)])
    body, body_line = text[found.end() :], text.count("\n", 0, found.end()) + 1
    read = read_body(body, body_line)
    file.placed = [
        *(Placed(_place(path, each.line, "::fact"), "fact", each.slug) for each in read.facts),
        *(
            Placed(_place(path, each.line, "::question"), "question", each.slug)
            for each in read.questions
        ),
    ]
    file.problems += (
        _place(path, line, name).error(message) for line, name, message in read.problems
    )
    if not read.blocks:
        file.problems.append(
            _place(path, body_line, "").error("write the text of the chapter here")
        )
    diagrams = dict(_diagrams(file, path, read))
    place, raw = parse_yaml("\n" + found[1], file.place)
    front = validated(FrontMatter, raw, place)
    file.placed.append(Placed(place.at("topic"), "topic", front.topic))
    file.chapter = Chapter(
        id=path.stem, title=front.title, summary=front.summary, body=body, diagrams=diagrams
    )
    file.chapter.stand(place, front.topic)
    file.chapter.begin(body_line)


def _checked_text(data: bytes, place: Place) -> str:
    try:
        return bounded_yaml.checked_text(data).replace("\r\n", "\n")
    except bounded_yaml.YamlError as error:
        raise ContentError(yaml_problems(error, place)) from None


def _diagrams(file: ChapterFile, path: Path, read: ChapterText) -> Iterator[tuple[str, str]]:
    """The drawings that the chapter shows, by their address in it."""
    for block in read.diagrams:
        source = path.parent / block.path
        if not source.exists():
            here = _place(path, block.line, "diagram")
            file.problems.append(here.error(f"there is no file {block.path}"))
            continue
        try:
            text = _checked_text(read_bytes(source, MOST_BYTES), Place(str(source)))
            parse_diagram(text)
        except DiagramError as error:
            file.problems += (
                Problem(str(source), line, "", message) for line, message in error.problems
            )
        except ContentError as error:
            file.problems += error.problems
        else:
            yield block.path, text


def _place(path: Path, line: int, name: str) -> Place:
    return Place(str(path), lambda _path: line, (name,) if name else ())
