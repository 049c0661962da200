"""Many questions saved at once, in a few queries: what `editing.save` does for each of them."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max

from quizapp.content import question_texts, sources
from quizapp.content.editing import NewVersion, fact_problems, version_problems
from quizapp.content.history import Change, revisions
from quizapp.content.models import Fact, Question, QuestionFact, Revision, Topic
from quizapp.content.problems import ContentError, Problem
from quizapp.content.schema import Question as Entry
from quizapp.content.schema import digest_of

_BATCH = 500
_PLACED = ("topic", "position", "retired_at")


def save_all(
    entries: Sequence[Entry], change: Change, *, on_new_version: NewVersion
) -> list[Question]:
    """Writes those of the questions, new or known, that change anything, and gives them.

    No two may have one id. What known ones said before is in the history then. Raises
    ContentError, with nothing written, for what `editing.save` would refuse.
    """
    with transaction.atomic():
        known = _known(entries)
        said = question_texts.sources_of(known.values())
        in_use = {row.slug: said[row.pk] for row in known.values() if not row.is_retired}
        topics = {row.slug: row for row in Topic.objects.active()}
        named = {slug for entry in entries for slug in entry.facts}
        facts = {row.slug: row.pk for row in Fact.objects.active().filter(slug__in=named)}
        problems = [
            problem
            for entry in entries
            for problem in _problems(entry, known.get(entry.slug), topics, facts)
        ]
        if problems:
            raise ContentError(problems)
        changed = [
            entry for entry in entries if digest_of(in_use.get(entry.slug, {})) != entry.digest
        ]
        revisions.note_present(
            {entry.slug: in_use[entry.slug] for entry in changed if entry.slug in in_use}, change
        )
        written = _write(changed, known, topics)
        _link(changed, written, facts)
        keys = {row.slug: row.pk for row in written}
        Revision.objects.bulk_create(
            (change.revision(Entry.noun, entry.slug, entry.source()) for entry in changed),
            batch_size=_BATCH,
        )
        question_texts.note({keys[entry.slug]: entry.source() for entry in changed}, change.at)
        raised = [
            keys[entry.slug]
            for entry in changed
            if entry.slug in known and entry.version > known[entry.slug].version
        ]
        if raised:
            on_new_version(raised)
    return written


def _known(entries: Sequence[Entry]) -> dict[str, Question]:
    slugs = [entry.slug for entry in entries]
    locked: Any = Question.objects.select_for_update(of=("self",), no_key=True).select_related(
        "topic"
    )
    return {row.slug: row for row in locked.filter(slug__in=slugs).order_by("pk")}


def _problems(
    entry: Entry, row: Question | None, topics: Container[str], facts: Container[str]
) -> Iterator[Problem]:
    if entry.topic not in topics:
        yield entry.place.at("topic").error(f"there is no topic {entry.topic}")
    yield from fact_problems(entry, facts)
    yield from version_problems(entry, row)


def _write(
    entries: Sequence[Entry], known: Mapping[str, Question], topics: Mapping[str, Topic]
) -> list[Question]:
    """The rows, in the order of the entries. New ones come last in their topic."""
    lasts = Question.objects.order_by().values_list("topic").annotate(last=Max("position"))
    last: dict[int, int] = dict(lasts)
    written: dict[str, Question] = {}
    for entry in entries:
        topic, before = topics[entry.topic], known.get(entry.slug)
        if before is not None and before.topic_id == topic.pk:
            position = before.position
        else:
            position = last[topic.pk] = last.get(topic.pk, -1) + 1
        values = sources.question_values(entry)
        written[entry.slug] = Question(slug=entry.slug, topic=topic, position=position, **values)
    new = [row for slug, row in written.items() if slug not in known]
    Question.objects.bulk_create(new, batch_size=_BATCH)
    if len(new) < len(entries):
        Question.objects.bulk_create(
            [row for slug, row in written.items() if slug in known],
            batch_size=_BATCH,
            update_conflicts=True,
            unique_fields=["slug"],
            update_fields=[*sources.question_values(entries[0]), *_PLACED],
        )
    return list(written.values())


def _link(entries: Sequence[Entry], rows: Sequence[Question], facts: Mapping[str, int]) -> None:
    QuestionFact.objects.filter(question__in=rows).delete()
    QuestionFact.objects.bulk_create(
        (
            QuestionFact(question=row, fact_id=facts[slug], position=position)
            for row, entry in zip(rows, entries, strict=True)
            for position, slug in enumerate(entry.facts)
        ),
        batch_size=_BATCH,
    )
