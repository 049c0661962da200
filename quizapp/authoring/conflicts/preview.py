"""What settling conflicts would write, before it is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils.safestring import SafeString

from quizapp.authoring.conflicts.shown import MOST_SHOWN, Comparison, marked
from quizapp.authoring.history.diff import Fate, field_changes
from quizapp.content import settling
from quizapp.content.loading.three_way import Outcome
from quizapp.content.settling import Choice, Decided
from quizapp.content.settling.references import Key
from quizapp.content.sources import stored_content
from quizapp.scheduling.memory import State
from quizapp.scheduling.models import Card

_MARKS = {Fate.KEPT: "{}", Fate.ADDED: "<ins>{}</ins>", Fate.REMOVED: "<del>{}</del>"}


@dataclass(frozen=True, slots=True)
class Preview:
    """What settling a conflict would write. `learners` would meet the question again."""

    noun: str
    slug: str
    result: str
    changes: list[tuple[str, SafeString]]
    version: int | None
    learners: int


def previews(decided: Sequence[tuple[Key, Decided[Any], Choice]]) -> list[Preview]:
    """What the first of the decisions would write. One query."""
    raised = [step.stored.row.pk for _, step, _ in decided if step.is_raised and step.stored]
    learners = _learners(raised)
    return [_preview(key, step, choice, learners) for key, step, choice in decided[:MOST_SHOWN]]


def _preview(key: Key, step: Decided[Any], choice: Choice, learners: Mapping[int, int]) -> Preview:
    before = step.stored.active_source if step.stored else {}
    after = step.source
    result = {
        Outcome.KEPT: "stays as it is in the browser",
        Outcome.RETIRED: "is retired, since the files have it no more",
        Outcome.RETURNED: "comes back as the files have it",
    }.get(step.outcome, "becomes what the files say")
    if step.outcome is Outcome.KEPT and not before:
        result = "stays retired"
    if not isinstance(choice, str) and step.outcome is Outcome.CHANGED:
        result = "takes the fields that you have chosen"
    return Preview(
        noun=key[0].removesuffix("s"),
        slug=step.slug,
        result=result,
        changes=[
            (change.label, marked(change.pieces, _MARKS))
            for change in (field_changes(before, after) if before and after else ())
        ],
        version=after.get("version") if step.is_raised else None,
        learners=learners.get(step.stored.row.pk, 0) if step.stored and step.is_raised else 0,
    )


def _learners(questions: Sequence[int]) -> dict[int, int]:
    """How many have learned each of the questions."""
    cards = Card.objects.filter(question__in=questions).exclude(state=State.NEW)
    counted = cards.order_by().values_list("question").annotate(learners=Count("pk"))
    return dict(counted)


def decided_now(
    comparison: Comparison, choices: Mapping[Key, Choice]
) -> list[tuple[Key, Decided[Any], Choice]]:
    """What the choices come to, by the conflicts as they are. Raises ContentError."""
    steps = {key: comparison.waiting[key] for key in choices}
    bases = settling.bases_of(steps)
    decided = {
        key: settling.decide(step, choices[key], bases.get(key)) for key, step in steps.items()
    }
    settling.check_references(decided, stored_content())
    return [(key, step, choices[key]) for key, step in decided.items()]
