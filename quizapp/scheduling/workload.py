"""What a learner's settings cost in minutes a day: the learner's cards and habits, simulated."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Sum
from django.db.models.functions import Least

from quizapp.content.models import Question
from quizapp.scheduling import overview
from quizapp.scheduling.cards import day_of, schedule_of
from quizapp.scheduling.memory import State
from quizapp.scheduling.models import Card, Review
from quizapp.scheduling.simulating import Course, Habits, Workload, simulate
from quizapp.scheduling.today import LONGEST_MS
from quizapp.teams.models import User

LATEST = 1000
"""The reviews that habits are taken from."""

ENOUGH = 100
"""Reviews from which on habits are mostly the learner's own."""

_TYPICAL_FIRST = (0.24, 0.09, 0.62, 0.05)
_TYPICAL_STEPS = (0.10, 0.10, 0.75, 0.05)
_TYPICAL_RECALLED = (0.22, 0.73, 0.05)
"""What fsrs-rs takes for a learner unknown, except that here few right answers are EASY."""

_WEIGHT = 20
"""How many answers the typical chances and paces count for beside the learner's own."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What a simulation starts from. `reviews` says how many of the learner's own it rests on."""

    cards: tuple[Course, ...]
    new_left: int
    parameters: tuple[float, ...]
    habits: Habits
    reviews: int
    seconds: float

    @property
    def is_own(self) -> bool:
        """Whether it rests on the learner's own habits rather than on typical ones."""
        return self.reviews >= ENOUGH

    @property
    def is_empty(self) -> bool:
        return not self.cards and not self.new_left

    def workload(self, retention: float, new_per_day: int) -> Workload:
        return simulate(
            self.cards,
            new_per_day=new_per_day,
            new_left=self.new_left,
            retention=retention,
            parameters=self.parameters,
            habits=self.habits,
        )


def basis_of(user: User, now: datetime) -> Basis:
    """Five queries, of which one grows with the learner's cards."""
    seconds = overview.seconds_per_question(user)
    habits, reviews = _habits(user, seconds)
    cards = Card.objects.of(user).filter(question__retired_at=None)
    in_work = cards.at_work().exclude(state=State.NEW).order_by("pk")
    day = day_of(user)
    today = day.date_of(now)
    rows = in_work.values_list("state", "step", "stability", "difficulty", "last_review", "due")
    courses = tuple(
        Course(
            state=State(state),
            step=step or 0,
            stability=stability,
            difficulty=difficulty,
            last=min(0, (day.date_of(last) - today).days) if last else 0,
            due=max(0, (day.date_of(due) - today).days),
        )
        for state, step, stability, difficulty, last, due in rows
    )
    met_or_unwanted = cards.exclude(state=State.NEW, is_suspended=False)
    return Basis(
        cards=courses,
        new_left=Question.objects.active().count() - met_or_unwanted.count(),
        parameters=schedule_of(user).parameters,
        habits=habits,
        reviews=reviews,
        seconds=seconds,
    )


def _habits(user: User, pace: float) -> tuple[Habits, int]:
    """From the latest reviews, leaning on typical habits as long as there are few."""
    latest = Review.objects.of(user).standing().order_by("-reviewed_at")[:LATEST]
    rows = (
        Review.objects.filter(pk__in=latest.values("pk"))
        .values_list("state_before", "rating")
        .annotate(number=Count("pk"), ms=Sum(Least(F("duration_ms"), LONGEST_MS)))
    )
    numbers: dict[State, list[int]] = {state: [0] * 4 for state in State}
    spent: dict[tuple[State, bool], tuple[int, float]] = defaultdict(lambda: (0, 0.0))
    for state_before, rating, number, ms in rows:
        state, is_right = State(state_before), rating > 1
        numbers[state][rating - 1] += number
        earlier, seconds = spent[state, is_right]
        spent[state, is_right] = (earlier + number, seconds + ms / 1000)

    def time_for(state: State, *, is_right: bool) -> float:
        number, seconds = spent[state, is_right]
        return (seconds + _WEIGHT * pace) / (number + _WEIGHT)

    in_steps = [
        one + other
        for one, other in zip(numbers[State.LEARNING], numbers[State.RELEARNING], strict=True)
    ]
    habits = Habits(
        first=_leaning(numbers[State.NEW], _TYPICAL_FIRST),
        steps=_leaning(in_steps, _TYPICAL_STEPS),
        recalled=_leaning(numbers[State.REVIEW][1:], _TYPICAL_RECALLED),
        seconds={
            state: (time_for(state, is_right=False), time_for(state, is_right=True))
            for state in State
        },
    )
    return habits, sum(map(sum, numbers.values()))


def _leaning(numbers: Sequence[int], typical: Sequence[float]) -> tuple[float, ...]:
    total = sum(numbers) + _WEIGHT
    return tuple(
        (number + _WEIGHT * chance) / total for number, chance in zip(numbers, typical, strict=True)
    )
