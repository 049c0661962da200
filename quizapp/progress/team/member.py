"""One member: what the lead sees, which is all that the member sees here."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from quizapp.teams.models import Team
from quizapp.web.access import LearnerRequest, member_required


@never_cache
@member_required
@require_safe
def member(request: LearnerRequest, team: Team, user: int) -> HttpResponse:
    raise Http404
