"""Who may see the learner's pages: anybody signed in, guests among them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django_htmx.middleware import HtmxDetails

from quizapp.teams.models import User

P = ParamSpec("P")


class Request(HttpRequest):
    """A request that has come through the middleware."""

    htmx: HtmxDetails


class LearnerRequest(Request):
    user: User


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
