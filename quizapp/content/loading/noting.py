"""The history of what loading does: everything that it writes, retires or settles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from django.utils import timezone

from quizapp.content import schema
from quizapp.content.history import Act, Change
from quizapp.content.loading.plan import Plans, Step
from quizapp.content.loading.three_way import Outcome
from quizapp.content.models import Revision
from quizapp.content.schema import Source


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
