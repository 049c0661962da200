"""Bringing in files of questions: first what they would change, then all of it or nothing.

What is brought in goes through the parser. Questions that a file does not name stay as they are,
as do topics and facts.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.db import IntegrityError, transaction

from quizapp.content import question_texts
from quizapp.content.editing import NewVersion, fact_problems, version_problems
from quizapp.content.editing.many import save_all
from quizapp.content.editing.merging import Path, differences
from quizapp.content.history import Change
from quizapp.content.importing import uploads
from quizapp.content.importing.left_alone import differing
from quizapp.content.importing.uploads import Contents, Given, Upload
from quizapp.content.models import Fact, Question, Topic
from quizapp.content.parsing import question_from
from quizapp.content.problems import ContentError, Problem
from quizapp.content.schema import Question as Entry
from quizapp.content.schema import Source, digest_of

MOST_VALUES = 2000
"""So many one question may have. What is wrong with it takes time to say."""
_ENOUGH_PROBLEMS = 500


class Status(StrEnum):
    """What bringing in does to one question. RETURNED is one that was retired."""

    WRONG = "wrong"
    NEW = "new"
    CHANGED = "changed"
    RETURNED = "returned"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Stored:
    """A question of the bank as it is now."""

    row: Question
    source: Source


@dataclass(frozen=True)
class Row:
    """One question of the file: what it says, and what that means for the bank.

    `entry` is None for one that is wrong; `stored` for one that the bank does not have.
    """

    given: Given
    slug: str
    problems: tuple[Problem, ...]
    entry: Entry | None
    stored: Stored | None

    @cached_property
    def status(self) -> Status:
        if self.problems or self.entry is None:
            return Status.WRONG
        if self.stored is None:
            return Status.NEW
        if self.stored.row.is_retired:
            return Status.RETURNED
        is_same = digest_of(self.stored.source) == self.entry.digest
        return Status.UNCHANGED if is_same else Status.CHANGED

    @cached_property
    def changes(self) -> list[tuple[Path, Any, Any]]:
        """Each field that changes, with its value now and then."""
        if self.entry is None or self.stored is None:
            return []
        return list(differences(self.stored.source, self.entry.source()))

    @property
    def raises_version(self) -> bool:
        """Whether the meaning changes, so that learners start anew."""
        return bool(self.entry and self.stored and self.entry.version > self.stored.row.version)


@dataclass(frozen=True)
class Plan:
    """What bringing in a file would do. `left` says what of it is not touched.

    `unread` is how many questions were not looked at, since enough of the others are wrong.
    """

    rows: tuple[Row, ...]
    left: tuple[str, ...] = ()
    unread: int = 0

    @cached_property
    def counts(self) -> Counter[Status]:
        return Counter(row.status for row in self.rows)

    @property
    def is_good(self) -> bool:
        return not self.counts[Status.WRONG]

    @property
    def to_write(self) -> list[Row]:
        return [row for row in self.rows if row.status is not Status.UNCHANGED]

    @cached_property
    def fingerprint(self) -> str:
        """Stays the same while the plan and what it rests on do: changes it would undo, too."""
        told = [
            [
                row.slug,
                row.status,
                row.entry.digest if row.entry else "",
                row.stored.source if row.stored else None,
                [str(problem) for problem in row.problems],
            ]
            for row in self.rows
        ]
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


class Outdated(Exception):  # noqa: N818 - not a fault
    """Nothing was written, since it would not have been what was shown. `plan` is what would be."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        super().__init__("The bank has changed.")


def look_at(upload: Upload) -> Plan:
    """What bringing in the file would do. At most six queries, however many questions it has.

    Raises ContentError where the file as a whole cannot be read.
    """
    return _planned(uploads.read(upload))


def bring_in(
    upload: Upload, shown: str, change: Change, *, on_new_version: NewVersion
) -> list[Question]:
    """Writes everything in the file that the bank does not say already, and gives it.

    `shown` is the fingerprint of the plan that somebody agreed to. Raises Outdated, with nothing
    written, if it would do anything else by now or if anything in it is wrong.
    """
    contents = uploads.read(upload)  # which may take seconds, in which others can write
    try:
        with transaction.atomic():
            plan = _planned(contents, lock=True)
            if plan.fingerprint != shown or not plan.is_good:
                raise Outdated(plan)
            entries = [row.entry for row in plan.to_write if row.entry]
            return save_all(entries, change, on_new_version=on_new_version)
    except (ContentError, IntegrityError):  # something came in between in this very moment
        raise Outdated(_planned(contents)) from None


def _planned(contents: Contents, *, lock: bool = False) -> Plan:
    """`lock` holds the questions until the transaction ends."""
    bank = _Bank.around(contents, lock=lock)
    rows = tuple(bank.rows(contents))
    return Plan(rows, tuple(differing(contents)), len(contents.given) - len(rows))


@dataclass(frozen=True)
class _Bank:
    """What the database knows of the things that a file names."""

    stored: dict[str, Stored]
    topics: set[str]
    facts: set[str]

    @classmethod
    def around(cls, contents: Contents, *, lock: bool) -> _Bank:
        raws = [given.raw for given in contents.given if isinstance(given.raw, dict)]
        slugs = {slug for raw in raws if isinstance(slug := raw.get("id"), str)}
        lists = [facts for raw in raws if isinstance(facts := raw.get("facts"), list)]
        facts = {slug for each in lists for slug in each if isinstance(slug, str)}
        found: Any = Question.objects.filter(slug__in=slugs).select_related("topic").order_by("pk")
        rows: list[Question] = list(
            found.select_for_update(of=("self",), no_key=True) if lock else found
        )
        said = question_texts.sources_of(rows)
        known = Fact.objects.active().filter(slug__in=facts).values_list("slug", flat=True)
        return cls(
            {row.slug: Stored(row, said[row.pk]) for row in rows},
            set(Topic.objects.active().values_list("slug", flat=True)),
            set(known),
        )

    def rows(self, contents: Contents) -> Iterator[Row]:
        """What becomes of each question, until there are more problems than anybody reads."""
        first: dict[str, Given] = {}
        told = 0
        for given in contents.given:
            row = self.row(given, contents.topic, first)
            yield row
            told += len(row.problems)
            if told >= _ENOUGH_PROBLEMS:
                return

    def row(self, given: Given, topic: Any, first: dict[str, Given]) -> Row:
        """`first` has the questions so far, by id."""
        raw, slug = given.raw, ""
        if isinstance(raw, dict):
            raw = dict(raw)
            topic = raw.pop("topic", topic)
            slug = raw["id"] if isinstance(raw.get("id"), str) else ""
        stored = self.stored.get(slug)
        if (values := _values(raw)) > MOST_VALUES:
            message = f"has {values:,} values; at most {MOST_VALUES:,} are read"
            return Row(given, slug, (given.place.error(message),), None, stored)
        problems = [*given.faults, *self.topic_problems(given, topic)]
        if slug in first:
            message = f"{slug[:80]} is given already on line {first[slug].place.line}"
            problems.append(given.place.at("id").error(message))
        elif slug:
            first[slug] = given
        entry = None
        try:
            entry = question_from(raw, str(topic), given.place)
            problems += self.broken(entry, stored)
        except ContentError as error:
            faulty = {problem.field for problem in given.faults}
            problems += [each for each in error.problems if each.field not in faulty]
        return Row(given, slug, tuple(sorted(problems)), entry, stored)

    def topic_problems(self, given: Given, topic: Any) -> Iterator[Problem]:
        place = given.place.at("topic")
        if topic == "":
            yield place.error("is missing: name it here, or choose a topic for the whole file")
        elif not isinstance(topic, str):
            yield place.error("write the slug of a topic here")
        elif topic not in self.topics:
            yield place.error(f"there is no topic {topic[:80]}")

    def broken(self, entry: Entry, stored: Stored | None) -> Iterator[Problem]:
        """What saving would refuse."""
        yield from fact_problems(entry, self.facts)
        yield from version_problems(entry, stored.row if stored else None)


def _values(raw: Any) -> int:
    """How many values lie in one another. The parser has bounded how deeply."""
    if isinstance(raw, dict | list):
        return 1 + sum(map(_values, raw.values() if isinstance(raw, dict) else raw))
    return 1
