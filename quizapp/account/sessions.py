"""Signing somebody out everywhere."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone

from quizapp.teams.models import User


def forget_ended_sessions() -> None:
    """Sessions that have run out, or were left, need not be listed as places any more."""
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()


def end_sessions(user: User) -> int:
    """Delete all sessions of the user, and say how many there were.

    Sessions of guests, and those from before there was a list of them, say only inside whose
    they are, so this reads all of them. It is for rare occasions.
    """
    keys = set(UserSession.objects.filter(user=user).values_list("session_key", flat=True))
    running = Session.objects.filter(expire_date__gt=timezone.now())
    for session in running.exclude(pk__in=keys).iterator(chunk_size=2000):
        if session.get_decoded().get(SESSION_KEY) == str(user.pk):
            keys.add(session.pk)
    UserSession.objects.filter(user=user).delete()
    ended, _ = Session.objects.filter(pk__in=keys).delete()
    return ended
