"""The history of content: what every entry said, since when, and who changed it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from quizapp.content import schema
from quizapp.content.loading.plan import Plans, Step
from quizapp.content.loading.three_way import Outcome
from quizapp.content.models import Revision
from quizapp.content.schema import Source, digest_of

Act = Revision.Act


@dataclass(frozen=True, slots=True)
class Change:
    """Who changes something, when, and why. `by` is None for loading files.

    `act` is one of `Revision.Act`; what is done together has one `batch`.
    """

    by: int | None
    at: datetime
    act: str
    note: str = ""
    batch: UUID | None = None

    def revision(self, noun: str, slug: str, source: Source) -> Revision:
        """The row that tells of it, not saved yet."""
        return Revision(
            noun=noun,
            slug=slug,
            source=source,
            act=self.act,
            by_id=self.by,
            at=self.at,
            note=self.note[:300],
            batch=self.batch,
        )


def latest(noun: str, slug: str, source: Source) -> Revision:
    """The newest revision of an entry that says `source` now.

    Where the history does not know what it says, as after an upgrade, that is noted first.
    """
    known: Revision | None = Revision.objects.of(noun, slug).first()
    if known is None or digest_of(known.source) != digest_of(source):
        change = Change(None, timezone.now(), Act.FOUND)
        known = change.revision(noun, slug, source)
        known.save()
    return known


def note_loading(plans: Plans) -> None:
    """Notes everything that loading will write or retire, and both sides of what it settles."""
    change = Change(None, timezone.now(), Act.LOADED)
    Revision.objects.bulk_create(_loaded(plans, change), batch_size=500)


def _loaded(plans: Plans, change: Change) -> Iterator[Revision]:
    for name, plan in vars(plans).items():
        noun = name.removesuffix("s")
        for step in plan:
            if step.is_settled and step.stored:
                sides = (_source(step), step.stored.active_source)
                loser, winner = sides if step.outcome is Outcome.KEPT else reversed(sides)
                settled = replace(change, act=Act.SETTLED)
                yield from (settled.revision(noun, step.slug, each) for each in (loser, winner))
            elif step.is_from_file or step.outcome is Outcome.RETIRED:
                yield change.revision(noun, step.slug, _source(step))


def _source(step: Step[schema.Entry]) -> Source:
    return step.entry.source() if step.entry else {}
