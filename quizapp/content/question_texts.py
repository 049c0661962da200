"""What questions say, kept where the database can search it and compare it with the files."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Max

from quizapp.content import sources
from quizapp.content.models import Question, QuestionFact, QuestionText, Revision
from quizapp.content.schema import Question as Entry
from quizapp.content.schema import Source, digest_of

_NO_TEXT = frozenset({"bloom", "facts", "kind", "scenario", "topic", "version"})
"""Fields that hold names, by which one filters instead."""
_BATCH = 500


def folded(text: str) -> str:
    """In one normal form, without differences of upper and lower case."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def text_of(source: Source) -> str:
    """All that can be read in a question's source, whatever its kind: each word once, folded.

    A search looks for words, or parts of them, so neither their order nor their number matters,
    and a shorter text is searched faster.
    """
    fields = (value for name, value in source.items() if name not in _NO_TEXT)
    words = folded("\n".join(text for value in fields for text in _texts(value))).split()
    return " ".join(dict.fromkeys(words))


def sources_of(rows: Iterable[Question]) -> dict[int, Source]:
    """What each of the rows says, by primary key. One query, if their topics have been fetched."""
    rows = list(rows)
    facts: dict[int, list[str]] = {row.pk: [] for row in rows}
    links = QuestionFact.objects.filter(question__in=facts).order_by("question", "position")
    for key, slug in links.values_list("question_id", "fact__slug"):
        facts[key].append(slug)
    return {row.pk: sources.question_source(row, row.topic.slug, facts[row.pk]) for row in rows}


def note(written: Mapping[int, Source], at: datetime) -> None:
    """Keeps what questions say from now on, by primary key."""
    QuestionText.objects.bulk_create(
        (_row(key, source, at) for key, source in written.items()),
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["question"],
        update_fields=["digest", "changed_at", "text"],
    )


def note_change(keys: Collection[int], at: datetime) -> None:
    """Keeps that something happened to questions which say what they said."""
    QuestionText.objects.filter(question__in=keys).update(changed_at=at)


def fill_in() -> None:
    """Makes what is missing, as after an upgrade. Two small queries where nothing is."""
    if QuestionText.objects.count() >= Question.objects.count():
        return
    missing = list(Question.objects.filter(written=None).select_related("topic"))
    said = sources_of(missing)
    changes = Revision.objects.filter(noun=Entry.noun).values_list("slug")
    changed = dict(changes.annotate(at=Max("at")))
    # Whoever has written a question meanwhile knows better.
    QuestionText.objects.bulk_create(
        (_row(row.pk, said[row.pk], changed.get(row.slug)) for row in missing),
        batch_size=_BATCH,
        ignore_conflicts=True,
    )


def _row(key: int, source: Source, at: datetime | None) -> QuestionText:
    return QuestionText(
        question_id=key, digest=digest_of(source), changed_at=at, text=text_of(source)
    )


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield str(value)
