"""A figure beside its yardstick and its target, and a table of figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

HEADINGS = ("", "measured", "yardstick", "ratio", "target", "")


@dataclass(frozen=True, slots=True)
class Figure:
    """`most` is the target: for the ratio where there is a yardstick, else for the value itself.

    `aim` is the ratio to hope for. `digits` are those after the decimal point.
    """

    name: str
    value: float
    unit: str = ""
    yardstick: float | None = None
    most: float | None = None
    aim: float | None = None
    digits: int = 2

    @property
    def cells(self) -> tuple[str, ...]:
        return (
            f"  {self.name}",
            self._with_unit(self.value),
            "" if self.yardstick is None else self._with_unit(self.yardstick),
            "" if self.yardstick is None else f"{self.value / self.yardstick:.2f} ×",
            self._target(),
            self._judgement(),
        )

    def _with_unit(self, value: float) -> str:
        return f"{value:,.{self.digits}f} {self.unit}".strip()

    def _target(self) -> str:
        if self.most is None:
            return ""
        unit = self.unit if self.yardstick is None else "×"
        aim = "" if self.aim is None else f", aim {self.aim:g}"
        return f"≤ {self.most:,g} {unit}".strip() + aim

    def _judgement(self) -> str:
        if self.most is None:
            return ""
        measured = self.value if self.yardstick is None else self.value / self.yardstick
        return "met" if measured <= self.most else "MISSED"


def table(sections: Iterable[tuple[str, Sequence[Figure]]]) -> str:
    """All sections under one another, with columns that are equally wide throughout."""
    rows: list[tuple[str, ...]] = [HEADINGS]
    for title, figures in sections:
        rows += [("",), (title,), *(figure.cells for figure in figures)]
    widths = [
        max(len(row[column]) for row in rows if len(row) > 1) for column in range(len(HEADINGS))
    ]
    return "\n".join(_line(row, widths) for row in rows)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    first = row[0].ljust(widths[0])
    rest = [
        cell.ljust(width) if column == len(HEADINGS) - 1 else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(row[1:], widths[1:], strict=False), start=1)
    ]
    return "   ".join([first, *rest]).rstrip()
