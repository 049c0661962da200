"""When somebody is reminded, how it looks, and one click to stop it."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from quizapp.teams.models import Team
from quizapp.web.access import LearnerRequest, account_required, lead_required


@never_cache
@account_required
@require_http_methods(["GET", "HEAD", "POST"])
def reminders(request: LearnerRequest) -> HttpResponse:
    raise Http404


@never_cache
@account_required
@require_safe
def preview(request: LearnerRequest) -> HttpResponse:
    raise Http404


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: LearnerRequest, token: str) -> HttpResponse:
    raise Http404


@never_cache
@lead_required
@require_safe
def digest(request: LearnerRequest, team: Team) -> HttpResponse:
    raise Http404
