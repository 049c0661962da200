"""How much a question calls for an editor's look, and why. No Django here.

Nothing is said on a few responses. Each reason has its least number, and most go by the end of
the interval that speaks against them, so that the question is not blamed for what chance may do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quizapp.authoring.statistics.formulas import wilson

LEAST_RESPONSES = 30
"""First responses that it takes to speak of facility, and showings to speak of an option."""
LEAST_COMPARED = 20
"""Learners with enough other responses that it takes to speak of discrimination."""
LEAST_SURE = 10
"""Learners who were sure."""
LEAST_KNOWN = 20
"""Reviews of a question that the learner knew."""

HARD, EASY = 0.25, 0.9
"""Hardly anybody knows what is surely below the one, almost everybody what is surely above."""
POOR_DISCRIMINATION = 0.2
"""What surely lies below tells strong learners from weak ones too little."""
OFTEN_SURE_AND_WRONG = 0.25
OFTEN_SLIPS = 0.15
"""The scheduler lets one in ten slip, as people wish; surely more than this is not its doing."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What was counted of one question. Each share has the number that it rests on.

    `responses` carries facility, the median and the options; `compared` the discrimination, its
    interval and the efficiency; `sure` counts those who were sure, and `confidently_wrong` is the
    share of them who were wrong; `known` counts reviews of it when known, and `lapse_share` is
    the share of them that failed. None where there is nothing to count.
    """

    responses: int = 0
    facility: float | None = None
    facility_low: float | None = None
    facility_high: float | None = None
    compared: int = 0
    discrimination: float | None = None
    discrimination_low: float | None = None
    discrimination_high: float | None = None
    efficiency: float | None = None
    median_ms: int | None = None
    sure: int = 0
    confidently_wrong: float | None = None
    known: int = 0
    lapse_share: float | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """An option as it is worded now: how often it was shown, and chosen, at first responses."""

    letter: str
    is_key: bool
    shown: int = 0
    chosen: int = 0


@dataclass(frozen=True, slots=True)
class Reason:
    weight: float
    words: str


@dataclass(frozen=True, slots=True)
class Attention:
    """`number` is the sum of the reasons' weights, 0 where there is none; the gravest is first."""

    number: float
    reasons: tuple[str, ...]


def attention(
    figures: Figures,
    options: Sequence[Option] = (),
    *,
    open_flags: int = 0,
    is_self_rated: bool = False,
) -> Attention:
    """What speaks for a look at the question.

    Of a question that learners rate themselves only slips and flags are evidence: how they rate
    a first look depends on how strict they are.
    """
    found = [*_of_flags(open_flags), *_of_lapses(figures)]
    if not is_self_rated:
        found += [
            *_of_discrimination(figures),
            *_of_confidence(figures),
            *_of_facility(figures),
            *_of_options(figures, options),
        ]
    found.sort(key=lambda reason: -reason.weight)
    return Attention(
        number=round(sum(reason.weight for reason in found), 3),
        reasons=tuple(reason.words for reason in found),
    )


def _of_flags(number: int) -> Iterator[Reason]:
    if number:
        yield Reason(2 + min(number, 4), "1 open flag" if number == 1 else f"{number} open flags")


def _of_discrimination(figures: Figures) -> Iterator[Reason]:
    index, high = figures.discrimination, figures.discrimination_high
    if index is None or high is None or figures.compared < LEAST_COMPARED:
        return
    if high >= POOR_DISCRIMINATION:
        return
    if index < 0:
        yield Reason(4 - 2 * index, "strong learners miss it: is the key right?")
    else:
        yield Reason(1, "weak learners get it right as often as strong ones")


def _of_confidence(figures: Figures) -> Iterator[Reason]:
    share = figures.confidently_wrong
    if share is None or figures.sure < LEAST_SURE:
        return
    if _surely_above(OFTEN_SURE_AND_WRONG, share, figures.sure):
        yield Reason(2 + 2 * share, f"{_part(share)} of those who were sure were wrong")


def _of_lapses(figures: Figures) -> Iterator[Reason]:
    share = figures.lapse_share
    if share is None or figures.known < LEAST_KNOWN:
        return
    if _surely_above(OFTEN_SLIPS, share, figures.known):
        yield Reason(1 + 2 * share, f"it slips often: {percent(share)} of reviews")


def _of_facility(figures: Figures) -> Iterator[Reason]:
    low, high = figures.facility_low, figures.facility_high
    if low is None or high is None or figures.responses < LEAST_RESPONSES:
        return
    if high < HARD:
        yield Reason(2, "hardly anybody knows it: is it clear, and is the key right?")
    if low > EASY:
        yield Reason(1, "almost everybody knows it: it teaches nothing new")


def _of_options(figures: Figures, options: Sequence[Option]) -> Iterator[Reason]:
    """Where almost everybody is right no distractor can be chosen, and that reason is enough."""
    dead = [each for each in options if each.shown >= LEAST_RESPONSES and not each.chosen]
    missed = [each.letter for each in dead if each.is_key]
    idle = [each.letter for each in dead if not each.is_key]
    if missed:
        are_right = "it is right" if len(missed) == 1 else "they are right"
        yield Reason(3, f"nobody picks {_options(missed)}, though {are_right}")
    if idle and (figures.facility_low or 0) <= EASY:
        yield Reason(0.5 + 0.5 * len(idle), f"nobody picks {_options(idle)}")


def _surely_above(bound: float, share: float, number: int) -> bool:
    interval = wilson(share, number)
    return interval is not None and interval.low > bound


def _options(letters: Sequence[str]) -> str:
    """`option C`, `options B and C`, `options B, C and D`."""
    *others, last = letters
    return f"options {', '.join(others)} and {last}" if others else f"option {last}"


def _part(share: float) -> str:
    if share == 1:
        return "all"
    return "half" if 0.45 <= share <= 0.55 else percent(share)


def percent(share: float) -> str:
    return f"{share:.0%}".replace("%", " %")
