"""Whether somebody is on the way to an invite: that opens the sign-up where it is closed."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from django.utils import timezone

from quizapp.teams import inviting


def leads_to_open_invite(url: str) -> bool:
    """Whether this is the address of an invite that can still be followed."""
    try:
        match = resolve(urlsplit(url).path)
    except (Resolver404, ValueError):
        return False
    return match.url_name == "join" and inviting.is_open(match.kwargs["token"], timezone.now())
