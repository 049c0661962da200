"""Who is in a team: roles, leaving, removing, and who is away."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quizapp.teams.models import Team
from quizapp.web.access import LearnerRequest, lead_required, member_required


@never_cache
@lead_required
@require_safe
def members(request: LearnerRequest, team: Team) -> HttpResponse:
    raise Http404


@never_cache
@lead_required
@require_POST
def set_role(request: LearnerRequest, team: Team, user: int) -> HttpResponse:
    raise Http404


@never_cache
@lead_required
@require_POST
def remove(request: LearnerRequest, team: Team, user: int) -> HttpResponse:
    raise Http404


@never_cache
@lead_required
@require_POST
def bring_back(request: LearnerRequest, team: Team, user: int) -> HttpResponse:
    raise Http404


@never_cache
@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: LearnerRequest, team: Team) -> HttpResponse:
    raise Http404


@never_cache
@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def away(request: LearnerRequest, team: Team, user: int) -> HttpResponse:
    raise Http404


@never_cache
@member_required
@require_POST
def back(request: LearnerRequest, team: Team, user: int, pk: int) -> HttpResponse:
    raise Http404
