"""What a team or a member is to know by when."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quizapp.onboarding.assignments import assigning
from quizapp.onboarding.assignments.assigning import ENDED, AssignedAlreadyError
from quizapp.onboarding.assignments.check import work_out
from quizapp.onboarding.assignments.forms import AssignmentForm, choices
from quizapp.onboarding.assignments.rows import for_whom, row, saved
from quizapp.onboarding.members.acting import ARCHIVED, RefusedError
from quizapp.scheduling.cards import day_of
from quizapp.scheduling.goals import counting
from quizapp.teams.models import Assignment, Team
from quizapp.web.access import LearnerRequest, lead_required
from quizapp.web.pages import page

CHECK = "check"


@never_cache
@lead_required
@require_safe
def assignments(request: LearnerRequest, team: Team) -> HttpResponse:
    """A fixed number of queries, however many assignments and members there are."""
    now = timezone.now()
    counting.refresh(team, now)
    day = day_of(request.user)
    rows = [row(each, day, now) for each in assigning.of_team(team)]
    context = {
        **_team(team),
        "running": [each for each in rows if not each.is_ended],
        "ended": [each for each in rows if each.is_ended],
    }
    return page(request, "teams/assignments.html", "teams/_assignments.html", context)


@never_cache
@lead_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: LearnerRequest, team: Team) -> HttpResponse:
    return _form(request, team, None)


@never_cache
@lead_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: LearnerRequest, team: Team, pk: int) -> HttpResponse:
    return _form(request, team, _assignment(team, pk))


@never_cache
@lead_required
@require_POST
def end(request: LearnerRequest, team: Team, pk: int) -> HttpResponse:
    assignment = _assignment(team, pk)
    try:
        has_ended = assigning.end(assignment, by=request.user, now=timezone.now())
    except RefusedError as error:
        messages.info(request, str(error))
    else:
        name = f"{assignment.track.title} for {for_whom(assignment)}"
        said = f"Ended: {name}. Nobody's progress is lost." if has_ended else f"{name} had ended."
        messages.info(request, said, extra_tags=reverse("assignment-resume", args=[team.pk, pk]))
    return redirect("assignments", team=team.pk)


@never_cache
@lead_required
@require_POST
def resume(request: LearnerRequest, team: Team, pk: int) -> HttpResponse:
    assignment = _assignment(team, pk)
    try:
        assigning.resume(assignment, by=request.user, now=timezone.now())
    except RefusedError as error:
        messages.info(request, str(error))
    else:
        messages.info(request, f"{assignment.track.title} for {for_whom(assignment)} runs again.")
    return redirect("assignments", team=team.pk)


def _form(request: LearnerRequest, team: Team, assignment: Assignment | None) -> HttpResponse:
    """The form of a new assignment, or of one that there is: shown, worked out, or saved."""
    if team.archived_at is not None or (assignment and assignment.ended_at is not None):
        messages.info(request, ARCHIVED if team.archived_at else ENDED)
        return redirect("assignments", team=team.pk)
    now = timezone.now()
    today = day_of(request.user).date_of(now)
    offered = choices(team)
    posted = request.POST if request.method == "POST" else None
    form = AssignmentForm(offered, today, posted, assignment)
    asked = form if posted is not None else AssignmentForm(offered, today, form.initial, assignment)
    found = None
    if asked.is_valid():
        subject = assignment or Assignment(team=team, created_at=now)
        found = work_out(subject, asked.terms, offered.memberships, now=now, today=today)
    is_checking = posted is None or posted.get("action") == CHECK
    if found and not is_checking:
        kept = _save(request, team, assignment, form)
        if kept:
            messages.info(request, saved(kept, found, today))
            return redirect("assignments", team=team.pk)
    context = {
        **_team(team),
        "assignment": assignment,
        "form": form,
        "has_tracks": bool(offered.tracks) or assignment is not None,
        "whom": form["whom"].value() or "",
        "found": found,
        "asked": asked,
        "is_refused": not is_checking,
    }
    if is_checking and request.htmx.target == "assignment-check":
        return render(request, "teams/_assignment_check.html", context)
    status = 200 if is_checking else 422
    return page(request, "teams/assignment.html", "teams/_assignment.html", context, status=status)


def _save(
    request: LearnerRequest, team: Team, assignment: Assignment | None, form: AssignmentForm
) -> Assignment | None:
    """The assignment as it was saved, or None where the form says now why it was not."""
    terms, by, now = form.terms, request.user, timezone.now()
    try:
        if assignment is None:
            return assigning.assign(team, terms, by=by, now=now)
        assigning.change(assignment, terms, by=by, now=now)
    except AssignedAlreadyError as error:
        form.add_error("whom", _twin(error.other))
        return None
    except RefusedError as error:
        form.add_error(None, str(error))
        return None
    return assignment


def _twin(other: Assignment) -> SafeString:
    return format_html(
        '{} is assigned to {} already. <a href="{}">Change that one</a>, or choose others.',
        other.track.title,
        for_whom(other),
        reverse("assignment", args=[other.team_id, other.pk]),
    )


def _assignment(team: Team, pk: int) -> Assignment:
    listed = Assignment.objects.select_related("track", "team", "membership__user")
    return get_object_or_404(listed, team=team, pk=pk)


def _team(team: Team) -> dict[str, Any]:
    return {"team": team, "is_lead": True, "is_archived": team.archived_at is not None}
