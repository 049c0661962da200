"""Carries out a plan in a few queries, however many rows it touches."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import TypeVar

from django.utils import timezone

from quizapp.content import question_texts, schema, sources
from quizapp.content.loading.plan import E, Plan, Plans, Step
from quizapp.content.loading.three_way import Outcome
from quizapp.content.models import (
    Chapter,
    ChapterFact,
    ChapterQuestion,
    Confusable,
    ConfusableFact,
    Fact,
    Question,
    QuestionFact,
    Sourced,
    Topic,
    Track,
    TrackTopic,
)
from quizapp.content.primer import schema as chapter_schema
from quizapp.content.sources import Values

Keys = Mapping[str, int]
"""Primary keys by slug."""

Link = TypeVar("Link", QuestionFact, TrackTopic)

_MARKS = ("source_digest", "position", "retired_at")


def write(plans: Plans) -> None:
    """Brings the rows to what the plans say. Has to run inside a transaction."""
    topics = _save(Topic, plans.topics, sources.topic_values)
    facts = _save(Fact, plans.facts, _in_topic(sources.fact_values, topics))
    _extend(plans.facts, facts)
    questions = _save(Question, plans.questions, _in_topic(sources.question_values, topics))
    _note_texts(plans.questions, questions)
    tracks = _save(Track, plans.tracks, sources.track_values)
    drilled = {
        questions[each.slug]: [facts[fact] for fact in each.facts]
        for each in _entries_to_write(plans.questions)
    }
    contained = {
        tracks[each.slug]: [topics[topic] for topic in each.topics]
        for each in _entries_to_write(plans.tracks)
    }
    _link(QuestionFact, "question_id", "fact_id", drilled)
    _link(TrackTopic, "track_id", "topic_id", contained)
    chapters = _save(Chapter, plans.chapters, _in_topic(sources.chapter_values, topics))
    _place(
        {chapters[each.slug]: each for each in _entries_to_write(plans.chapters)}, facts, questions
    )
    confusables = _save(Confusable, plans.confusables, sources.confusable_values)
    _take_sides(
        {confusables[each.slug]: each for each in _entries_to_write(plans.confusables)}, facts
    )


def _note_texts(plan: Plan[schema.Question], questions: Keys) -> None:
    """Keeps what the questions written say, and that others were retired."""
    now = timezone.now()
    written = {questions[each.slug]: each.source() for each in _entries_to_write(plan)}
    question_texts.note(written, now)
    retired = [step.slug for step in plan if step.outcome is Outcome.RETIRED]
    question_texts.note_change([questions[slug] for slug in retired], now)


def _entries_to_write(plan: Plan[E]) -> Iterator[E]:
    return (step.entry for step in plan if step.entry and step.is_from_file)


def _in_topic(values: Callable[[E], Values], topics: Keys) -> Callable[[E], Values]:
    return lambda entry: {**values(entry), "topic_id": topics[entry.topic]}


def _save(model: type[Sourced], plan: Plan[E], values: Callable[[E], Values]) -> Keys:
    """Writes what changes in one table, and gives the primary keys of all its rows."""
    now = timezone.now()
    marked = [step.stored.row for step in plan if step.stored and _mark(step, now)]
    model.objects.bulk_update(marked, _MARKS)
    columns = {
        step.slug: {"source_digest": step.digest, "position": step.position, **values(step.entry)}
        for step in plan
        if step.entry and step.is_from_file
    }
    written = [model(slug=slug, **each) for slug, each in columns.items()]
    if written:
        names = next(iter(columns.values()))
        model.objects.bulk_create(
            written,
            update_conflicts=True,
            unique_fields=["slug"],
            update_fields=[*names, "retired_at"],
        )
    stored = [step.stored.row for step in plan if step.stored]
    return {row.slug: row.pk for row in [*stored, *written]}


def _mark(step: Step[E], now: datetime) -> bool:
    """Sets what loading notes on a row whose text stays; tells whether that changes the row."""
    if not step.stored or step.is_from_file:
        return False
    row = step.stored.row
    before = [getattr(row, name) for name in _MARKS]
    row.source_digest = step.digest
    if step.entry and not step.is_elsewhere:
        row.position = step.position
    row.retired_at = now if step.outcome is Outcome.RETIRED else row.retired_at
    return before != [getattr(row, name) for name in _MARKS]


def _extend(plan: Plan[schema.Fact], facts: Keys) -> None:
    """Makes facts point to those that they extend, once all of them have a key."""
    changed = [each for each in _entries_to_write(plan) if each.extends]
    written = Fact.objects.filter(pk__in=[facts[each.slug] for each in _entries_to_write(plan)])
    written.update(extends=None)
    Fact.objects.bulk_update(
        (Fact(pk=facts[each.slug], extends_id=facts[each.extends or ""]) for each in changed),
        ["extends"],
        batch_size=500,
    )


def _link(through: type[Link], owner: str, target: str, links: Mapping[int, list[int]]) -> None:
    """Makes each owner point to its targets, in their order, and to nothing else."""
    through.objects.filter(**{f"{owner}__in": links}).delete()
    through.objects.bulk_create(
        through(**{owner: key, target: each, "position": position})
        for key, targets in links.items()
        for position, each in enumerate(targets)
    )


def _place(chapters: Mapping[int, chapter_schema.Chapter], facts: Keys, questions: Keys) -> None:
    """Notes what each chapter states and asks, and in which section."""
    ChapterFact.objects.filter(chapter__in=chapters).delete()
    ChapterQuestion.objects.filter(chapter__in=chapters).delete()
    ChapterFact.objects.bulk_create(
        ChapterFact(
            chapter_id=key,
            fact_id=facts[each.slug],
            position=position,
            section=each.section,
            heading=chapter.text.title_of(each.section)[:200],
        )
        for key, chapter in chapters.items()
        for position, each in enumerate(chapter.text.facts)
    )
    ChapterQuestion.objects.bulk_create(
        ChapterQuestion(
            chapter_id=key,
            question_id=questions[each.slug],
            position=position,
            section=each.section,
        )
        for key, chapter in chapters.items()
        for position, each in enumerate(chapter.text.questions)
    )


def _take_sides(confusables: Mapping[int, schema.Confusable], facts: Keys) -> None:
    """Notes which facts are about which side."""
    ConfusableFact.objects.filter(confusable__in=confusables).delete()
    ConfusableFact.objects.bulk_create(
        ConfusableFact(confusable_id=key, fact_id=facts[slug], side=number, position=position)
        for key, confusable in confusables.items()
        for number, side in enumerate(confusable.sides)
        for position, slug in enumerate(side.facts)
    )
