"""How well past forecasts came true."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from quizapp.web.access import LearnerRequest, account_required


@never_cache
@account_required
@require_safe
def trust(request: LearnerRequest) -> HttpResponse:
    raise Http404
