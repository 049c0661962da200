"""From the reports to what their templates print: figures as text, plots and their tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from quizapp.progress import activity, heat_map, model_fit, plots
from quizapp.progress.activity import FEWEST, Sums
from quizapp.progress.standing import Coverage, OfTopic
from quizapp.progress.words import wall_clock
from quizapp.scheduling.goals.words import percent
from quizapp.scheduling.models import MemoryFit
from quizapp.teams.models import User
from quizapp.web.words import count


def coverage(of: Coverage) -> dict[str, Any]:
    return {
        "total": of.total,
        "met": of.met,
        "unmet": of.unmet,
        # Within the day of an answer the model says 1, which is no forecast.
        "recall_percent": percent(of.recall) if of.recall and of.recall < 1 else "",
        # How much of all questions is expected to be recalled, for the bar.
        "recalled": round(of.met * (of.recall or 0), 2),
    }


def topic(each: OfTopic) -> dict[str, Any]:
    return {"topic": each.topic, **coverage(each.coverage)}


def forecast(days: Sequence[tuple[date, int]]) -> dict[str, Any]:
    numbers = [number for _, number in days]
    names = ["Today", *(_day(day) for day, _ in days[1:])]
    weekly = [f"{day.day} {day:%b}" if n % 7 == 0 else "" for n, (day, _) in enumerate(days)]
    titles = [f"{name}: {count(n, 'question')}" for name, n in zip(names, numbers, strict=True)]
    return {
        "rows": list(zip(names, numbers, strict=True)),
        "total": sum(numbers),
        "plot": plots.bar_plot(numbers, titles, ["Today", *weekly[1:]]),
    }


def calendar(tallies: activity.Tallies, today: date) -> dict[str, Any]:
    days = activity.calendar_days(tallies, today)
    plot = heat_map.calendar(days, [f"{_day(day)}: {count(n, 'review')}" for day, n in days])
    ends = [*(least - 1 for least in plot.levels[1:]), None]
    return {
        "plot": plot,
        "legend": ["none", *map(_span, plot.levels, ends)],
        "weeks": activity.weeks(tallies, today),
        "total": sum(number for _, number in days),
    }


def _day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b}"


def _span(least: int, most: int | None) -> str:
    if most is None:
        return f"{least} or more"
    return f"{least}" if least == most else f"{least} to {most}"


def retention(months: Sequence[tuple[date, Sums]], wished: float) -> dict[str, Any]:
    rows = [
        {
            "month": f"{month:%b} {month.year}",
            "known": sums.known,
            "recalled": sums.recalled,
            "percent": "too few to say" if sums.retention is None else percent(sums.retention),
        }
        for month, sums in months
    ]
    return {
        "rows": rows[::-1],
        "fewest": FEWEST,
        "wished": percent(wished),
        "plot": plots.share_plot(
            [sums.retention for _, sums in months],
            [f"{row['month']}: {row['percent']} of {row['known']}" for row in rows],
            [f"{month:%b}" for month, _ in months],
            wished,
        )
        if any(sums.retention is not None for _, sums in months)
        else None,
    }


def fit(found: MemoryFit | None, user: User) -> dict[str, Any] | None:
    if found is None:
        return None
    bins = model_fit.bins_of(found)
    titles = [
        f"Predicted {percent(each.predicted)}, recalled {percent(each.actual)} "
        f"of {count(each.reviews, 'review')}"
        for each in bins
    ]
    return {
        "reviews": found.reviews,
        "fitted_at": wall_clock(found.fitted_at, user.zone),
        "is_own": found.user_id == user.pk,
        "uses_own": user.memory_parameters is not None,
        "losses": [
            ("The memory model", found.log_loss),
            ("Always the same chance", found.log_loss_constant),
            ("Average of the latest reviews", found.log_loss_moving_average),
        ],
        "is_best": found.log_loss < min(found.log_loss_constant, found.log_loss_moving_average),
        "bins": [
            {"reviews": b.reviews, "predicted": percent(b.predicted), "actual": percent(b.actual)}
            for b in bins
        ],
        "plot": plots.calibration_plot([(b.reviews, b.predicted, b.actual) for b in bins], titles)
        if bins
        else None,
    }
