"""How well what was expected came true in this installation."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Avg, Case, Count, F, IntegerField, Max, Q, Sum, Value, When
from django.db.models.functions import Abs

from quizapp.scheduling.memory import Rating, State
from quizapp.scheduling.models import ReadinessNote, Review

MOST_ANSWERS = 250_000
"""The latest answers that are looked at, so that a page need not wait for millions."""

ANSWER_BINS = 20
FORECAST_BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Cases whose expectation lay from `low` to `high`: what was expected of them on average,
    and what came true, both from 0 to 1 and None where there is no case."""

    low: float
    high: float
    cases: int
    expected: float | None
    outcome: float | None


@dataclass(frozen=True, slots=True)
class WeeksAhead:
    """Forecasts made so many whole weeks before the date. `error` is the mean absolute one, and
    `inside` the share of outcomes inside the interval; both from 0 to 1."""

    weeks: int
    cases: int
    error: float
    inside: float


@dataclass(frozen=True, slots=True)
class Forecasts:
    """All forecasts with an outcome: by bin, and by how early they were made, the latest first.

    `error` and `inside` are those over all, None where there is no case.
    """

    bins: list[Bin]
    cases: int
    error: float | None
    inside: float | None
    by_weeks: list[WeeksAhead]


def answers(now: datetime) -> list[Bin]:
    """Single answers of the last twelve months, by twentieths of the recall that was expected.

    Of all learners, but of questions in REVIEW only, on a later day than the last time. Of the
    latest MOST_ANSWERS at most. Two queries; bins without a case are left out.
    """
    newest = Review.objects.aggregate(newest=Max("pk"))["newest"] or 0
    rows = (
        Review.objects.standing()
        .since(now - timedelta(days=365))
        .filter(
            pk__gt=newest - MOST_ANSWERS,
            state_before=State.REVIEW,
            # On the day of the last answer it is 1.
            retrievability__lt=1,
        )
        .order_by()
        .annotate(bin=_bin("retrievability", ANSWER_BINS))
        .values("bin")
        .annotate(
            cases=Count("pk"),
            expected=Avg("retrievability"),
            outcome=Avg(Case(When(rating__gt=Rating.AGAIN, then=1.0), default=0.0)),
        )
        .order_by("bin")
    )
    return [
        Bin(*_bounds(row["bin"], ANSWER_BINS), row["cases"], row["expected"], row["outcome"])
        for row in rows
    ]


def forecasts() -> Forecasts:
    """Readiness on the due date against what was forecast for it, by tenths of the forecast.

    One query, whose rows are the pairs of a week and a date. Bins without a case are left out.
    """
    rows = (
        ReadinessNote.objects.filter(outcome__isnull=False)
        .annotate(bin=_bin("forecast", FORECAST_BINS))
        .values("bin", "noted_on", "due_on")
        .annotate(
            cases=Count("pk"),
            expected=Sum("forecast"),
            came=Sum("outcome"),
            error=Sum(Abs(F("forecast") - F("outcome"))),
            inside=Count(
                "pk", filter=Q(outcome__gte=F("forecast_low"), outcome__lte=F("forecast_high"))
            ),
        )
        .order_by()
    )
    by_bin: dict[int, Counter[str]] = defaultdict(Counter)
    by_weeks: dict[int, Counter[str]] = defaultdict(Counter)
    total: Counter[str] = Counter()
    for row in rows:
        sums = {name: row[name] for name in ("cases", "expected", "came", "error", "inside")}
        weeks = max(0, (row["due_on"] - row["noted_on"]).days // 7)
        for each in (by_bin[row["bin"]], by_weeks[weeks], total):
            each.update(sums)
    cases = total["cases"]
    return Forecasts(
        bins=[
            Bin(
                *_bounds(number, FORECAST_BINS),
                sums["cases"],
                sums["expected"] / sums["cases"],
                sums["came"] / sums["cases"],
            )
            for number, sums in sorted(by_bin.items())
        ],
        cases=cases,
        error=total["error"] / cases if cases else None,
        inside=total["inside"] / cases if cases else None,
        by_weeks=[
            WeeksAhead(
                weeks, sums["cases"], sums["error"] / sums["cases"], sums["inside"] / sums["cases"]
            )
            for weeks, sums in sorted(by_weeks.items())
        ],
    )


def _bin(field: str, number: int) -> Case:
    """Into which of so many bins of equal width a share falls, the first being 0."""
    bounds = [When(**{f"{field}__lt": at / number}, then=Value(at - 1)) for at in range(1, number)]
    return Case(*bounds, default=Value(number - 1), output_field=IntegerField())


def _bounds(at: int, number: int) -> tuple[float, float]:
    return at / number, (at + 1) / number
