"""A learner on the way to a date, card by card and drawn by chance: what projections stand for.

Every day for studying holds so many answers. Reviews that are due come first, the most overdue
for their stability ahead, then new questions, and in the last week what is weakest, if there is
time left. Responses are drawn with the chance that FSRS-6 gives them.
"""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from statistics import fmean

from quizapp.scheduling.formulas import Formulas
from quizapp.scheduling.goals.projecting import Group, Outset
from quizapp.scheduling.memory import DEFAULT_PARAMETERS, Rating, State, fuzz_range
from quizapp.scheduling.simulating import Course, answered

FIRST = (0.24, 0.09, 0.62, 0.05)
STEPS = (0.10, 0.10, 0.75, 0.05)
RECALLED = (0.22, 0.73, 0.05)
SECONDS = 20.0


@dataclass(frozen=True)
class Case:
    """`firm` is the median stability, in days, of the `seen` questions, and with `late` above 1
    their reviews are as late as after an absence."""

    total: int
    seen: int
    days: int
    answers: int
    firm: float = 10
    late: float = 1
    retention: float = 0.9
    parameters: tuple[float, ...] = DEFAULT_PARAMETERS
    weekdays: int = 7

    @property
    def study_days(self) -> int:
        return sum(map(self.is_for_studying, range(self.days)))

    @property
    def minutes(self) -> float:
        return self.answers * SECONDS / 60

    def is_for_studying(self, day: int) -> bool:
        return day % 7 < self.weekdays

    def cards(self) -> list[Course]:
        chance = random.Random(5)
        cards = []
        for _ in range(self.seen):
            stability = self.firm * chance.lognormvariate(0, 1)
            elapsed = chance.randrange(round(stability * self.late) + 1)
            due = max(0, round(stability) - elapsed)
            difficulty = chance.choice([2.0, 3.0, 5.0, 7.0, 8.0])
            cards.append(Course(State.REVIEW, 0, stability, difficulty, last=-elapsed, due=due))
        return cards

    def outset(self) -> Outset:
        recall = Formulas(self.parameters).recall
        groups: dict[int, list[Course]] = defaultdict(list)
        for card in self.cards():
            groups[math.ceil(math.log2(card.stability or 1))].append(card)
        return Outset(
            total=self.total,
            groups=tuple(
                Group(
                    count=len(cards),
                    stability=fmean(card.stability or 0 for card in cards),
                    recall=fmean(recall(-card.last, card.stability or 1) for card in cards),
                    difficulty=fmean(card.difficulty or 0 for card in cards),
                )
                for cards in groups.values()
            ),
            seconds=SECONDS,
            retention=self.retention,
            answers=self.seen * 4,
            parameters=self.parameters,
        )

    def readiness(self, runs: int = 4) -> float:
        """On the date, on average over several ways that it may go."""
        return fmean(_Run(self, seed).readiness() for seed in range(runs))


class _Run:
    def __init__(self, case: Case, seed: int) -> None:
        self.case = case
        self.chance = random.Random(seed)
        self.formulas = Formulas(case.parameters)
        self.interval = self.formulas.intervals(case.retention)
        self.cards = case.cards()
        self.left = 0.0

    def readiness(self) -> float:
        case = self.case
        for day in filter(case.is_for_studying, range(case.days)):
            self._study(day)
        return sum(self._on_the_date(card) for card in self.cards) / case.total

    def _study(self, day: int) -> None:
        # Who took more than a day holds, to end with a question, has the less the next day.
        left = min(self.left, 0) + self.case.answers
        for index in self._ordered(lambda card: -(day - card.last) / (card.stability or 1)):
            if self.cards[index].due <= day and left > 0:
                left -= self._answer(index, day)
        while left > 0 and len(self.cards) < self.case.total:
            self.cards.append(Course(State.LEARNING, 0, None, None, last=day, due=day))
            left -= self._answer(len(self.cards) - 1, day)
        if self.case.days - day <= 7:
            for index in self._ordered(self._on_the_date):
                if self.cards[index].last < day and left > 0:
                    left -= self._answer(index, day)
        self.left = left

    def _answer(self, index: int, day: int) -> int:
        """Until the question is done with for the day; gives how many answers that took."""
        card, taken = self.cards[index]._replace(due=day), 0
        while card.due <= day:
            card = answered(card, self._rating(card, day), day, self.formulas, self._fuzzed)
            taken += 1
        self.cards[index] = card
        return taken

    def _rating(self, card: Course, day: int) -> Rating:
        ratings = list(Rating)
        if card.stability is None:
            return self.chance.choices(ratings, FIRST)[0]
        if day == card.last:
            return self.chance.choices(ratings, STEPS)[0]
        if self.chance.random() >= self.formulas.recall(day - card.last, card.stability):
            return Rating.AGAIN
        return self.chance.choices(ratings[1:], RECALLED)[0]

    def _fuzzed(self, stability: float) -> int:
        return self.chance.randint(*fuzz_range(self.interval(stability)))

    def _on_the_date(self, card: Course) -> float:
        return self.formulas.recall(self.case.days - card.last, card.stability or 1)

    def _ordered(self, key: Callable[[Course], float]) -> list[int]:
        return sorted(range(len(self.cards)), key=lambda index: key(self.cards[index]))
