"""Conflicts between the files and the browser, settled one by one.

Whatever loses stays in the history. What the files say now counts as loaded afterwards, so that
a settled conflict does not come back; where the row says something else, it is waiting to be
exported.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

from django.db import transaction

from quizapp.content import schema
from quizapp.content.editing import NewVersion
from quizapp.content.history import Act, Change
from quizapp.content.loading.plan import E, Plan, Plans, Step, plans_for
from quizapp.content.loading.three_way import Outcome, Settlement
from quizapp.content.loading.writing import write
from quizapp.content.models import Revision
from quizapp.content.parsing import Bank, question_from
from quizapp.content.problems import ContentError, Place
from quizapp.content.schema import Source, digest_of
from quizapp.content.settling.references import Key, check_loaded
from quizapp.content.sources import StoredContent, stored_content

Choice = Settlement | Source
"""How a conflict ends: the row's text, the file's, or for a question any other."""
AnyStep = Step[Any]

NO_FILE = "question"
"""Where a text stands that has been put together from both sides."""


class StaleError(Exception):
    """A conflict is not any more what the person who settles it has seen."""


@dataclass(frozen=True)
class Decided(Step[E]):
    """A step whose outcome does not follow from digests. `noted` becomes the digest then."""

    decided: Outcome
    noted: str

    @property
    def digest(self) -> str:
        return self.noted

    @cached_property
    def outcome(self) -> Outcome:
        return self.decided

    @property
    def source(self) -> Source:
        """What the entry says afterwards, empty where it is retired."""
        if self.is_from_file and self.entry:
            return self.entry.source()
        is_kept = self.decided is Outcome.KEPT and self.stored
        return self.stored.active_source if is_kept and self.stored else {}

    @property
    def is_raised(self) -> bool:
        """Whether learners start anew."""
        before = self.stored.source.get("version", 1) if self.stored else 0
        after = self.source.get("version", 1)
        return bool(self.stored and self.is_from_file and after > before)


def held(step: Step[E]) -> Step[E] | None:
    """A step that leaves a row as it is; None where there is no row."""
    if step.stored is None:
        return None
    row = step.stored.row
    return Decided(
        step.slug, row.position, step.entry, step.stored, None, Outcome.KEPT, row.source_digest
    )


def conflicts(plans: Plans) -> dict[Key, AnyStep]:
    """The steps that wait for a decision, by plan and slug."""
    return {
        (name, step.slug): step
        for name, plan in vars(plans).items()
        for step in plan
        if step.outcome is Outcome.CONFLICTING
    }


def token_of(steps: Mapping[Key, AnyStep]) -> str:
    """Names what both sides of some conflicts say, so that a later change is noticed."""
    sides = {
        f"{name}/{slug}": [step.digest, step.stored.digest if step.stored else ""]
        for (name, slug), step in steps.items()
    }
    return digest_of(sides)[:24]


def bases_of(steps: Mapping[Key, AnyStep]) -> dict[Key, Source]:
    """What the files said when they were last loaded, as far as the history knows it.

    One query for each kind of entry among the steps.
    """
    wanted: dict[str, dict[str, str]] = defaultdict(dict)
    for (name, slug), step in steps.items():
        if step.stored and step.stored.row.source_digest:
            wanted[name][slug] = step.stored.row.source_digest
    found: dict[Key, Source] = {}
    for name, digests in wanted.items():
        known = Revision.objects.filter(noun=name.removesuffix("s"), slug__in=digests)
        for slug, source in known.values_list("slug", "source").iterator():
            if digest_of(source) == digests[slug]:
                found[name, slug] = source
    return found


def decide(step: AnyStep, choice: Choice, base: Source | None) -> Decided[Any]:
    """How a conflict ends. Raises ContentError for a question that the parser refuses.

    A version never falls, and rises where learners would be asked another question under the
    version that they have answered: where the file's text is taken and its version had been
    raised, or that of the row had been.
    """
    file = step.entry.source() if step.entry else {}
    row = step.stored.active_source if step.stored else {}
    if choice in ("ours", row):
        position = step.position if step.entry or not step.stored else step.stored.row.position
        return Decided(
            step.slug, position, step.entry, step.stored, None, Outcome.KEPT, step.digest
        )
    if step.entry is None and choice == "theirs":
        return Decided(step.slug, 0, None, step.stored, None, Outcome.RETIRED, "")
    entry = step.entry
    if isinstance(entry, schema.Question):
        wanted = file if isinstance(choice, str) else choice
        last = step.stored.source if step.stored else {}
        version = _version(base, last, file, wanted)
        if version != wanted.get("version", 1) or wanted != file:
            raw = {name: value for name, value in wanted.items() if name != "topic"}
            place = entry.place if isinstance(choice, str) else Place(NO_FILE)
            entry = question_from({**raw, "version": version}, wanted["topic"], place)
    outcome = Outcome.CHANGED if row else Outcome.RETURNED if step.stored else Outcome.NEW
    return Decided(step.slug, step.position, entry, step.stored, None, outcome, step.digest)


def settle(
    bank: Bank,
    choices: Mapping[Key, Choice] | Settlement,
    change: Change,
    *,
    token: str | None = None,
    on_new_version: NewVersion,
) -> list[Decided[Any]]:
    """Settles the chosen conflicts, or all of them one way, all or none.

    Raises StaleError if a token is given and the conflicts are not those that it names, and
    ContentError if the bank has errors or a text refers to what has not been loaded.
    """
    if bank.errors:
        raise ContentError(bank.errors)
    with transaction.atomic():
        stored = stored_content(lock=True)
        plans = plans_for(bank, stored, None)
        waiting = conflicts(plans)
        chosen = dict.fromkeys(waiting, choices) if isinstance(choices, str) else choices
        steps = {key: waiting[key] for key in chosen if key in waiting}
        if len(steps) < len(chosen) or (token is not None and token != token_of(steps)):
            raise StaleError
        bases = bases_of(steps)
        decided = {key: decide(step, chosen[key], bases.get(key)) for key, step in steps.items()}
        check_references(decided, stored)
        _note_both(steps, decided, change)
        write(_with(plans, decided))
        raised = [each.stored.row.pk for each in decided.values() if each.is_raised and each.stored]
        if raised:
            on_new_version(raised)
    return list(decided.values())


def check_references(decided: Mapping[Key, Decided[Any]], stored: StoredContent) -> None:
    """Raises ContentError where an entry would refer to what the database does not have."""
    written = {key: step.entry for key, step in decided.items() if step.is_from_file and step.entry}
    check_loaded(written.values(), written.keys(), stored)


def _version(base: Source | None, ours: Source, theirs: Source, result: Source) -> int:
    row, file = (int(each.get("version", 1)) for each in (ours, theirs))
    before = int(base.get("version", 1)) if base else min(row, file)
    text = _text(result)
    if text == _text(ours):
        return row
    if file > before:
        return max(file, row + 1)
    return row + 1 if row > before and text == _text(theirs) else row


def _text(source: Source) -> Source:
    return {name: value for name, value in source.items() if name != "version"}


def _note_both(
    steps: Mapping[Key, AnyStep], decided: Mapping[Key, Decided[Any]], change: Change
) -> None:
    """Notes what lost, then what holds, so that neither side's words are gone."""
    known = _known(steps)
    told: list[Revision] = []
    for (name, slug), step in steps.items():
        noun, end = name.removesuffix("s"), decided[name, slug].source
        row = step.stored.active_source if step.stored else {}
        file = step.entry.source() if step.entry else {}
        if row not in ({}, end) and (name, slug, digest_of(row)) not in known:
            told.append(replace(change, by=None, act=Act.FOUND, note="").revision(noun, slug, row))
        if file not in ({}, end) and (name, slug, digest_of(file)) not in known:
            told.append(replace(change, note="what the files said").revision(noun, slug, file))
        told.append(change.revision(noun, slug, end))
    Revision.objects.bulk_create(told, batch_size=500)


def _known(steps: Mapping[Key, AnyStep]) -> set[tuple[str, str, str]]:
    """What the history knows of the entries, as digests. One query for each kind of entry."""
    wanted: dict[str, list[str]] = defaultdict(list)
    for name, slug in steps:
        wanted[name].append(slug)
    return {
        (name, slug, digest_of(source))
        for name, slugs in wanted.items()
        for slug, source in Revision.objects.filter(noun=name.removesuffix("s"), slug__in=slugs)
        .values_list("slug", "source")
        .iterator()
    }


def _with(plans: Plans, decided: Mapping[Key, Decided[Any]]) -> Plans:
    """Plans that carry out just the decisions."""

    def only(name: str, plan: Plan[Any]) -> Plan[Any]:
        steps = (decided.get((name, step.slug)) or held(step) for step in plan)
        return [step for step in steps if step is not None]

    return Plans(
        **{each.name: only(each.name, getattr(plans, each.name)) for each in fields(plans)}
    )
