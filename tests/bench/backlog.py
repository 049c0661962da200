"""What the order of a backlog is worth: learners who come back after a month, simulated."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from statistics import fmean

from tests.bench.figures import Figure
from tests.scheduling.absence import ORDERS, Learner, Order, back_after_absence, work_off

TITLE = "A month away, 300 reviews due, 15 minutes a day: recall by the order of the backlog"
LEARNERS, MANY_LEARNERS = 5, 30
DAYS = 30


@dataclass(frozen=True, slots=True)
class Course:
    """The average chance of recall over all cards on each day, and the days to catch up."""

    recall: list[float]
    days: int


def figures(*, is_full: bool) -> list[Figure]:
    returned = [back_after_absence(seed) for seed in range(MANY_LEARNERS if is_full else LEARNERS)]
    found = []
    for name, order in ORDERS.items():
        courses = [course(deepcopy(learner), now, order) for learner, now in returned]
        caught_up = [each.recall[min(each.days, DAYS - 1)] for each in courses]
        found += [
            Figure(f"{name}: over {DAYS} days", 100 * mean_recall(courses), "%"),
            Figure("… on the day of catching up", 100 * fmean(caught_up), "%"),
            Figure("… days to catch up", fmean(each.days for each in courses), "days", digits=1),
        ]
    return found


def course(learner: Learner, now: datetime, order: Order, minutes: float = 15) -> Course:
    days = list(islice(work_off(learner, now, order, minutes=minutes), 2 * DAYS))
    caught_up = next((day for day, (_, left) in enumerate(days) if not left), len(days))
    return Course([recall for recall, _ in days[:DAYS]], caught_up)


def mean_recall(courses: list[Course]) -> float:
    """The area under the curve, averaged over the learners."""
    return fmean(fmean(each.recall) for each in courses)
