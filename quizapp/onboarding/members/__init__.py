"""Who is in a team: roles, leaving, removing, and who is away."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quizapp.onboarding.members import absences, acting
from quizapp.onboarding.members.absence_form import AbsenceForm
from quizapp.onboarding.members.acting import RefusedError
from quizapp.onboarding.members.rows import people_of
from quizapp.scheduling.cards import day_of
from quizapp.teams import inviting
from quizapp.teams.access import leads, membership_seen_by
from quizapp.teams.models import Membership, Team
from quizapp.web.access import LearnerRequest, lead_required, member_required
from quizapp.web.pages import is_ours, page

_ROLES = {Membership.Role.LEAD: "a lead", Membership.Role.MEMBER: "a member"}


@never_cache
@lead_required
@require_safe
def members(request: LearnerRequest, team: Team) -> HttpResponse:
    people = people_of(team, request.GET.get("page", ""), timezone.now())
    here, number = reverse("team-members", args=[team.pk]), people.page.number
    context = {
        "team": team,
        "is_lead": True,
        "people": people,
        "scope": {"url": here if number == 1 else f"{here}?page={number}"},
    }
    return page(request, "teams/members.html", "teams/_members.html", context)


@never_cache
@lead_required
@require_POST
def set_role(request: LearnerRequest, team: Team, user: int) -> HttpResponse:
    membership = _membership(team, user)
    wanted = request.POST.get("role") or request.GET.get("role", "")
    if wanted not in Membership.Role.values:
        messages.info(request, "Nothing was changed: choose lead or member.")
        return _to_members(request, team)
    role = Membership.Role(wanted)
    try:
        acting.set_role(membership, role, request.user)
    except RefusedError as refused:
        messages.info(request, str(refused))
        return _to_members(request, team)
    is_self = membership.user_id == request.user.pk
    who = "You are" if is_self else f"{membership.user} is"
    undo_url = "" if is_self or role == membership.role else _role_url(membership)
    messages.info(request, f"{who} {_ROLES[role]} of {team} now.", extra_tags=undo_url)
    return _to_members(request, team)


@never_cache
@lead_required
@require_POST
def remove(request: LearnerRequest, team: Team, user: int) -> HttpResponse:
    membership = _membership(team, user)
    try:
        acting.remove(membership, request.user, timezone.now())
    except RefusedError as refused:
        messages.info(request, str(refused))
        return _to_members(request, team)
    if membership.user_id == request.user.pk:
        messages.info(request, _left(team))
    else:
        told = f"{membership.user} is not in {team} any more, and keeps all progress."
        if inviting.has_open_link(team, timezone.now()):
            told += " A link that is still open would let them in again: revoke it under Invites."
        undo = reverse("member-bring-back", args=[team.pk, user])
        messages.info(request, told, extra_tags=undo)
    return _to_members(request, team)


@never_cache
@lead_required
@require_POST
def bring_back(request: LearnerRequest, team: Team, user: int) -> HttpResponse:
    try:
        membership = acting.bring_back(_membership(team, user), request.user)
    except RefusedError as refused:
        messages.info(request, str(refused))
    else:
        role = _ROLES[Membership.Role(membership.role)]
        text = f"{membership.user} is back as {role}, with all goals and progress."
        messages.info(request, text)
    return _to_members(request, team)


@never_cache
@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: LearnerRequest, team: Team) -> HttpResponse:
    membership = membership_seen_by(request.user, team, request.user.pk)
    if membership is None:  # administrators see teams that they are not in
        raise Http404
    problem = ""
    if request.method == "POST":
        try:
            acting.leave(membership, timezone.now())
        except RefusedError as refused:
            problem = str(refused)
        else:
            messages.info(request, _left(team))
            return redirect("teams")
    context = {
        "team": team,
        "is_lead": leads(request.user, team),
        "problem": problem,
        "others": acting.others_in(membership),
        "is_last_lead": acting.is_last_lead(membership),
    }
    status = 422 if problem else 200
    return page(request, "teams/leave.html", "teams/_leave.html", context, status=status)


@never_cache
@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def away(request: LearnerRequest, team: Team, user: int) -> HttpResponse:
    """Days of leave. What ended one is undone by a POST with the days in the address."""
    membership = _seen_membership(request, team, user)
    today = day_of(membership.user).date_of(timezone.now())
    posted = None if request.method != "POST" else request.POST if not request.GET else request.GET
    form = AbsenceForm(today, posted)
    if posted is not None and form.is_valid():
        try:
            noted = absences.note(membership, form.span)
        except RefusedError as refused:
            form.add_error(None, str(refused))
        else:
            messages.info(request, f"Leave {noted.words} is noted.")
            return redirect("member-away", team.pk, user)
    here = reverse("member-away", args=[team.pk, user])
    context: dict[str, Any] = {
        "team": team,
        "is_lead": leads(request.user, team),
        "person": membership.user,
        "is_self": membership.user_id == request.user.pk,
        "form": form,
        "absences": [
            (each.pk, absences.Span(each.first_day, each.last_day).words, each.first_day <= today)
            for each in absences.coming(membership, today)
        ],
        "scope": {"url": here},
    }
    status = 200 if posted is None else 422
    return page(request, "teams/away.html", "teams/_away.html", context, status=status)


@never_cache
@member_required
@require_POST
def back(request: LearnerRequest, team: Team, user: int, pk: int) -> HttpResponse:
    membership = _seen_membership(request, team, user)
    if absences.is_foreign(membership, pk):
        raise Http404
    here = reverse("member-away", args=[team.pk, user])
    try:
        taken = absences.end(membership, pk, day_of(membership.user).date_of(timezone.now()))
    except RefusedError as refused:
        messages.info(request, str(refused))
    else:
        query = urlencode({"first_day": str(taken.first), "last_day": str(taken.last)})
        text = f"There is no leave {taken.words} any more."
        messages.info(request, text, extra_tags=f"{here}?{query}")
    return redirect(here)


def _membership(team: Team, user: int) -> Membership:
    """Somebody's, whether they are in the team still or not."""
    own = Membership.objects.select_related("team", "user")
    return get_object_or_404(own, team=team, user__pk=user)


def _seen_membership(request: LearnerRequest, team: Team, user: int) -> Membership:
    membership = membership_seen_by(request.user, team, user)
    if membership is None:
        raise Http404
    return membership


def _role_url(membership: Membership) -> str:
    """Where a POST gives the role back that somebody had."""
    url = reverse("member-role", args=[membership.team_id, membership.user_id])
    return f"{url}?role={membership.role}"


def _to_members(request: LearnerRequest, team: Team) -> HttpResponse:
    """The list that one came from, or one's own teams if one does not lead this one any more."""
    if not leads(request.user, team):
        return redirect("teams")
    url = request.POST.get("next", "")
    return redirect(url if is_ours(request, url) else reverse("team-members", args=[team.pk]))


def _left(team: Team) -> str:
    return f"You have left {team}. All your progress is here still, and nobody there sees it."
