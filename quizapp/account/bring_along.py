"""The page that asks, once after signing in, whether to bring along what was learned as a guest."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from quizapp.account import bringing
from quizapp.web.access import LearnerRequest
from quizapp.web.pages import is_ours
from quizapp.web.words import count


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def bring_along(request: LearnerRequest) -> HttpResponse:
    guest = bringing.offered(request)
    if guest is None or guest == request.user:
        return redirect(_onward(request))
    questions = count(bringing.questions(guest), "question")
    if request.method == "POST":
        if request.POST.get("action") == "bring":
            bringing.bring(guest, request.user, timezone.now())
            messages.success(request, f"Brought along: {questions}.")
        return redirect(_onward(request))
    context = {"questions": questions, "next": _onward(request)}
    return render(request, "account/bring_along.html", context)


def _onward(request: LearnerRequest) -> str:
    url = request.POST.get("next") or request.GET.get("next", "")
    return url if is_ours(request, url) else reverse("home")
