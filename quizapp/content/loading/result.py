"""What loading did, or why it did nothing."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from quizapp.content.loading.three_way import Outcome
from quizapp.content.schema import Source
from quizapp.content.sources import as_yaml

_WITHOUT_EFFECT = frozenset({Outcome.UNCHANGED, Outcome.KEPT})


@dataclass(frozen=True)
class Conflict:
    """An entry that was changed both in its file and in the browser.

    `where` names file and line, and is empty for an entry that is gone from the files. `row` and
    `file` are what the two sides say now; empty for a side that has no such entry any more.
    """

    noun: str
    slug: str
    where: str
    row: Source
    file: Source

    @property
    def diff(self) -> str:
        """A unified diff from the browser's text to the file's."""
        row, file = (as_yaml(each).splitlines() if each else [] for each in (self.row, self.file))
        return "\n".join(difflib.unified_diff(row, file, "browser", "files", lineterm=""))

    def __str__(self) -> str:
        where = f"{self.where}: " if self.where else ""
        sentence = f"the {self.noun} {self.slug} was changed both in the files and in the browser"
        return f"{where}{sentence}\n{self.diff}"


@dataclass(frozen=True)
class LoadResult:
    """How many entries had which outcome, by what they are, such as "questions".

    Nothing was written if there are conflicts.
    """

    counts: Mapping[str, Counter[Outcome]]
    conflicts: tuple[Conflict, ...]

    @property
    def has_changes(self) -> bool:
        return any(set(outcomes) - _WITHOUT_EFFECT for outcomes in self.counts.values())

    def lines(self) -> list[str]:
        """One line each, such as `questions: 2 changed, 1 retired, 58 unchanged`."""
        return [
            f"{name}: " + ", ".join(f"{counts[each]} {each}" for each in Outcome if counts[each])
            for name, counts in self.counts.items()
            if counts
        ]
