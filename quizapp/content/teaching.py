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

from quizapp.content.models import QuestionFact


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
    statements: dict[int, dict[Statement, None]] = {pk: {} for pk in question_ids}
    pairs: dict[int, dict[str, _Pair]] = {pk: {} for pk in question_ids}
    for (
        pk,
        position,
        docs,
        fact,
        *passage,
        gone,
        slug,
        side,
        sides,
        contrast,
        retired,
    ) in _all_rows().filter(question__in=question_ids):
        where = passage if gone is None else (None,) * 3
        statements[pk][Statement(docs, fact, *where)] = None
        if slug is not None and retired is None:
            found = pairs[pk].setdefault(slug, _Pair(_contrast(sides, contrast), position, set()))
            found.touched.add(side)
    return {pk: Teaching(list(statements[pk]), _closest(pairs[pk].values())) for pk in question_ids}


@cache
def _all_rows() -> Any:
    """The query for all questions, made once: making it takes longer than carrying it out."""
    chapter, pair = "fact__passages__chapter", "fact__confusablefact__confusable"
    return QuestionFact.objects.order_by(
        "position", f"{chapter}__position", f"{pair}__position"
    ).values_list(
        "question_id",
        "position",
        "fact__docs",
        "fact__slug",
        f"{chapter}__slug",
        f"{chapter}__title",
        "fact__passages__heading",
        f"{chapter}__retired_at",
        f"{pair}__slug",
        "fact__confusablefact__side",
        Cast(f"{pair}__sides", TextField()),
        Cast(f"{pair}__contrast", TextField()),
        f"{pair}__retired_at",
    )


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
