"""The formulas of FSRS-6 by themselves, for simulations that take many thousands of steps.

`memory` steps cards with the library. These are the same formulas on plain numbers (Ye, Su and
Cao 2022; open-spaced-repetition, "The Algorithm"), and a test holds the two together. Stability
is in days, difficulty runs from 1 to 10, spans are whole days.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from math import exp

from quizapp.scheduling.memory import MAXIMUM_INTERVAL, Rating

LEAST_STABILITY = 0.001


class Formulas:
    """Of one set of parameters: the 21 of FSRS-6."""

    def __init__(self, parameters: Sequence[float]) -> None:
        self.w = w = tuple(parameters)
        self.decay = -w[20]
        self.factor = 0.9 ** (1 / self.decay) - 1
        self._growth = exp(w[8])
        # By rating, from 1 on: a list is found in faster than a dict of enumerated values.
        self._same_day = [0.0, *(exp(w[17] * (rating - 3 + w[18])) for rating in Rating)]
        self._bonus = [0.0, 0.0, w[15], 1.0, w[16]]
        self._most_after_lapse = 1 / exp(w[17] * w[18])
        self._reverted_to = w[7] * (w[4] - exp(w[5] * 3) + 1)

    def recall(self, days: float, stability: float) -> float:
        """The chance of recall so many days after the last answer."""
        return float((1 + self.factor * days / stability) ** self.decay)

    def intervals(self, retention: float) -> Callable[[float], int]:
        """A function from the stability to the days after which recall has sunk to `retention`."""
        spans = float((retention ** (1 / self.decay) - 1) / self.factor)

        def interval(stability: float) -> int:
            return min(max(round(stability * spans), 1), MAXIMUM_INTERVAL)

        return interval

    def first_stability(self, rating: Rating) -> float:
        return max(self.w[rating - 1], LEAST_STABILITY)

    def first_difficulty(self, rating: Rating) -> float:
        return _clamped(self.w[4] - exp(self.w[5] * (rating - 1)) + 1)

    def next_difficulty(self, difficulty: float, rating: Rating) -> float:
        w = self.w
        moved = difficulty - w[6] * (rating - 3) * (10 - difficulty) / 9
        return _clamped(self._reverted_to + (1 - w[7]) * moved)

    def next_stability(
        self, stability: float, difficulty: float, days: int, rating: Rating
    ) -> float:
        """After an answer so many days after the last: 0 for one on the same day."""
        w = self.w
        after: float
        if days < 1:
            growth = self._same_day[rating] * stability ** -w[19]
            after = stability * (growth if rating is Rating.AGAIN else max(growth, 1.0))
        elif rating is Rating.AGAIN:
            lost = 1 - self.recall(days, stability)
            after = w[11] * difficulty ** -w[12] * ((stability + 1) ** w[13] - 1)
            after = min(after * exp(w[14] * lost), stability * self._most_after_lapse)
        else:
            lost = 1 - self.recall(days, stability)
            growth = self._growth * (11 - difficulty) * stability ** -w[9]
            after = stability * (1 + growth * (exp(w[10] * lost) - 1) * self._bonus[rating])
        return max(after, LEAST_STABILITY)


@lru_cache(maxsize=256)
def formulas_of(parameters: tuple[float, ...]) -> Formulas:
    return Formulas(parameters)


def _clamped(difficulty: float) -> float:
    return min(max(difficulty, 1.0), 10.0)
