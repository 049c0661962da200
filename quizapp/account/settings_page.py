"""The learner's settings, and what they cost in minutes a day."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from quizapp.account.settings_form import LEAST_PERCENT, MOST_PERCENT, CostForm, SettingsForm
from quizapp.scheduling.simulating import Workload
from quizapp.scheduling.workload import Basis, basis_of
from quizapp.study.goals import asked_for
from quizapp.teams.models import User
from quizapp.web.access import LearnerRequest, learner_required
from quizapp.web.pages import page
from quizapp.web.words import count

COMPARED = (80, 85, 90, 95)


@never_cache
@learner_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: LearnerRequest) -> HttpResponse:
    posted = request.POST if request.method == "POST" else None
    form = SettingsForm.of(request.user, posted)
    is_comparing = posted is not None and posted.get("action") == "compare"
    if posted is not None and not is_comparing and form.is_valid():
        form.save(request.user)
        messages.success(request, "Your settings are saved.")
        return redirect("settings")
    asked = CostForm(form.initial if posted is None else posted)
    now = timezone.now()
    context = {
        "form": form,
        "asked_by_goals": asked_for(request.user, now),
        "least_percent": LEAST_PERCENT,
        "most_percent": MOST_PERCENT,
        **_costs(request.user, asked, now, is_comparing=is_comparing),
    }
    status = 422 if posted is not None and not is_comparing else 200
    return page(request, "account/settings.html", "account/_settings.html", context, status=status)


@never_cache
@learner_required
@require_safe
def settings_cost(request: LearnerRequest) -> HttpResponse:
    """What the values in the form, not saved yet, would cost; or other retentions beside it."""
    if not request.htmx:
        return redirect("settings")
    is_comparing = "compared" in request.GET
    costs = _costs(request.user, CostForm(request.GET), timezone.now(), is_comparing=is_comparing)
    name = "compared" if is_comparing else "cost"
    return render(request, f"account/_settings_{name}.html", costs)


def _costs(user: User, asked: CostForm, now: datetime, *, is_comparing: bool) -> dict[str, Any]:
    """The cost of what is asked for, if that makes sense, and that of others, if wanted."""
    if not asked.is_valid():
        return {"cost": None}
    new_per_day = asked.cleaned_data["new_per_day"]
    basis = basis_of(user, now)
    compared = COMPARED if is_comparing and not basis.is_empty else ()
    return {
        "cost": _cost(basis, asked.cleaned_data["retention"], new_per_day),
        "basis": _basis(basis),
        "compared": [_cost(basis, percent, new_per_day) for percent in compared],
    }


def _cost(basis: Basis, percent: int, new_per_day: int) -> dict[str, Any]:
    workload = basis.workload(percent / 100, new_per_day)
    return {
        "percent": percent,
        "minutes": _minutes(workload.minutes),
        "later_minutes": _minutes(workload.later_minutes),
        "minutes_words": _minutes_words(workload.minutes),
        "later_words": _minutes_words(workload.later_minutes),
        "reviews": round(workload.reviews),
        "known": _known(workload),
    }


def _minutes(minutes: float) -> str:
    return "under 1" if 0 < minutes < 0.5 else str(round(minutes))


def _minutes_words(minutes: float) -> str:
    return "under a minute" if 0 < minutes < 0.5 else count(round(minutes), "minute")


def _known(workload: Workload) -> int | None:
    return None if workload.known is None else round(workload.known * 100)


def _basis(basis: Basis) -> dict[str, Any]:
    return {
        "is_own": basis.is_own,
        "reviews": basis.reviews,
        "seconds": round(basis.seconds),
        "cards": len(basis.cards),
        "new_left": basis.new_left,
    }
