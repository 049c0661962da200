"""Rows of the form added, taken out and moved, by buttons that work without script."""

from __future__ import annotations

from dataclasses import replace

from quizapp.authoring.edit.form import MOST_ROWS, Typed, empty_row
from quizapp.authoring.edit.kinds import Rows, parts_of


def with_rows_changed(typed: Typed, act: str, name: str, number: int) -> tuple[Typed, str]:
    """The form after `add`, `remove`, `up` or `down`, and the id of what takes the focus.

    Whatever there is no such row for changes nothing.
    """
    part = next((each for each in parts_of(typed.kind) if each.name == name), None)
    if not isinstance(part, Rows):
        return typed, ""
    rows = list(typed.rows[name])
    focus = ""
    if act == "add" and len(rows) < MOST_ROWS:
        rows.append(empty_row(part))
        focus = f"field-{name}-{len(rows) - 1}-{part.fields[0].name}"
    elif act == "remove" and number < len(rows):
        del rows[number]
        focus = f"remove-{name}-{min(number, len(rows) - 1)}" if rows else f"add-{name}"
    elif act in ("up", "down") and number < len(rows):
        other = number + (1 if act == "down" else -1)
        if 0 <= other < len(rows):
            rows[number], rows[other] = rows[other], rows[number]
            at_end = other == (len(rows) - 1 if act == "down" else 0)
            opposite = "up" if act == "down" else "down"
            focus = f"{opposite if at_end else act}-{name}-{other}"
    return replace(typed, rows={**typed.rows, name: rows}), focus
