"""How a team stands, in one sentence. No Django here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from quizapp.scheduling.goals.words import on_day

_AHEAD = ("ready", "on-course")


def headline(
    numbers: Mapping[str, int], first_due: date | None, last_due: date | None, today: date
) -> str:
    """`5 of 8 will be ready by 12 March; 2 are at risk.`

    `numbers` are those of the members by their status; the dates are the earliest and the latest
    on which one of them is due, None if nobody is.
    """
    none = numbers.get("none", 0)
    total = sum(numbers.values()) - none
    if first_due is None or last_due is None or not total:
        return ""
    if last_due < today:
        sentence = _afterwards(numbers, total, first_due, last_due, today)
    else:
        by = f"by {on_day(last_due, today)}" if first_due == last_due else "by their dates"
        sentence = _before(numbers, total, by)
    if none:
        sentence += f"; {none} {_has(none)} no assignment yet"
    return f"{sentence}."


def _before(numbers: Mapping[str, int], total: int, by: str) -> str:
    ahead = sum(numbers.get(status, 0) for status in _AHEAD)
    parts = [f"{_share(ahead, total)} will be ready {by}"]
    if risk := numbers.get("at-risk", 0):
        parts.append(f"{_those(risk, ahead, total)} at risk")
    if overdue := numbers.get("overdue", 0):
        parts.append(f"{_those(overdue, ahead, total)} overdue")
    return "; ".join(parts)


def _afterwards(
    numbers: Mapping[str, int], total: int, first_due: date, last_due: date, today: date
) -> str:
    ready = numbers.get("ready", 0)
    parts = [f"{_share(ready, total)} {_is(ready)} ready"]
    if overdue := numbers.get("overdue", 0):
        since = f" since {on_day(last_due, today)}" if first_due == last_due else ""
        parts.append(f"{_those(overdue, ready, total)} overdue{since}")
    return "; ".join(parts)


def _share(number: int, total: int) -> str:
    if total == 1:
        return "The one member" if number else "Nobody"
    if number == total:
        return f"All {total}"
    return f"{number or 'None'} of {total}"


def _those(number: int, ahead: int, total: int) -> str:
    """`2 are`, or `all are` where nobody is any better off."""
    if number == total and not ahead:
        return "all are" if total > 1 else "the one member is"
    return f"{number} {_is(number)}"


def _is(number: int) -> str:
    return "is" if number <= 1 else "are"


def _has(number: int) -> str:
    return "has" if number == 1 else "have"
