"""What is foretold of a simulated learner on the way to a date, and what came of it. Pure."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from statistics import fmean

from quizapp.scheduling.goals.habits import PACE_DAYS, Pace, Worked, pace_of
from quizapp.scheduling.goals.pacing import days_at_work
from quizapp.scheduling.goals.projecting import Projection, project
from quizapp.scheduling.goals.prospects import Group, Outset
from tests.scheduling.dated import BELIEVED, FIRST_DAY, Card, Course, Joiner, day_to_the_date


@dataclass(frozen=True, slots=True)
class Foretold:
    """The forecast made when so much of the time had passed (0 to 1), and the outcome.

    The outcome is the readiness that would be counted on the date, by the believed memory.
    """

    passed: float
    forecast: Projection
    outcome: float

    @property
    def error(self) -> float:
        return self.forecast.readiness - self.outcome

    @property
    def holds(self) -> bool:
        return self.forecast.low <= self.outcome <= self.forecast.high


def foretold(joiner: Joiner, when: Sequence[float]) -> list[Foretold]:
    """Forecasts at these shares of the time, of a learner who goes the way of the queue."""
    course = Course(joiner)
    made: dict[int, tuple[float, Projection]] = {}
    answers = []
    wanted = {math.floor(share * joiner.days): share for share in when}
    for day, studies in enumerate(joiner.studies):
        answers.append(course.answers)
        if day in wanted:
            made[day] = (wanted[day], _forecast(course, day, answers))
        if studies:
            day_to_the_date(course, day)
    outcome = readiness(course, joiner.days)
    return [Foretold(passed, forecast, outcome) for passed, forecast in made.values()]


def readiness(course: Course, day: int) -> float:
    recalled = (BELIEVED.recall(day - card.last, card.stability) for card in course.met)
    return sum(recalled) / course.joiner.total


def outset(course: Course, day: int) -> Outset:
    by_stability: dict[int, list[Card]] = defaultdict(list)
    for card in course.met:
        by_stability[math.floor(math.log2(max(card.stability, 0.01)))].append(card)
    groups = tuple(
        Group(
            count=len(cards),
            stability=fmean(card.stability for card in cards),
            recall=fmean(BELIEVED.recall(day - card.last, card.stability) for card in cards),
            difficulty=fmean(card.difficulty for card in cards),
        )
        for cards in by_stability.values()
    )
    joiner = course.joiner
    return Outset(joiner.total, groups, joiner.seconds, joiner.retention, course.answers)


def _forecast(course: Course, day: int, answers: Sequence[int]) -> Projection:
    joiner, today = course.joiner, FIRST_DAY + timedelta(days=day)
    pace = _pace(course, day, answers)
    return project(
        outset(course, day),
        days=joiner.days - day,
        study_days=joiner.aim.study_days(today),
        minutes=pace.minutes,
        least=pace.least,
        most=pace.most,
        target=joiner.target,
    )


def _pace(course: Course, day: int, answers: Sequence[int]) -> Pace:
    """By `answers`, how many had been given at the beginning of each day."""
    joiner, today = course.joiner, FIRST_DAY + timedelta(days=day)
    given = [after - before for before, after in pairwise(answers)]
    lately = max(0, day - PACE_DAYS - 1)
    worked = [
        Worked(FIRST_DAY + timedelta(days=each), given[each] * joiner.seconds / 60)
        for each in range(lately, day)
        if given[each]
    ]
    for first in range(lately - 7, -1, -7):
        week = given[first : first + 7]
        came = sum(number > 0 for number in week)
        since = FIRST_DAY + timedelta(days=first)
        worked.append(Worked(since, sum(week) * joiner.seconds / 60, came, days=7))
    waiting = sum(card.due <= day for card in course.met)
    last = max((each for each in range(day) if given[each]), default=day)
    return pace_of(
        worked,
        begun=FIRST_DAY,
        today=today,
        away=joiner.aim.away,
        limit=joiner.minutes,
        keeps_up=waiting * joiner.seconds <= joiner.minutes * 60,
        idle=days_at_work(joiner.aim.away, FIRST_DAY + timedelta(days=last + 1), today),
    )
