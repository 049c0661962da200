"""Questions as files to take out, in the forms that can be brought in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from quizapp.content import question_texts
from quizapp.content.importing import csv_rows
from quizapp.content.models import Question
from quizapp.content.schema import Source
from quizapp.content.yaml_text.writing import item

BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Form:
    suffix: str
    content_type: str
    write: Callable[[Sequence[Source]], str]


def _as_yaml(sources: Sequence[Source]) -> str:
    return "\n".join(item(source, indent=0) for source in sources)


def _as_csv(sources: Sequence[Source]) -> str:
    """Behind a byte order mark, without which some spreadsheets take UTF-8 for something else."""
    return BYTE_ORDER_MARK + csv_rows.write(sources)


FORMS = {
    "yaml": Form(".yaml", "application/yaml; charset=utf-8", _as_yaml),
    "csv": Form(".csv", "text/csv; charset=utf-8", _as_csv),
}


@dataclass(frozen=True, slots=True)
class Taken:
    """A file to download."""

    name: str
    content_type: str
    content: str


def take_out(ids: Sequence[int], form: Form, day: date) -> Taken | None:
    """The questions with these primary keys, in that order. None without any. Two queries."""
    found = Question.objects.filter(pk__in=ids).select_related("topic")
    rows = {row.pk: row for row in found}
    ordered = [rows[key] for key in ids if key in rows]
    if not ordered:
        return None
    said = question_texts.sources_of(ordered)
    topics = {row.topic.slug for row in ordered}
    about = f"-{topics.pop()}" if len(topics) == 1 else ""
    name = f"questions{about}-{day:%Y-%m-%d}{form.suffix}"
    return Taken(name, form.content_type, form.write([said[row.pk] for row in ordered]))
