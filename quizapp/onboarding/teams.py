"""The teams that somebody is in; making, renaming and archiving one."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from quizapp.teams.models import Team
from quizapp.web.access import LearnerRequest, account_required, lead_required


@never_cache
@account_required
@require_http_methods(["GET", "HEAD", "POST"])
def teams(request: LearnerRequest) -> HttpResponse:
    raise Http404


@never_cache
@lead_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: LearnerRequest, team: Team) -> HttpResponse:
    raise Http404


@never_cache
@lead_required
@require_POST
def archive(request: LearnerRequest, team: Team) -> HttpResponse:
    raise Http404


@never_cache
@lead_required
@require_POST
def restore(request: LearnerRequest, team: Team) -> HttpResponse:
    raise Http404
