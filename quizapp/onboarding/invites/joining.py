"""Following an invite. Looking at it changes nothing, since programs look at links in mails too."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from quizapp.onboarding.invites import admitting
from quizapp.onboarding.invites.admitting import Admission
from quizapp.teams import inviting
from quizapp.teams.models import Invite, Team, User
from quizapp.web.access import LearnerRequest
from quizapp.web.pages import page


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: LearnerRequest, token: str) -> HttpResponse:
    invite = inviting.followed(token)
    if invite is None:
        return _dead(request)
    user = _account(request)
    if request.method == "POST" and user:
        return _join(request, user, invite)
    is_in = user is not None and admitting.is_in(invite.team, user)
    if not is_in and inviting.open_with(token, timezone.now()) is None:
        return _dead(request)
    if request.method == "POST":
        return redirect("join", token)  # where there is how to sign up or in
    return _page(request, invite, user, is_in=is_in)


def _join(request: LearnerRequest, user: User, invite: Invite) -> HttpResponse:
    admission = admitting.admit(user, invite, timezone.now())
    if admission is Admission.INVITE_IS_DEAD:
        return _dead(request)
    if admission is Admission.IS_NOT_ALLOWED:
        return _page(request, invite, user, status=422)
    if admission is Admission.IS_IN:
        messages.info(request, f"You are in {invite.team} already.")
    else:
        messages.info(request, _welcome(invite.team, user))
    return redirect("home")


def _welcome(team: Team, user: User) -> str:
    goal = admitting.next_goal(team, user)
    if goal is None:
        return f"You are in {team}."
    due = f"{goal.due_on:%-d %B %Y}"
    return f"You are in {team}. Your goal: {goal.assignment.track.title}, by {due}."


def _account(request: LearnerRequest) -> User | None:
    user = request.user
    return user if user.is_authenticated and not user.is_guest else None


def _page(
    request: LearnerRequest,
    invite: Invite,
    user: User | None,
    *,
    is_in: bool = False,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "team": invite.team,
        "inviter": invite.created_by,
        "account": user,
        "is_in": is_in,
        "is_allowed": user is None or admitting.is_allowed(invite.team, user),
        "sees_responses": settings.QUIZAPP_LEADS_SEE_RESPONSES,
    }
    return page(request, "teams/join.html", "teams/_join.html", context, status=status)


def _dead(request: LearnerRequest) -> HttpResponse:
    """One page for every reason, so that it tells nobody anything about an invite."""
    return render(request, "teams/join_dead.html", status=404)
