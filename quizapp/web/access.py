"""Who may see which page: learners are anybody signed in, guests among them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django_htmx.middleware import HtmxDetails

from quizapp.teams.models import Team, User

P = ParamSpec("P")


class Request(HttpRequest):
    """A request that has come through the middleware."""

    htmx: HtmxDetails


class LearnerRequest(Request):
    user: User


EDIT = "quizapp.edit_content"
"""The permission to edit content."""

EDITS = "edits"
"""Notes in the session that the way to the editor's pages is worth showing. It opens nothing."""


def note_editor(request: HttpRequest, user: User, **_: Any) -> None:
    """When somebody signs in: whether to show the way, which is asked for on every page."""
    if not user.is_guest and user.has_perm(EDIT):
        request.session[EDITS] = True


def editor_required(
    view: Callable[Concatenate[LearnerRequest, P], HttpResponse],
) -> Callable[Concatenate[LearnerRequest, P], HttpResponse]:
    """Ask visitors to sign in; for everybody else who may not edit, the page is not there."""

    @wraps(view)
    def wrapper(request: LearnerRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not request.user.has_perm(EDIT):
            raise Http404
        if not request.session.get(EDITS):
            request.session[EDITS] = True
        return view(request, *args, **kwargs)

    return cast("Callable[Concatenate[LearnerRequest, P], HttpResponse]", wrapper)


def learner_required(
    view: Callable[Concatenate[LearnerRequest, P], HttpResponse],
) -> Callable[Concatenate[LearnerRequest, P], HttpResponse]:
    """Send visitors home, where they can start."""

    @wraps(view)
    def wrapper(request: LearnerRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect("home")
        return view(request, *args, **kwargs)

    return cast("Callable[Concatenate[LearnerRequest, P], HttpResponse]", wrapper)


def account_required(
    view: Callable[Concatenate[LearnerRequest, P], HttpResponse],
) -> Callable[Concatenate[LearnerRequest, P], HttpResponse]:
    """Ask visitors and guests to sign in: for pages where others have to know who one is."""

    @wraps(view)
    def wrapper(request: LearnerRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated or request.user.is_guest:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return cast("Callable[Concatenate[LearnerRequest, P], HttpResponse]", wrapper)


def lead_required(
    view: Callable[Concatenate[LearnerRequest, Team, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Give the team to its leads and to administrators; for others there is no such page."""
    return _with_team(view, Team.objects.led_by)


def member_required(
    view: Callable[Concatenate[LearnerRequest, Team, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Give the team to everybody who is in it now, and to administrators."""
    return _with_team(view, Team.objects.open_to)


def _with_team(
    view: Callable[Concatenate[LearnerRequest, Team, P], HttpResponse],
    teams_of: Callable[[User], QuerySet[Team]],
) -> Callable[..., HttpResponse]:
    """The address has the team's key as `team`."""

    def wrapper(request: LearnerRequest, /, **kwargs: Any) -> HttpResponse:
        team = get_object_or_404(teams_of(request.user), pk=kwargs.pop("team"))
        return cast("Callable[..., HttpResponse]", view)(request, team, **kwargs)

    return wraps(view)(account_required(wrapper))
