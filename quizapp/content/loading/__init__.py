"""A bank of content files, brought into the database without losing anybody's change.

Loading compares three versions of every entry (see `three_way`). It is atomic, and loading
the same files again changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from django.db import transaction

from quizapp.content import schema
from quizapp.content.loading.noting import note_loading
from quizapp.content.loading.plan import Plan, plans_for
from quizapp.content.loading.result import LoadResult
from quizapp.content.loading.three_way import Settlement
from quizapp.content.loading.writing import write
from quizapp.content.parsing import Bank
from quizapp.content.problems import ContentError
from quizapp.content.sources import stored_content


def load(
    bank: Bank,
    *,
    settle: Settlement | None = None,
    on_new_version: Callable[[Collection[int]], None],
) -> LoadResult:
    """Brings the database up to the bank, all of it or nothing.

    A conflict leaves everything as it was, unless `settle` says who wins. `on_new_version` gets
    the primary keys of the questions whose version rose, inside the transaction. Raises
    ContentError if the bank has errors, or a question's version is lower than its row's.
    """
    if bank.errors:
        raise ContentError(bank.errors)
    with transaction.atomic():
        plans = plans_for(bank, stored_content(lock=True), settle)
        result = LoadResult(plans.counts(), tuple(plans.conflicts()))
        if not result.conflicts:
            raised = _raised_versions(plans.questions)
            note_loading(plans)  # while the rows still say what they said
            write(plans)
            if raised:
                on_new_version(raised)
    return result


def _raised_versions(plan: Plan[schema.Question]) -> list[int]:
    """The primary keys of the questions that learners start anew."""
    raised, lowered = [], []
    for step in plan:
        if step.entry and step.stored and step.is_from_file:
            before = step.stored.source.get("version", 1)
            if step.entry.version > before:
                raised.append(step.stored.row.pk)
            if step.entry.version < before:
                message = f"write {before} or more: version {before} has been asked already"
                lowered.append(step.entry.place.at("version").error(message))
    if lowered:
        raise ContentError(lowered)
    return raised
