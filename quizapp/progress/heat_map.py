"""The geometry of the calendar of reviews. No Django here."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from quizapp.progress.plots import Tick

LEVELS = 4


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of the calendar; `level` runs from 0 for none to 4."""

    x: int
    y: int
    level: int
    title: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """Weeks as columns, Monday first, drawn at this size. `levels` has the least of each level."""

    width: int
    height: int
    size: int
    cells: list[Cell]
    months: list[Tick]
    weekdays: list[Tick]
    levels: list[int]


SIZE, GAP, LEFT, ABOVE = 11, 2, 26, 16


def calendar(counts: Sequence[tuple[date, int]], titles: Sequence[str]) -> Calendar:
    """From days without a break of which the first is a Monday."""
    first = counts[0][0]
    bounds = level_bounds(max(number for _, number in counts))
    pitch = SIZE + GAP
    cells = []
    for (day, number), title in zip(counts, titles, strict=True):
        column, row = divmod((day - first).days, 7)
        level = sum(number >= bound for bound in bounds)
        cells.append(Cell(LEFT + column * pitch, ABOVE + row * pitch, level, title))
    weeks = math.ceil(len(counts) / 7)
    return Calendar(
        width=LEFT + weeks * pitch,
        height=ABOVE + 7 * pitch,
        size=SIZE,
        cells=cells,
        months=_months(first, weeks, pitch),
        weekdays=[
            Tick(name, y=ABOVE + row * pitch + SIZE - 2)
            for row, name in ((0, "Mon"), (2, "Wed"), (4, "Fri"))
        ],
        levels=bounds,
    )


def _months(first: date, weeks: int, pitch: int) -> list[Tick]:
    """A label over the week in which a month begins, unless it would run into the next one."""
    starts = [first + timedelta(days=7 * week) for week in range(weeks)]
    labels = [
        Tick(f"{start:%b}", x=LEFT + week * pitch)
        for week, start in enumerate(starts)
        if week == 0 or start.month != starts[week - 1].month
    ]
    if len(labels) > 1 and labels[1].x - labels[0].x < 3 * pitch:
        labels = labels[1:]
    return [label for label in labels if label.x + 2 * pitch <= LEFT + weeks * pitch]


def level_bounds(most: int) -> list[int]:
    """The least number of each of the four levels, by quarters of the most."""
    bounds = [1]
    for level in range(1, LEVELS):
        bounds.append(max(bounds[-1] + 1, math.floor(most * level / LEVELS) + 1))
    return bounds
