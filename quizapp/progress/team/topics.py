"""How each member stands with each topic."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from quizapp.teams.models import Team
from quizapp.web.access import LearnerRequest, lead_required


@never_cache
@lead_required
@require_safe
def topics(request: LearnerRequest, team: Team) -> HttpResponse:
    raise Http404
