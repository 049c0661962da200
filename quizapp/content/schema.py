"""The shape of content: what tracks, topics, facts, questions and confusables consist of.

Every entry knows its `place` in the files, and its `source`: what it says as plain data, without
comments, key order and fields left at their defaults. Two entries with one digest mean the same.
"""

from __future__ import annotations

import hashlib
import json
import re
from abc import abstractmethod
from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from quizapp.content.problems import Place
from quizapp.grading import COMMON_FIELDS, KINDS, Spec
from quizapp.grading.fields import Characters, Count, Flag, Text

Source = dict[str, Any]
"""JSON data that holds all an entry says."""

_NOWHERE = Place("content")
_SLUG = r"[a-z0-9]+(-[a-z0-9]+)*"
_DOCS = r"docs(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+/?(#[A-Za-z0-9._-]+)?"


def digest_of(source: Source) -> str:
    """The SHA-256 of a source's canonical JSON, in hex."""
    text = json.dumps(source, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def check_slug(text: str) -> str:
    """The slug as it is. Raises ValueError for anything but words joined by hyphens."""
    if not re.fullmatch(_SLUG, text):
        raise ValueError("write lower-case words and numbers joined by hyphens, such as svc-types")
    return text


def _check_bounds(value: Any) -> Any:
    """Refuses space around a slug: with it, one id could be written in two ways."""
    if isinstance(value, str) and value.strip() not in ("", value):
        raise ValueError("take away the space before or after it")
    return value


def _check_docs(text: str) -> str:
    if not re.fullmatch(_DOCS, text):
        raise ValueError("write a path on kubernetes.io, such as docs/concepts/workloads/pods/")
    return text


Slug = Annotated[
    str,
    Characters(80),
    BeforeValidator(_check_bounds),
    AfterValidator(check_slug),
    WithJsonSchema({"type": "string", "maxLength": 80, "pattern": f"^{_SLUG}$"}),
]
DocsPath = Annotated[
    str,
    Characters(200),
    AfterValidator(_check_docs),
    WithJsonSchema({"type": "string", "maxLength": 200, "pattern": f"^{_DOCS}$"}),
]
Title = Annotated[str, Characters(200)]
Kind = Annotated[str, Characters(80), WithJsonSchema({"enum": list(KINDS)})]


class Entry(BaseModel):
    """Base of everything that is loaded by its slug."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    noun: ClassVar[str]

    _place: Place = PrivateAttr(default_factory=lambda: _NOWHERE)
    _topic: str = PrivateAttr(default="")

    def stand(self, place: Place, topic: str = "") -> None:
        """Remembers where the entry was read, once parsing knows it."""
        self._place, self._topic = place, topic

    @property
    def place(self) -> Place:
        return self._place

    @property
    def topic(self) -> str:
        """The slug of the topic that the entry stands in."""
        return self._topic

    @property
    @abstractmethod
    def slug(self) -> str:
        """What identifies the entry among its kind."""

    @abstractmethod
    def source(self) -> Source:
        """What the entry says, as JSON data in which defaults are left out."""

    @cached_property
    def digest(self) -> str:
        return digest_of(self.source())


class Track(Entry):
    """An ordered list of topics for a role."""

    noun = "track"

    id: Slug
    title: Title
    summary: Text
    topics: Annotated[tuple[Slug, ...], Count(1, 200, "topics")] = Field(
        description="Slugs of topics, in the order in which they are learned."
    )
    covers: Literal["all", "primer", "extensions"] = Field(
        "all",
        description="Which of their questions: all, those within the source of the primer, or "
        "those that go beyond it.",
    )

    @property
    def slug(self) -> str:
        return self.id

    def source(self) -> Source:
        return self.model_dump(mode="json", exclude_defaults=True)


class Fact(Entry):
    """One teachable statement, which questions drill."""

    noun = "fact"

    id: Slug
    fact: Text = Field(description="The statement, in one sentence.")
    why: Text = Field(description="Why it is so, or why it matters.")
    docs: DocsPath = Field(description="Path on kubernetes.io, such as docs/concepts/.")
    misconception: Text = Field("", description="What people often believe instead.")
    precision: Text = Field("", description="The exact statement, where the plain one simplifies.")
    extends: Slug | None = Field(
        None, description="Id of the fact that this one completes, beyond the source of the primer."
    )

    @property
    def slug(self) -> str:
        return self.id

    def source(self) -> Source:
        return {**self.model_dump(mode="json", exclude_defaults=True), "topic": self.topic}


class Question(Entry):
    """The authored unit. In a file, the fields of `spec` stand beside the common ones."""

    noun = "question"

    id: Slug = Field(description="Never changes: learners' progress hangs on it.")
    kind: Kind
    version: Annotated[int, Field(strict=True, ge=1, le=9999)] = Field(
        1, description="Add one when the meaning changes: learners then start the question anew."
    )
    stem: Text = Field(description="The prompt, in Markdown; ends with ? or a colon.")
    facts: Annotated[tuple[Slug, ...], Count(1, 20, "fact ids")] = Field(
        description="Ids of the facts it drills, the main one first."
    )
    explanation: Text = Field(description="Why the right response is right.")
    bloom: Literal["remember", "understand", "apply", "analyse"]
    scenario: Flag = Field(
        False,  # noqa: FBT003 - a default
        description="true for a story with symptom, cause and decision.",
    )
    docs: DocsPath = Field("", description="Path on kubernetes.io, if not that of the first fact.")
    spec: Spec

    @model_validator(mode="before")
    @classmethod
    def _gather_spec(cls, raw: Any) -> Any:
        if not isinstance(raw, dict):
            return raw
        common = {name: raw[name] for name in COMMON_FIELDS if name in raw}
        own = {name: value for name, value in raw.items() if name not in COMMON_FIELDS}
        return {**common, "spec": own}

    @field_validator("kind", mode="after")
    @classmethod
    def _check_kind(cls, kind: str) -> str:
        if kind not in KINDS:
            raise ValueError(f"write one of {', '.join(KINDS)}")
        return kind

    @field_validator("spec", mode="plain")
    @classmethod
    def _parse_spec(cls, own: Any, info: ValidationInfo) -> Any:
        kind = info.data.get("kind")
        return KINDS[kind].model_validate(own) if kind else None

    @property
    def slug(self) -> str:
        return self.id

    def spec_source(self) -> Source:
        """The kind's own part as plain data, from which `grading.parse_spec` makes it again."""
        return self.spec.model_dump(mode="json", exclude_defaults=True)

    def source(self) -> Source:
        common = self.model_dump(mode="json", exclude_defaults=True, exclude={"spec"})
        return {**common, "topic": self.topic, **self.spec_source()}


class Side(BaseModel):
    """One of the things that people mix up."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Title
    facts: Annotated[tuple[Slug, ...], Count(1, 20, "fact ids")] = Field(
        description="Ids of the facts that are about this side."
    )


class Aspect(BaseModel):
    """A row of the table that tells the sides apart."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    aspect: Title = Field(description="In which respect they differ.")
    says: Annotated[tuple[Title, ...], Count(2, 3, "texts")] = Field(
        description="What each side says to that, in the order of the sides."
    )


class Confusable(Entry):
    """Two or three things that people mix up: asked close together, and contrasted."""

    noun = "confusable"

    id: Slug
    sides: Annotated[tuple[Side, ...], Count(2, 3, "sides")]
    contrast: Annotated[tuple[Aspect, ...], Count(1, 8, "rows")]

    @field_validator("contrast", mode="after")
    @classmethod
    def _check_rows(cls, rows: tuple[Aspect, ...], info: ValidationInfo) -> tuple[Aspect, ...]:
        sides = info.data.get("sides", ())
        for row in rows:
            if sides and len(row.says) != len(sides):
                raise ValueError(f"give “{row.aspect}” a text for each of the {len(sides)} sides")
        return rows

    @property
    def slug(self) -> str:
        return self.id

    def source(self) -> Source:
        return self.model_dump(mode="json", exclude_defaults=True)


class Topic(Entry):
    """A file of facts and the questions that drill them. Its slug is the name of the file."""

    noun = "topic"

    title: Title
    summary: Text = Field(description="What one can do after it, in one sentence.")
    facts: tuple[Fact, ...]
    questions: tuple[Question, ...]

    @property
    def slug(self) -> str:
        return self.topic

    def source(self) -> Source:
        return {"id": self.slug, "title": self.title, "summary": self.summary}


class TracksFile(BaseModel):
    """All tracks, in the order in which they are offered."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    tracks: Annotated[tuple[Track, ...], Count(1, 100, "tracks")]


class ConfusablesFile(BaseModel):
    """What people mix up. Facts may be those of any topics."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    confusables: Annotated[tuple[Confusable, ...], Count(1, 200, "confusables")]
