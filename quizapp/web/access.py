"""Who may see which page: learners are anybody signed in, guests among them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django_htmx.middleware import HtmxDetails

from quizapp.teams.models import User

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
