"""Learners with a track to know by a date, for tests and figures: pure, seeded, without rows.

What they recall is decided by a memory of their own, which differs from what the scheduler takes
it to be: other parameters, and questions that come easier or harder than others. They have a
pace, so many minutes, days that they miss, and leave. Siblings and easy days are left out.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from quizapp.scheduling.backlog import ANSWERS_PER_NEW, Fading, fitting
from quizapp.scheduling.formulas import Formulas
from quizapp.scheduling.goals import pacing
from quizapp.scheduling.goals.pacing import Aim, Resting
from quizapp.scheduling.memory import (
    DEFAULT_PARAMETERS,
    MAXIMUM_INTERVAL,
    Rating,
    fuzz_range,
)

FIRST_DAY = date(2026, 1, 5)
BELIEVED = Formulas(DEFAULT_PARAMETERS)
"""What the scheduler takes everybody's memory to be: nothing is fitted on the way."""

_RANGES = [fuzz_range(days) for days in range(MAXIMUM_INTERVAL + 1)]
_POLICIES = ((0.5, 0.9), (1.0, 0.9), (0.35, 0.85), (0.7, 0.8), (0.2, 0.9), (0.5, 0.95))


class Joiner:
    """One learner: memory, pace, minutes, habits, and what is to be known by when."""

    def __init__(self, seed: int) -> None:
        draw = random.Random(seed)
        self.seed = seed
        self.memory = Formulas(_varied(draw))
        self.total = draw.randint(150, 400)
        self.days = draw.randint(28, 120)
        self.target = draw.choice((0.8, 0.85, 0.85, 0.85, 0.9))
        self.minutes = draw.choice((5, 8, 10, 10, 15, 20, 25))
        self.seconds = draw.uniform(9, 25)
        self.retention = draw.choice((0.8, 0.85, 0.9, 0.9, 0.9, 0.9, 0.92))
        self.right_at_first = draw.uniform(0.4, 0.75)
        self.unsure = draw.uniform(0, 0.25)
        misses = draw.choice((0.0, 0.05, 0.1, 0.2, 0.3))
        leave = ()
        if draw.random() < 0.3:
            first = FIRST_DAY + timedelta(days=draw.randrange(3, self.days - 10))
            leave = ((first, first + timedelta(days=draw.randint(3, 9))),)
        self.aim = Aim(FIRST_DAY + timedelta(days=self.days), self.target, leave)
        dates = [FIRST_DAY + timedelta(days=day) for day in range(self.days)]
        self.studies = [draw.random() >= misses and not self.aim.is_away(day) for day in dates]
        self.ease = [draw.lognormvariate(0, 0.3) for _ in range(self.total)]

    @property
    def answers(self) -> float:
        """How many a day holds."""
        return self.minutes * 60 / self.seconds


class Restless(Joiner):
    """One whose habits change on the way, or who comes seldom all along."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        draw = random.Random(f"restless {seed}")
        often = draw.uniform(0.6, 0.95)
        seldom = often * draw.uniform(0.2, 0.6)
        turn = draw.randint(5, self.days - 10)
        back = turn + draw.randint(5, 21)
        begin, until, otherwise = draw.choice(
            (
                (0, 0, seldom),  # comes seldom
                (0, turn, seldom),  # slows down
                (turn, self.days, seldom),  # picks up
                (turn // 2, self.days, 0.0),  # begins late
                (0, turn, 0.0),  # stops
                (back, turn, 0.0),  # pauses
            )
        )
        drawn = [draw.random() for _ in range(self.days)]
        for day, luck in enumerate(drawn):
            is_often = begin <= day < until if begin <= until else not until <= day < begin
            is_away = self.aim.is_away(FIRST_DAY + timedelta(days=day))
            self.studies[day] = not is_away and luck < (often if is_often else otherwise)


def _varied(draw: random.Random) -> list[float]:
    """Parameters of a memory that is firmer or weaker, and fades in another way."""
    w = list(DEFAULT_PARAMETERS)
    strength = draw.lognormvariate(0, 0.35)
    for rating in range(4):
        w[rating] *= strength * draw.lognormvariate(0, 0.15)
    w[6] *= draw.lognormvariate(0, 0.1)
    w[8] += draw.gauss(0, 0.25)
    w[11] *= draw.lognormvariate(0, 0.15)
    w[20] *= draw.lognormvariate(0, 0.2)
    return w


@dataclass(slots=True)
class Card:
    """A question that was met: what is believed of the memory, and what it is."""

    ease: float
    stability: float
    difficulty: float
    own_stability: float
    own_difficulty: float
    last: int
    due: int = 0

    def fading(self, day: int) -> Fading:
        return Fading(self.stability, self.difficulty, day - self.last)


Retention = Callable[[Card, int], float]


class Course:
    """A learner on the way: what was met, and how many answers it took."""

    def __init__(self, joiner: Joiner, believed: Formulas = BELIEVED) -> None:
        self.joiner = joiner
        self.believed = believed
        self.chance = random.Random(f"course {joiner.seed}")
        self.met: list[Card] = []
        self.answers = 0

    @property
    def unseen(self) -> int:
        return self.joiner.total - len(self.met)

    @property
    def minutes(self) -> float:
        return self.answers * self.joiner.seconds / 60

    @property
    def recall(self) -> float:
        """The true share of the track that is recalled on the date; unseen is not known."""
        return sum(self.recalled(card, self.joiner.days) for card in self.met) / self.joiner.total

    def recalled(self, card: Card, day: int) -> float:
        return self.joiner.memory.recall(day - card.last, card.own_stability * card.ease)

    def meet(self, day: int, retention: Retention) -> int:
        """Begin the next question, until it is out of its steps. Returns how many answers."""
        first = Rating.GOOD if self.chance.random() < self.joiner.right_at_first else Rating.AGAIN
        believed, own = self.believed, self.joiner.memory
        card = Card(
            self.joiner.ease[len(self.met)],
            believed.first_stability(first),
            believed.first_difficulty(first),
            own.first_stability(first),
            own.first_difficulty(first),
            last=day,
        )
        self.met.append(card)
        if first is Rating.AGAIN:
            self._move(card, Rating.GOOD, 0)
        self._move(card, Rating.GOOD, 0)
        return self._done(card, day, retention, 2 + (first is Rating.AGAIN))

    def review(self, card: Card, day: int, retention: Retention) -> int:
        luck, days = self.chance.random(), day - card.last
        if luck < self.recalled(card, day):
            is_unsure = self.chance.random() < self.joiner.unsure
            self._move(card, Rating.HARD if is_unsure else Rating.GOOD, days)
            return self._done(card, day, retention, 1)
        self._move(card, Rating.AGAIN, days)
        self._move(card, Rating.GOOD, 0)
        return self._done(card, day, retention, 2)

    def _move(self, card: Card, rating: Rating, days: int) -> None:
        believed, own = self.believed, self.joiner.memory
        card.stability, card.difficulty = (
            believed.next_stability(card.stability, card.difficulty, days, rating),
            believed.next_difficulty(card.difficulty, rating),
        )
        card.own_stability, card.own_difficulty = (
            own.next_stability(card.own_stability, card.own_difficulty, days, rating),
            own.next_difficulty(card.own_difficulty, rating),
        )

    def _done(self, card: Card, day: int, retention: Retention, answers: int) -> int:
        card.last = day
        least, most = _RANGES[_interval(self.believed, retention(card, day))(card.stability)]
        card.due = day + least + int(self.chance.random() * (most - least + 1))
        self.answers += answers
        return answers


@cache
def _interval(formulas: Formulas, retention: float) -> Callable[[float], int]:
    return formulas.intervals(retention)


def to_the_date(joiner: Joiner) -> Course:
    """As the queue leads a learner with a goal."""
    course = Course(joiner)
    for day, studies in enumerate(joiner.studies):
        if studies:
            day_to_the_date(course, day)
    return course


def day_to_the_date(course: Course, day: int) -> None:
    """A day's work, as the queue gives it."""
    joiner, formulas = course.joiner, course.believed
    aim, today, days = joiner.aim, FIRST_DAY + timedelta(days=day), joiner.days - day

    def retention(card: Card, day: int) -> float:
        return pacing.retention_to_the_date(
            joiner.retention,
            stability=card.stability,
            comes_in=_interval(formulas, joiner.retention)(card.stability),
            days_left=days,
            target=joiner.target,
            formulas=formulas,
        )

    left = joiner.answers
    new = pacing.new_today([(aim, course.unseen)], 0, today)
    room = left - min(ANSWERS_PER_NEW * new, pacing.NEW_SHARE * left)
    due = [(card, card.fading(day)) for card in course.met if card.due <= day]
    if fitting((each.answers(formulas) for _, each in due), room) < len(due):
        due.sort(key=lambda each: each[1].saved(formulas, days), reverse=True)
        due = due[: fitting((each.answers(formulas) for _, each in due), room)]
    for card, _ in due:
        left -= course.review(card, day, retention)
    for _ in range(min(new, max(0, round(left / ANSWERS_PER_NEW)))):
        left -= course.meet(day, retention)
    resting = [Resting(card.fading(day), max(1, card.due - day)) for card in course.met]
    for index in pacing.weakest(
        resting, total=joiner.total, aim=aim, today=today, formulas=formulas
    ):
        if left < 0.5:
            break
        left -= course.review(course.met[index], day, retention)


def plain(
    joiner: Joiner,
    *,
    retention: float | None = None,
    new_per_day: int = 10,
    is_limited: bool = False,
) -> Course:
    """As the queue leads somebody without a goal: the authors' order, so many new ones a day.

    The bank is taken to hold nothing but the track, or it would take longer. `is_limited` keeps
    to the learner's minutes.
    """
    course = Course(joiner)
    kept = joiner.retention if retention is None else retention
    for day, studies in enumerate(joiner.studies):
        if not studies:
            continue
        left = joiner.answers if is_limited else math.inf
        due = sorted(
            (card for card in course.met if card.due <= day),
            key=lambda card: (day - card.last) / card.stability,
            reverse=True,
        )
        if is_limited:
            due = due[: fitting((card.fading(day).answers(BELIEVED) for card in due), left)]
        for card in due:
            left -= course.review(card, day, lambda *_: kept)
        room = max(0, round(left / ANSWERS_PER_NEW)) if is_limited else new_per_day
        for _ in range(min(new_per_day, course.unseen, room)):
            course.meet(day, lambda *_: kept)
    return course


def is_feasible(joiner: Joiner) -> bool:
    """Whether somebody who knew the learner's true memory could reach the target.

    One of six ways has to, on the learner's own days and within the learner's minutes, all of
    which are used: so much of each day goes to new questions first, then what is due by the true
    stability and in the last week anything at all, greatest true gain on the date for an answer
    first, and what is left of the day to new questions again. Who misses only what a
    clairvoyant might have reached by yet another way does not count.
    """
    return any(
        _clairvoyant(joiner, share, retention).recall >= joiner.target
        for share, retention in _POLICIES
    )


def _clairvoyant(joiner: Joiner, share: float, retention: float) -> Course:
    course, formulas = Course(joiner, joiner.memory), joiner.memory

    def gain(card: Card, day: int) -> float:
        """On the date, for each answer that it takes."""
        stability, difficulty, days = card.own_stability, card.own_difficulty, day - card.last
        left = joiner.days - day
        chance = course.recalled(card, day)
        after = (
            formulas.next_stability(stability, difficulty, days, Rating.GOOD),
            formulas.next_stability(stability, difficulty, days, Rating.AGAIN),
        )
        right, wrong = (formulas.recall(left, each * card.ease) for each in after)
        without = course.recalled(card, joiner.days)
        return (chance * right + (1 - chance) * wrong - without) / (2 - chance)

    def keep(*_: object) -> float:
        return retention

    for day, studies in enumerate(joiner.studies):
        if not studies:
            continue
        left, is_last_week = joiner.answers, joiner.days - day <= 7
        while course.unseen and left > (1 - share) * joiner.answers:
            left -= course.meet(day, keep)
        gains = [
            (gain(card, day), number)
            for number, card in enumerate(course.met)
            if card.last < day and (is_last_week or card.due <= day)
        ]
        for worth, number in sorted(gains, reverse=True):
            if left <= 0 or worth <= 0:
                break
            left -= course.review(course.met[number], day, keep)
        while course.unseen and left > 0:
            left -= course.meet(day, keep)
    return course
