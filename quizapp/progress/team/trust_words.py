"""What was expected beside what came of it, and the difference in words. No Django here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple, Protocol

from quizapp.scheduling.goals.words import counted

FEWEST = 20
"""From how many cases on they say something."""


class Bin(Protocol):
    """Cases whose expectation lay from `low` to `high`, as `scheduling.goals.trust` counts them."""

    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...
    @property
    def cases(self) -> int: ...
    @property
    def expected(self) -> float | None: ...
    @property
    def outcome(self) -> float | None: ...


class WeeksAhead(Protocol):
    """Forecasts made so many whole weeks before the date, as counted there, too."""

    @property
    def weeks(self) -> int: ...
    @property
    def cases(self) -> int: ...
    @property
    def error(self) -> float: ...
    @property
    def inside(self) -> float: ...


class Case(NamedTuple):
    """One bin that holds any: `expected` and `outcome` are means from 0 to 1."""

    low: float
    high: float
    number: int
    expected: float
    outcome: float


def cases_of(bins: Iterable[Bin]) -> list[Case]:
    return [
        Case(each.low, each.high, each.cases, each.expected, each.outcome)
        for each in bins
        if each.cases and each.expected is not None and each.outcome is not None
    ]


def total(cases: Sequence[Case]) -> int:
    return sum(case.number for case in cases)


class Span(NamedTuple):
    """Forecasts made about as early: means of the error and of those inside, from 0 to 1."""

    words: str
    number: int
    error: float
    inside: float


def spans_of(by_weeks: Sequence[WeeksAhead]) -> list[Span]:
    """Several weeks together the earlier they were, since few forecasts are made of each."""
    found = []
    for (least, words), (following, _) in pairwise((*_SPANS, (_FOREVER, ""))):
        within = [each for each in by_weeks if least <= each.weeks < following]
        if number := sum(each.cases for each in within):
            error = sum(each.cases * each.error for each in within) / number
            inside = sum(each.cases * each.inside for each in within) / number
            found.append(Span(words, number, error, inside))
    return found


_SPANS = (
    (0, "In the last week"),
    (1, "1 to 2 weeks"),
    (3, "3 to 4 weeks"),
    (5, "5 to 8 weeks"),
    (9, "9 to 12 weeks"),
    (13, "13 to 26 weeks"),
    (27, "Longer"),
)
_FOREVER = 10**6


def deviation(cases: Sequence[Case]) -> str:
    """`4 points too high`, `1 point too low` or `neither too high nor too low`; empty for none.

    The mean of what was expected less the mean of what came of it, in points of per cent.
    """
    number = total(cases)
    if not number:
        return ""
    points = round(100 * sum(c.number * (c.expected - c.outcome) for c in cases) / number)
    if not points:
        return "neither too high nor too low"
    return f"{counted(abs(points), 'point')} too {'high' if points > 0 else 'low'}"
