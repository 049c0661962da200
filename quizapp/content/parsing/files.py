"""Reading content files: whatever goes wrong becomes a located problem."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from quizapp.content.parsing.sentences import problems_of
from quizapp.content.problems import ContentError, Place, Problem
from quizapp.content.schema import Slug
from quizapp.grading import bounded_yaml
from quizapp.grading.yaml_reader import FORBIDDEN

M = TypeVar("M", bound=BaseModel)

LIMITS = bounded_yaml.Limits()
_SLUG: TypeAdapter[str] = TypeAdapter(Slug)


def read_bytes(path: Path, most: int = LIMITS.bytes) -> bytes:
    """What a file holds, if it is a file of at most so many bytes. Raises ContentError."""
    place = Place(str(path))
    try:
        if path.exists() and not path.is_file():
            raise ContentError([place.error("is not a file")])
        if path.stat().st_size > most:
            size = f"{most // 1_000_000} MB" if most >= 1_000_000 else f"{most // 1000} KB"
            raise ContentError([place.error(f"split the file: it is larger than {size}")])
        return path.read_bytes()
    except OSError as error:
        raise ContentError([place.error(unreadable(error))]) from None


def unreadable(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "is missing"
    return f"cannot be read: {error.strerror}"


def parse_yaml(text: str | bytes, place: Place) -> tuple[Place, Any]:
    """The one document in a text, and how places in it are found. Raises ContentError."""
    try:
        parsed = bounded_yaml.parse(text, LIMITS)
    except bounded_yaml.YamlError as error:
        raise ContentError(yaml_problems(error, place)) from None
    if parsed.documents in ([], [None]):
        raise ContentError([place.error("the file is empty")])
    return Place(place.file, lambda path: parsed.locate(0, path)), parsed.documents[0]


def yaml_problems(error: bounded_yaml.YamlError, place: Place) -> list[Problem]:
    return [Problem(place.file, each.line, "", each.message) for each in error.problems]


def validated(model: type[M], raw: Any, place: Place) -> M:
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        raise ContentError(problems_of(error, model, raw, place)) from None


def unseen_characters(raw: Any, place: Place) -> Iterator[Problem]:
    """Texts that no file could hold, such as those pasted with line separators of another kind."""
    if isinstance(raw, str) and (found := FORBIDDEN.search(raw)):
        code = f"U+{ord(found[0]):04X}"
        before = raw[: found.start()].split()[-1:]
        where = f"after “{before[0][-40:]}”" if before else "at the beginning"
        yield place.error(f"delete the character {where} that cannot be seen ({code})")
    elif isinstance(raw, dict | list):
        for step, each in raw.items() if isinstance(raw, dict) else enumerate(raw):
            yield from unseen_characters(each, place.at(step))


def check_name(slug: str, place: Place) -> None:
    """A topic or chapter goes by the name of its file."""
    try:
        _SLUG.validate_python(slug)
    except ValidationError as error:
        raise ContentError(
            place.error(f"rename the file: {each.message}")
            for each in problems_of(error, BaseModel, slug, place)
        ) from None
