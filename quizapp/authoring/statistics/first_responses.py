"""The first response of each learner to a question: what it tells, and keeping many of them."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from json import loads
from statistics import median_low
from typing import IO, NamedTuple

from quizapp.authoring.statistics.attention import Figures
from quizapp.authoring.statistics.formulas import mean, rest, wilson
from quizapp.grading import Spec
from quizapp.grading.choice import ChoiceSpec
from quizapp.scheduling.memory import Rating, State

LEAST_OTHERS = 5
"""Other first responses of a learner that it takes to say how strong the learner is."""


class Logged(NamedTuple):
    """One review. `order` and `given` are the options' order and the response, as JSON text."""

    question: int
    version: int
    learner: int
    score: float
    rating: int
    state: int
    duration_ms: int
    is_sure: bool | None
    order: str | None
    given: str | None


@dataclass(frozen=True, slots=True)
class Counted:
    """`options` has, by the id of each option of today, how often it was `[shown, chosen]`."""

    figures: Figures = field(default_factory=Figures)
    options: dict[str, list[int]] = field(default_factory=dict)


class Firsts(NamedTuple):
    """The scores of the first responses to a question, and in the same order who gave them."""

    scores: array[float]
    learners: array[int]


def counted(log: Iterable[Logged], version: int, spec: Spec) -> tuple[Counted, Firsts | None]:
    """What the reviews of one question, in the order in which they came, say of this version.

    The first responses come along where they are graded by the machine: what learners rate
    themselves says nothing of who is strong.
    """
    firsts = Firsts(array("d"), array("q"))
    met: set[int] = set()
    times: list[int] = []
    choices: Counter[tuple[str | None, str | None]] = Counter()
    sure = sure_and_wrong = known = lapses = 0
    for row in log:
        if row.version != version:
            continue
        if row.state == State.REVIEW:
            known += 1
            lapses += row.rating == Rating.AGAIN
        if row.learner in met:
            continue
        met.add(row.learner)
        firsts.scores.append(row.score)
        firsts.learners.append(row.learner)
        times.append(row.duration_ms)
        choices[row.order, row.given] += 1
        if row.is_sure:
            sure += 1
            sure_and_wrong += row.score < 1
    facility = mean(firsts.scores)
    interval = None if facility is None else wilson(facility, len(met))
    figures = Figures(
        responses=len(met),
        facility=facility,
        facility_low=interval.low if interval else None,
        facility_high=interval.high if interval else None,
        median_ms=median_low(times) if times else None,
        sure=sure,
        confidently_wrong=sure_and_wrong / sure if sure else None,
        known=known,
        lapse_share=lapses / known if known else None,
    )
    options = _options(spec, choices) if isinstance(spec, ChoiceSpec) else {}
    is_graded = bool(met) and not spec.is_self_rated
    return Counted(figures, options), firsts if is_graded else None


def _options(
    spec: ChoiceSpec, choices: Counter[tuple[str | None, str | None]]
) -> dict[str, list[int]]:
    """An option that was reworded was not shown before, whatever its place."""
    options = {option.id: [0, 0] for option in spec.options}
    for (order, given), number in choices.items():
        shown, chosen = _ids(order), _ids(given)
        for each in options.keys() & shown:
            options[each][0] += number
            options[each][1] += number * (each in chosen)
    return options


def _ids(text: str | None) -> set[str]:
    value = loads(text) if text else None
    return {value} if isinstance(value, str) else set(value or ())


class Learners:
    """How strong each learner is, by all first responses that were taken."""

    def __init__(self) -> None:
        self._excess: defaultdict[int, float] = defaultdict(float)
        self._responses: Counter[int] = Counter()

    def take(self, firsts: Firsts) -> None:
        facility = mean(firsts.scores) or 0.0
        self._responses.update(firsts.learners)
        for score, learner in zip(*firsts, strict=True):
            self._excess[learner] += score - facility

    def compared(self, firsts: Firsts) -> tuple[list[float], list[float]]:
        """Of the learners with enough other responses: the score here, and on the rest."""
        facility = mean(firsts.scores) or 0.0
        scores, rests = [], []
        for score, learner in zip(*firsts, strict=True):
            others = self._responses[learner] - 1
            if others >= LEAST_OTHERS:
                scores.append(score)
                rests.append(rest(self._excess[learner], score - facility, others))
        return scores, rests


class FirstResponses:
    """First responses by question, set aside in a file."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._numbers: dict[int, int] = {}

    def put(self, question: int, firsts: Firsts) -> None:
        self._numbers[question] = len(firsts.scores)
        for column in firsts:
            self._file.write(column.tobytes())

    def __iter__(self) -> Iterator[tuple[int, Firsts]]:
        """All that was put, in that order. Nothing can be put after that."""
        self._file.seek(0)
        for question, number in self._numbers.items():
            firsts = Firsts(array("d"), array("q"))
            for column in firsts:
                column.frombytes(self._file.read(number * column.itemsize))
            yield question, firsts
