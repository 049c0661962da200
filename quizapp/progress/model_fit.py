"""How well the memory model predicts, as it was measured when it was last fitted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q

from quizapp.scheduling.models import MemoryFit
from quizapp.teams.models import User

FIT_FROM = 64
"""The reviews that a fit takes, as `scheduling.fitting` has it, which no page needs to load."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Reviews whose predictions were alike: their mean prediction, and the share recalled."""

    reviews: int
    predicted: float
    actual: float


def fit_for(user: User) -> MemoryFit | None:
    """The learner's own fit, or else that of everybody here. One query."""
    fits = MemoryFit.objects.filter(Q(user=user) | Q(user=None))
    return fits.order_by(F("user").asc(nulls_last=True), "-fitted_at").first()


def bins_of(fit: MemoryFit) -> list[Bin]:
    """The bins that hold any review, by their predictions."""
    rows: list[list[Any]] = [row for row in fit.bins if row[0]]
    bins = [Bin(number, total / number, recalled / number) for number, total, recalled in rows]
    return sorted(bins, key=lambda each: each.predicted)
