"""The shape of a chapter: its front matter, its text and the diagrams it shows."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, PrivateAttr

from quizapp.content.primer.text import ChapterText, read_body
from quizapp.content.problems import Place
from quizapp.content.schema import Entry, Slug, Source, Title
from quizapp.grading.fields import Characters


class FrontMatter(BaseModel):
    """The fields at the head of a chapter's file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Title
    summary: Annotated[str, Characters(500)]
    topic: Slug


class Chapter(Entry):
    """A part of the primer. Its slug is the name of the file, its diagrams are by their address."""

    noun = "chapter"

    id: str
    title: str
    summary: str
    body: str
    diagrams: dict[str, str]

    _body_line: int = PrivateAttr(default=1)

    def begin(self, line: int) -> None:
        """Remembers on which line of the file the body begins."""
        self._body_line = line

    @property
    def slug(self) -> str:
        return self.id

    @property
    def text(self) -> ChapterText:
        """What the body consists of; its lines are those of the file."""
        return read_body(self.body, self._body_line)

    def at_line(self, line: int, name: str) -> Place:
        return Place(self.place.file, lambda _path: line, (name,) if name else ())

    def source(self) -> Source:
        return {
            "id": self.slug,
            "topic": self.topic,
            "title": self.title,
            "summary": self.summary,
            "diagrams": self.diagrams,
            "body": self.body,
        }
