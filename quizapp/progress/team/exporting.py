"""The members of a team and where they stand, for spreadsheets and for programs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils.text import slugify

from quizapp.progress.team.member_found import Found
from quizapp.progress.team.member_rows import STANDINGS
from quizapp.progress.team.member_search import Search, Standing
from quizapp.scheduling.models import Goal
from quizapp.teams.models import Team

DEFINITIONS = {
    "readiness": (
        "The expected share of the track's questions that the member would recall at "
        "`counted_at`, from 0 to 1. Questions not met yet count as not known."
    ),
    "forecast": (
        "The readiness expected on the date `due_on` if the member goes on as in the last two "
        "weeks, from 0 to 1. Empty once that date is over."
    ),
    "target": "The readiness wanted on the date `due_on`, from 0 to 1.",
    "interval": "`_low` and `_high` are the ends of the interval of the figure before them.",
    "answers": "How many answers the figures rest on.",
    "met": "Questions of the track that were reviewed at least once, of `total`.",
    "minutes_this_week": "Minutes spent answering since Monday, whatever the track.",
    "minutes_needed": "Minutes a day that would reach the target; empty where none would.",
    "status": "overdue, at-risk, on-course or ready; none where nothing is assigned.",
}

_ABSENT = (
    "due_on",
    "target",
    "readiness",
    "readiness_low",
    "readiness_high",
    "forecast",
    "forecast_low",
    "forecast_high",
    "answers",
    "met",
    "total",
    "minutes_this_week",
    "minutes_needed",
    "last_answer_at",
    "counted_at",
)

COLUMNS = ("name", "status", "reason", *_ABSENT, "leave_from", "leave_until")
"""Of both files, in this order."""


def record_of(found: Found, today: date) -> dict[str, Any]:
    """Plain values by column, None where there is none: numbers, ISO 8601 dates and moments."""
    goal, absence = found.goal, found.absence
    return {
        "name": str(found.membership.user),
        "status": goal.status if goal else Standing.NONE.value,
        "reason": goal.reason if goal else STANDINGS[Standing.NONE],
        **(_figures(goal, today) if goal else dict.fromkeys(_ABSENT)),
        "leave_from": absence and absence.first_day.isoformat(),
        "leave_until": absence and absence.last_day.isoformat(),
    }


def whole(search: Search, records: Iterable[dict[str, Any]], now: datetime) -> dict[str, Any]:
    """All of the JSON file."""
    assignment = search.assignment
    return {
        "team": search.team.name,
        "generated_at": _moment(now),
        "definitions": DEFINITIONS,
        "assignment": assignment
        and {
            "track": assignment.track.title,
            "due_on": assignment.due_on and assignment.due_on.isoformat(),
            "due_days": assignment.due_days,
            "target": assignment.target,
            "minutes_per_day": assignment.minutes_per_day,
        },
        "filter": {"text": search.text, "status": search.standing},
        "members": list(records),
    }


def file_name(team: Team, today: date, kind: str) -> str:
    """`quizapp-platform-2026-03-12.csv`. Names in other alphabets give way to the number."""
    name = slugify(team.name)[:60].strip("-") or f"team-{team.pk}"
    return f"quizapp-{name}-{today.isoformat()}.{kind}"


def _figures(goal: Goal, today: date) -> dict[str, Any]:
    forecast, low, high = (
        (goal.forecast, goal.forecast_low, goal.forecast_high)
        if goal.due_on >= today
        else (None, None, None)
    )
    return {
        "due_on": goal.due_on.isoformat(),
        "target": goal.assignment.target,
        "readiness": _rounded(goal.readiness),
        "readiness_low": _rounded(goal.readiness_low),
        "readiness_high": _rounded(goal.readiness_high),
        "forecast": _rounded(forecast),
        "forecast_low": _rounded(low),
        "forecast_high": _rounded(high),
        "answers": goal.answers,
        "met": goal.seen,
        "total": goal.total,
        "minutes_this_week": goal.minutes_this_week,
        "minutes_needed": goal.minutes_needed and round(goal.minutes_needed, 1),
        "last_answer_at": _moment(goal.last_answer_at),
        "counted_at": _moment(goal.counted_at),
    }


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds")
