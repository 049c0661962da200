"""Invites into a team, as its leads give and revoke them."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from quizapp.teams.models import Team
from quizapp.web.access import LearnerRequest, lead_required


@never_cache
@lead_required
@require_http_methods(["GET", "HEAD", "POST"])
def invites(request: LearnerRequest, team: Team) -> HttpResponse:
    raise Http404


@never_cache
@lead_required
@require_POST
def send(request: LearnerRequest, team: Team) -> HttpResponse:
    raise Http404


@never_cache
@lead_required
@require_POST
def revoke(request: LearnerRequest, team: Team, pk: int) -> HttpResponse:
    raise Http404
