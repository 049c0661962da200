"""Who of a team will be ready by the date, who will not, and why."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from quizapp.progress.team import exporting, member_found
from quizapp.progress.team.member_list import shown
from quizapp.progress.team.member_search import Search, read_search
from quizapp.progress.team.report_choice import frame
from quizapp.scheduling.cards import day_of
from quizapp.scheduling.goals.counting import refresh
from quizapp.teams.access import leads
from quizapp.teams.models import Team
from quizapp.web.access import LearnerRequest, lead_required, member_required
from quizapp.web.pages import page
from quizapp.web.spreadsheets import csv_pieces


@never_cache
@member_required
@require_safe
def team(request: LearnerRequest, team: Team) -> HttpResponse:
    """A fixed number of queries, however many members there are. Members see their own page."""
    if not leads(request.user, team):
        return redirect("member", team=team.pk, user=request.user.pk)
    now = timezone.now()
    refresh(team, now)
    search = read_search(request.GET, team, _today(request, now))
    context = {
        **frame(request, team),
        "sees_responses": settings.QUIZAPP_LEADS_SEE_RESPONSES,
        **shown(search, request.user, now),
    }
    return page(request, "teams/team.html", "teams/_team.html", context)


@never_cache
@lead_required
@require_safe
def as_csv(request: LearnerRequest, team: Team) -> HttpResponse:
    now = timezone.now()
    _, records = _for_a_file(request, team, now)
    text = "".join(csv_pieces(exporting.COLUMNS, (list(each.values()) for each in records)))
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    return _as_file(response, exporting.file_name(team, _today(request, now), "csv"))


@never_cache
@lead_required
@require_safe
def as_json(request: LearnerRequest, team: Team) -> HttpResponse:
    now = timezone.now()
    response = JsonResponse(
        exporting.whole(*_for_a_file(request, team, now), now),
        json_dumps_params={"ensure_ascii": False, "indent": 1},
    )
    return _as_file(response, exporting.file_name(team, _today(request, now), "json"))


def _for_a_file(
    request: LearnerRequest, team: Team, now: datetime
) -> tuple[Search, list[dict[str, Any]]]:
    """Everybody who is found, on whatever page."""
    refresh(team, now)
    today = _today(request, now)
    search = read_search(request.GET, team, today)
    members = member_found.in_order(member_found.found(search), search)
    found = member_found.rows_of(members, search.assignment, today)
    return search, [exporting.record_of(each, today) for each in found]


def _today(request: LearnerRequest, now: datetime) -> date:
    return day_of(request.user).date_of(now)


def _as_file(response: HttpResponse, name: str) -> HttpResponse:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
