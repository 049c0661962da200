"""Counting how learners fare with each question, for all questions together.

The log is read once, question by question in the order in which it came. What is kept meanwhile
is a line for each learner and each question; the scores of the first responses, which are needed
again when it is known how strong each learner is, wait in a file once they are many.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import datetime
from itertools import groupby
from tempfile import SpooledTemporaryFile
from typing import Any

from django.db import transaction
from django.db.models import Count, TextField
from django.db.models.functions import Cast

from quizapp.authoring.models import ItemStatistics
from quizapp.authoring.statistics.attention import Attention, Figures, attention
from quizapp.authoring.statistics.first_responses import (
    Counted,
    FirstResponses,
    Learners,
    Logged,
    counted,
)
from quizapp.authoring.statistics.formulas import correlation_interval, discrimination, efficiency
from quizapp.authoring.statistics.shown import lettered
from quizapp.content.models import Question
from quizapp.scheduling.models import Flag, Review

_FIGURES = [field.name for field in fields(Figures)]
_COUNTED = ["version", *_FIGURES, "options", "attention", "reasons", "counted_at"]
_BATCH = 500
_MOST_BYTES_IN_MEMORY = 64_000_000
"""What the first responses, of 16 bytes each, may take before they go to the disk."""


@dataclass(frozen=True, slots=True)
class Summary:
    """`noticed` are the questions that call for a look."""

    questions: int
    responses: int
    noticed: int


def count_all(now: datetime) -> Summary:
    """Count all questions anew. Run again on the same log, it comes to the same.

    Learners go on answering while the log is read; the rows are then written in one transaction,
    so that whoever looks sees all old figures or all new ones.
    """
    rows_of_bank = Question.objects.only("kind", "version", "spec", "retired_at").order_by("pk")
    questions = {question.pk: question for question in rows_of_bank}
    found = _counted(questions)
    flags = _open_flags()
    rows = []
    for pk, question in questions.items():
        one = found.get(pk, Counted())
        row = ItemStatistics(
            question=question, version=question.version, options=one.options, counted_at=now
        )
        for name in _FIGURES:
            setattr(row, name, getattr(one.figures, name))
        _look(row, flags.get(pk, 0))
        rows.append(row)
    with transaction.atomic():
        ItemStatistics.objects.bulk_create(
            rows,
            batch_size=_BATCH,
            update_conflicts=True,
            unique_fields=["question"],
            update_fields=_COUNTED,
        )
    return Summary(
        questions=len(rows),
        responses=sum(row.responses for row in rows),
        noticed=sum(row.attention > 0 for row in rows),
    )


def look_again(question_ids: Iterable[int]) -> None:
    """Judge anew by the figures as counted and the questions and flags as they are now.

    For after flags were settled or opened again: the list of what calls for a look cannot wait
    for the next count. Three queries.
    """
    chosen = list(question_ids)
    flags = _open_flags(chosen)
    rows = list(ItemStatistics.objects.filter(question__in=chosen).select_related("question"))
    for row in rows:
        _look(row, flags.get(row.question_id, 0))
    ItemStatistics.objects.bulk_update(rows, ["attention", "reasons"], batch_size=_BATCH)


def _look(row: ItemStatistics, open_flags: int) -> None:
    found = _attention(row, row.question, open_flags)
    row.attention, row.reasons = found.number, list(found.reasons)


def _attention(row: ItemStatistics, question: Question, open_flags: int) -> Attention:
    """Nobody meets a retired question, and of another meaning the figures say nothing."""
    if question.retired_at:
        return Attention(0, ())
    if row.is_outdated:
        return attention(Figures(), open_flags=open_flags)
    spec = question.parsed_spec
    return attention(
        row.figures,
        lettered(spec, row.options),
        open_flags=open_flags,
        is_self_rated=spec.is_self_rated,
    )


def _open_flags(question_ids: list[int] | None = None) -> dict[int, int]:
    flags = Flag.objects.open()
    if question_ids is not None:
        flags = flags.filter(question__in=question_ids)
    return dict(flags.order_by().values_list("question_id").annotate(Count("pk")))


def _counted(questions: dict[int, Question]) -> dict[int, Counted]:
    """What there is to say of each question in the log."""
    learners = Learners()
    found: dict[int, Counted] = {}
    with SpooledTemporaryFile(max_size=_MOST_BYTES_IN_MEMORY) as file:
        kept = FirstResponses(file)
        for pk, rows in groupby(_log(), key=lambda row: row.question):
            if question := questions.get(pk):
                one, firsts = counted(rows, question.version, question.parsed_spec)
                found[pk] = one
                if firsts:
                    learners.take(firsts)
                    kept.put(pk, firsts)
        for pk, firsts in kept:
            scores, rests = learners.compared(firsts)
            figures = _with_discrimination(found[pk].figures, scores, rests)
            found[pk] = replace(found[pk], figures=figures)
    return found


def _with_discrimination(figures: Figures, scores: list[float], rests: list[float]) -> Figures:
    index = discrimination(scores, rests)
    interval = None if index is None else correlation_interval(index, len(scores))
    return replace(
        figures,
        compared=len(scores),
        discrimination=index,
        discrimination_low=interval.low if interval else None,
        discrimination_high=interval.high if interval else None,
        efficiency=efficiency(scores, rests),
    )


def _log() -> Iterator[Logged]:
    """The reviews that count, those of a question together, from its first to its last.

    By key and not by time, since clocks go back. JSON stays text: most rows repeat another's.
    """
    rows: Any = (
        Review.objects.shaping()
        .order_by("question_id", "pk")
        .annotate(order=Cast("options_order", TextField()), given=Cast("response", TextField()))
        .values_list(
            "question_id",
            "question_version",
            "user_id",
            "score",
            "rating",
            "state_before",
            "duration_ms",
            "is_sure",
            "order",
            "given",
        )
    )
    return map(Logged._make, rows.iterator(chunk_size=2000))
