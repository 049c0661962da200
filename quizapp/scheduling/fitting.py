"""Fitting the memory model to a log of reviews, and judging the fit. Pure, on `fsrs_rs_python`.

A history is what was logged of one question while it meant the same: its reviews, oldest first.
A review predicts nothing unless a day has passed since the one before, so only those are usable.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from fsrs_rs_python import DEFAULT_PARAMETERS, FSRS, FSRSItem, FSRSReview

from quizapp.scheduling.formulas import Formulas
from quizapp.scheduling.memory import within_bounds

Parameters = tuple[float, ...]

LEAST_REVIEWS = 64
"""Usable reviews below which the library would fit no more than the first stabilities."""

BIN_EDGES = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)
"""Where one bin of predictions ends and the next begins; narrow where most predictions lie."""

_HELD_OUT = 0.2
_LEAST_GAIN = 1e-4
_STRIDES = (0.0, 0.25, 0.5, 0.75, 1.0)
_MOVING_AVERAGE_WEIGHT = 0.05
_CLOSEST_TO_CERTAIN = 1e-4


@dataclass(frozen=True, slots=True)
class Step:
    """One review: its rating from 1 to 4, the learner's day as a number, and the Unix time.

    `predicted` is the recall, from 0 to 1, that was expected when the question was asked.
    """

    rating: int
    day: int
    at: float
    predicted: float | None = None

    @property
    def is_recalled(self) -> bool:
        return self.rating > 1


History = Sequence[Step]


@dataclass(frozen=True, slots=True)
class Fit:
    """Parameters and how they did on the held-out last fifth, beside what else could predict it.

    `reviews` counts the usable ones, and every loss is the mean LogLoss of a prediction.
    `constant` predicts the share recalled before, `moving_average` an exponential average of the
    outcomes so far, `before` what the parameters in use predict.
    """

    parameters: Parameters
    reviews: int
    log_loss: float
    before: float
    constant: float
    moving_average: float

    @property
    def improves(self) -> bool:
        """Whether the parameters predict better than those in use, by more than rounding."""
        return self.log_loss < self.before - _LEAST_GAIN


def usable(histories: Iterable[History]) -> int:
    """How many reviews came a day or more after the one before."""
    return sum(later.day > earlier.day for each in histories for earlier, later in pairwise(each))


def fit(histories: Sequence[History], *, start: Parameters, in_use: Parameters) -> Fit | None:
    """The parameters that the first four fifths of the usable reviews speak for, in time order.

    The library always sets out from the published parameters. To set out from `start` instead,
    the result is a point on the line from `start` to what it finds: how far along that line
    pays is tried out on the last fifth of those four fifths. None below LEAST_REVIEWS.
    """
    reviews = usable(histories)
    if reviews < LEAST_REVIEWS:
        return None
    training, boundary = _split(histories)
    tuning, inner_boundary = _split(training)
    goal = _fitted(tuning)
    stride = min(
        _STRIDES,
        key=lambda part: _log_loss(
            _predictions(training, _between(start, goal, part), inner_boundary)
        ),
    )
    parameters = _between(start, _fitted(training), stride)
    outcomes = _outcomes(histories)
    seen = [is_recalled for at, is_recalled in outcomes if at < boundary]
    held_out = [is_recalled for at, is_recalled in outcomes if at >= boundary]
    mean = sum(seen) / len(seen)
    return Fit(
        parameters=parameters,
        reviews=reviews,
        log_loss=_log_loss(_predictions(histories, parameters, boundary)),
        before=_log_loss(_predictions(histories, in_use, boundary)),
        constant=_log_loss([(mean, outcome) for outcome in held_out]),
        moving_average=_log_loss(_moving_average(seen, held_out)),
    )


def calibration(histories: Iterable[History]) -> list[tuple[int, float, int]]:
    """By bin of BIN_EDGES: reviews, the sum of what was predicted of them, and those recalled.

    Counts the usable reviews with a prediction made when the question was asked.
    """
    bins = [[0, 0.0, 0] for _ in range(len(BIN_EDGES) + 1)]
    for history in histories:
        for earlier, later in pairwise(history):
            if later.day > earlier.day and later.predicted is not None:
                of = bins[sum(later.predicted >= edge for edge in BIN_EDGES)]
                of[0] += 1
                of[1] += later.predicted
                of[2] += later.is_recalled
    return [(int(count), total, int(recalled)) for count, total, recalled in bins]


def _split(histories: Sequence[History]) -> tuple[list[History], float]:
    """The histories without their last fifth of usable reviews, and when that fifth begins."""
    times = sorted(at for at, _ in _outcomes(histories))
    boundary = times[math.floor(len(times) * (1 - _HELD_OUT))]
    earlier = ([step for step in history if step.at < boundary] for history in histories)
    return [history for history in earlier if history], boundary


def _outcomes(histories: Iterable[History]) -> list[tuple[float, bool]]:
    """When each usable review was, and whether the question was recalled; oldest first."""
    return sorted(
        (later.at, later.is_recalled)
        for history in histories
        for earlier, later in pairwise(history)
        if later.day > earlier.day
    )


def _fitted(histories: Iterable[History]) -> Parameters:
    """What the library finds. One item for each usable review: the history up to it.

    It reckons in single precision, so a bound that it stops at may come out a hair beyond.
    """
    items = []
    for history in histories:
        reviews = _as_reviews(history)
        items += [
            FSRSItem(reviews[: end + 1])
            for end in range(1, len(history))
            if history[end].day > history[end - 1].day
        ]
    return within_bounds(FSRS(DEFAULT_PARAMETERS).compute_parameters(items))


def _as_reviews(history: History) -> list[FSRSReview]:
    days = [history[0].day, *(step.day for step in history)]
    return [
        FSRSReview(step.rating, max(0, day - before))
        for step, before, day in zip(history, days, days[1:], strict=False)
    ]


def _between(start: Parameters, goal: Parameters, part: float) -> Parameters:
    return tuple(a + part * (b - a) for a, b in zip(start, goal, strict=True))


def _predictions(
    histories: Sequence[History], parameters: Parameters, boundary: float
) -> list[tuple[float, bool]]:
    """What the parameters predict of each usable review from the boundary on, and how it went."""
    concerned = [
        history for history in histories if len(history) > 1 and history[-1].at >= boundary
    ]
    formulas = Formulas(parameters)
    states = FSRS(parameters).historical_memory_state_batch(
        [FSRSItem(_as_reviews(h)) for h in concerned]
    )
    return [
        (formulas.recall(later.day - earlier.day, state.stability), later.is_recalled)
        for history, of_history in zip(concerned, states, strict=True)
        for (earlier, later), state in zip(pairwise(history), of_history, strict=False)
        if later.day > earlier.day and later.at >= boundary
    ]


def _moving_average(seen: Sequence[bool], held_out: Sequence[bool]) -> list[tuple[float, bool]]:
    """Each held-out outcome and the average of those before it, where recent ones weigh more."""
    average = sum(seen) / len(seen)
    predicted = []
    for number, outcome in enumerate([*seen, *held_out]):
        if number >= len(seen):
            predicted.append((average, outcome))
        average += _MOVING_AVERAGE_WEIGHT * (outcome - average)
    return predicted


def _log_loss(predictions: Sequence[tuple[float, bool]]) -> float:
    """Mean negative logarithm of the probability given to what happened."""
    total = 0.0
    for predicted, outcome in predictions:
        p = min(max(predicted, _CLOSEST_TO_CERTAIN), 1 - _CLOSEST_TO_CERTAIN)
        total -= math.log(p if outcome else 1 - p)
    return total / len(predictions) if predictions else math.inf
