"""What the days until a date have in store for somebody, and what comes of answers given. Pure.

A learner's questions are not followed one by one, as `simulating` does, but as a crowd: `paths`
knows what each takes and how likely it is recalled if it is reviewed when due. The days ahead are
cut into stretches, each with so many answers to give, which are given as `pacing` has it: new
questions take their even share, up to a part of the day, then come the reviews, those first that
are worth most on the date; what is left over in the last days goes into refreshing the weakest.
Where there is no room for a review, memory fades along the curve of FSRS-6. A test holds this
against a simulation card by card: it comes out within a few points of readiness.

Limits of new questions a day are left out: to a date, as many are met as the minutes allow.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from operator import mul

from quizapp.scheduling.backlog import ANSWERS_PER_NEW
from quizapp.scheduling.goals.pacing import (
    KEPT_IN_HAND,
    LAST_DAYS,
    MARGIN,
    NEW_SHARE,
    SETTLING_DAYS,
)
from quizapp.scheduling.goals.paths import FIRST_ANSWERS, Paths, paths_for
from quizapp.scheduling.memory import DEFAULT_PARAMETERS

_STRETCHES = 14
_REFRESHED = 0.8
"""How much of what is not recalled a refreshing within the last days mends."""


@dataclass(frozen=True, slots=True)
class Group:
    """Questions seen whose memory is about as firm: how many, their stability in days, and the
    chance, from 0 to 1, that one of them is recalled now."""

    count: float
    stability: float
    recall: float
    difficulty: float = 5.0


@dataclass(frozen=True, slots=True)
class Outset:
    """Where somebody stands in a track of `total` questions.

    `groups` are those seen that are remembered at all, `seconds` is what an answer takes, and
    `retention` the chance of recall at which a review is wished for. `answers` says on how many
    answers all that rests, and `parameters` are the 21 of the learner's memory.
    """

    total: int
    groups: tuple[Group, ...]
    seconds: float
    retention: float
    answers: int = 0
    parameters: tuple[float, ...] = DEFAULT_PARAMETERS

    @property
    def seen(self) -> float:
        return sum(group.count for group in self.groups)

    @property
    def unseen(self) -> float:
        return max(0.0, self.total - self.seen)

    @property
    def readiness(self) -> float:
        """The expected share of the track that is recalled now, from 0 to 1."""
        if not self.total:
            return 0.0
        return min(1.0, sum(each.count * each.recall for each in self.groups) / self.total)


class Prospect:
    """What so many days have in store for an outset, whatever is done about it."""

    def __init__(self, outset: Outset, days: int) -> None:
        self.outset, self.days = outset, days
        self.paths = paths_for(outset.parameters, round(outset.retention, 2))
        self.length = length = math.ceil(days / _STRETCHES)
        self.paths.reach(days + length)
        # The first stretch may be shorter than the rest.
        ends = range(1 + (days - 1) % length, days + 1, length)
        self.shares = [(end - before) / days for before, end in pairwise((0, *ends))]
        self.last = [min(1.0, max(0.0, (LAST_DAYS - days + end) / length)) for end in ends]
        self.by_end = [0.0] * len(ends)
        self.kept_up = 0.0
        for group in outset.groups:
            self._add(group, ends)
        # A new question: reviews in the stretch it is met in, and in each one after.
        middles = [length // 2 + number * length for number in range(len(ends))]
        by_then = [self.paths.answers_of_new(day) for day in middles]
        self.by_age = [
            by_then[0] - FIRST_ANSWERS,
            *(after - before for before, after in pairwise(by_then)),
        ]
        self.recall_by_age = [self.paths.recall_of_new(day) for day in middles]
        self.faded_by_age = [self.paths.faded_of_new(day) for day in middles]
        starts = (0, *ends[:-1]) if len(ends) > 1 else (0,)
        self.meeting = [
            _share_met(days - SETTLING_DAYS - start, end - start)
            for start, end in zip(starts, ends, strict=True)
        ]

    def _add(self, group: Group, ends: range) -> None:
        """Add what a group takes and gives. Some of it were reviewed lately, others earlier."""
        elapsed = _elapsed(self.paths, group)
        for share, path in self.paths.of(group.stability, group.difficulty):
            count = group.count * share / 2
            for age in (0.4 * elapsed, 1.6 * elapsed):
                since = min(round(age), path.interval)
                answers = path.answers[since + ends.start : since + ends.stop : self.length]
                self.by_end = [
                    sum_ + count * each for sum_, each in zip(self.by_end, answers, strict=True)
                ]
                self.kept_up += count * path.recall[since + self.days]

    @cached_property
    def faded(self) -> float:
        """How many of the questions seen will be recalled with nothing done any more."""
        recall = self.paths.formulas.recall
        return math.fsum(
            each.count * recall(_elapsed(self.paths, each) + self.days, each.stability)
            for each in self.outset.groups
        )

    def with_answers(self, answers: float, target: float) -> tuple[float, float]:
        """The readiness if so many answers are given, and how many questions are met by then."""
        unmet, begun, asked, done, spare = self.outset.unseen, list[float](), 0.0, 0.0, 0.0
        total = self.outset.total
        wanted = (after - before for before, after in pairwise((0.0, *self.by_end)))
        for number, reviews in enumerate(wanted):
            room = answers * self.shares[number]
            new = min(unmet * self.meeting[number], NEW_SHARE * room / ANSWERS_PER_NEW)
            new = min(new, room / FIRST_ANSWERS)
            room -= new * FIRST_ANSWERS
            begun.append(new)
            due = reviews + sum(map(mul, begun, self.by_age[number::-1]))
            unmet -= new
            asked += due
            done += min(due, room)
            spare += max(0.0, room - due) * self.last[number]
        met = self.outset.seen + sum(begun)
        kept = _worth(done / asked) if asked else 1.0
        recalled = kept * self.kept_up + (1 - kept) * self.faded
        recalled += sum(
            new * (kept * if_kept + (1 - kept) * if_not)
            for new, if_kept, if_not in zip(
                begun, reversed(self.recall_by_age), reversed(self.faded_by_age), strict=True
            )
        )
        # The weakest first, of chances that are spread about evenly.
        refreshed = min(1.0, spare / met) if met else 0.0
        gain = (met - recalled) * (1 - (1 - refreshed) ** 2) * _REFRESHED
        recalled += min(gain, max(0.0, (target + MARGIN) * total - recalled))
        return min(1.0, recalled / total), met


def _share_met(days: float, length: int) -> float:
    """How much of what is unseen is met in a stretch, if so many days are left to meet it in.

    The queue spreads it over four fifths of these, counted anew each day, which comes to a
    power of the share that is left of them: at first a little more a day than later.
    """
    if days <= length:
        return 1.0
    return 1.0 - float((1 - length / days) ** (1 / (1 - KEPT_IN_HAND)))


def _worth(share: float) -> float:
    """How much of what all reviews would keep is kept by so many of them, the best ones first."""
    return 1 - (1 - share) ** 2


@lru_cache(maxsize=16)
def prospect_of(outset: Outset, days: int) -> Prospect:
    """For 1 day or more. Kept, since of most members several things are asked in turn."""
    return Prospect(outset, days)


def _elapsed(paths: Paths, group: Group) -> float:
    """Days since the last review, by how far recall has sunk."""
    formulas = paths.formulas
    grown = min(max(group.recall, 0.01), 1.0) ** (1 / formulas.decay)
    return float(group.stability * (grown - 1) / formulas.factor)
