"""Saving what an editor typed: whose wording, whose meaning, and what others did meanwhile."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, transaction

from quizapp.authoring.edit.form import without_topic
from quizapp.authoring.edit.kinds import KEYS
from quizapp.content import editing, history
from quizapp.content.editing.merging import Clash, Path, differences, merge
from quizapp.content.history import Change
from quizapp.content.models import Question, Revision
from quizapp.content.parsing import question_from
from quizapp.content.problems import ContentError, Place, Problem
from quizapp.content.schema import Question as Entry
from quizapp.content.schema import Source, digest_of
from quizapp.grading.manifest_checks import same
from quizapp.scheduling.cards import start_anew
from quizapp.scheduling.memory import State
from quizapp.scheduling.models import Card

_PLACE = Place("question")
_CHOICES = ("single_choice", "multiple_choice")


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be saved: a question without its version, and the revision it began from.

    `slug` is that of a known question, "" for a new one. `base` is None where the work began
    before there was such a question. `place` is where problems are told of.
    """

    slug: str
    source: Source
    base: Revision | None
    changes_meaning: bool
    place: Place = _PLACE


@dataclass(frozen=True, slots=True)
class Saved:
    """`taken` are the fields that somebody else had changed in `theirs` since the work began."""

    question: Question
    taken: tuple[Path, ...] = ()
    theirs: Revision | None = None


@dataclass(frozen=True, slots=True)
class Overtaken:
    """Nothing was saved: somebody else's revision `theirs` came first and has to be looked at.

    `source` is both brought together, with ours wherever they clash. `problems` are those of
    the two together. Where `is_gone`, the question was retired.
    """

    theirs: Revision
    source: Source
    clashes: tuple[Clash, ...] = ()
    taken: tuple[Path, ...] = ()
    problems: tuple[Problem, ...] = ()
    is_gone: bool = False


def save(work: Work, change: Change) -> Saved | Overtaken:
    """Writes the work in one transaction, or tells why a person has to look at it.

    Raises ContentError, with nothing written, for everything that the parser refuses. Saving the
    same work twice changes nothing the second time.
    """
    try:
        with transaction.atomic():
            if not work.slug:
                return _add(work, change)
            return _save(work, change)
    except IntegrityError:  # somebody else added it in this very moment
        raise ContentError([taken_id(work.source)]) from None


def present_source(row: Question) -> Source:
    """What a question says to learners: nothing where it is retired."""
    return {} if row.is_retired else editing.source_of(row)


def parsed(source: Source, version: int = 1, place: Place = _PLACE) -> Entry:
    """The source as an entry of that version. Raises ContentError."""
    topic = str(source.get("topic") or "")
    raw = without_topic(source) | ({"version": version} if version != 1 else {})
    entry = question_from(raw, topic, place)
    if not topic:
        raise ContentError([entry.place.at("topic").error("choose a topic")])
    return entry


def learners_with_memory(row: Question) -> int:
    """How many have learned a question, and so would meet it again as a new one."""
    return Card.objects.filter(question=row).exclude(state=State.NEW).count()


def touches_key(kind: str, before: Source, after: Source) -> bool:
    """Whether a change is most likely one of meaning: it touches what is right."""
    if kind in _CHOICES:
        return _right_texts(before) != _right_texts(after)
    keys = KEYS.get(kind, frozenset())
    return any(
        (path[0] in keys and len(path) <= 2) or any(step in keys for step in path[1:])
        for path, _, _ in differences(before, after)
    )


def without_version(source: Source) -> Source:
    return {name: value for name, value in source.items() if name != "version"}


def _right_texts(source: Source) -> list[str]:
    """The keys among the options, wherever they stand."""
    options = [each for each in source.get("options", ()) if isinstance(each, dict)]
    return sorted(str(each.get("text")) for each in options if each.get("correct") is True)


def _add(work: Work, change: Change) -> Saved:
    entry = parsed(work.source, place=work.place)
    row = Question.objects.select_related("topic").filter(slug=entry.slug).first()
    if row is not None and digest_of(present_source(row)) == entry.digest:
        return Saved(row)
    if row is not None:
        raise ContentError([taken_id(work.source)])
    return Saved(editing.save(entry, change, on_new_version=start_anew))


def taken_id(source: Source) -> Problem:
    message = f"choose another id: there is a question {source.get('id')} already"
    return _PLACE.at("id").error(message)


def _save(work: Work, change: Change) -> Saved | Overtaken:
    row = Question.objects.select_for_update(of=("self",)).select_related("topic")
    question: Question = row.get(slug=work.slug)
    live = present_source(question)
    theirs = history.latest(Entry.noun, question.slug, live)
    is_overtaken = work.base is None or work.base.pk != theirs.pk
    base: Source = work.base.source if work.base else {}
    if not is_overtaken or same(base, live):
        version = _version(work, question, work.source, live, base)
        entry = parsed(work.source, version, work.place)
        return Saved(editing.save(entry, change, on_new_version=start_anew))
    if not live:
        return Overtaken(theirs, work.source, is_gone=True)
    merged = merge(*map(without_version, (base, work.source, live)))
    if merged.clashes:
        return Overtaken(theirs, merged.source, merged.clashes, merged.taken)
    try:
        entry = parsed(merged.source, _version(work, question, merged.source, live, base))
    except ContentError as error:
        return Overtaken(theirs, merged.source, (), merged.taken, tuple(error.problems))
    saved = editing.save(entry, change, on_new_version=start_anew)
    return Saved(saved, merged.taken, theirs)


def _version(work: Work, row: Question, source: Source, live: Source, base: Source) -> int:
    """One more for a change of meaning, unless that very change has been saved already."""
    written = work.source.get("version")  # by hand, in YAML
    if isinstance(written, int) and row.version < written:
        return written
    is_saved = same(without_version(source), without_version(live))
    if not work.changes_meaning or (is_saved and base.get("version", 1) < row.version):
        return row.version
    return row.version + 1
