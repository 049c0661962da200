"""How much a learner's day holds, by the learner's minutes and number of reviews."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from quizapp.scheduling.backlog import ANSWERS_PER_NEW, Fading, fitting
from quizapp.scheduling.cards import parameters_of
from quizapp.scheduling.formulas import Formulas, formulas_of
from quizapp.scheduling.goals.pacing import NEW_SHARE
from quizapp.scheduling.today import TYPICAL_MS, Today
from quizapp.teams.models import User

MOST_NEW = 10_000
"""Answers to new questions in a day, where nothing limits them."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Infinite where there is no limit.

    `answers` and `reviews` are those of a whole day. Of them `answers_left` and `reviews_left`
    can still be given today. A review that is missed takes two answers. `pace` is milliseconds
    per answer, the learner's own where minutes are counted, and `minutes` are those of a day.
    """

    formulas: Formulas
    pace: float
    answers: float
    reviews: float
    answers_left: float
    reviews_left: float
    minutes: int | None = None

    def lifted(self) -> Limits:
        """For what is asked for on purpose."""
        return replace(self, answers_left=math.inf, reviews_left=math.inf)

    @property
    def is_limited(self) -> bool:
        return min(self.answers_left, self.reviews_left) < math.inf

    def beside_new(self, number: int, begun: int) -> Limits:
        """What is left for reviews if so many new questions are to be met today.

        They take a part of the day at the most, with those that were `begun` already.
        """
        most = max(0, NEW_SHARE * self.answers - ANSWERS_PER_NEW * begun)
        return replace(self, answers_left=self.answers_left - min(ANSWERS_PER_NEW * number, most))

    def fitting(self, reviews: Sequence[Fading]) -> int:
        """How many of the reviews, from the first on, still fit into today."""
        number = fitting((each.answers(self.formulas) for each in reviews), self.answers_left)
        return int(max(0, min(number, self.reviews_left)))

    def new_beside(self, reviews: Sequence[Fading]) -> int:
        """How many new questions still fit into today once these reviews are done."""
        left = self.answers_left - math.fsum(each.answers(self.formulas) for each in reviews)
        return max(0, round(min(left, MOST_NEW) / ANSWERS_PER_NEW))

    def beside(self, reviews: Sequence[Fading], new: int) -> Limits:
        """What is left of today once these reviews are done and so many new questions met."""
        answers = math.fsum(each.answers(self.formulas) for each in reviews) + ANSWERS_PER_NEW * new
        return replace(
            self,
            answers_left=self.answers_left - answers,
            reviews_left=self.reviews_left - len(reviews),
        )

    def reviews_per_day(self, reviews: Sequence[Fading]) -> float:
        """How many reviews such as these a whole day holds."""
        return min(self.reviews, self.answers / self.mean_answers(reviews))

    def mean_answers(self, reviews: Sequence[Fading]) -> float:
        if not reviews:
            return 1.0
        return math.fsum(each.answers(self.formulas) for each in reviews) / len(reviews)


def limits_of(
    user: User, minutes: int | None, today: Today, in_steps: int, pace: float | None
) -> Limits:
    """`in_steps` have to be answered today in any case; `pace` is None where nobody counts."""
    answers = answers_left = reviews = reviews_left = math.inf
    pace = pace or TYPICAL_MS
    if minutes is not None:
        answers = minutes * 60_000 / pace
        answers_left = answers - today.spent_ms / pace - in_steps
    if user.reviews_per_day is not None:
        reviews = user.reviews_per_day
        reviews_left = max(0, reviews - today.reviews)
    return Limits(
        formulas=formulas_of(parameters_of(user)),
        minutes=minutes,
        pace=pace,
        answers=answers,
        reviews=reviews,
        answers_left=answers_left,
        reviews_left=reviews_left,
    )
