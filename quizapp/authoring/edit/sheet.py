"""One question on an editor's desk: what was typed, where it began, and what is said of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from quizapp.authoring.edit.form import (
    Posted,
    Typed,
    fits,
    located_yaml,
    read,
    read_yaml,
    typed_from,
    typed_in,
    yaml_of,
)
from quizapp.authoring.edit.kinds import label_of
from quizapp.authoring.edit.values import tidied
from quizapp.content.editing.merging import Clash, Path, put
from quizapp.content.models import Revision
from quizapp.content.problems import ContentError, Place, Problem
from quizapp.content.schema import Source
from quizapp.grading import KINDS

MOST_CLASHES = 100

BROKEN = "yaml"
"""Where a draft keeps YAML that cannot be read, in place of the question's fields."""

_ID = re.compile(r"^(?:- )?id: *[\"']?([a-z0-9-]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Choice:
    """A field that two editors have changed, and whose value is to stay: ours, theirs, or ""."""

    path: Path
    take: str = ""


@dataclass(frozen=True)
class Sheet:
    """Either `typed` or `yaml` holds what was typed.

    `base` is the revision that the work began from, None for a new question; `seen` the stamp of
    the draft that it began from.
    """

    kind: str
    topic: str
    typed: Typed | None
    yaml: str = ""
    base: Revision | None = None
    seen: str = ""
    choices: tuple[Choice, ...] = ()
    names: dict[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    other_draft: bool = False
    """Whether somebody else's draft has to be shown beside it."""

    @property
    def is_yaml(self) -> bool:
        return self.typed is None

    def source(self) -> Source:
        """What was typed as plain data. Raises ContentError where that cannot be told."""
        if self.typed is None:
            return read_yaml(self.yaml, self.topic)
        reading = read(self.typed)
        if reading.problems:
            raise ContentError(reading.problems)
        return reading.source

    @property
    def place(self) -> Place:
        """Where problems with the source are told of: YAML has lines. Raises as `source`."""
        if self.typed:
            return Place("question")
        return located_yaml(self.yaml, self.topic)[0]

    def rough_source(self) -> Source:
        """The same for a draft, which may be incomplete or YAML that cannot be read."""
        if self.typed:
            return read(self.typed).source
        try:
            return read_yaml(self.yaml, self.topic)
        except ContentError:
            found = _ID.search(self.yaml)
            about = {"id": found[1] if found else "", "kind": self.kind, "topic": self.topic}
            return {**about, BROKEN: self.yaml}

    def showing(self, source: Source) -> Sheet:
        """The sheet with that source on it, in the same view if the form can show all of it."""
        return sheet_of(self.kind, source, self.base, self.seen, as_yaml=self.is_yaml)

    def with_problems(self, problems: Iterable[Problem]) -> Sheet:
        names = read(self.typed).names if self.typed else {}
        return replace(self, problems=tuple(problems), names=names)


def sheet_of(
    kind: str, source: Source, base: Revision | None, seen: str = "", *, as_yaml: bool = False
) -> Sheet:
    """A sheet that begins with what a question says."""
    topic = str(source.get("topic") or "")
    if BROKEN in source:
        return Sheet(kind, topic, None, str(source[BROKEN]), base, seen)
    if as_yaml or not fits(kind, source):
        return Sheet(kind, topic, None, yaml_of(source), base, seen)
    return Sheet(kind, topic, typed_from(kind, source), "", base, seen)


def posted_sheet(post: Posted, kind: str, slug: str, base: Revision | None) -> Sheet:
    """What came back from the page. `slug` is "" for a new question.

    Raises ContentError for a form that no page of ours has sent.
    """
    seen = str(post.get("seen", ""))[:40]
    topic = tidied(post.get("topic", ""))
    choices = tuple(_choices(post))
    if "yaml" in post:
        return Sheet(kind, topic, None, tidied(post.get("yaml", "")), base, seen, choices)
    typed = typed_in(post)
    if slug:
        typed = replace(typed, texts={**typed.texts, "id": slug})
    if typed.kind != kind:  # it has come to be of another kind meanwhile, whose form is another
        return Sheet(kind, topic, None, yaml_of(read(typed).source), base, seen, choices)
    return Sheet(kind, topic, typed, "", base, seen, choices)


def _choices(post: Posted) -> Iterable[Choice]:
    for number in range(MOST_CLASHES):
        raw = post.get(f"clash-{number}", "")
        if not raw:
            return
        try:
            path = json.loads(raw[:1000])
        except (ValueError, RecursionError):
            return
        if not isinstance(path, list) or not path or not all(type(s) in (str, int) for s in path):
            return
        take = post.get(f"clash-{number}-take", "")
        yield Choice(tuple(path), take if take in ("ours", "theirs") else "")


def settled(source: Source, choices: Sequence[Choice], theirs: Source) -> Source:
    """The source with their value wherever that was chosen.

    Where ours has lost the row in the meantime, ours stands.
    """
    for choice in choices:
        if choice.take == "theirs":
            try:
                source = put(source, choice.path, value_at(theirs, choice.path))
            except (KeyError, IndexError, TypeError, ValueError):
                continue
    return source


def value_at(source: Any, path: Path) -> Any:
    """What stands at a path, None where there is nothing."""
    for step in path:
        try:
            source = source[step]
        except (KeyError, IndexError, TypeError):
            return None
    return source


def clash_views(kind: str, clashes: Iterable[Clash], choices: Sequence[Choice]) -> list[Any]:
    """Both values of each clash, side by side."""
    taken = {choice.path: choice.take for choice in choices}
    return [
        {
            "number": number,
            "label": label_of(kind, clash.path),
            "path": json.dumps(clash.path),
            "ours": said(clash.ours),
            "theirs": said(clash.theirs),
            "take": taken.get(clash.path, ""),
        }
        for number, clash in enumerate(clashes)
    ]


def said(value: Any) -> str:
    """A value in full, for people to compare."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return yaml_of(value).strip()
    return "\n".join(_items(value)) if isinstance(value, list) else json.dumps(value)


def _items(values: list[Any]) -> Iterable[str]:
    for value in values:
        yield value if isinstance(value, str) else said(value)


def kind_in(text: str) -> str:
    return text if text in KINDS else ""
