"""Letting somebody into a team who has followed an invite."""

from __future__ import annotations

from datetime import datetime
from enum import Enum, auto

from django.db import transaction

from quizapp.scheduling.goals import syncing
from quizapp.scheduling.models import Goal
from quizapp.teams import inviting
from quizapp.teams.addresses import proven_addresses
from quizapp.teams.domains import is_welcome
from quizapp.teams.models import Invite, Membership, Team, User


class Admission(Enum):
    """What came of it. Nothing changes but for `ADMITTED`."""

    ADMITTED = auto()
    IS_IN = auto()
    IS_NOT_ALLOWED = auto()
    INVITE_IS_DEAD = auto()


def admit(user: User, invite: Invite, now: datetime) -> Admission:
    """Use the invite up and make the person a member, or neither.

    Who was in the team before comes back as a member with what the team had of them.
    """
    with transaction.atomic():
        # First of all: a new member holds on to the row of the team, and syncing wants it alone.
        # Two with an invite each would wait for each other.
        team = Team.objects.select_for_update().get(pk=invite.team_id)
        if is_in(team, user):
            return Admission.IS_IN
        if not Invite.objects.open(now).filter(pk=invite.pk).exists():
            return Admission.INVITE_IS_DEAD
        if not is_allowed(team, user):
            return Admission.IS_NOT_ALLOWED
        if not invite.use_up(now):
            return Admission.INVITE_IS_DEAD
        joined = {"joined_at": now, "left_at": None, "role": Membership.Role.MEMBER}
        Membership.objects.update_or_create(team=team, user=user, defaults=joined)
        inviting.revoke_all_to(user, team, now)
        syncing.sync(team)
    return Admission.ADMITTED


def is_in(team: Team, user: User) -> bool:
    return Membership.objects.current().filter(team=team, user=user).exists()


def is_allowed(team: Team, user: User) -> bool:
    """Whether an address that the person has proven is at a domain that the team keeps to."""
    if not team.domains:
        return True
    return any(is_welcome(address, team.domains) for address in proven_addresses(user))


def next_goal(team: Team, user: User) -> Goal | None:
    """What the member is to know first."""
    goals = Goal.objects.of(user).filter(membership__team=team)
    return goals.select_related("assignment__track").order_by("due_on", "pk").first()
