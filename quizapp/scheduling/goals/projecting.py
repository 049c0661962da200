"""What somebody will recall on a date: expected from where they stand. Pure.

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

YEAR = 365
"""Days beyond which no date is looked for."""

MOST_MINUTES = 240
"""A study day has no more."""

COVERAGE = 0.9
"""The share of outcomes that the intervals should hold."""

_DEVIATIONS = 1.645
_PRIOR_ANSWERS = 20
"""How many answers what is known of people in general counts for, as in `workload`."""

_HABITS_VARY = 0.3
"""By how much what is studied until a date differs from what was lately, in nine of ten cases."""

_MISJUDGED = 0.012
"""How far a projection is off in the mean, next to following each question by itself."""

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
    outset: Outset, *, days: int, study_days: int, minutes: float, target: float = 1.0
) -> Projection:
    """The readiness in so many days (0 or more), on so many of which (no more than those) so
    many minutes are studied.

    `target` is how much is to be recalled then: the queue refreshes no more than it takes. The
    interval is that of `interval`, wider by what it would make if nearly a third less or more
    were studied, and upwards by a minute a day, since who did nothing may begin.
    """
    if not outset.total or days <= 0:
        return Projection(outset.readiness, *interval(outset, outset.readiness), outset.seen)
    prospect = _prospect(outset, days)
    answers = study_days * minutes * 60 / outset.seconds
    readiness, met = prospect.with_answers(answers, target)
    earned = readiness - prospect.faded / outset.total
    low, high = interval(outset, readiness, earned=earned)
    less, _ = prospect.with_answers(answers * (1 - _HABITS_VARY), target)
    a_minute = study_days * 60 / outset.seconds
    more, _ = prospect.with_answers(answers * (1 + _HABITS_VARY) + a_minute, target)
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
    prospect = _prospect(outset, days)

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


def days_needed(outset: Outset, *, minutes: float, target: float) -> int | None:
    """In how many days, each of them for studying, the target is reached; None if not within a
    year."""

    def reaches(days: int) -> bool:
        found = project(outset, days=days, study_days=days, minutes=minutes, target=target)
        return found.readiness >= target

    if reaches(0):
        return 0
    low, high = 0, 7
    while not reaches(high):
        if high >= YEAR:
            return None
        low, high = high, min(YEAR, high * 2)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reaches(middle) else (middle, high)
    return high


class _Prospect:
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
def _prospect(outset: Outset, days: int) -> _Prospect:
    """Kept, since of most members several things are asked one after the other."""
    return _Prospect(outset, days)


def _elapsed(paths: Paths, group: Group) -> float:
    """Days since the last review, by how far recall has sunk."""
    formulas = paths.formulas
    grown = min(max(group.recall, 0.01), 1.0) ** (1 / formulas.decay)
    return float(group.stability * (grown - 1) / formulas.factor)
