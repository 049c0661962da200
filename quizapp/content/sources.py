"""Database rows as sources, and back: the two directions side by side.

A row and a file's entry that say the same have equal sources, hence equal digests.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import yaml

from quizapp.content import schema
from quizapp.content.models import (
    Chapter,
    Confusable,
    ConfusableFact,
    Fact,
    Question,
    QuestionFact,
    Sourced,
    Topic,
    Track,
    TrackTopic,
)
from quizapp.content.primer import schema as chapter_schema
from quizapp.content.schema import Source, digest_of

Values = dict[str, Any]
"""Values of a row's own fields; relations to other rows are left out."""

Key = TypeVar("Key")
Row_co = TypeVar("Row_co", bound=Sourced, covariant=True)


@dataclass(frozen=True)
class Stored(Generic[Row_co]):
    """A row and what it says."""

    row: Row_co
    source: Source

    @property
    def active_source(self) -> Source:
        """The source, empty for a retired row."""
        return {} if self.row.is_retired else self.source

    @property
    def digest(self) -> str:
        """The digest of the source, empty for a retired row."""
        return "" if self.row.is_retired else digest_of(self.source)


@dataclass(frozen=True)
class StoredContent:
    """All rows, retired ones too, by slug."""

    tracks: dict[str, Stored[Track]]
    topics: dict[str, Stored[Topic]]
    facts: dict[str, Stored[Fact]]
    questions: dict[str, Stored[Question]]
    chapters: dict[str, Stored[Chapter]]
    confusables: dict[str, Stored[Confusable]]


def stored_content(*, lock: bool = False) -> StoredContent:
    """All content in nine queries. `lock` holds the rows until the transaction ends.

    Learners and editors may go on referring to locked rows. Whoever else locks them waits, and
    then reads what the first has written, new rows too: hence one query more.
    """

    def rows(model: type[Row_co]) -> list[Row_co]:
        found = model.objects.order_by("pk")
        return list(found.select_for_update(no_key=True) if lock else found)

    if lock:
        rows(Topic)
    facts, questions, chapters = rows(Fact), rows(Question), rows(Chapter)
    topics = rows(Topic)  # after what stands in them, which somebody may just be adding
    slugs = {topic.pk: topic.slug for topic in topics}
    fact_slugs = {fact.pk: fact.slug for fact in facts}
    track_topics = _grouped(TrackTopic.objects.values_list("track_id", "topic__slug"))
    question_facts = _grouped(QuestionFact.objects.values_list("question_id", "fact__slug"))
    sides = ConfusableFact.objects.values_list("confusable_id", "side", "fact__slug")
    side_facts = _grouped(((pk, side), fact) for pk, side, fact in sides)
    return StoredContent(
        tracks=_by_slug((row, track_source(row, track_topics[row.pk])) for row in rows(Track)),
        topics=_by_slug((row, topic_source(row)) for row in topics),
        facts=_by_slug(
            (row, fact_source(row, slugs[row.topic_id], fact_slugs.get(row.extends_id or 0, "")))
            for row in facts
        ),
        questions=_by_slug(
            (row, question_source(row, slugs[row.topic_id], question_facts[row.pk]))
            for row in questions
        ),
        chapters=_by_slug((row, chapter_source(row, slugs[row.topic_id])) for row in chapters),
        confusables=_by_slug(
            (
                row,
                confusable_source(
                    row, [side_facts[row.pk, side] for side in range(len(row.sides))]
                ),
            )
            for row in rows(Confusable)
        ),
    )


def _grouped(pairs: Iterable[tuple[Key, str]]) -> Mapping[Key, list[str]]:
    groups: dict[Key, list[str]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return groups


def _by_slug(rows: Iterable[tuple[Row_co, Source]]) -> dict[str, Stored[Row_co]]:
    return {row.slug: Stored(row, source) for row, source in rows}


_COVERS = {None: "all", False: "primer", True: "extensions"}


def track_source(row: Track, topics: list[str]) -> Source:
    source = {"id": row.slug, "title": row.title, "summary": row.summary, "topics": topics}
    covers = _COVERS[row.covers_extensions]
    return source | ({"covers": covers} if covers != "all" else {})


def track_values(track: schema.Track) -> Values:
    covers = {name: value for value, name in _COVERS.items()}[track.covers]
    return {"title": track.title, "summary": track.summary, "covers_extensions": covers}


def topic_source(row: Topic) -> Source:
    return {"id": row.slug, "title": row.title, "summary": row.summary}


def topic_values(topic: schema.Topic) -> Values:
    return {"title": topic.title, "summary": topic.summary}


def fact_source(row: Fact, topic: str, extends: str) -> Source:
    source = {"id": row.slug, "topic": topic, "fact": row.fact, "why": row.why, "docs": row.docs}
    optional = {
        "misconception": row.misconception,
        "precision": row.precision,
        "extends": extends,
    }
    return source | {name: text for name, text in optional.items() if text}


def fact_values(fact: schema.Fact) -> Values:
    return fact.model_dump(exclude={"id", "extends"})


def question_source(row: Question, topic: str, facts: list[str]) -> Source:
    source: Source = {
        "id": row.slug,
        "topic": topic,
        "kind": row.kind,
        "facts": facts,
        "bloom": row.bloom,
        "stem": row.stem,
        "explanation": row.explanation,
    }
    if row.version != 1:
        source["version"] = row.version
    if row.is_scenario:
        source["scenario"] = True
    if row.docs:
        source["docs"] = row.docs
    return {**source, **row.spec}


def question_values(question: schema.Question) -> Values:
    return {
        "kind": question.kind,
        "bloom": question.bloom,
        "stem": question.stem,
        "explanation": question.explanation,
        "version": question.version,
        "is_scenario": question.scenario,
        "docs": question.docs,
        "spec": question.spec_source(),
    }


def chapter_source(row: Chapter, topic: str) -> Source:
    return {
        "id": row.slug,
        "topic": topic,
        "title": row.title,
        "summary": row.summary,
        "diagrams": row.diagrams,
        "body": row.body,
    }


def chapter_values(chapter: chapter_schema.Chapter) -> Values:
    return chapter.model_dump(exclude={"id"})


def confusable_source(row: Confusable, facts: list[list[str]]) -> Source:
    """`facts` are the slugs of each side's facts, in the order of the sides."""
    sides = [{"name": name, "facts": slugs} for name, slugs in zip(row.sides, facts, strict=True)]
    return {"id": row.slug, "sides": sides, "contrast": row.contrast}


def confusable_values(confusable: schema.Confusable) -> Values:
    source = confusable.source()
    return {"sides": [side.name for side in confusable.sides], "contrast": source["contrast"]}


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as blocks, and never aliases, which are not read."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - overrides
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def as_yaml(source: Mapping[str, Any]) -> str:
    """A source as an author would write it."""
    return yaml.dump(dict(source), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)
