"""Learners who come back after an absence, for tests and figures: pure, seeded, without rows.

A learner starts some questions a day, reviews what is due, stays away, and works through the
backlog within so many minutes a day. Responses are drawn with the chance that FSRS gives them.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from statistics import fmean
from zoneinfo import ZoneInfo

from quizapp.scheduling.backlog import Fading
from quizapp.scheduling.day import LearnerDay
from quizapp.scheduling.formulas import Formulas
from quizapp.scheduling.memory import (
    Memory,
    Rating,
    Schedule,
    State,
    review,
    unseen,
)

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
SCHEDULE = Schedule(LearnerDay(ZoneInfo("UTC"), 4))
FORMULAS = Formulas(SCHEDULE.parameters)
DAY = timedelta(days=1)
SECONDS = 20

Order = Callable[[Memory, datetime, float], float]
"""The key of a due card at an instant, with so many days of backlog: the least comes first."""


def fading(memory: Memory, now: datetime) -> Fading:
    assert memory.last_review
    assert memory.stability
    assert memory.difficulty
    return Fading(memory.stability, memory.difficulty, (now - memory.last_review).days)


def _lost_by_waiting(memory: Memory, now: datetime, backlog: float) -> float:
    card = fading(memory, now)
    later = FORMULAS.recall(card.days + round(backlog), card.stability)
    return card.chance(FORMULAS) - later


ORDERS: dict[str, Order] = {
    "what a review saves": lambda memory, now, _: -fading(memory, now).saved(FORMULAS),
    "by due date": lambda memory, *_: memory.due.timestamp(),
    "lowest chance of recall first": lambda memory, now, _: chance_of(memory, now),
    "greatest loss by waiting first": lambda *case: -_lost_by_waiting(*case),
    "at random": lambda memory, now, _: random.Random(f"{memory} {now}").random(),
}
"""The first is the product's own."""


@dataclass
class Learner:
    seed: int
    is_always_right: bool = False
    memories: dict[int, Memory] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)

    def answer(self, number: int, now: datetime) -> int:
        """Review until the card is out of its steps for the day. Returns how many answers."""
        memory = self.memories.get(number) or unseen(now)
        is_new = memory.state is State.NEW
        right = self.is_always_right or self.chance.random() < (
            0.7 if is_new else chance_of(memory, now)
        )
        memory = self._reviewed(memory, Rating.GOOD if right else Rating.AGAIN, now, number)
        answers = 1
        while memory.state is not State.REVIEW:
            memory = self._reviewed(memory, Rating.GOOD, now, number)
            answers += 1
        self.memories[number] = memory
        return answers

    def due(self, now: datetime) -> list[int]:
        return [number for number, memory in self.memories.items() if memory.due <= now]

    def average_recall(self, now: datetime) -> float:
        return fmean(chance_of(memory, now) for memory in self.memories.values())

    def _reviewed(self, memory: Memory, rating: Rating, now: datetime, number: int) -> Memory:
        return review(memory, rating, now, SCHEDULE, seed=f"{self.seed}:{number}")


def chance_of(memory: Memory, now: datetime) -> float:
    if memory.last_review is None or not memory.stability:
        return 0
    return FORMULAS.recall((now - memory.last_review).days, memory.stability)


def back_after_absence(
    seed: int,
    *,
    due: int = 300,
    days_away: int = 30,
    new_per_day: int = 12,
    days_of_study: int = 60,
) -> tuple[Learner, datetime]:
    """A learner with exactly so many cards due, and the morning of coming back."""
    learner = Learner(seed)
    now, number = START, 0
    for _ in range(days_of_study):
        for known in learner.due(now):
            learner.answer(known, now)
        for _ in range(new_per_day):
            number += 1
            learner.answer(number, now)
        now += DAY
    now += days_away * DAY
    overdue = learner.due(now)
    if len(overdue) < due:
        raise ValueError(f"only {len(overdue)} are due")
    for surplus in learner.chance.sample(overdue, len(overdue) - due):
        del learner.memories[surplus]
    return learner, now


def work_off(
    learner: Learner, now: datetime, order: Order, *, minutes: float = 15, days: int = 60
) -> Iterator[tuple[float, int]]:
    """For each day, after the day's minutes: the average recall over night, and what still waits.

    Nothing new is begun, and every answer takes as long.
    """
    capacity = minutes * 60 / SECONDS
    for _ in range(days):
        due = learner.due(now)
        backlog = max(1.0, 1.3 * len(due) / capacity)
        due.sort(key=lambda number: order(learner.memories[number], now, backlog))
        left = capacity
        while due and left > 0:
            left -= learner.answer(due.pop(0), now)
        yield learner.average_recall(now + DAY / 2), len(due)
        now += DAY
