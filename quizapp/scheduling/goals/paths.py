"""How a question fares once it has been met, in expectation, if it is reviewed when due. Pure.

A question's way through its reviews is a walk from one stability to the next: further up if it
is recalled, far down if it is missed, and difficult from then on, as FSRS-6 has it. Here the walk
goes over a few stabilities and two difficulties only, which allows to say of each, by day since
the last review, how many answers are expected to be given and how likely recall is: at the first
review both go on as those of the stabilities that may come next do. A projection adds that up
for the questions of a learner, instead of following thousands of them with chance.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain

from quizapp.scheduling.formulas import Formulas
from quizapp.scheduling.memory import Rating

FIRST_ANSWERS = 2.7
"""What a new question takes on its first day, two learning steps and their misses included."""

MISSED_FIRST = 0.28
"""The share of questions that are missed when first met or in the learning steps."""

MISSED_ANSWERS = 1.2
"""What a missed review takes on top: the relearning step, which may be missed again."""

_RECALLED = ((Rating.HARD, 0.22), (Rating.GOOD, 0.73), (Rating.EASY, 0.05))
"""These all follow from what fsrs-rs takes for a learner unknown, as `workload` does."""

_EASY, _HARD = 3.5, 9.3
"""Difficulties. Misses add up to more than the 7 that the first one leads to."""

_STEP = 1.6
_STABILITIES = tuple(0.25 * _STEP**number for number in range(17))


class Path:
    """From a review on that left a question with some stability and difficulty.

    `answers` and `recall` are by day since that review, which is day 0: how many answers are
    given by then, and the chance of recall on the day.
    """

    def __init__(self, stability: float, difficulty: float, paths: Paths) -> None:
        formulas = paths.formulas
        self.stability = stability
        self.interval = interval = paths.interval(stability)
        self.chance = chance = formulas.recall(interval, stability)
        self.cost = 1 + (1 - chance) * MISSED_ANSWERS
        self.answers = [0.0] * interval
        self.recall = [formulas.recall(day, stability) for day in range(interval)]
        self.ways: tuple[tuple[float, list[float], list[float]], ...] = ()
        # On average over the logarithm, since answers go by it.
        self.if_recalled = sum(
            share * math.log(formulas.next_stability(stability, difficulty, interval, rating))
            for rating, share in _RECALLED
        )
        lost = formulas.next_stability(stability, difficulty, interval, Rating.AGAIN)
        self.if_missed = math.log(formulas.next_stability(lost, difficulty, 0, Rating.GOOD))

    def lead_to(self, *ways: tuple[float, Path]) -> None:
        self.ways = tuple((share, path.answers, path.recall) for share, path in ways)


class Paths:
    """All paths of a learner with these parameters, the 21 of FSRS-6, and this retention."""

    def __init__(self, parameters: Sequence[float], retention: float) -> None:
        self.formulas = formulas = Formulas(parameters)
        self.interval = formulas.intervals(retention)
        self._easy = [Path(each, _EASY, self) for each in _STABILITIES]
        self._hard = [Path(each, _HARD, self) for each in _STABILITIES]
        for paths in (self._easy, self._hard):
            for path in paths:
                path.lead_to(
                    *_between(paths, path.if_recalled, path.chance),
                    *_between(self._hard, path.if_missed, 1 - path.chance),
                )
        known = formulas.first_stability(Rating.GOOD)
        missed = formulas.first_stability(Rating.AGAIN)
        for _ in range(2):
            missed = formulas.next_stability(missed, _HARD, 0, Rating.GOOD)
        self._new = (
            *_between(self._easy, math.log(known), 1 - MISSED_FIRST),
            *_between(self._hard, math.log(missed), MISSED_FIRST),
        )
        self._days = 0

    def reach(self, days: int) -> None:
        """Work out so many days beyond the first review of each."""
        # A day at a time, because the shortest intervals are of one.
        for day in range(self._days, days + 1):
            for path in chain(self._easy, self._hard):
                (a, aa, ar), (b, ba, br), (c, ca, cr), (d, da, dr) = path.ways
                path.answers.append(
                    path.cost + a * aa[day] + b * ba[day] + c * ca[day] + d * da[day]
                )
                path.recall.append(a * ar[day] + b * br[day] + c * cr[day] + d * dr[day])
        self._days = max(self._days, days + 1)

    def of(self, stability: float, difficulty: float) -> tuple[tuple[float, Path], ...]:
        """The paths that questions are on which are so firm and so difficult on average, each
        with the share of them that is on it."""
        hard = min(1.0, max(0.0, (difficulty - _EASY) / (_HARD - _EASY)))
        nearest = min(round(_place(math.log(stability))), len(_STABILITIES) - 1)
        both = ((1 - hard, self._easy[nearest]), (hard, self._hard[nearest]))
        return tuple((share, path) for share, path in both if share)

    def answers_of_new(self, day: int) -> float:
        """How many answers a question takes by so many days after it was met."""
        return FIRST_ANSWERS + sum(share * path.answers[day] for share, path in self._new)

    def recall_of_new(self, day: int) -> float:
        """The chance of recall so many days after a question was met."""
        return sum(share * path.recall[day] for share, path in self._new)

    def faded_of_new(self, day: int) -> float:
        """The same if it was never reviewed after the day on which it was met."""
        return sum(share * self.formulas.recall(day, path.stability) for share, path in self._new)


@lru_cache(maxsize=128)
def paths_for(parameters: tuple[float, ...], retention: float) -> Paths:
    return Paths(parameters, retention)


def _place(log_stability: float) -> float:
    """Where among the stabilities that lies, from 0 on."""
    return max(0.0, (log_stability - math.log(_STABILITIES[0])) / math.log(_STEP))


def _between(
    paths: Sequence[Path], log_stability: float, share: float
) -> tuple[tuple[float, Path], ...]:
    """The share of questions split between the two paths on either side of their stability."""
    place = _place(log_stability)
    below = min(int(place), len(paths) - 2)
    above = min(1.0, place - below)
    return (share * (1 - above), paths[below]), (share * above, paths[below + 1])
