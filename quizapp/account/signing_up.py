"""Signing up: a guest, or a visitor who becomes one by it, claims an e-mail address.

Whoever opens the link that is sent there has an account. Until then it is a guest who learns on
in this browser, may sign up anew with another address, and is swept when idle like all guests.
"""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from quizapp.account.guests import guest_of, keep_session
from quizapp.teams.addresses import claim
from quizapp.teams.models import User


def sign_up(request: HttpRequest, email: str, password: str, timezone_name: str = "") -> User:
    guest = guest_of(request)
    with transaction.atomic():
        user = guest or User.objects.create_guest(timezone_name=timezone_name)
        user.set_password(password)
        user.date_joined = timezone.now()  # which also keeps the sweep away for a while
        user.save(update_fields=["password", "date_joined"])
        claim(user, email)
    if guest is not None:
        keep_session(request, guest)
    return user
