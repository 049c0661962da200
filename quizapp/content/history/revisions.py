"""The history of many questions at once, in a few queries."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from django.db.models import Max

from quizapp.content.history import Act, Change
from quizapp.content.models import Revision
from quizapp.content.models.revision import RevisionQuerySet
from quizapp.content.schema import Question as Entry
from quizapp.content.schema import Source


def latest_of(slugs: Collection[str]) -> dict[str, Revision]:
    """The newest revision of each of the questions that has one. Two queries."""
    return newest(Revision.objects.filter(slug__in=slugs))


def note_present(said: Mapping[str, Source], change: Change) -> None:
    """Notes what questions say, by slug, where the history does not know it. Three queries."""
    known = latest_of(said)
    found = replace(change, by=None, act=Act.FOUND, note="", batch=None)
    Revision.objects.bulk_create(
        (
            found.revision(Entry.noun, slug, source)
            for slug, source in said.items()
            if slug not in known or known[slug].source != source
        ),
        batch_size=500,
    )


def newest(revisions: RevisionQuerySet) -> dict[str, Revision]:
    """Of these revisions of questions the newest of each, by slug."""
    keys = revisions.filter(noun=Entry.noun).values("slug").annotate(newest=Max("pk"))
    found = Revision.objects.in_bulk([each["newest"] for each in keys])
    return {revision.slug: revision for revision in found.values()}
