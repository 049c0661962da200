"""Whether somebody is on the way to an invite: that opens the sign-up where it is closed."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from django.utils import timezone

from quizapp.teams import inviting
from quizapp.teams.models import Invite


def leads_to_open_invite(url: str) -> bool:
    return open_invite_at(url) is not None


def open_invite_at(url: str) -> Invite | None:
    """The invite with this address, if it can still be followed."""
    try:
        match = resolve(urlsplit(url).path)
    except (Resolver404, ValueError):
        return None
    if match.url_name != "join":
        return None
    return inviting.open_with(match.kwargs["token"], timezone.now())
