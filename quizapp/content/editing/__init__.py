"""Changes to questions in the browser: each goes through the parser and into the history.

With `loading.writing`, the only writer of questions. What the files say is left alone, so that
loading sees which side has changed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping
from typing import Any

from django.db import transaction

from quizapp.content import question_texts, sources
from quizapp.content.history import Change, revisions
from quizapp.content.models import Fact, Question, QuestionFact, Revision, Topic
from quizapp.content.problems import ContentError, Problem
from quizapp.content.schema import Question as Entry
from quizapp.content.schema import Source, digest_of

NewVersion = Callable[[Collection[int]], None]
"""Takes the primary keys of questions whose version rose, inside the transaction."""


def source_of(row: Question) -> Source:
    """What a question says. Two queries, unless its topic and facts have been fetched."""
    links = row.questionfact_set.select_related("fact").order_by("position")
    return sources.question_source(row, row.topic.slug, [link.fact.slug for link in links])


def save(entry: Entry, change: Change, *, on_new_version: NewVersion) -> Question:
    """Writes a question, new or known, if that changes anything.

    Raises ContentError, with nothing written, for a topic or fact that is not there, and for a
    version lower than that which has been asked already.
    """
    with transaction.atomic():
        row: Question | None = (
            Question.objects.select_for_update(no_key=True).filter(slug=entry.slug).first()
        )
        topic, facts = references(entry)
        before: Source = {} if row is None or row.is_retired else source_of(row)
        if row is not None and digest_of(before) == entry.digest:
            return row
        if problems := list(version_problems(entry, row)):
            raise ContentError(problems)
        is_raised = row is not None and entry.version > row.version
        written = _write(row, entry, topic, facts)
        change.revision(Entry.noun, entry.slug, entry.source()).save()
        question_texts.note({written.pk: entry.source()}, change.at)
        if is_raised:
            on_new_version([written.pk])
    return written


def retire(rows: Iterable[Question], change: Change) -> list[Question]:
    """Takes questions out of use, and gives those that were in use. Nothing is deleted."""
    return _set_retired(rows, change, is_retired=True)


def restore(rows: Iterable[Question], change: Change) -> list[Question]:
    """Brings retired questions back with all progress, and gives those that were retired."""
    return _set_retired(rows, change, is_retired=False)


def move(
    rows: Iterable[Question],
    topic: Topic,
    change: Change,
    *,
    positions: Mapping[int, int] | None = None,
) -> list[Question]:
    """Puts questions into another topic, and gives those in use that stood elsewhere.

    They come after what is there, in their order, unless `positions` has a place for them, by
    primary key. What they said before is in the history then, and where they stood.
    """
    keys = [row.pk for row in rows]
    with transaction.atomic():
        found: Any = (
            Question.objects.select_for_update(of=("self",), no_key=True)
            .select_related("topic")
            .filter(pk__in=keys, retired_at=None)
            .exclude(topic=topic)
            .order_by("topic__position", "topic__slug", "position", "pk")
        )
        moved: list[Question] = list(found)
        said = question_texts.sources_of(moved)
        revisions.note_present({row.slug: said[row.pk] for row in moved}, change)
        told = [
            change.revision(Entry.noun, row.slug, {**said[row.pk], "topic": topic.slug})
            for row in moved
        ]
        for place, (row, revision) in enumerate(
            zip(moved, told, strict=True), _next_position(topic)
        ):
            revision.position_before = row.position
            row.topic = topic
            row.position = (positions or {}).get(row.pk, place)
        Question.objects.bulk_update(moved, ["topic", "position"], batch_size=500)
        Revision.objects.bulk_create(told, batch_size=500)
        question_texts.note(
            {row.pk: each.source for row, each in zip(moved, told, strict=True)}, change.at
        )
    return moved


def _set_retired(rows: Iterable[Question], change: Change, *, is_retired: bool) -> list[Question]:
    keys = [row.pk for row in rows]
    with transaction.atomic():
        found: Any = (
            Question.objects.select_for_update(of=("self",), no_key=True)
            .select_related("topic")
            .filter(pk__in=keys, retired_at__isnull=is_retired)
        )
        changed: list[Question] = list(found)
        for row in changed:
            row.retired_at = change.at if is_retired else None
        Question.objects.bulk_update(changed, ["retired_at"], batch_size=500)
        said = {} if is_retired else question_texts.sources_of(changed)
        Revision.objects.bulk_create(
            change.revision(Entry.noun, row.slug, said.get(row.pk, {})) for row in changed
        )
        question_texts.note_change([row.pk for row in changed], change.at)
    return changed


def _next_position(topic: Topic) -> int:
    last = topic.questions.order_by("-position").values_list("position", flat=True).first()
    return 0 if last is None else last + 1


def references(entry: Entry) -> tuple[Topic, list[Fact]]:
    """The topic and the facts that a question names. Raises ContentError for what is not there."""
    problems: list[Problem] = []
    topic = Topic.objects.active().filter(slug=entry.topic).first()
    if topic is None:
        problems.append(entry.place.at("topic").error(f"there is no topic {entry.topic}"))
    known = {fact.slug: fact for fact in Fact.objects.active().filter(slug__in=entry.facts)}
    problems += fact_problems(entry, known)
    if topic is None or problems:
        raise ContentError(problems)
    return topic, [known[slug] for slug in entry.facts]


def fact_problems(entry: Entry, known: Container[str]) -> Iterator[Problem]:
    for index, slug in enumerate(entry.facts):
        if slug not in known:
            yield entry.place.at("facts", index).error(f"there is no fact {slug}")
        elif slug in entry.facts[:index]:
            yield entry.place.at("facts", index).error(f"name {slug} only once")


def version_problems(entry: Entry, row: Question | None) -> Iterator[Problem]:
    if row is not None and entry.version < row.version:
        message = f"write {row.version} or more: version {row.version} has been asked already"
        yield entry.place.at("version").error(message)


def _write(row: Question | None, entry: Entry, topic: Topic, facts: list[Fact]) -> Question:
    if row is None:
        row = Question(slug=entry.slug)
    if row.pk is None or row.topic_id != topic.pk:
        row.position = _next_position(topic)
    for name, value in sources.question_values(entry).items():
        setattr(row, name, value)
    row.topic, row.retired_at = topic, None
    row.save()
    QuestionFact.objects.filter(question=row).delete()
    QuestionFact.objects.bulk_create(
        QuestionFact(question=row, fact=fact, position=position)
        for position, fact in enumerate(facts)
    )
    return row
