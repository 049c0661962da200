"""Who of a team will be ready by the date, who will not, and why."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from quizapp.progress.team import exporting, member_found
from quizapp.progress.team.member_found import Found
from quizapp.progress.team.member_list import shown
from quizapp.progress.team.member_search import Search, read_search
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
    search = read_search(request.GET, team, day_of(request.user).date_of(now))
    context = {
        "team": team,
        "here": request.resolver_match and request.resolver_match.url_name,
        "is_lead": True,
        "sees_responses": settings.QUIZAPP_LEADS_SEE_RESPONSES,
        **shown(search, request.user, now),
    }
    return page(request, "teams/team.html", "teams/_team.html", context)


@never_cache
@lead_required
@require_safe
def as_csv(request: LearnerRequest, team: Team) -> HttpResponse:
    now = timezone.now()
    _, found = _for_a_file(request, team, now)
    rows = (list(exporting.record_of(each).values()) for each in found)
    text = "".join(csv_pieces(exporting.COLUMNS, rows))
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    return _as_file(response, exporting.file_name(team, now, "csv"))


@never_cache
@lead_required
@require_safe
def as_json(request: LearnerRequest, team: Team) -> HttpResponse:
    now = timezone.now()
    response = JsonResponse(
        exporting.whole(*_for_a_file(request, team, now), now),
        json_dumps_params={"ensure_ascii": False, "indent": 1},
    )
    return _as_file(response, exporting.file_name(team, now, "json"))


def _for_a_file(
    request: LearnerRequest, team: Team, now: datetime
) -> tuple[Search, Iterable[Found]]:
    """Everybody who is found, on whatever page."""
    refresh(team, now)
    today = day_of(request.user).date_of(now)
    search = read_search(request.GET, team, today)
    members = member_found.found(search)
    members = member_found.in_order(members, search)
    return search, member_found.rows_of(members, search.assignment, today)


def _as_file(response: HttpResponse, name: str) -> HttpResponse:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
