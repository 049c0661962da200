"""What a guest has done before signing into an account: offered once, and brought along if wished.

Which guest that was is kept in the session at the moment of signing in, so nobody can bring
along what somebody else has done.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.http import HttpRequest

from quizapp.scheduling import tallies
from quizapp.scheduling.merging import merge
from quizapp.scheduling.models import Card, Goal, Review
from quizapp.study import moving
from quizapp.teams.models import User

_KEY = "guest_before_signing_in"


def offer(request: HttpRequest, guest: User) -> None:
    """Remember the guest whose session this was, if there is anything to bring along."""
    if Review.objects.of(guest).standing().exists():
        request.session[_KEY] = guest.pk


def offered(request: HttpRequest) -> User | None:
    """The guest of this session, until brought along."""
    key = request.session.get(_KEY)
    return User.objects.filter(pk=key, is_guest=True).first() if key else None


def questions(guest: User) -> int:
    """How many the guest has answered, however often."""
    return Review.objects.of(guest).standing().values("question").distinct().count()


def bring(guest: User, into: User, now: datetime) -> bool:
    """Give everything of the guest to the account. False if there is no such guest any more."""
    with transaction.atomic():
        # Cards first and people then, as an answer does, or each might wait for the other.
        cards = Card.objects.filter(user__in=[guest.pk, into.pk])
        list(cards.select_for_update().order_by("pk").values_list("pk"))
        # Goals before people too, as a team does. The latest answer alone may not tell of a change.
        Goal.objects.of(into).update(counted_at=None)
        locked = User.objects.select_for_update().filter(pk__in=[guest.pk, into.pk]).order_by("pk")
        if {user.pk for user in locked if user.is_guest} != {guest.pk}:
            return False
        merge(guest, into, now)
        moving.move(guest, into)
        tallies.rebuild(into)
        guest.delete()
    return True
