"""The figures of a question as a page shows them: in words, and as the ends of small bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from quizapp.authoring.statistics import attention
from quizapp.authoring.statistics.attention import Figures, Option
from quizapp.authoring.statistics.formulas import Interval, wilson
from quizapp.content.rendering import markdown_inline
from quizapp.grading import Spec
from quizapp.grading.choice import ChoiceSpec
from quizapp.web.words import count

Counts = Mapping[str, Sequence[int]]
"""By the opaque id of an option, how often it was shown and chosen."""

_LETTERS = "ABCDEFGHI"
_MARK = 1.5
"""How wide the mark of a value is, and an interval at the least."""


@dataclass(frozen=True, slots=True)
class Bar:
    """An interval on a scale of 0 to 100, and the mark of its value, each as the x and width of
    a rectangle. `zero` is where nought lies, if that is not at the beginning."""

    x: float
    width: float
    mark: float
    zero: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """`base` says what the figure rests on, `between` the ends of its interval."""

    name: str
    meaning: str
    value: str
    base: str
    between: str = ""
    bar: Bar | None = None


@dataclass(frozen=True, slots=True)
class OptionShown:
    letter: str
    html: SafeString
    is_key: bool
    shown: int
    chosen: int
    share: str
    bar: Bar | None


def rows_of(figures: Figures, *, is_self_rated: bool) -> list[Row]:
    """A row for each figure that there is."""
    rows = [
        _facility(figures, is_self_rated=is_self_rated),
        _discrimination(figures),
        _efficiency(figures),
        _time(figures),
        _confidence(figures),
        _lapses(figures),
    ]
    return [row for row in rows if row]


def lettered(spec: Spec, counts: Counts) -> list[Option]:
    """The options in the author's order with their counts; empty for kinds without options."""
    if not isinstance(spec, ChoiceSpec):
        return []
    return [
        Option(letter, option.correct, *counts.get(option.id, (0, 0)))
        for letter, option in zip(_LETTERS, spec.options, strict=False)
    ]


def options_of(spec: Spec, counts: Counts) -> list[OptionShown]:
    if not isinstance(spec, ChoiceSpec):
        return []
    return [
        _option(counted, option.text)
        for counted, option in zip(lettered(spec, counts), spec.options, strict=True)
    ]


def _facility(figures: Figures, *, is_self_rated: bool) -> Row | None:
    if figures.facility is None:
        return None
    return _share_row(
        "Facility",
        "recalled at the first sight, as rated by the learners"
        if is_self_rated
        else "mean score of the first responses",
        figures.facility,
        count(figures.responses, "first response"),
        _interval(figures.facility_low, figures.facility_high),
    )


def _discrimination(figures: Figures) -> Row | None:
    index = figures.discrimination
    if index is None:
        return None
    interval = _interval(figures.discrimination_low, figures.discrimination_high)
    return Row(
        "Discrimination",
        "correlation with the score on other questions, from −1 to 1",
        _signed(index),
        f"{count(figures.compared, 'learner')} compared",
        f"between {_signed(interval.low)} and {_signed(interval.high)}" if interval else "",
        _signed_bar(index, interval),
    )


def _efficiency(figures: Figures) -> Row | None:
    if figures.efficiency is None:
        return None
    return Row(
        "Efficiency",
        "how much of the discrimination that these scores allow",
        _percent(figures.efficiency),
        f"{count(figures.compared, 'learner')} compared",
    )


def _time(figures: Figures) -> Row | None:
    if figures.median_ms is None:
        return None
    seconds = round(figures.median_ms / 1000)
    minutes, left = divmod(seconds, 60)
    return Row(
        "Time",
        "median until the first response",
        f"{minutes} min {left} s" if minutes else f"{seconds} s",
        count(figures.responses, "first response"),
    )


def _confidence(figures: Figures) -> Row | None:
    if figures.confidently_wrong is None:
        return None
    return _share_row(
        "Sure but wrong",
        "of those who were sure",
        figures.confidently_wrong,
        f"{count(figures.sure, 'learner')} who {'was' if figures.sure == 1 else 'were'} sure",
        wilson(figures.confidently_wrong, figures.sure),
    )


def _lapses(figures: Figures) -> Row | None:
    if figures.lapse_share is None:
        return None
    return _share_row(
        "Slips",
        "of reviews by learners who knew it",
        figures.lapse_share,
        f"{count(figures.known, 'review')} of it when known",
        wilson(figures.lapse_share, figures.known),
    )


def _option(counted: Option, text: str) -> OptionShown:
    share = counted.chosen / counted.shown if counted.shown else None
    return OptionShown(
        letter=counted.letter,
        html=markdown_inline(text),
        is_key=counted.is_key,
        shown=counted.shown,
        chosen=counted.chosen,
        share="" if share is None else _percent(share),
        bar=None if share is None else _bar(share, wilson(share, counted.shown)),
    )


def _share_row(name: str, meaning: str, share: float, base: str, interval: Interval | None) -> Row:
    ends = interval and f"between {_percent(interval.low)} and {_percent(interval.high)}"
    return Row(name, meaning, _percent(share), base, ends or "", _bar(share, interval))


def _interval(low: float | None, high: float | None) -> Interval | None:
    return None if low is None or high is None else Interval(low, high)


def _percent(share: float) -> str:
    """Kept on one line, with a minus that is as wide as a plus."""
    return attention.percent(share).replace(" ", "\N{NO-BREAK SPACE}").replace("-", "−")


def _signed(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def _bar(share: float, interval: Interval | None, zero: float | None = None) -> Bar:
    low, high = interval or (share, share)
    return Bar(
        x=round((100 - _MARK) * low, 1),
        width=round((100 - _MARK) * (high - low) + _MARK, 1),
        mark=round((100 - _MARK) * share, 1),
        zero=zero,
    )


def _signed_bar(index: float, interval: Interval | None) -> Bar:
    """The same for values from -1 to 1."""
    low, high = interval or (index, index)
    return _bar((index + 1) / 2, Interval((low + 1) / 2, (high + 1) / 2), zero=50.0)
