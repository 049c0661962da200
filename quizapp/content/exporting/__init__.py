"""Rows, written back into the content files in such a way that only what changed is touched.

Of the entries of which only the row has changed since they were last loaded (see `three_way`),
each is changed within the text of its file. What only the files have changed is left for
loading, and where both have, that is a conflict: its text is left alone. The new files are read
before they replace the old ones, and have to say just what the rows say.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction

from quizapp.content import settling
from quizapp.content.editing import NewVersion
from quizapp.content.exporting.files import FileChange, FileError, parsed_with, replace_all
from quizapp.content.exporting.texts import Texts, UnwritableError
from quizapp.content.history import Change
from quizapp.content.loading import plan
from quizapp.content.loading.plan import Plans, plans_for
from quizapp.content.loading.result import Conflict
from quizapp.content.loading.three_way import Outcome, Settlement
from quizapp.content.loading.writing import write
from quizapp.content.parsing import Bank, parse_bank
from quizapp.content.problems import ContentError
from quizapp.content.settling.references import Key
from quizapp.content.sources import stored_content

_AGREED = frozenset({Outcome.UNCHANGED, Outcome.REORDERED})


@dataclass(frozen=True)
class ExportResult:
    """What exporting did, or would do.

    `conflicts` were left alone, `unloaded` are entries that only the files have changed, and
    `unwritable` tells of those that only a person can bring into the files.
    """

    files: tuple[FileChange, ...]
    counts: Counter[str]
    conflicts: tuple[Conflict, ...]
    unloaded: tuple[Conflict, ...]
    unwritable: tuple[str, ...]
    reordered: int

    @property
    def agrees(self) -> bool:
        """Whether files and database say the same, in the same order."""
        differing = (self.files, self.conflicts, self.unloaded, self.unwritable, self.reordered)
        return not any(differing)

    @property
    def leaves_some(self) -> bool:
        """Whether something that was changed in the browser is not in the files afterwards."""
        return bool(self.conflicts or self.unwritable)


def export(
    folder: Path,
    change: Change,
    *,
    settle: Settlement | None = None,
    on_new_version: NewVersion,
) -> ExportResult:
    """Writes into the files what was changed in the browser, all of it or nothing.

    `settle` says who wins a conflict, and settles it in the database too. Raises ContentError if
    the files have errors, before or after, and FileError if they cannot be written.
    """
    bank = _good_bank(folder)
    with transaction.atomic():
        if settle:
            settling.settle(bank, settle, change, on_new_version=on_new_version)
        stored = stored_content(lock=True)
        plans = plans_for(bank, stored, None)
        result, after = _planned(folder, bank, plans)
        # Files come first: rows that are marked as exported, and are not, would be overwritten.
        replace_all(result.files)
        write(_marking(plans_for(after, stored, None)))
    return result


def compare(folder: Path) -> ExportResult:
    """What exporting would do. Nothing is written."""
    bank = _good_bank(folder)
    return _planned(folder, bank, plans_for(bank, stored_content(), None))[0]


def _good_bank(folder: Path) -> Bank:
    bank = parse_bank(folder)
    if bank.errors:
        raise ContentError(bank.errors)
    return bank


def _planned(folder: Path, bank: Bank, plans: Plans) -> tuple[ExportResult, Bank]:
    texts = Texts(folder, bank, plans)
    files = texts.changes()
    after = parsed_with(folder, files) if files else bank
    if after.errors:
        raise ContentError(after.errors)
    _verify(texts, bank, after, plans)
    steps = [(name, step) for name, each in vars(plans).items() for step in each]
    return (
        ExportResult(
            files=tuple(files),
            counts=texts.counts,
            conflicts=tuple(plans.conflicts()),
            unloaded=tuple(
                step.conflict(name.removesuffix("s"))
                for name, step in steps
                if step.is_from_file or step.outcome is Outcome.RETIRED
            ),
            unwritable=tuple(texts.unwritable.values()),
            reordered=sum(step.outcome is Outcome.REORDERED for _, step in steps),
        ),
        after,
    )


def _verify(texts: Texts, bank: Bank, after: Bank, plans: Plans) -> None:
    """Makes sure that the new files say what they should, entry by entry."""
    before, now = _digests(bank), _digests(after)
    for name, each in vars(plans).items():
        for step in each:
            key = (name, step.slug)
            is_written = step.outcome is Outcome.KEPT and key not in texts.unwritable
            row = step.stored.digest if step.stored else ""
            if now.get(key, "") != (row if is_written else before.get(key, "")):
                noun = name.removesuffix("s")
                raise UnwritableError(
                    f"The {noun} {step.slug} cannot be brought into its file without changing what "
                    f"else stands there. Write it there by hand, and load with --ours."
                )


def _digests(bank: Bank) -> dict[Key, str]:
    entries: dict[str, Any] = {
        "tracks": bank.tracks,
        "topics": bank.topics,
        "facts": bank.facts,
        "questions": bank.questions,
        "chapters": bank.chapters,
        "confusables": bank.confusables,
    }
    return {(name, each.slug): each.digest for name, some in entries.items() for each in some}


def _marking(plans: Plans) -> Plans:
    """Plans that note, of the entries that files and rows agree on, that they are loaded."""

    def marks(steps: plan.Plan[Any]) -> plan.Plan[Any]:
        marked = (step if step.outcome in _AGREED else settling.held(step) for step in steps)
        return [step for step in marked if step is not None]

    return Plans(**{name: marks(steps) for name, steps in vars(plans).items()})


__all__ = ["ExportResult", "FileError", "UnwritableError", "compare", "export"]
