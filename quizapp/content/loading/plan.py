"""What loading a bank would do to each entry, decided before anything is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

from quizapp.content import schema
from quizapp.content.loading.result import Conflict
from quizapp.content.loading.three_way import Outcome, Settlement, outcome_of
from quizapp.content.models import Sourced
from quizapp.content.parsing import Bank
from quizapp.content.primer.schema import Chapter
from quizapp.content.sources import Stored, StoredContent

E = TypeVar("E", bound=schema.Entry)
"""What a file holds of an entry."""


@dataclass(frozen=True)
class Step(Generic[E]):
    """What happens to one entry. The files may lack it (`entry`), or the database (`stored`)."""

    slug: str
    position: int
    entry: E | None
    stored: Stored[Sourced] | None
    settle: Settlement | None

    @property
    def digest(self) -> str:
        """The digest of what the file says, empty without a file."""
        return self.entry.digest if self.entry else ""

    @property
    def is_gone(self) -> bool:
        """Whether neither the files nor the active rows know the entry."""
        return not self.entry and bool(self.stored and self.stored.row.is_retired)

    @cached_property
    def outcome(self) -> Outcome:
        then, row = (self.stored.row.source_digest, self.stored.digest) if self.stored else ("", "")
        outcome = outcome_of(then, self.digest, row, settle=self.settle)
        if self.stored and outcome is Outcome.NEW:
            return Outcome.RETURNED
        if outcome is Outcome.UNCHANGED and self.has_moved:
            return Outcome.REORDERED
        return outcome

    @property
    def is_from_file(self) -> bool:
        """Whether the row takes on what the file says."""
        return self.outcome in {Outcome.NEW, Outcome.CHANGED, Outcome.RETURNED}

    @property
    def is_settled(self) -> bool:
        """Whether both sides have changed the entry, and `settle` has decided between them."""
        then, row = (self.stored.row.source_digest, self.stored.digest) if self.stored else ("", "")
        return bool(self.settle) and outcome_of(then, self.digest, row) is Outcome.CONFLICTING

    @property
    def has_moved(self) -> bool:
        """Whether the entry has another place among its siblings than the row."""
        return bool(self.entry and self.stored and self.stored.row.position != self.position)

    @property
    def is_elsewhere(self) -> bool:
        """Whether the row stays in another topic than the file's, so that its place is there."""
        if not self.entry or not self.stored or self.outcome is not Outcome.KEPT:
            return False
        return bool(self.stored.source.get("topic") != self.entry.source().get("topic"))

    def conflict(self, noun: str) -> Conflict:
        """Both texts, for the author to compare. Only for a step that is conflicting."""
        return Conflict(
            noun=noun,
            slug=self.slug,
            where=str(self.entry.place) if self.entry else "",
            row=self.stored.active_source if self.stored else {},
            file=self.entry.source() if self.entry else {},
        )


Plan = list[Step[E]]


@dataclass(frozen=True)
class Plans:
    """A step for every entry that the files or the database know."""

    tracks: Plan[schema.Track]
    topics: Plan[schema.Topic]
    facts: Plan[schema.Fact]
    questions: Plan[schema.Question]
    chapters: Plan[Chapter]
    confusables: Plan[schema.Confusable]

    def counts(self) -> dict[str, Counter[Outcome]]:
        """How many entries have which outcome, by what the entries are."""
        return {
            name: Counter(step.outcome for step in plan if not step.is_gone)
            for name, plan in vars(self).items()
        }

    def conflicts(self) -> Iterator[Conflict]:
        for name, plan in vars(self).items():
            for step in plan:
                if step.outcome is Outcome.CONFLICTING:
                    yield step.conflict(name.removesuffix("s"))


def plans_for(bank: Bank, stored: StoredContent, settle: Settlement | None) -> Plans:
    """What it takes to bring the rows up to the bank; `settle` says who wins a conflict."""
    facts = (pair for topic in bank.topics for pair in enumerate(topic.facts))
    questions = (pair for topic in bank.topics for pair in enumerate(topic.questions))
    return Plans(
        tracks=_plan(enumerate(bank.tracks), stored.tracks, settle),
        topics=_plan(enumerate(bank.topics), stored.topics, settle),
        facts=_plan(facts, stored.facts, settle),
        questions=_plan(questions, stored.questions, settle),
        chapters=_plan(enumerate(bank.chapters), stored.chapters, settle),
        confusables=_plan(enumerate(bank.confusables), stored.confusables, settle),
    )


def _plan(
    entries: Iterable[tuple[int, E]],
    stored: Mapping[str, Stored[Sourced]],
    settle: Settlement | None,
) -> Plan[E]:
    placed = {entry.slug: (position, entry) for position, entry in entries}
    missing = stored.keys() - placed.keys()
    return [
        *(Step(slug, *each, stored.get(slug), settle) for slug, each in placed.items()),
        *(Step(slug, 0, None, stored[slug], settle) for slug in sorted(missing)),
    ]
