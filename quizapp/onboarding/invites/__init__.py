"""Invites into a team, as its leads give and revoke them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from quizapp.onboarding.invites import addresses
from quizapp.onboarding.invites.forms import MOST_REQUEST, LinkForm, MailForm
from quizapp.onboarding.invites.rows import rows_of
from quizapp.onboarding.invites.sending import Outcome, send_to
from quizapp.teams import inviting
from quizapp.teams.inviting import NewInvite
from quizapp.teams.models import Invite, Team
from quizapp.web.access import LearnerRequest, lead_required
from quizapp.web.pages import page

MOST_PROBLEMS = 50

_OUTCOME = "invites_sent"
"""In the session, what came of sending, until it has been shown once."""


@never_cache
@lead_required
@require_http_methods(["GET", "HEAD", "POST"])
def invites(request: LearnerRequest, team: Team) -> HttpResponse:
    """The list; and a new link, shown on the page that answers, for only then it is known."""
    if request.method != "POST":
        return _page(request, team, outcome=_take_outcome(request, team))
    _must_be_active(team)
    form = LinkForm(request.POST)
    if not form.is_valid():
        return _page(request, team, link_form=form, status=422)
    days, max_uses = form.cleaned_data["days"], form.cleaned_data["max_uses"]
    new = inviting.make_link(team, request.user, days, max_uses, timezone.now())
    return _page(request, team, new=new)


@csrf_exempt  # Looking for the token reads the file. So size comes first, and then the token.
@never_cache
@lead_required
@require_POST
def send(request: LearnerRequest, team: Team) -> HttpResponse:
    _must_be_active(team)
    if _length(request) > MOST_REQUEST:
        return _page(request, team, problems=[addresses.too_large()], status=413)
    return _send(request, team)


@csrf_protect
def _send(request: LearnerRequest, team: Team) -> HttpResponse:
    """To all, or to nobody where anything is wrong with the list."""
    now = timezone.now()
    form = MailForm(request.POST, request.FILES)
    if not form.look(team.domains, inviting.mails_left(request.user, now)):
        return _page(request, team, mail_form=form, problems=form.problems, status=422)
    outcome = send_to(
        form.addresses,
        request,
        team,
        request.user,
        form.cleaned_data["days"],
        shown_at=form.shown_at,
        now=now,
    )
    request.session[_OUTCOME] = {"team": team.pk, "outcome": asdict(outcome)}
    return redirect("team-invites", team.pk)


@never_cache
@lead_required
@require_POST
def revoke(request: LearnerRequest, team: Team, pk: int) -> HttpResponse:
    _must_be_active(team)
    invite = get_object_or_404(Invite, team=team, pk=pk)
    Invite.objects.filter(pk=invite.pk).revoke(timezone.now())
    whose = f"The invite for {invite.email}" if invite.email else "The link"
    messages.info(request, f"{whose} is revoked: nobody can join by it any more.")
    return redirect("team-invites", team.pk)


def _must_be_active(team: Team) -> None:
    if team.archived_at:
        raise Http404


def _take_outcome(request: LearnerRequest, team: Team) -> Outcome | None:
    kept = request.session.get(_OUTCOME)
    if not kept or kept["team"] != team.pk:
        return None
    del request.session[_OUTCOME]
    return Outcome(**kept["outcome"])


def _length(request: LearnerRequest) -> int:
    text = request.META.get("CONTENT_LENGTH") or ""
    return int(text[:19]) if text.isdecimal() else 0


def _page(
    request: LearnerRequest,
    team: Team,
    *,
    link_form: LinkForm | None = None,
    mail_form: MailForm | None = None,
    problems: list[str] | None = None,
    new: NewInvite | None = None,
    outcome: Outcome | None = None,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    problems = problems or []
    again = "\n".join(outcome.unsent) if outcome else ""
    context: dict[str, Any] = {
        "team": team,
        "is_lead": True,
        "link_form": link_form or LinkForm(),
        "mail_form": mail_form or MailForm(shown=now.isoformat(), emails=again),
        "problems": problems[:MOST_PROBLEMS],
        "more_problems": max(0, len(problems) - MOST_PROBLEMS),
        "most_addresses": addresses.MOST_ADDRESSES,
        "outcome": outcome.groups() if outcome else [],
        **rows_of(team, request.user, now),
    }
    if new is not None:
        context |= {"new": new.invite, "link": _link(request, new)}
    return page(request, "teams/invites.html", "teams/_invites.html", context, status=status)


def _link(request: LearnerRequest, new: NewInvite) -> str:
    return request.build_absolute_uri(reverse("join", args=[new.token]))
