"""What a retention costs: the days ahead, simulated from the cards as they are.

Pure, like the memory model, and with its formulas, but without the library's objects:
a page asks for some ten thousand simulated answers while the learner moves a slider.

What is left out: limits and easy days, because the question is how much work there is, not how
much is let through and when; and siblings that wait for each other.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

from quizapp.scheduling.formulas import Formulas
from quizapp.scheduling.memory import (
    LEARNING_STEPS,
    MAXIMUM_INTERVAL,
    RELEARNING_STEPS,
    Rating,
    State,
    fuzz_range,
)

DAYS = 90
SPAN = 30
"""The two spans that are averaged over: the first and the last so many of the days."""

LEAST_COURSES, MOST_COURSES = 1200, 4000
"""How many courses of cards are followed: few cards several times over, of many cards a part."""

_STEPS = (0, len(LEARNING_STEPS), 0, len(RELEARNING_STEPS))
"""How many there are in each state."""

_RATINGS = tuple(Rating)
_RANGES = [fuzz_range(days) for days in range(MAXIMUM_INTERVAL + 1)]
_CHECKS = range(5, DAYS, 10)
"""The days on which the share that is known is looked at."""


class Course(NamedTuple):
    """A card at the outset. Days count from today: `last` is negative or 0, `due` 0 or more.

    A question that is yet to be introduced is in LEARNING with neither stability (days) nor
    difficulty (1 to 10), and due on the day of its introduction.
    """

    state: State
    step: int
    stability: float | None
    difficulty: float | None
    last: int
    due: int


@dataclass(frozen=True, slots=True)
class Habits:
    """How a learner answers: chances that sum to 1, and seconds.

    `first` and `steps` hold the chances of AGAIN, HARD, GOOD and EASY at the first answer and at
    one on the day of the last; `recalled` those of HARD, GOOD and EASY when a question is
    recalled on a later day, which itself is as likely as the memory model says. `seconds` maps
    the state before the answer to the time for a wrong and for a right one.
    """

    first: tuple[float, ...]
    steps: tuple[float, ...]
    recalled: tuple[float, ...]
    seconds: Mapping[State, tuple[float, float]]

    def __post_init__(self) -> None:
        if self.steps[2] + self.steps[3] <= 0:
            raise ValueError("somebody who never answers right would never get done")


@dataclass(frozen=True, slots=True)
class Workload:
    """A day on average: over the first 30 days, and over the last 30 of 90.

    `known` is the expected share, from 0 to 1, of the questions met by then that are recalled,
    on average over the 90 days; None if no question is met.
    """

    minutes: float
    later_minutes: float
    reviews: float
    later_reviews: float
    known: float | None


def simulate(
    cards: Sequence[Course],
    *,
    new_per_day: int,
    new_left: int,
    retention: float,
    parameters: Sequence[float],
    habits: Habits,
) -> Workload:
    """Simulate 90 days, today the first. The same arguments always give the same result.

    `retention` lies between 0 and 1, and `parameters` are the 21 of FSRS-6. The time this takes
    is bounded: beyond some thousands of cards, every second or third stands for all.
    """
    introduced = min(new_left, new_per_day * DAYS)
    courses = [*cards]
    courses += [
        Course(State.LEARNING, 0, None, None, last=0, due=number // new_per_day)
        for number in range(introduced)
    ]
    total = len(courses)
    courses = courses[:: math.ceil(total / MOST_COURSES) or 1]
    rounds = math.ceil(LEAST_COURSES / len(courses)) if courses else 0
    totals = _Totals()
    follow = _follower(Formulas(parameters), retention, habits, totals)
    for number in range(rounds):
        for index, course in enumerate(courses):
            # Each course has a stream of chance of its own, the same at any retention, so that
            # two retentions differ by what they do more than by luck.
            seed = number * MOST_COURSES + index
            follow(course, random.Random(seed).random)  # noqa: S311 - chance, not secrecy
    weight = total / (len(courses) * rounds) if courses else 0.0
    return totals.workload(weight)


@dataclass(slots=True)
class _Totals:
    reviews: list[int] = field(default_factory=lambda: [0] * DAYS)
    seconds: list[float] = field(default_factory=lambda: [0.0] * DAYS)
    known: float = 0.0
    met: int = 0

    def workload(self, weight: float) -> Workload:
        return Workload(
            minutes=weight * sum(self.seconds[:SPAN]) / SPAN / 60,
            later_minutes=weight * sum(self.seconds[-SPAN:]) / SPAN / 60,
            reviews=weight * sum(self.reviews[:SPAN]) / SPAN,
            later_reviews=weight * sum(self.reviews[-SPAN:]) / SPAN,
            known=self.known / self.met if self.met else None,
        )


def _follower(
    formulas: Formulas, retention: float, habits: Habits, totals: _Totals
) -> Callable[[Course, Callable[[], float]], None]:
    """A function that follows a card through its answers, one way that they may go."""
    first = tuple(accumulate(habits.first))
    steps = tuple(accumulate(habits.steps))
    recalled = tuple(accumulate((0.0, *habits.recalled)))
    seconds = [habits.seconds[state] for state in State]
    interval = formulas.intervals(retention)
    recall = formulas.recall

    def follow(card: Course, chance: Callable[[], float]) -> None:
        def fuzzed(stability: float) -> int:
            least, most = _RANGES[interval(stability)]
            return least + int(chance() * (most - least + 1))

        stability, day = card.stability, card.due
        checks = iter(_CHECKS if stability else [check for check in _CHECKS if check > day])
        check = next(checks, DAYS)
        while True:
            while check < day and check < DAYS and stability is not None:
                totals.known += recall(check - card.last, stability)
                totals.met += 1
                check = next(checks, DAYS)
            if day >= DAYS:
                return
            days = day - card.last
            if stability is None:
                rating = _drawn(first, chance())
            elif days < 1:
                rating = _drawn(steps, chance())
            else:
                # One number decides both whether and how well: what is left of it is as random.
                luck, share = chance(), recall(days, stability)
                rating = Rating.AGAIN if luck >= share else _drawn(recalled, luck / share)
            totals.reviews[day] += 1
            totals.seconds[day] += seconds[card.state][rating > Rating.AGAIN]
            card = answered(card, rating, day, formulas, fuzzed)
            stability, day = card.stability, card.due

    return follow


def _drawn(cumulated: Sequence[float], luck: float) -> Rating:
    for index, bound in enumerate(cumulated):
        if luck < bound:
            return _RATINGS[index]
    return Rating.GOOD  # sums of floats may stop just short of 1


def answered(
    card: Course,
    rating: Rating,
    day: int,
    formulas: Formulas,
    days_for: Callable[[float], int],
) -> Course:
    """The card after an answer on a day. Steps are all taken on the day itself.

    `days_for` tells from the stability in how many days a question in REVIEW comes back.
    """
    if card.stability is None or card.difficulty is None:
        stability = formulas.first_stability(rating)
        difficulty = formulas.first_difficulty(rating)
    else:
        stability = formulas.next_stability(
            card.stability, card.difficulty, day - card.last, rating
        )
        difficulty = formulas.next_difficulty(card.difficulty, rating)
    state, step = _stepped(card, rating)
    due = day + days_for(stability) if state is State.REVIEW else day
    return Course(state, step, stability, difficulty, last=day, due=due)


def _stepped(card: Course, rating: Rating) -> tuple[State, int]:
    if card.state is State.REVIEW:
        return (State.RELEARNING, 0) if rating is Rating.AGAIN else (State.REVIEW, 0)
    if rating is Rating.AGAIN:
        return card.state, 0
    step = card.step + (rating is Rating.GOOD)
    if rating is Rating.EASY or step >= _STEPS[card.state]:
        return State.REVIEW, 0
    return card.state, step
