"""Asking what people mix up close together, so that they learn to tell it apart. Pure.

Telling two things apart is learned from meeting them one after the other, rather than each by
itself: see Kornell and Bjork (2008), "Learning concepts and categories", Psychological Science 19.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

Sides = frozenset[tuple[int, int]]
"""The confusables that a question is about, by id, each with the side it is on, from 0."""


class HasSides(Protocol):
    @property
    def sides(self) -> Sides: ...


C = TypeVar("C", bound=HasSides)


def contrasts(one: Sides, other: Sides) -> bool:
    """Whether two questions are about different sides of something that people mix up.

    A question about several sides contrasts with none of them: it tells them apart itself.
    """
    for confusable in {pair for pair, _ in one} & {pair for pair, _ in other}:
        if _of(confusable, one).isdisjoint(_of(confusable, other)):
            return True
    return False


def contrasting_first(candidates: Iterable[C], last: Sides) -> list[C]:
    """The candidates in their order, but first those that contrast with what was asked last."""
    return sorted(candidates, key=lambda each: not contrasts(each.sides, last))


def _of(confusable: int, sides: Sides) -> set[int]:
    return {side for pair, side in sides if pair == confusable}
