"""How the days lead to a date. Pure.

The questions that are still unseen are spread evenly over the days of study on which each can be
met early enough for three spaced sessions before the date; a fifth of these days is kept in hand
for days that are missed, and once they are over as many are met as the day holds. Where the day
does not hold everything, those to be met take up to so much of it, and of the reviews those come
first that are worth most on the date. A review after which a question would rest beyond the date,
and be recalled on it less often than wanted, is scheduled by a higher retention. In the last days
questions are reviewed that are not due, greatest gain on the date first, until what is expected
of the whole track is a little above its target. From the date on nothing of this holds.

Chances of recall and shares run from 0 to 1, stability and spans are in days, as in FSRS. The
numbers below were chosen by simulated learners (`make bench BENCH="--only onboarding"`), whose
memory is not what the scheduler takes it to be.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from quizapp.scheduling.backlog import Fading
from quizapp.scheduling.formulas import Formulas
from quizapp.scheduling.memory import MAXIMUM_RETENTION

SETTLING_DAYS = 14
"""Before the date: a question that goes well is met, asked after 2 days, and after 11 more."""

KEPT_IN_HAND = 0.2
"""The share of the days for meeting questions that is left over for days that are missed."""

NEW_SHARE = 0.7
"""How much of a day that does not hold everything the questions to be met may take."""

LAST_DAYS = 10
"""Days of study before the date on which the weakest questions are reviewed ahead of time."""

MARGIN = 0.03
"""By how much more than the target is aimed at in the last days, as a forecast may be wrong."""


Spans = tuple[tuple[date, date], ...]
"""First and last day of each, both inclusive. They may overlap."""


def days_at_work(away: Spans, start: date, end: date) -> int:
    """The days from `start` to before `end` (0 if that is earlier) without those of leave."""
    if not away:
        return max(0, (end - start).days)
    on_leave: set[int] = set()
    for first, last in away:
        begun, over = max(first, start), min(last + timedelta(days=1), end)
        on_leave.update(range(begun.toordinal(), over.toordinal()))
    return max(0, (end - start).days - len(on_leave))


@dataclass(frozen=True, slots=True)
class Aim:
    """So much of a track is to be recalled on a date: `target` from 0 to 1.

    `away` are the spans of leave, for which no study is planned.
    """

    due_on: date
    target: float
    away: Spans = ()

    def is_away(self, day: date) -> bool:
        return any(first <= day <= last for first, last in self.away)

    def days_left(self, today: date) -> int:
        """From today to the date; 0 from the date on."""
        return max(0, (self.due_on - today).days)

    def study_days(self, today: date) -> int:
        """How many days there are for study, today included and the date itself not."""
        return days_at_work(self.away, today, self.due_on)

    def meeting_days(self, today: date) -> int:
        """How many of them are early enough for a question to be met, and to settle."""
        return days_at_work(self.away, today, self.due_on - timedelta(days=SETTLING_DAYS))

    def is_near(self, today: date) -> bool:
        """Whether these are the last days before the date."""
        return 0 < self.study_days(today) <= LAST_DAYS


def new_today(unseen: Sequence[tuple[Aim, int]], met: int, today: date) -> int:
    """How many new questions today's share is, `met` of them already among it.

    `unseen` says how many questions each aim still has, nearest date first, none counted twice.
    What was met today is taken to be of the first aim that has any left. Never more than there
    are; 0 on a day of leave and from the date on.
    """
    open_aims = [
        (aim, number)
        for aim, number in unseen
        if number and aim.study_days(today) and not aim.is_away(today)
    ]
    share = 0.0
    for index, (aim, number) in enumerate(open_aims):
        days = max(1, math.floor((1 - KEPT_IN_HAND) * aim.meeting_days(today)))
        share += (number + (met if index == 0 else 0)) / days
    # What is left over by rounding of floats is no further question.
    return min(math.ceil(share - 1e-9), met + sum(number for _, number in open_aims))


@dataclass(frozen=True, slots=True)
class Resting:
    """A question of a track that was met: its memory, and in how many days it is due.

    `comes_in` is 0 for one that is asked today anyway. Two that share one of the `facts` are not
    asked on one day.
    """

    fading: Fading
    comes_in: int
    facts: frozenset[int] = frozenset()


def weakest(
    met: Sequence[Resting],
    *,
    total: int,
    aim: Aim,
    today: date,
    formulas: Formulas,
    asked: Collection[int] = (),
) -> list[int]:
    """Which of those to review today though they are not due: indices, greatest gain first.

    As many as bring the expected recall of the track, of `total` questions, to the target and a
    little more, and none outside the last days. What is due before the date counts as if it were
    reviewed today. What was reviewed today is left alone, and so is what shares a fact with
    those `asked` today.
    """
    days = aim.days_left(today)
    if not aim.is_near(today) or aim.is_away(today):
        return []
    expected = 0.0
    gains: list[tuple[float, int]] = []
    for index, card in enumerate(met):
        resting = formulas.recall(card.fading.days + days, card.fading.stability)
        reviewed = card.fading.kept(days, formulas) if card.fading.days else resting
        expected += reviewed if card.comes_in < days else resting
        if card.comes_in > 0 and reviewed > resting:
            gains.append((reviewed - resting, index))
    lacking = total * min(1.0, aim.target + MARGIN) - expected
    facts, picked = set(asked), []
    for gain, index in sorted(gains, key=lambda each: (-each[0], each[1])):
        if lacking <= 0:
            break
        if facts.isdisjoint(met[index].facts):
            facts |= met[index].facts
            lacking -= gain
            picked.append(index)
    return picked


def retention_to_the_date(
    own: float,
    *,
    stability: float,
    comes_in: int,
    days_left: int,
    target: float,
    formulas: Formulas,
) -> float:
    """By which retention a question is scheduled that was just reviewed: `own`, or a higher one.

    `comes_in` says in how many days it would come back by the learner's own retention, and
    `days_left` in how many the date is. If it would rest until then and be recalled less often
    than the target, the target decides, by which it comes back before. The track as a whole then
    stands above its target, which makes up for questions that are missed shortly before.
    """
    if days_left <= 0 or comes_in < days_left:
        return own
    if formulas.recall(days_left, stability) >= target:
        return own
    return max(own, min(target, MAXIMUM_RETENTION))
