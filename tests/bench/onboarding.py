"""What scheduling to a date is worth: learners with a track and a date, simulated."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import fmean

from tests.bench.figures import Figure
from tests.scheduling.dated import Course, Joiner, Restless, is_feasible, plain, to_the_date
from tests.scheduling.foretold import foretold

LEARNERS = 200
TITLE = f"{LEARNERS} learners of varied memory, 150 to 400 questions by a date in 4 to 17 weeks"
RETENTIONS = (0.8, 0.85, 0.9, 0.95)
NEW_PER_DAY = (10, 20)
WHEN = (0, 0.25, 0.5, 0.75)


def figures(*, is_full: bool) -> list[Figure]:
    everybody = [Joiner(seed) for seed in range(LEARNERS)]
    joiners = [joiner for joiner in everybody if is_feasible(joiner)]
    dated = [to_the_date(joiner) for joiner in joiners]
    usual = [plain(joiner, is_limited=True) for joiner in joiners]
    recall, minutes = _means(dated)
    found = [
        Figure("Learners who could reach their target", len(joiners), digits=0),
        Figure("… of them miss it, scheduled to the date", 100 * _missed(dated), "%", most=5),
        Figure("… miss it by the plain queue, in the same minutes", 100 * _missed(usual), "%"),
        Figure("Recall of the track on the date", 100 * recall, "%"),
        Figure("… by the plain queue, in the same minutes", 100 * _means(usual)[0], "%"),
        Figure("Minutes spent", minutes, "min", digits=0),
    ]
    for new_per_day in NEW_PER_DAY:
        needed = _needed(joiners, recall, new_per_day)
        name = f"… and the plain queue for as much recall, {new_per_day} new a day"
        found.append(Figure(name, minutes, "min", needed, most=1, digits=0))
    return found + _forecasts(everybody) + _of_restless()


def _of_restless() -> list[Figure]:
    """How the forecasts came true of people whose habits change. Who will stop, nobody knows."""
    made = [each for seed in range(LEARNERS) for each in foretold(Restless(seed), WHEN)]
    off, inside = fmean(abs(each.error) for each in made), fmean(each.holds for each in made)
    return [
        Figure("Forecasts where habits change: off by", 100 * off, "points", digits=1),
        Figure("… within their interval of 90 %", 100 * inside, "%"),
    ]


def _forecasts(joiners: Sequence[Joiner]) -> list[Figure]:
    """How the forecasts of readiness came true, made at several moments on the way."""
    made = [each for joiner in joiners for each in foretold(joiner, WHEN)]
    found = []
    for passed in WHEN:
        then = [each for each in made if each.passed == passed]
        off, bias = fmean(abs(each.error) for each in then), fmean(each.error for each in then)
        name = f"Forecasts with {passed:.0%} of the time gone: off by"
        found += [
            Figure(name, 100 * off, "points", digits=1),
            Figure("… too high by", 100 * bias, "points", digits=1),
            Figure("… within their interval of 90 %", 100 * fmean(e.holds for e in then), "%"),
        ]
    return found


def _missed(courses: Sequence[Course]) -> float:
    return fmean(course.recall < course.joiner.target for course in courses)


def _means(courses: Sequence[Course]) -> tuple[float, float]:
    return fmean(each.recall for each in courses), fmean(each.minutes for each in courses)


def _needed(joiners: Sequence[Joiner], recall: float, new_per_day: int) -> float:
    """The minutes that the plain queue takes without a limit, at the retention that recalls so
    much; those of the highest if none does."""
    points = [
        _means([plain(each, retention=kept, new_per_day=new_per_day) for each in joiners])
        for kept in RETENTIONS
    ]
    for (less, fewer), (more, longer) in pairwise(points):
        if less <= recall <= more:
            return fewer + (longer - fewer) * (recall - less) / (more - less)
    return points[-1][1]
