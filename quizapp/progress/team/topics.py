"""How each member stands with each topic."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from quizapp.progress.team.report_choice import choice_of, frame, title_of
from quizapp.progress.team.topic_map import LEVELS, TopicMap, level, topic_map
from quizapp.scheduling.cards import day_of
from quizapp.scheduling.goals.words import percent
from quizapp.teams.models import Assignment, Team
from quizapp.web.access import LearnerRequest, lead_required
from quizapp.web.pages import page


@never_cache
@lead_required
@require_safe
def topics(request: LearnerRequest, team: Team) -> HttpResponse:
    """A fixed number of queries, however many members there are."""
    now = timezone.now()
    choice = choice_of(team, request.GET.get("assignment", ""), day_of(request.user).date_of(now))
    context = frame(request, team) | {"options": choice.options, "chosen": choice.chosen}
    if choice.chosen:
        found = topic_map(choice.chosen, now, _number(request.GET.get("page", "")))
        context |= {"title": title_of(choice.chosen), **_shown(found, team, choice.chosen)}
    return page(request, "teams/topics.html", "teams/_topics.html", context)


def _shown(found: TopicMap, team: Team, assignment: Assignment) -> dict[str, Any]:
    weakest = found.weakest
    return {
        "topics": found.topics,
        "rows": [
            {"user": row.user, "cells": [_cell(share) for share in row.shares]}
            for row in found.rows
        ],
        "whole": [_cell(share) for share in found.team],
        "members": found.members,
        "weakest": {"topic": weakest[0], "percent": percent(weakest[1])} if weakest else None,
        "legend": [_span(number) for number in range(LEVELS)],
        "current": found.page,
        "pages": found.pages,
        "previous_url": _url(team, assignment, found.page - 1) if found.page > 1 else "",
        "next_url": _url(team, assignment, found.page + 1) if found.page < found.pages else "",
    }


def _cell(share: float) -> dict[str, Any]:
    return {"percent": percent(share), "level": level(share)}


def _span(number: int) -> str:
    """`20 to 39%`; the highest ends at 100%."""
    step = 100 // LEVELS
    least = number * step
    return f"{least} to {100 if number == LEVELS - 1 else least + step - 1}%"


def _url(team: Team, assignment: Assignment, number: int) -> str:
    query = {"assignment": assignment.pk, "page": number}
    return f"{reverse('team-topics', args=[team.pk])}?{urlencode(query)}"


def _number(text: str) -> int:
    return int(text[:6]) if text.isascii() and text.isdecimal() else 1
