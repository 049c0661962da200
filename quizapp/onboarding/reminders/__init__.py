"""When somebody is reminded, how it looks, and one click to stop it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from quizapp.onboarding.reminders import unsubscribing
from quizapp.onboarding.reminders.digesting import Weeks, led_by
from quizapp.onboarding.reminders.form import RemindersForm
from quizapp.onboarding.reminders.letters import Letter, digest_letter, reminder_letter
from quizapp.onboarding.reminders.next_mails import next_mail, obstacles, site_of
from quizapp.onboarding.reminders.recipients import Kind, is_reachable, teams_of, wants
from quizapp.onboarding.reminders.reminding import EXAMPLE, reminder
from quizapp.scheduling.cards import day_of
from quizapp.teams.models import Team
from quizapp.web.access import LearnerRequest, Request, account_required, lead_required
from quizapp.web.pages import page

ONE_CLICK = "List-Unsubscribe"
"""The field that a mail program posts by itself (RFC 8058). It does not follow redirects."""


@never_cache
@account_required
@require_http_methods(["GET", "HEAD", "POST"])
def reminders(request: LearnerRequest) -> HttpResponse:
    user, now = request.user, timezone.now()
    posted = request.POST if request.method == "POST" else None
    led = led_by([user])[user.pk]
    is_reminded = wants(user, Kind.REMINDER)
    form = RemindersForm.of(user, posted, is_reminded=is_reminded, is_lead=bool(led))
    if posted is not None and form.is_valid():
        form.save(user)
        messages.info(request, "Your reminders are set.")
        return redirect("reminders")
    kinds = [Kind.REMINDER] if is_reminded else []
    if led and wants(user, Kind.DIGEST):
        kinds.append(Kind.DIGEST)
    context = {
        "form": form,
        "led": led,
        "next_mails": [next_mail(user, kind, now) for kind in kinds],
        "is_reachable": is_reachable(user),
        "obstacles": obstacles() if user.is_superuser else [],
    }
    return page(
        request,
        "teams/reminders.html",
        "teams/_reminders.html",
        context,
        status=200 if posted is None else 422,
    )


@never_cache
@account_required
@require_safe
def preview(request: LearnerRequest) -> HttpResponse:
    """The reminder as it would be sent now, to oneself."""
    user, now = request.user, timezone.now()
    found = reminder(user, now, even_if_come=True)
    teams = teams_of(user, day_of(user).date_of(now))
    letter = reminder_letter(user, found or EXAMPLE, teams, site_of(request))
    return _preview(request, letter, {"kind": "reminder", "is_example": found is None})


@never_cache
@lead_required
@require_safe
def digest(request: LearnerRequest, team: Team) -> HttpResponse:
    """The digest as it would be sent now, to oneself, of this team alone."""
    weeks = Weeks(timezone.now()).of([team])
    letter = digest_letter(request.user, weeks, site_of(request))
    return _preview(
        request,
        letter,
        {"kind": "digest", "team": team, "is_lead": True, "here": "digest"},
    )


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: Request, token: str) -> HttpResponse:
    """Whoever has the link may do this and nothing else, so a form needs no other secret.

    Looking changes nothing, since mail scanners follow links.
    """
    subscriber = unsubscribing.subscriber(token)
    if subscriber is None:  # such as of a mail from before the installation's key was changed
        return page(request, "teams/stopped.html", "teams/_stopped.html", {}, status=404)
    user, kind = subscriber
    if request.method == "POST":
        unsubscribing.want(user, kind, wanted=request.POST.get("action") == "start")
        if ONE_CLICK not in request.POST:
            return redirect(request.path)
    context = {
        "kind": kind,
        "mails": "weekly digests" if kind == Kind.DIGEST else "reminders",
        "is_wanted": unsubscribing.is_wanted(user, kind),
        "action": request.path,
    }
    return page(request, "teams/stopped.html", "teams/_stopped.html", context)


def _preview(request: LearnerRequest, letter: Letter | None, extra: dict[str, Any]) -> HttpResponse:
    context = {"letter": letter, **extra}
    return page(request, "teams/reminder_preview.html", "teams/_reminder_preview.html", context)
