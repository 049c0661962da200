"""The geometry of the plots, worked out here so that templates only print it. No Django here.

Plots stretch to the width of the page while their text keeps its size: what lies along x is
given in per cent of the width, what lies along y in pixels from the top.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.scheduling.goals.words import percent

HEIGHT = 160


@dataclass(frozen=True, slots=True)
class Tick:
    """A line across the plot with its label. `x` in per cent, `y` in pixels."""

    label: str
    x: float = 0.0
    y: float = 0.0


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    width: float
    y: float
    height: float
    title: str


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    radius: float
    title: str


@dataclass(frozen=True, slots=True)
class Segment:
    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True, slots=True)
class BarPlot:
    bars: list[Bar]
    rows: list[Tick]
    columns: list[Tick]
    height: int = HEIGHT


@dataclass(frozen=True, slots=True)
class DotPlot:
    """Dots, the lines that join them, and a line to compare them with, which may have a label."""

    dots: list[Dot]
    lines: list[Segment]
    rows: list[Tick]
    columns: list[Tick]
    reference: Segment | None = None
    reference_label: Tick | None = None
    height: int = HEIGHT


@dataclass(frozen=True, slots=True)
class Line:
    """One of several sequences of dots in a plot. `name` is for its look and its titles."""

    name: str
    dots: list[Dot]
    joins: list[Segment]


@dataclass(frozen=True, slots=True)
class TrendPlot:
    """Several sequences over the same steps, and a line to compare them with."""

    lines: list[Line]
    rows: list[Tick]
    columns: list[Tick]
    reference: Segment
    height: int = HEIGHT


def bar_plot(
    values: Sequence[int], titles: Sequence[str], labels: Sequence[str], height: int = HEIGHT
) -> BarPlot:
    """A bar for each value of 0 or more, with its title. An empty label leaves its place free."""
    top = nice_top(max(values, default=0))
    step = 100 / max(1, len(values))
    bars = [
        Bar(
            x=_tidy(number * step + step * 0.12),
            width=_tidy(step * 0.76),
            y=_tidy(height * (1 - value / top)),
            height=_tidy(height * value / top),
            title=title,
        )
        for number, (value, title) in enumerate(zip(values, titles, strict=True))
    ]
    columns = [
        Tick(label, x=_tidy((number + 0.5) * step)) for number, label in enumerate(labels) if label
    ]
    return BarPlot(bars, _number_rows(top, height), columns, height)


def share_plot(
    shares: Sequence[float | None],
    titles: Sequence[str],
    labels: Sequence[str],
    wished: float,
    height: int = HEIGHT,
) -> DotPlot:
    """Shares from 0 to 1 one after the other, None where nothing can be said, and the wished one.

    Neighbours are joined by lines. The scale ends at 100 % and begins as low as it has to.
    """
    low = _floor_of([*(share for share in shares if share is not None), wished])
    step = 100 / max(1, len(shares))
    places = [
        None if share is None else (_tidy((number + 0.5) * step), _level(share, low, height))
        for number, share in enumerate(shares)
    ]
    dots = [
        Dot(*place, radius=4.5, title=title)
        for place, title in zip(places, titles, strict=True)
        if place
    ]
    lines = [
        Segment(*one, *next_one) for one, next_one in itertools.pairwise(places) if one and next_one
    ]
    columns = [Tick(label, x=_tidy((number + 0.5) * step)) for number, label in enumerate(labels)]
    at = _level(wished, low, height)
    return DotPlot(
        dots=dots,
        lines=lines,
        rows=_share_rows(low, height),
        columns=columns,
        reference=Segment(0, at, 100, at),
        reference_label=Tick(percent(wished), y=at),
        height=height,
    )


def trend_plot(
    lines: Sequence[tuple[str, Sequence[float | None]]],
    steps: Sequence[str],
    labels: Sequence[str],
    wished: float,
    height: int = HEIGHT,
) -> TrendPlot:
    """Several sequences of shares from 0 to 1 on one scale, each with its name, and the wished one.

    None where nothing can be said; dots are joined over such gaps. `steps` are for the titles of
    the dots. An empty label leaves its place free.
    """
    shown = [share for _, shares in lines for share in shares if share is not None]
    low = _floor_of([*shown, wished])
    step = 100 / max(1, len(steps))
    drawn = []
    for name, shares in lines:
        dots = [
            Dot(
                x=_tidy((number + 0.5) * step),
                y=_level(share, low, height),
                radius=4,
                title=f"{title}: {name} {percent(share)}",
            )
            for number, (title, share) in enumerate(zip(steps, shares, strict=True))
            if share is not None
        ]
        joins = [
            Segment(one.x, one.y, next_one.x, next_one.y)
            for one, next_one in itertools.pairwise(dots)
        ]
        drawn.append(Line(name, dots, joins))
    at = _level(wished, low, height)
    return TrendPlot(
        lines=drawn,
        rows=_share_rows(low, height),
        columns=[
            Tick(label, x=_tidy((number + 0.5) * step))
            for number, label in enumerate(labels)
            if label
        ],
        reference=Segment(0, at, 100, at),
        height=height,
    )


def calibration_plot(
    bins: Sequence[tuple[int, float, float]], titles: Sequence[str], height: int = 220
) -> DotPlot:
    """A dot for each number of cases, 1 or more, with the share that was expected of them and the
    one that came of it, both from 0 to 1: on the diagonal where both agree.

    Larger dots stand for more cases.
    """
    low = _floor_of([share for _, expected, outcome in bins for share in (expected, outcome)])
    most = max((cases for cases, _, _ in bins), default=1)
    dots = [
        Dot(
            x=_tidy(100 * (expected - low) / (1 - low)),
            y=_level(outcome, low, height),
            radius=_tidy(3 + 6 * math.sqrt(cases / most)),
            title=title,
        )
        for (cases, expected, outcome), title in zip(bins, titles, strict=True)
    ]
    rows = _share_rows(low, height)
    columns = [Tick(row.label, x=_tidy(100 * (1 - row.y / height))) for row in rows]
    return DotPlot(dots, [], rows, columns, reference=Segment(0, height, 100, 0), height=height)


def nice_top(most: int) -> int:
    """A round and even number that is not below `most`, for the end of a scale."""
    if most <= 4:
        return 4
    unit = 10 ** math.floor(math.log10(most))
    return next(
        top
        for factor in (1, 2, 4, 6, 8, 10, 20)
        if (top := int(factor * unit)) >= most and top % 2 == 0
    )


def _number_rows(top: int, height: int) -> list[Tick]:
    return [Tick(f"{value:,}", y=_tidy(height * (1 - value / top))) for value in (0, top // 2, top)]


def _share_rows(low: float, height: int) -> list[Tick]:
    step = 0.1 if low >= 0.5 else 0.25
    number = round((1 - low) / step)
    shares = [low + step * index for index in range(number + 1)]
    return [Tick(percent(share), y=_level(share, low, height)) for share in shares]


def _floor_of(shares: Sequence[float]) -> float:
    """Where a scale of shares begins: 0.7, 0.6 or 0.5, or 0 if any is lower still."""
    least = min(shares, default=1.0)
    return next((low for low in (0.7, 0.6, 0.5) if least >= low), 0.0)


def _level(share: float, low: float, height: int) -> float:
    return _tidy(height * (1 - (share - low) / (1 - low)))


def _tidy(number: float) -> float:
    return round(number, 2)
