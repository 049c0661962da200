"""What a team or a member is to know by when."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quizapp.teams.models import Team
from quizapp.web.access import LearnerRequest, lead_required


@never_cache
@lead_required
@require_safe
def assignments(request: LearnerRequest, team: Team) -> HttpResponse:
    raise Http404


@never_cache
@lead_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: LearnerRequest, team: Team) -> HttpResponse:
    raise Http404


@never_cache
@lead_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: LearnerRequest, team: Team, pk: int) -> HttpResponse:
    raise Http404


@never_cache
@lead_required
@require_POST
def end(request: LearnerRequest, team: Team, pk: int) -> HttpResponse:
    raise Http404


@never_cache
@lead_required
@require_POST
def resume(request: LearnerRequest, team: Team, pk: int) -> HttpResponse:
    raise Http404
