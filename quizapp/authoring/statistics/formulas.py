"""Classical item statistics on plain numbers. No Django here.

Scores run from 0 to 1 and may be partial. The definitions are Moodle's: "Quiz statistics
calculations" (https://docs.moodle.org/dev/Quiz_statistics_calculations) and the class
`core_question\\statistics\\questions\\calculator` that follows it. Moodle prints its indices in
per cent; here they stay shares and correlations.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import atanh, fsum, sqrt, tanh
from operator import mul
from typing import NamedTuple

_Z = 1.959963984540054
"""The 97.5th percentile of the normal distribution, for intervals of 95 %."""
_NO_SPREAD = 1e-9
"""A mean square below this is rounding, since scores are fractions with small denominators."""


class Interval(NamedTuple):
    low: float
    high: float


def mean(values: Sequence[float]) -> float | None:
    """The average; of scores it is the facility, from 0 to 1. None of no values."""
    return fsum(values) / len(values) if values else None


def wilson(share: float, number: int) -> Interval | None:
    """The 95 % interval of a share between 0 and 1 that rests on so many cases; None on none.

    Wilson's score interval (Wilson 1927, recommended by Brown, Cai and DasGupta 2001), which
    holds for few cases and never leaves 0 to 1. For a mean of partial scores it is on the safe
    side, because no scores between 0 and 1 spread more than those that are either.
    Raises ValueError for a share out of range.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"a share lies between 0 and 1, not at {share}")
    if number < 1:
        return None
    centre = share + _Z**2 / (2 * number)
    half = _Z * sqrt(share * (1 - share) / number + (_Z / (2 * number)) ** 2)
    scale = 1 + _Z**2 / number
    return Interval(
        low=min(share, max(0.0, (centre - half) / scale)),
        high=max(share, min(1.0, (centre + half) / scale)),
    )


def rest(excess: float, own: float, others: int) -> float:
    """How a learner does on the other questions: the mean excess over the average there.

    `excess` is the sum of score less facility over all the learner's questions, `own` that
    difference on the question itself, `others` the number of the others, at least 1. Moodle adds
    up the marks of the rest of the quiz, which everybody takes as a whole. Here each learner has
    met other questions, so a score counts by how far it lies above or below what is usual. Where
    all have met the same, that takes a constant off Moodle's sum and scales it, which leaves
    both indices as they are. From -1 to 1. Raises ValueError without others.
    """
    if others < 1:
        raise ValueError("there is no rest without other questions")
    return (excess - own) / others


def discrimination(scores: Sequence[float], rests: Sequence[float]) -> float | None:
    """Moodle's discrimination index: the correlation of the score with the score on the rest.

    `C(x, X) / sqrt(V(x) V(X))` over learners, from -1 to 1; None where either does not vary.
    Raises ValueError for sequences of different lengths.
    """
    x, y = _centred(scores), _centred(rests)
    if len(x) != len(y):
        raise ValueError(f"{len(x)} scores cannot go with {len(y)} scores on the rest")
    if not _spreads(x) or not _spreads(y):
        return None
    correlation = _product(x, y) / sqrt(_product(x, x) * _product(y, y))
    return min(1.0, max(-1.0, correlation))


def efficiency(scores: Sequence[float], rests: Sequence[float]) -> float | None:
    """Moodle's discriminative efficiency: the covariance as a share of what it could be.

    `C(x, X) / C_max`, where C_max is the covariance of both sequences sorted: how the same scores
    would fall if only strong learners got the good ones. At most 1, and None where either does
    not vary. An easy question cannot discriminate much, but it can be efficient.
    Raises ValueError for sequences of different lengths.
    """
    x, y = _centred(scores), _centred(rests)
    if len(x) != len(y):
        raise ValueError(f"{len(x)} scores cannot go with {len(y)} scores on the rest")
    if not _spreads(x) or not _spreads(y):
        return None
    return min(1.0, _product(x, y) / _product(sorted(x), sorted(y)))


def correlation_interval(correlation: float, number: int) -> Interval | None:
    """The 95 % interval of a correlation between -1 and 1, by Fisher's z transformation (1921).

    `tanh(atanh(r) ± z / sqrt(n - 3))`, so None for three learners or fewer.
    """
    if number < 4:
        return None
    if abs(correlation) == 1:
        return Interval(correlation, correlation)
    half = _Z / sqrt(number - 3)
    return Interval(tanh(atanh(correlation) - half), tanh(atanh(correlation) + half))


def _centred(values: Sequence[float]) -> list[float]:
    centre = mean(values) or 0.0
    return [value - centre for value in values]


def _spreads(centred: Sequence[float]) -> bool:
    return len(centred) > 1 and _product(centred, centred) > _NO_SPREAD * len(centred)


def _product(x: Sequence[float], y: Sequence[float]) -> float:
    return fsum(map(mul, x, y))
