"""Asking what people mix up close together, so that they learn to tell it apart. Pure.

Telling two things apart is learned from meeting them one after the other, rather than each by
itself: see Kornell and Bjork (2008), "Learning concepts and categories", Psychological Science 19.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, TypeVar


@dataclass(frozen=True, slots=True)
class Pairing:
    """A fact that was asked, by the `side` of a confusable it is on, and another with its side.

    The sides of one confusable are counted from 0; `fact` is the id of the other fact.
    """

    confusable: int
    side: int
    fact: int
    fact_side: int


class DrillsFacts(Protocol):
    @property
    def facts(self) -> frozenset[int]: ...


C = TypeVar("C", bound=DrillsFacts)


def opposites(pairings: Iterable[Pairing]) -> frozenset[int]:
    """The facts on sides that the question was not about, of all that it is mixed up with.

    A question about several sides leaves out all of them: it tells them apart itself.
    """
    listed = list(pairings)
    own: dict[int, set[int]] = defaultdict(set)
    for each in listed:
        own[each.confusable].add(each.side)
    asked = {each.fact for each in listed if each.fact_side in own[each.confusable]}
    return frozenset(each.fact for each in listed) - asked


def contrasting_first(candidates: Iterable[C], opposite: frozenset[int]) -> list[C]:
    """The candidates in their order, but first those that drill one of the opposite facts."""
    return sorted(candidates, key=lambda each: each.facts.isdisjoint(opposite))
