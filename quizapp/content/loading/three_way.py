"""Who changed an entry since it was last loaded: the file, the browser, or both.

The three versions are digests of a source: *then*, the file's when it was last loaded; *file*,
the file's now; *row*, the database row's now. An empty digest stands for "not there": no file has
the entry, or the row is retired or does not exist.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

Settlement = Literal["ours", "theirs"]
"""Who wins a conflict: "ours" is the row, "theirs" the file."""


class Outcome(StrEnum):
    """What loading does with an entry."""

    NEW = "new"
    CHANGED = "changed"
    RETURNED = "returned"
    REORDERED = "reordered"
    RETIRED = "retired"
    KEPT = "kept"
    UNCHANGED = "unchanged"
    CONFLICTING = "conflicting"


def outcome_of(then: str, file: str, row: str, *, settle: Settlement | None = None) -> Outcome:
    """What has to happen so that nobody's change is lost.

    NEW stands for every row that comes to life, and never REORDERED or RETURNED, which digests
    cannot tell.
    """
    if file == row:
        return Outcome.UNCHANGED
    file_changed, row_changed = file != then, row != then
    if file_changed and row_changed and settle is None:
        return Outcome.CONFLICTING
    if not file_changed or (row_changed and settle == "ours"):
        return Outcome.KEPT
    if not file:
        return Outcome.RETIRED
    return Outcome.CHANGED if row else Outcome.NEW
