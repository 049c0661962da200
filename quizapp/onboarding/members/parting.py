"""What becomes of the teams of somebody who deletes their account.

Unlike leaving, which the only lead cannot, nothing holds them here: they are told.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from quizapp.teams.models import Membership, Team, User


def left_without_lead(user: User) -> list[Any]:
    """The teams with `others` in them, so many, of whom nobody else leads. One query.

    An account that was switched off leads nothing.
    """
    led = Membership.objects.leads().filter(team=OuterRef("pk"))
    return list(
        Team.objects.active()
        .filter(Exists(led.filter(user=user)))
        .exclude(Exists(led.filter(user__is_active=True).exclude(user=user)))
        .annotate(others=_others_of(user))
        .filter(others__gt=0)
    )


def archive_the_emptied(user: User, now: datetime) -> None:
    """Archive the teams in which nobody else is. To be called first in the transaction that
    deletes the person, since whatever changes a team locks the team before people."""
    teams = Team.objects.active().of(user)
    locked = list(teams.select_for_update().order_by("pk").values_list("pk", flat=True))
    emptied = Team.objects.filter(pk__in=locked).annotate(others=_others_of(user)).filter(others=0)
    Team.objects.filter(pk__in=list(emptied.values_list("pk", flat=True))).update(archived_at=now)


def _others_of(user: User) -> Count:
    is_other = Q(memberships__left_at=None) & ~Q(memberships__user=user)
    return Count("memberships", filter=is_other)
