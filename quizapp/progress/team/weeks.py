"""How a team has come along, week by week."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from quizapp.progress import plots
from quizapp.progress.team.report_choice import choice_of, frame, title_of
from quizapp.progress.team.week_rows import SPANS, Week, weeks_of
from quizapp.scheduling.cards import day_of
from quizapp.scheduling.goals.words import percent
from quizapp.teams.models import Assignment, Team
from quizapp.web.access import LearnerRequest, lead_required
from quizapp.web.pages import page
from quizapp.web.words import count


@never_cache
@lead_required
@require_safe
def weeks(request: LearnerRequest, team: Team) -> HttpResponse:
    today = day_of(request.user).date_of(timezone.now())
    choice = choice_of(team, request.GET.get("assignment", ""), today)
    wanted = request.GET.get("weeks", "")
    number = next((span for span in SPANS if str(span) == wanted), SPANS[0])
    found = weeks_of(team, choice.chosen, today, number)
    context = frame(request, team) | {
        "options": choice.options,
        "chosen": choice.chosen,
        "spans": [(str(span), f"{span} weeks") for span in SPANS],
        "number": number,
        "work": _work(found),
        "trend": _trend(found, choice.chosen) if choice.chosen else None,
    }
    return page(request, "teams/weeks.html", "teams/_weeks.html", context)


def _work(found: Sequence[Week]) -> dict[str, Any] | None:
    """What was done, None if that was nothing."""
    if not any(week.reviews for week in found):
        return None
    minutes = [week.minutes for week in found]
    return {
        "rows": [
            {
                "week": week,
                "percent": percent(week.retention) if week.retention is not None else "",
            }
            for week in reversed(found)
        ],
        "minutes": sum(minutes),
        "plot": plots.bar_plot(
            minutes,
            [f"Week of {_name(week)}: {count(week.minutes, 'minute')}" for week in found],
            _labels(found),
        ),
    }


def _trend(found: Sequence[Week], assignment: Assignment) -> dict[str, Any] | None:
    """What was expected, None if nothing was noted."""
    noted = [week for week in found if week.noted]
    if not noted:
        return None
    return {
        "title": title_of(assignment),
        "target": percent(assignment.target),
        "rows": [
            {
                "week": week,
                "readiness": percent(week.readiness or 0),
                "forecast": percent(week.forecast or 0),
            }
            for week in reversed(noted)
        ],
        "plot": plots.trend_plot(
            [
                ("readiness", [week.readiness for week in found]),
                ("forecast", [week.forecast for week in found]),
            ],
            [f"Week of {_name(week)}" for week in found],
            _labels(found),
            assignment.target,
        ),
    }


def _labels(found: Sequence[Week]) -> list[str]:
    """Names of the weeks, as many as fit on a phone: that of the current one is always there."""
    step = 3 if len(found) <= SPANS[0] else 6
    last = len(found) - 1
    return [_name(week) if (last - place) % step == 0 else "" for place, week in enumerate(found)]


def _name(week: Week) -> str:
    return f"{week.monday.day} {week.monday:%b}"
