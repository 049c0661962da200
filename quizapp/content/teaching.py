"""What learners are told about the facts of a question, once they have responded.

Where the facts are documented and stated, and what they are easily confused with.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from django.db.models import TextField
from django.db.models.functions import Cast

from quizapp.content.models import Fact, QuestionFact


@dataclass(frozen=True, slots=True)
class Statement:
    """Where one fact is documented, and the chapter and heading that state it, if any does."""

    docs: str
    fact: str
    chapter: str | None
    title: str | None
    heading: str | None


@dataclass(frozen=True, slots=True)
class Contrast:
    """Things that people mix up, by their names, and rows that tell them apart.

    Each row is the aspect, and what each side says to it.
    """

    sides: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Teaching:
    """The statements with the main fact's first; the contrast is None for most questions."""

    statements: Sequence[Statement]
    contrast: Contrast | None


def teaching_of(question_ids: Collection[int]) -> dict[int, Teaching]:
    """What is told after each of these questions, in one query for all of them."""
    collected = {pk: _Collected() for pk in question_ids}
    for pk, position, *row in _rows_by_question().filter(question__in=question_ids):
        collected[pk].add(position, *row)
    return {pk: each.teaching for pk, each in collected.items()}


def teaching_of_facts(slugs: Sequence[str]) -> Teaching:
    """What would be told after a question that drills these facts, the main one first.

    For questions that are not saved. Facts that are not there say nothing. One query.
    """
    positions = {slug: position for position, slug in reversed(list(enumerate(slugs)))}
    rows = _with_columns(Fact.objects.filter(slug__in=positions))
    # Sorting keeps the order of chapters and contrasts within each fact.
    found = [(positions[row[1]], *row) for row in rows]
    collected = _Collected()
    for position, *row in sorted(found, key=lambda row: row[0]):
        collected.add(position, *row)
    return collected.teaching


@cache
def _rows_by_question() -> Any:
    """The query for all questions, made once: making it takes longer than carrying it out."""
    return _with_columns(QuestionFact.objects, "question_id", "position", fact="fact__")


def _with_columns(rows: Any, *first: str, fact: str = "") -> Any:
    """The query for the `first` columns and those of `_Collected.add`; `fact` leads to the fact."""
    chapter, pair = f"{fact}passages__chapter", f"{fact}confusablefact__confusable"
    order = (*first[1:], f"{chapter}__position", f"{pair}__position")
    return rows.order_by(*order).values_list(
        *first,
        f"{fact}docs",
        f"{fact}slug",
        f"{chapter}__slug",
        f"{chapter}__title",
        f"{fact}passages__heading",
        f"{chapter}__retired_at",
        f"{pair}__slug",
        f"{fact}confusablefact__side",
        Cast(f"{pair}__sides", TextField()),
        Cast(f"{pair}__contrast", TextField()),
        f"{pair}__retired_at",
    )


class _Collected:
    """What is found out about one question, row by row."""

    def __init__(self) -> None:
        self.statements: dict[Statement, None] = {}
        self.pairs: dict[str, _Pair] = {}

    def add(self, position: int, docs: str, fact: str, *row: Any) -> None:
        *passage, gone, slug, side, sides, contrast, retired = row
        where = passage if gone is None else (None,) * 3
        self.statements[Statement(docs, fact, *where)] = None
        if slug is not None and retired is None:
            found = self.pairs.setdefault(slug, _Pair(_contrast(sides, contrast), position, set()))
            found.touched.add(side)

    @property
    def teaching(self) -> Teaching:
        return Teaching(list(self.statements), _closest(self.pairs.values()))


@lru_cache(maxsize=256)
def _contrast(sides: str, rows: str) -> Contrast:
    """From the JSON of a row, which is read once: the same few come again and again."""
    return Contrast(
        tuple(json.loads(sides)),
        tuple((row["aspect"], tuple(row["says"])) for row in json.loads(rows)),
    )


@dataclass(frozen=True, slots=True)
class _Pair:
    """A contrast that a question may be about, as the facts that it drills suggest.

    `first` is the place of the first such fact among those of the question.
    """

    contrast: Contrast
    first: int
    touched: set[int]

    @property
    def is_close(self) -> bool:
        """Whether the question is about it: by its main fact, or by touching several sides."""
        return self.first == 0 or len(self.touched) > 1


def _closest(pairs: Iterable[_Pair]) -> Contrast | None:
    """That of which the question touches most sides; of several, the main fact's comes first."""
    close = [pair for pair in pairs if pair.is_close]
    best = max(close, key=lambda pair: (len(pair.touched), -pair.first), default=None)
    return best.contrast if best else None
