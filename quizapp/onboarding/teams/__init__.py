"""The teams that somebody is in; making, renaming and archiving one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from quizapp.onboarding.members import acting
from quizapp.onboarding.members.acting import RefusedError
from quizapp.onboarding.members.rows import named, strangers
from quizapp.onboarding.teams.forms import NameForm, TeamForm
from quizapp.onboarding.teams.lists import lists_of
from quizapp.teams.models import Team
from quizapp.web.access import LearnerRequest, account_required, lead_required
from quizapp.web.pages import page


@never_cache
@account_required
@require_http_methods(["GET", "HEAD", "POST"])
def teams(request: LearnerRequest) -> HttpResponse:
    posted = request.POST if request.method == "POST" else None
    form = NameForm(posted, label_suffix="")
    if posted is not None and form.is_valid():
        try:
            team, is_new = acting.create(form.cleaned_data["name"], request.user, timezone.now())
        except RefusedError as refused:
            form.add_error("name", str(refused))
        else:
            if is_new:
                messages.info(request, f"{team} is there, and you lead it. Now invite its people.")
            else:
                messages.info(request, f"You lead a team called {team} already: this is it.")
            return redirect("team-invites", team.pk)
    context = {
        "form": form,
        "lists": lists_of(request.user, request.GET.get("page", "")),
        "scope": {"url": reverse("teams")},
    }
    status = 200 if posted is None else 422
    return page(request, "teams/teams.html", "teams/_teams.html", context, status=status)


@never_cache
@lead_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: LearnerRequest, team: Team) -> HttpResponse:
    posted = request.POST if request.method == "POST" else None
    form = TeamForm.of(team, posted)
    if posted is not None and form.is_valid():
        data = form.cleaned_data
        try:
            acting.describe(team, data["name"], data["domains"], request.user)
        except RefusedError as refused:
            form.add_error(None, str(refused))
        else:
            messages.info(request, f"The settings of {data['name']} are saved.")
            return redirect("team-settings", team.pk)
    others = strangers(team)
    context = {
        "team": team,
        "is_lead": True,
        "form": form,
        "strangers": named(others),
        "strangers_number": len(others),
        "scope": {"url": reverse("team-settings", args=[team.pk])},
    }
    status = 200 if posted is None else 422
    return page(request, "teams/settings.html", "teams/_settings.html", context, status=status)


@never_cache
@lead_required
@require_POST
def archive(request: LearnerRequest, team: Team) -> HttpResponse:
    try:
        acting.archive(team, request.user, timezone.now())
    except RefusedError as refused:
        messages.info(request, str(refused))
    else:
        undo_url = reverse("team-restore", args=[team.pk])
        messages.info(request, f"{team} is archived. Nothing is lost.", extra_tags=undo_url)
    return redirect("team-settings", team.pk)


@never_cache
@lead_required
@require_POST
def restore(request: LearnerRequest, team: Team) -> HttpResponse:
    try:
        acting.restore(team, request.user, timezone.now())
    except RefusedError as refused:
        messages.info(request, str(refused))
    else:
        messages.info(request, f"{team} goes on: its goals count again.")
    return redirect("team-settings", team.pk)
