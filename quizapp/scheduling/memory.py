"""The memory model: what a rating does to a card. The only module that imports `fsrs`.

Everything here is pure: the instant, the learner's day and the wished retention come in as
arguments. FSRS-6 does the stepping (Ye, Su and Cao 2022; open-spaced-repetition/py-fsrs). Added
to it are fuzz that can be reproduced, due dates that begin with the learner's day, and leeches.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from functools import lru_cache

import fsrs
from fsrs.scheduler import DEFAULT_PARAMETERS as PUBLISHED_PARAMETERS
from fsrs.scheduler import FUZZ_RANGES, LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS

from quizapp.grading import Grade
from quizapp.scheduling.day import LearnerDay

DEFAULT_PARAMETERS: tuple[float, ...] = PUBLISHED_PARAMETERS
MAXIMUM_INTERVAL = 365
MINIMUM_RETENTION, MAXIMUM_RETENTION = 0.70, 0.97
LEARNING_STEPS = (timedelta(minutes=1), timedelta(minutes=10))
RELEARNING_STEPS = (timedelta(minutes=10),)
LEECH_THRESHOLD = 8


class Rating(IntEnum):
    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


class State(IntEnum):
    NEW = 0
    LEARNING = 1
    REVIEW = 2
    RELEARNING = 3


@dataclass(frozen=True, slots=True)
class Memory:
    """What one learner's memory of one question is taken to be.

    `stability` is in days: after that long, recall is expected at 90 %. `difficulty` runs from 1
    to 10. `step` counts the learning or relearning steps taken, and is None in REVIEW. `reps`
    counts reviews, `lapses` the times that a question once known was lost.
    """

    state: State
    step: int | None
    stability: float | None
    difficulty: float | None
    due: datetime
    last_review: datetime | None
    reps: int = 0
    lapses: int = 0


@dataclass(frozen=True, slots=True)
class Schedule:
    """How one learner's cards are scheduled.

    `easy_days` are weekdays with little time, 0 for Monday to 6 for Sunday: reviews keep clear
    of them as far as the fuzz of their intervals allows.
    """

    day: LearnerDay
    desired_retention: float = 0.9
    parameters: tuple[float, ...] = DEFAULT_PARAMETERS
    easy_days: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        if not MINIMUM_RETENTION <= self.desired_retention <= MAXIMUM_RETENTION:
            raise ValueError(
                f"desired retention must lie between {MINIMUM_RETENTION} and "
                f"{MAXIMUM_RETENTION}, not {self.desired_retention}"
            )


def within_bounds(parameters: Sequence[float]) -> tuple[float, ...]:
    """The nearest of the 21 parameters that FSRS-6 takes; it refuses any others."""
    bounds = zip(parameters, LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS, strict=True)
    return tuple(min(max(value, least), most) for value, least, most in bounds)


def unseen(now: datetime) -> Memory:
    """The memory of a question never answered."""
    return Memory(State.NEW, None, None, None, due=now, last_review=None)


def forgotten(memory: Memory, now: datetime) -> Memory:
    """The memory of a question that has come to mean something else: due at once, learned anew.

    The counts stay, because they number the log.
    """
    return Memory(State.LEARNING, 0, None, None, now, None, memory.reps, memory.lapses)


def suggested_rating(grade: Grade, *, is_sure: bool) -> Rating:
    """The rating that a graded response stands for: wrong, right but not sure, or right."""
    if not grade.is_correct:
        return Rating.AGAIN
    return Rating.GOOD if is_sure else Rating.HARD


def review(
    memory: Memory, rating: Rating, now: datetime, schedule: Schedule, *, seed: str
) -> Memory:
    """The memory after a review at `now` (aware).

    `seed` names the card and decides the fuzz together with `reps`, so that the same history
    always gives the same intervals. A clock that has gone back counts as standing still.
    """
    if memory.last_review is not None:
        now = max(now, memory.last_review)
    now = now.astimezone(UTC)
    stepped, _ = _scheduler(schedule.parameters, schedule.desired_retention).review_card(
        _to_fsrs(memory, now, schedule.day), fsrs.Rating(rating), now
    )
    state = State(stepped.state)
    due = stepped.due
    if state is State.REVIEW:
        days = _days_until_due((stepped.due - now).days, now, schedule, f"{seed}:{memory.reps}")
        due = schedule.day.start(now, days)
    has_lapsed = memory.state is State.REVIEW and rating is Rating.AGAIN
    return Memory(
        state=state,
        step=stepped.step,
        stability=stepped.stability,
        difficulty=stepped.difficulty,
        due=due,
        last_review=now,
        reps=memory.reps + 1,
        lapses=memory.lapses + has_lapsed,
    )


@dataclass(frozen=True, slots=True)
class LoggedReview:
    """One review of the log, as far as it shapes the memory."""

    rating: Rating
    reviewed_at: datetime
    desired_retention: float
    question_version: int = 1


def replay(log: Iterable[LoggedReview], schedule: Schedule, *, seed: str) -> Memory | None:
    """The memory that a card's log leads to, oldest review first; None for an empty log.

    Each step uses the retention desired at the time. A new version of the question means that
    learning starts anew.
    """
    memory: Memory | None = None
    version = None
    for entry in log:
        if memory is None:
            memory = unseen(entry.reviewed_at)
        elif entry.question_version != version:
            memory = forgotten(memory, entry.reviewed_at)
        version = entry.question_version
        then = replace(schedule, desired_retention=entry.desired_retention)
        memory = review(memory, entry.rating, entry.reviewed_at, then, seed=seed)
    return memory


def retrievability(memory: Memory, now: datetime, schedule: Schedule) -> float | None:
    """The chance, from 0 to 1, that the question is recalled at `now`; None before any review.

    The forgetting curve of FSRS-6, over the learner's days since the last review. Within the day
    of a review it says 1, which is no forecast.
    """
    if memory.stability is None or memory.last_review is None:
        return None
    when = max(now, memory.last_review).astimezone(UTC)
    card = _to_fsrs(memory, when, schedule.day)
    return _scheduler(schedule.parameters, 0.9).get_card_retrievability(card, when)


def leech_threshold_met(lapses: int, threshold: int = LEECH_THRESHOLD) -> bool:
    """Whether this very lapse makes a leech: at the threshold, then at each half of it more."""
    half = max(1, threshold // 2)
    return lapses >= threshold and (lapses - threshold) % half == 0


def _to_fsrs(memory: Memory, now: datetime, day: LearnerDay) -> fsrs.Card:
    """The card as FSRS sees it at `now`.

    FSRS counts spans of 24 hours. An interval that begins in the evening and ends in the morning
    would be one day short, so the last review is put as many spans back as there were days.
    """
    last_review = memory.last_review
    if last_review is not None:
        last_review = now - (day.date_of(now) - day.date_of(last_review))
    is_new = memory.state is State.NEW
    return fsrs.Card(
        card_id=0,  # without an id the library waits a millisecond to make one
        state=fsrs.State.Learning if is_new else fsrs.State(memory.state),
        step=0 if is_new else memory.step,
        stability=memory.stability,
        difficulty=memory.difficulty,
        due=memory.due,
        last_review=last_review,
    )


@lru_cache(maxsize=1024)
def _scheduler(parameters: tuple[float, ...], desired_retention: float) -> fsrs.Scheduler:
    return fsrs.Scheduler(
        parameters=parameters,
        desired_retention=desired_retention,
        learning_steps=LEARNING_STEPS,
        relearning_steps=RELEARNING_STEPS,
        maximum_interval=MAXIMUM_INTERVAL,
        enable_fuzzing=False,  # the library's own fuzz cannot be seeded
    )


def _days_until_due(days: int, now: datetime, schedule: Schedule, seed: str) -> int:
    """The interval after fuzz, moved off the learner's easy days where the fuzz allows it.

    A shorter interval never comes out longer than a long one: the nearest other day is taken,
    and of two equally near ones the seed decides.
    """
    least, most = fuzz_range(days)
    # Not randint, with which a longer interval could come out shorter than a short one.
    chance = random.Random(seed)  # noqa: S311 - spread, not secrecy
    chosen = least + math.floor(chance.random() * (most - least + 1))
    if not schedule.easy_days:
        return chosen
    weekday = schedule.day.date_of(now).weekday()
    others = [
        each for each in range(least, most + 1) if (weekday + each) % 7 not in schedule.easy_days
    ]
    side = 0.25 if chance.random() < 0.5 else -0.25
    return min(others, key=lambda each: abs(each - chosen + side), default=chosen)


def fuzz_range(days: int) -> tuple[int, int]:
    """The shortest and the longest interval that FSRS lets an interval of so many days become."""
    if days < 3:
        return days, days
    delta = 1.0 + sum(
        band["factor"] * max(min(float(days), band["end"]) - band["start"], 0.0)
        for band in FUZZ_RANGES
    )
    most = min(round(days + delta), MAXIMUM_INTERVAL)
    return min(max(2, round(days - delta)), most), most
