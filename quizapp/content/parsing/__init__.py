"""Content files, read into a bank: everything good in it, and everything wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quizapp.content.parsing.chapters import read_chapter
from quizapp.content.parsing.files import (
    check_name,
    parse_yaml,
    read_bytes,
    unreadable,
    unseen_characters,
    validated,
)
from quizapp.content.parsing.references import Located, Placed, broken_placements, broken_references
from quizapp.content.primer.schema import Chapter
from quizapp.content.problems import ContentError, Place, Problem, Severity
from quizapp.content.schema import (
    Confusable,
    ConfusablesFile,
    Fact,
    Question,
    Topic,
    Track,
    TracksFile,
)

_MISNAMED = {".yaml": ".yml", ".md": ".markdown"}


@dataclass(frozen=True)
class Bank:
    """A folder of content. `problems` are those of reading; style is for `content.checking`.

    Files with an error are left out of `tracks`, `topics` and `chapters`. Topics are in the order
    of the tracks, then by slug; chapters in that of their topics, then by slug.
    """

    place: Place
    tracks: tuple[Track, ...]
    topics: tuple[Topic, ...]
    problems: tuple[Problem, ...]
    chapters: tuple[Chapter, ...] = ()
    confusables: tuple[Confusable, ...] = ()

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
    """The bank in a folder with `tracks.yaml` and `topics/<slug>.yaml`, and perhaps with
    `confusables.yaml` and chapters in `primer/<slug>.md`. Never raises.
    """
    place = Place(str(folder))
    if not folder.is_dir():
        return Bank(place, (), (), (place.error("there is no such folder"),))
    reading = _Reading()
    tracks = reading.read_tracks(folder / "tracks.yaml")
    topics = {topic.slug: topic for topic in reading.read_topics(folder / "topics")}
    confusables = reading.read_confusables(folder / "confusables.yaml")
    reading.problems += broken_references(
        reading.raw_tracks, reading.raw_topics, reading.raw_confusables
    )
    chapters = list(reading.read_chapters(folder / "primer"))
    reading.problems += broken_placements(reading.placed, reading.raw_topics)
    in_tracks = dict.fromkeys(slug for track in tracks for slug in track.topics if slug in topics)
    order = {slug: place for place, slug in enumerate({**in_tracks, **topics})}
    return Bank(
        place=place,
        tracks=tracks,
        topics=tuple(topics[slug] for slug in order),
        problems=tuple(sorted(reading.problems)),
        chapters=tuple(
            sorted(chapters, key=lambda each: (order.get(each.topic, len(order)), each.slug))
        ),
        confusables=confusables,
    )


def parse_topic(text: str | bytes, slug: str, file: str = "") -> Topic:
    """One topic, from the text of its file. Raises ContentError with everything that is wrong.

    What its facts' ids mean in other topics is not looked at.
    """
    place, raw = parse_yaml(text, Place(file or f"topics/{slug}.yaml"))
    return _topic(raw, slug, place)


def question_from(raw: Any, topic: str, place: Place | None = None) -> Question:
    """One question, from plain data. Raises ContentError with everything that is wrong.

    Whether there are such a topic and such facts is not looked at.
    """
    place = place or Place("question")
    unseen = list(unseen_characters(raw, place))
    try:
        question = validated(Question, raw, place)
    except ContentError as error:
        told = {problem.field for problem in error.problems}
        unseen = [each for each in unseen if each.field not in told]
        raise ContentError([*error.problems, *unseen]) from None
    if unseen:
        raise ContentError(unseen)
    question.stand(place, topic)
    return question


class _Reading:
    """Collects, while files are read, what is wrong and what they refer to."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.raw_tracks: Located = (Place("tracks.yaml"), None)
        self.raw_confusables: Located = (Place("confusables.yaml"), None)
        self.raw_topics: dict[str, Located] = {}
        self.placed: list[Placed] = []

    def read_tracks(self, path: Path) -> tuple[Track, ...]:
        try:
            place, raw = self.raw_tracks = parse_yaml(read_bytes(path), Place(str(path)))
            file = validated(TracksFile, raw, place)
        except ContentError as error:
            self.problems += error.problems
            return ()
        for index, track in enumerate(file.tracks):
            track.stand(place.at("tracks", index))
        return file.tracks

    def read_confusables(self, path: Path) -> tuple[Confusable, ...]:
        if not path.exists():
            return ()
        try:
            place, raw = self.raw_confusables = parse_yaml(read_bytes(path), Place(str(path)))
            file = validated(ConfusablesFile, raw, place)
        except ContentError as error:
            self.problems += error.problems
            return ()
        for index, confusable in enumerate(file.confusables):
            confusable.stand(place.at("confusables", index))
        return file.confusables

    def read_topics(self, folder: Path) -> Iterator[Topic]:
        for path in self.paths(folder, ".yaml", "topics"):
            slug = path.stem
            self.raw_topics[slug] = Place(str(path)), None
            try:
                place, raw = self.raw_topics[slug] = parse_yaml(read_bytes(path), Place(str(path)))
                yield _topic(raw, slug, place)
            except ContentError as error:
                self.problems += error.problems

    def read_chapters(self, folder: Path) -> Iterator[Chapter]:
        if not folder.exists():
            return
        for path in self.paths(folder, ".md", "chapters"):
            file = read_chapter(path)
            self.problems += file.problems
            self.placed += file.placed
            if file.chapter:
                yield file.chapter

    def paths(self, folder: Path, suffix: str, what: str) -> list[Path]:
        try:
            paths = sorted(folder.iterdir())
        except OSError as error:
            self.problems.append(Place(str(folder)).error(unreadable(error)))
            return []
        for path in paths:
            if path.suffix != suffix and path.suffix.lower() in (suffix, _MISNAMED[suffix]):
                message = f"rename the file: {what} are read from files that end in {suffix}"
                self.problems.append(Place(str(path)).error(message))
        return [path for path in paths if path.suffix == suffix]


def _topic(raw: Any, slug: str, place: Place) -> Topic:
    check_name(slug, place)
    topic = validated(Topic, raw, place)
    topic.stand(place, slug)
    for index, fact in enumerate(topic.facts):
        fact.stand(place.at("facts", index), slug)
    for index, question in enumerate(topic.questions):
        question.stand(place.at("questions", index), slug)
    return topic
