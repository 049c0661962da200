"""Content folders for tests, made with as little as each test has to say."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from copy import deepcopy
from pathlib import Path
from typing import Any

from quizapp.content.loading import load
from quizapp.content.loading.result import LoadResult
from quizapp.content.loading.three_way import Settlement
from quizapp.content.models import (
    Chapter,
    ChapterFact,
    ChapterQuestion,
    Confusable,
    ConfusableFact,
    Fact,
    Question,
    QuestionFact,
    Topic,
    Track,
    TrackTopic,
)
from quizapp.content.parsing import parse_bank
from quizapp.content.sources import as_yaml
from tests.kinds import SAMPLES

Raw = dict[str, Any]

SERVICES = "services"


def track(slug: str = "essentials", **fields: Any) -> Raw:
    return {"id": slug, "title": "Essentials", "summary": "For all.", "topics": [SERVICES]} | fields


def fact(slug: str = "pods-come-and-go", **fields: Any) -> Raw:
    given = {"fact": "Pods come and go.", "why": "Nodes fail.", "docs": "docs/concepts/workloads/"}
    return {"id": slug, **given, **fields}


def question(slug: str = "what-stays", kind: str = "flashcard", **fields: Any) -> Raw:
    common = {
        "id": slug,
        "kind": kind,
        "stem": "What stays when Pods go?",
        "facts": ["pods-come-and-go"],
        "bloom": "apply",
        "explanation": "The Service keeps its address.",
    }
    return {**common, **deepcopy(SAMPLES[kind].spec), **fields}


def topic(
    questions: Iterable[Raw] | None = None, facts: Iterable[Raw] | None = None, **fields: Any
) -> Raw:
    return {
        "title": "Services",
        "summary": "How to reach Pods.",
        "facts": [fact()] if facts is None else list(facts),
        "questions": [question()] if questions is None else list(questions),
        **fields,
    }


def write_bank(
    folder: Path, topics: dict[str, Raw] | None = None, tracks: Iterable[Raw] | None = None
) -> Path:
    """Makes the folder hold just these tracks and topics."""
    (folder / "topics").mkdir(parents=True, exist_ok=True)
    for old in (folder / "topics").iterdir():
        old.unlink()
    for slug, raw in ({SERVICES: topic()} if topics is None else topics).items():
        _write(folder / "topics" / f"{slug}.yaml", raw)
    _write(folder / "tracks.yaml", {"tracks": [track()] if tracks is None else list(tracks)})
    return folder


def write_questions(folder: Path, *questions: Raw) -> Path:
    """Makes the folder hold one topic with just these questions."""
    return write_bank(folder, {SERVICES: topic(questions)})


def confusable(slug: str = "pods-or-nodes", **fields: Any) -> Raw:
    sides = [
        {"name": "Pod", "facts": ["pods-come-and-go"]},
        {"name": "Node", "facts": ["pods-come-and-go"]},
    ]
    rows = [{"aspect": "What it is", "says": ["a group of containers", "a machine"]}]
    return {"id": slug, "sides": sides, "contrast": rows, **fields}


def write_confusables(folder: Path, *confusables: Raw) -> Path:
    """Adds to a bank what people mix up."""
    _write(folder / "confusables.yaml", {"confusables": list(confusables)})
    return folder


FRONT = """\
---
title: Reaching Pods
summary: Why a Service is needed.
topic: services
---
"""
CHAPTER = """
Pods come, and Pods go.

## What goes

A Pod goes with its node.

::fact pods-come-and-go

## What stays

The Service keeps its address.

::question what-stays
"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 200">{}</svg>'


def write_chapter(
    folder: Path, body: str = CHAPTER, slug: str = "reaching-pods", front: str = FRONT
) -> Path:
    """Adds a chapter to a bank, whose lines begin on 6; gives the path of its file."""
    path = folder / "primer" / f"{slug}.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text(front + body, encoding="utf-8")
    return path


def write_diagram(folder: Path, inner: str = "<rect/>", name: str = "way") -> Path:
    """Adds a drawing for chapters; `inner` is what stands in the svg element."""
    path = folder / "primer" / "diagrams" / f"{name}.svg"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(SVG.format(inner), encoding="utf-8")
    return path


def _write(path: Path, raw: Raw) -> None:
    path.write_text(as_yaml(raw), encoding="utf-8")


def problems_in(folder: Path) -> list[str]:
    """The problems of reading a folder, with names of files relative to it."""
    return [str(each).removeprefix(f"{folder}/") for each in parse_bank(folder).problems]


def all_rows() -> list[list[Raw]]:
    """Everything that the database holds of content."""
    content = (Track, Topic, TrackTopic, Fact, Question, QuestionFact)
    tables = (*content, Chapter, ChapterFact, ChapterQuestion, Confusable, ConfusableFact)
    return [list(table.objects.order_by("pk").values()) for table in tables]


def load_from(
    folder: Path, *, settle: Settlement | None = None, started_anew: list[int] | None = None
) -> LoadResult:
    """Loads a folder, noting in `started_anew` whose version rose."""

    def note(keys: Collection[int]) -> None:
        if started_anew is not None:
            started_anew.extend(keys)

    return load(parse_bank(folder), settle=settle, on_new_version=note)
