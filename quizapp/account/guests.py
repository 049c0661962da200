"""Guests on the pages for accounts: to those they are visitors, who may sign up or in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse

from quizapp.teams.models import User


class GuestsAreVisitors:
    """Middleware for the views of allauth, which turn away whoever is signed in.

    The session stays the guest's until somebody else signs in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *_: Any) -> None:
        if view.__module__.startswith("allauth."):
            set_aside(request)


def set_aside(request: HttpRequest) -> None:
    """Go on with the request as a visitor's, if it is a guest's."""
    guest = guest_of(request)
    if guest is not None:
        request.guest = guest  # type: ignore[attr-defined]
        request.user = AnonymousUser()


def guest_of(request: HttpRequest) -> User | None:
    """Whose session this is, if it is a guest's."""
    user = cast("User", getattr(request, "guest", None) or request.user)
    return user if user.is_authenticated and user.is_guest else None


def keep_session(request: HttpRequest, guest: User) -> None:
    """Let the guest's session go on after a change of the password."""
    visitor, request.user = request.user, guest
    update_session_auth_hash(request, guest)
    request.user = visitor
