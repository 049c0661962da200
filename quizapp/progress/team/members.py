"""Who of a team will be ready by the date, who will not, and why."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from quizapp.teams.models import Team
from quizapp.web.access import LearnerRequest, lead_required, member_required


@never_cache
@member_required
@require_safe
def team(request: LearnerRequest, team: Team) -> HttpResponse:
    raise Http404


@never_cache
@lead_required
@require_safe
def as_csv(request: LearnerRequest, team: Team) -> HttpResponse:
    raise Http404


@never_cache
@lead_required
@require_safe
def as_json(request: LearnerRequest, team: Team) -> HttpResponse:
    raise Http404
