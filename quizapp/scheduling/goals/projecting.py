"""What somebody will recall on a date, how sure that is, and what it takes to recall more. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from quizapp.scheduling.goals.prospects import Outset, prospect_of

YEAR = 365
"""Days after a date beyond which no later one is looked for."""

MOST_MINUTES = 240
"""A study day has no more."""

COVERAGE = 0.9
"""The share of outcomes that the intervals should hold."""

_DEVIATIONS = 1.645
_PRIOR_ANSWERS = 20
"""How many answers what is known of people in general counts for, as in `workload`."""

_MISJUDGED = 0.012
"""How far a projection is off in the mean, next to following each question by itself."""


@dataclass(frozen=True, slots=True)
class Projection:
    """The readiness expected, from 0 to 1, and the interval in which it should lie.

    `met` is how many of the questions will have been met by then.
    """

    readiness: float
    low: float
    high: float
    met: float = 0.0


def project(
    outset: Outset,
    *,
    days: int,
    study_days: int,
    minutes: float,
    least: float | None = None,
    most: float | None = None,
    target: float = 1.0,
) -> Projection:
    """The readiness in so many days (0 or more), on so many of which (no more than those) so
    many minutes are studied.

    `target` is how much is to be recalled then: the queue refreshes no more than it takes. The
    interval is that of `interval`, wider by what it would make if the `least` minutes were
    studied, or the `most`: between these are those of nine in ten. Left out, they are known.
    """
    if not outset.total or days <= 0:
        return Projection(outset.readiness, *interval(outset, outset.readiness), outset.seen)
    prospect = prospect_of(outset, days)

    def expected(minutes: float) -> tuple[float, float]:
        return prospect.with_answers(study_days * minutes * 60 / outset.seconds, target)

    readiness, met = expected(minutes)
    earned = readiness - prospect.faded / outset.total
    low, high = interval(outset, readiness, earned=earned)
    less = readiness if least is None else expected(least)[0]
    more = readiness if most is None else expected(most)[0]
    return Projection(
        readiness,
        max(0.0, readiness - math.hypot(readiness - low, readiness - less)),
        min(1.0, readiness + math.hypot(high - readiness, more - readiness)),
        met,
    )


def interval(outset: Outset, readiness: float, *, earned: float = 0.0) -> tuple[float, float]:
    """Where nine of ten outcomes should lie about an expected readiness, within 0 and 1.

    The variance is the sum of three. Each of the N questions is recalled or not by its own chance,
    which gives `sum(p * (1 - p)) / N²`; those never met are not recalled for sure. And the
    learner's memory and habits may be other than they are taken to be. That is as if they were
    known from `answers` answers with chance p, and twenty more that stand for people in general:
    `(p * (1 - p) + earned²) / (answers + 20)`, where `earned` is how much of the readiness is yet
    to be earned, since what has not been done may turn out otherwise by all of its size.
    """
    if not outset.total:
        return 0.0, 0.0
    seen = min(1.0, max(readiness, (outset.seen + 1e-9) / outset.total))
    chance = min(1.0, readiness / seen) if seen else 0.0
    of_recall = seen * chance * (1 - chance) / outset.total
    of_learner = (chance * (1 - chance) * seen**2 + earned**2) / (outset.answers + _PRIOR_ANSWERS)
    of_formula = _MISJUDGED**2 if earned else 0.0
    half = _DEVIATIONS * math.sqrt(of_recall + of_learner + of_formula)
    return max(0.0, readiness - half), min(1.0, readiness + half)


def minutes_needed(outset: Outset, *, days: int, study_days: int, target: float) -> float | None:
    """The least minutes a study day that reach the target, to the half minute.

    None where four hours a day would not. 0 if the target is met with nothing done any more.
    """

    if not outset.total or days <= 0:
        return 0.0 if outset.readiness >= target else None
    prospect = prospect_of(outset, days)

    def reaches(halves: int) -> bool:
        answers = study_days * halves * 30 / outset.seconds
        return prospect.with_answers(answers, target)[0] >= target

    if reaches(0):
        return 0.0
    # Nobody needs hours as a rule: look upwards first, then between.
    high = 8
    while not reaches(high):
        if high >= 2 * MOST_MINUTES:
            return None
        high = min(2 * high, 2 * MOST_MINUTES)
    low = high // 2 if high > 8 else 0
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reaches(middle) else (middle, high)
    return high / 2


def days_needed(
    outset: Outset,
    *,
    minutes: float,
    target: float,
    after: int = 0,
    study_days: Callable[[int], int] = int,
) -> int | None:
    """In how many days, more than `after`, which do not do, the target is reached.

    None if that is not within a year after these. `study_days` gives how many of so many days
    are for studying; all of them, unless told otherwise.
    """

    def reaches(days: int) -> bool:
        found = project(
            outset, days=days, study_days=study_days(days), minutes=minutes, target=target
        )
        return found.readiness >= target

    low, high = after, after + 7
    while not reaches(high):
        if high >= after + YEAR:
            return None
        low, high = high, min(after + YEAR, high * 2)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reaches(middle) else (middle, high)
    return high
