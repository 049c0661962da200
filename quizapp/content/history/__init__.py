"""The history of content: what every entry said, since when, and who changed it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

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
