"""More reviews than fit into a day: which come first, how many, and until when. Pure.

Chances of recall run from 0 to 1, stability and spans are in days, as in FSRS.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from quizapp.scheduling.formulas import Formulas
from quizapp.scheduling.memory import Rating

HORIZON = 90
"""How many days a promise looks ahead. What takes longer counts as never."""

SAVED_AFTER = 14
"""Days after which it is asked what a review today was worth."""

ANSWERS_PER_NEW = 2
"""How often a new question is answered on its day, if all goes well."""

NEW_COMES_BACK = 2
"""Days after which a new question comes back, if all goes well."""


@dataclass(frozen=True, slots=True)
class Fading:
    """What is known of a card whose review is due: `days` have gone by since the last one."""

    stability: float
    difficulty: float
    days: int

    def chance(self, formulas: Formulas) -> float:
        """Of recall today."""
        return formulas.recall(self.days, self.stability)

    def answers(self, formulas: Formulas) -> float:
        """How many a review takes today: one, and one more if it is missed."""
        return 2 - self.chance(formulas)

    def saved(self, formulas: Formulas, days: int = SAVED_AFTER) -> float:
        """How much more likely recall is in a fortnight with a review today than without.

        This orders a backlog, highest first: what fades and would stay if it were reviewed. What
        never was firm gains less, since it is soon lost again, and what still is firm can wait.
        Of simulated learners who come back after a month (`make bench BENCH="--only backlog"`)
        it keeps most alive, with the order of due dates close behind. The greatest loss by
        waiting, `R(now) - R(now + days)`, does worse than a random order: it takes the
        shakiest first, and they are lost again before the others have had their turn.
        """
        return self.kept(days, formulas) - formulas.recall(self.days + days, self.stability)

    def kept(self, days: int, formulas: Formulas) -> float:
        """The chance of recall so many days from now, with a review today."""
        chance = self.chance(formulas)
        recalled, missed = (self._after(rating, formulas) for rating in (Rating.GOOD, Rating.AGAIN))
        return chance * formulas.recall(days, recalled) + (1 - chance) * formulas.recall(
            days, missed
        )

    def comes_back(self, rating: Rating, formulas: Formulas, retention: float) -> int:
        """Days until the review after today's. What is missed goes through its steps today."""
        after = self._after(rating, formulas)
        if rating is Rating.AGAIN:
            harder = formulas.next_difficulty(self.difficulty, rating)
            after = formulas.next_stability(after, harder, 0, Rating.GOOD)
        return formulas.intervals(retention)(after)

    def _after(self, rating: Rating, formulas: Formulas) -> float:
        return formulas.next_stability(self.stability, self.difficulty, self.days, rating)


def fitting(costs: Iterable[float], room: float) -> int:
    """How many fit one after the other into the room, the last at least by half."""
    number = 0
    for cost in costs:
        if room < cost / 2:
            break
        room -= cost
        number += 1
    return number


def returning(cards: Sequence[Fading], formulas: Formulas, retention: float) -> list[float]:
    """Which share of such reviews comes back 1, 2, … days later, missed ones among them."""
    shares = [0.0] * HORIZON
    for card in cards:
        chance = card.chance(formulas)
        for rating, share in ((Rating.GOOD, chance), (Rating.AGAIN, 1 - chance)):
            days = card.comes_back(rating, formulas, retention)
            if days <= HORIZON:
                shares[days - 1] += share / len(cards)
    return shares


def worked_off(
    waiting: float,
    arriving: Sequence[float],
    capacity: float,
    *,
    today: float | None = None,
    returning: Sequence[float] = (),
) -> Iterator[tuple[float, float]]:
    """For today and each day of the horizon: how many reviews are done, and how many are left.

    `waiting` are due now, `arriving` become due tomorrow and on each day after. `capacity` is
    how many a day are done, except `today`. Of those done on a day the shares `returning` are
    due again one, two, … days later.
    """
    coming = [0.0, *arriving[:HORIZON]]
    coming += [0.0] * (HORIZON + 1 - len(coming))
    for day in range(HORIZON + 1):
        waiting += coming[day]
        done = min(waiting, capacity if day or today is None else today)
        waiting -= done
        yield done, waiting
        for later, share in enumerate(returning[: HORIZON - day], start=day + 1):
            coming[later] += done * share


def days_to_catch_up(
    waiting: float,
    arriving: Sequence[float],
    capacity: float,
    *,
    today: float | None = None,
    returning: Sequence[float] = (),
) -> int | None:
    """In how many days the day's work fits the day again: 0 for today; None for never.

    The arguments are those of `worked_off`.
    """
    course = worked_off(waiting, arriving, capacity, today=today, returning=returning)
    return next((day for day, (_, left) in enumerate(course) if left <= 0), None)


def capacity_needed(
    waiting: float, arriving: Sequence[float], *, returning: Sequence[float] = ()
) -> int:
    """The least number of reviews a day with which one catches up at all."""
    low, high = 0, max(1, math.ceil(waiting + sum(arriving)))
    while high - low > 1:
        middle = (low + high) // 2
        if days_to_catch_up(waiting, arriving, middle, returning=returning) is None:
            low = middle
        else:
            high = middle
    return high
