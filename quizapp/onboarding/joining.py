"""Following an invite."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from quizapp.web.access import LearnerRequest


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: LearnerRequest, token: str) -> HttpResponse:
    raise Http404
