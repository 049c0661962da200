"""Content files, read into a bank: everything good in it, and everything wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from quizapp.content.problems import ContentError, Place, Problem, Severity
from quizapp.content.references import Located, broken_references
from quizapp.content.schema import Fact, Question, Slug, Topic, Track, TracksFile
from quizapp.content.sentences import problems_of
from quizapp.grading import bounded_yaml

M = TypeVar("M", bound=BaseModel)

_LIMITS = bounded_yaml.Limits()
_SLUG: TypeAdapter[str] = TypeAdapter(Slug)


@dataclass(frozen=True)
class Bank:
    """A folder of content. `problems` are those of reading; style is for `content.checking`.

    Files with an error are left out of `tracks` and `topics`. Topics are in the order of the
    tracks, then by slug.
    """

    place: Place
    tracks: tuple[Track, ...]
    topics: tuple[Topic, ...]
    problems: tuple[Problem, ...]

    @property
    def facts(self) -> list[Fact]:
        return [fact for topic in self.topics for fact in topic.facts]

    @property
    def questions(self) -> list[Question]:
        return [question for topic in self.topics for question in topic.questions]

    @property
    def errors(self) -> list[Problem]:
        return [each for each in self.problems if each.severity is Severity.ERROR]


def parse_bank(folder: Path) -> Bank:
    """The bank in a folder that holds `tracks.yaml` and `topics/<slug>.yaml`. Never raises."""
    place = Place(str(folder))
    if not folder.is_dir():
        return Bank(place, (), (), (place.error("there is no such folder"),))
    reading = _Reading()
    tracks = reading.read_tracks(folder / "tracks.yaml")
    topics = {topic.slug: topic for topic in reading.read_topics(folder / "topics")}
    reading.problems += broken_references(reading.raw_tracks, reading.raw_topics)
    in_tracks = dict.fromkeys(slug for track in tracks for slug in track.topics if slug in topics)
    return Bank(
        place=place,
        tracks=tracks,
        topics=tuple(topics[slug] for slug in {**in_tracks, **topics}),
        problems=tuple(sorted(reading.problems)),
    )


def parse_topic(text: str | bytes, slug: str, file: str = "") -> Topic:
    """One topic, from the text of its file. Raises ContentError with everything that is wrong.

    What its facts' ids mean in other topics is not looked at.
    """
    place, raw = _parse_yaml(text, Place(file or f"topics/{slug}.yaml"))
    return _topic(raw, slug, place)


class _Reading:
    """Collects, while files are read, what is wrong and what they refer to."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.raw_tracks: Located = (Place("tracks.yaml"), None)
        self.raw_topics: dict[str, Located] = {}

    def read_tracks(self, path: Path) -> tuple[Track, ...]:
        try:
            place, raw = self.raw_tracks = _read_yaml(path)
            file = _validated(TracksFile, raw, place)
        except ContentError as error:
            self.problems += error.problems
            return ()
        for index, track in enumerate(file.tracks):
            track.stand(place.at("tracks", index))
        return file.tracks

    def read_topics(self, folder: Path) -> Iterator[Topic]:
        for path in self.paths(folder):
            slug = path.stem
            self.raw_topics[slug] = Place(str(path)), None
            try:
                place, raw = self.raw_topics[slug] = _read_yaml(path)
                yield _topic(raw, slug, place)
            except ContentError as error:
                self.problems += error.problems

    def paths(self, folder: Path) -> list[Path]:
        try:
            paths = sorted(folder.iterdir())
        except OSError as error:
            self.problems.append(Place(str(folder)).error(_unreadable(error)))
            return []
        for path in paths:
            if path.suffix == ".yml":
                message = "rename the file: topics are read from files that end in .yaml"
                self.problems.append(Place(str(path)).error(message))
        return [path for path in paths if path.suffix == ".yaml"]


def _topic(raw: Any, slug: str, place: Place) -> Topic:
    _check_name(slug, place)
    topic = _validated(Topic, raw, place)
    topic.stand(place, slug)
    for index, fact in enumerate(topic.facts):
        fact.stand(place.at("facts", index), slug)
    for index, question in enumerate(topic.questions):
        question.stand(place.at("questions", index), slug)
    return topic


def _check_name(slug: str, place: Place) -> None:
    """A topic goes by the name of its file."""
    try:
        _SLUG.validate_python(slug)
    except ValidationError as error:
        raise ContentError(
            place.error(f"rename the file: {each.message}")
            for each in problems_of(error, Topic, slug, place)
        ) from None


def _validated(model: type[M], raw: Any, place: Place) -> M:
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        raise ContentError(problems_of(error, model, raw, place)) from None


def _read_yaml(path: Path) -> Located:
    """What a file holds, and how places in it are found."""
    place = Place(str(path))
    try:
        if path.exists() and not path.is_file():
            raise ContentError([place.error("is not a file")])
        size = path.stat().st_size
        if size > _LIMITS.bytes:
            most = _LIMITS.bytes // 1_000_000
            raise ContentError([place.error(f"split the file: it is larger than {most} MB")])
        data = path.read_bytes()
    except OSError as error:
        raise ContentError([place.error(_unreadable(error))]) from None
    return _parse_yaml(data, place)


def _unreadable(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "is missing"
    return f"cannot be read: {error.strerror}"


def _parse_yaml(text: str | bytes, place: Place) -> Located:
    try:
        parsed = bounded_yaml.parse(text, _LIMITS)
    except bounded_yaml.YamlError as error:
        raise ContentError(
            Problem(place.file, each.line, "", each.message) for each in error.problems
        ) from None
    if parsed.documents in ([], [None]):
        raise ContentError([place.error("the file is empty")])
    return Place(place.file, lambda path: parsed.locate(0, path)), parsed.documents[0]
