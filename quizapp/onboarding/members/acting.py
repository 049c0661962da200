"""What leads and members do to a team. The rules hold whoever acts, and however many at once.

A team that is not archived always has a lead: the last one cannot step down, leave, or be removed
while anybody else is there, and a team that its last person leaves is archived.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction

from quizapp.scheduling.goals.syncing import sync
from quizapp.teams import inviting
from quizapp.teams.access import leads
from quizapp.teams.models import Membership, Team, User
from quizapp.teams.models.team import MembershipQuerySet

MOST_TEAMS = 50
"""So many one person can lead at once."""

ARCHIVED = "The team is archived: nothing in it changes until a lead restores it."
NOT_LEAD = "You do not lead this team any more, so nothing was changed."
GONE = "This person is not in the team any more."


class RefusedError(Exception):
    """The rules of teams do not allow it; nothing was changed. A sentence says what would do."""


def create(name: str, user: User, now: datetime) -> tuple[Team, bool]:
    """A team that the person leads, and whether it is new: a second click finds the first's."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        led = _led_by(user)
        for team in led:
            if team.name == name:
                return team, False
        if len(led) >= MOST_TEAMS:
            raise RefusedError(f"You lead {MOST_TEAMS} teams already: archive one of them first.")
        team = Team.objects.create(name=name, created_at=now)
        Membership.objects.create(team=team, user=user, role=Membership.Role.LEAD, joined_at=now)
    return team, True


def describe(team: Team, name: str, domains: list[str], by: User) -> None:
    with changing(team, by=by) as locked:
        locked.name, locked.domains = name, domains
        locked.save(update_fields=["name", "domains"])


def set_role(membership: Membership, role: Membership.Role, by: User) -> Membership:
    with changing(membership.team, by=by) as team:
        fresh = _fresh(membership)
        if fresh.left_at is not None:
            raise RefusedError(f"{fresh.user} is not in the team any more: bring them back first.")
        if fresh.role != role:
            if role == Membership.Role.MEMBER:
                _need_another_lead(team, fresh, by)
            fresh.role = role
            fresh.save(update_fields=["role"])
    return fresh


def remove(membership: Membership, by: User, now: datetime) -> Membership:
    with changing(membership.team, by=by) as team:
        fresh = _fresh(membership)
        if fresh.left_at is not None:
            raise RefusedError(f"{fresh.user} is not in the team any more.")
        _need_another_lead(team, fresh, by)
        _note_left(fresh, now)
        inviting.revoke_all_to(fresh.user, team, now)
    return fresh


def bring_back(membership: Membership, by: User) -> Membership:
    """With the role and the goals of before. Where nobody leads the team any more, they do."""
    with changing(membership.team, by=by) as team:
        fresh = _fresh(membership)
        if fresh.left_at is None:
            raise RefusedError(f"{fresh.user} is in the team already.")
        fresh.left_at = None
        if not _leads_of(team).exists():
            fresh.role = Membership.Role.LEAD
        fresh.save(update_fields=["left_at", "role"])
    return fresh


def leave(membership: Membership, now: datetime) -> None:
    with changing(membership.team) as team:
        fresh = _fresh(membership)
        if fresh.left_at is not None:
            raise RefusedError("You have left this team already.")
        if others_in(fresh):
            _need_another_lead(team, fresh, fresh.user)
        else:
            team.archived_at = now
            team.save(update_fields=["archived_at"])
        _note_left(fresh, now)


def archive(team: Team, by: User, now: datetime) -> None:
    with changing(team, by=by) as locked:
        locked.archived_at = now
        locked.save(update_fields=["archived_at"])


def restore(team: Team, by: User, now: datetime) -> None:
    """Whoever restores a team that nobody leads any more, leads it."""
    with transaction.atomic():
        locked = _locked(team, by)
        if locked.archived_at is None:
            raise RefusedError("The team is not archived.")
        locked.archived_at = None
        locked.save(update_fields=["archived_at"])
        if not _leads_of(locked).exists():
            Membership.objects.update_or_create(
                team=locked,
                user=by,
                defaults={"role": Membership.Role.LEAD, "left_at": None},
                create_defaults={"role": Membership.Role.LEAD, "joined_at": now},
            )
        sync(locked)


def is_last_lead(membership: Membership) -> bool:
    """Whether nobody else could run the team."""
    return membership.is_lead and not _leads_of(membership.team).exclude(pk=membership.pk).exists()


def others_in(membership: Membership) -> int:
    """How many more people are in the team."""
    others = Membership.objects.current().filter(team=membership.team)
    return others.exclude(pk=membership.pk).count()


@contextmanager
def changing(team: Team, *, by: User | None = None) -> Iterator[Team]:
    """One change at a time, and none once archived. Goals are brought in line afterwards.

    `by` has to lead the team still, since two leads may act at once. Raises RefusedError.
    """
    with transaction.atomic():
        locked = _locked(team, by)
        if locked.archived_at is not None:
            raise RefusedError(ARCHIVED)
        yield locked
        sync(locked)


def _locked(team: Team, by: User | None) -> Team:
    locked = Team.objects.select_for_update().get(pk=team.pk)
    if by is not None and not leads(by, locked):
        raise RefusedError(NOT_LEAD)
    return locked


def _fresh(membership: Membership) -> Membership:
    fresh = Membership.objects.select_related("user", "team").filter(pk=membership.pk).first()
    if fresh is None:
        raise RefusedError(GONE)
    return fresh


def _need_another_lead(team: Team, membership: Membership, by: User) -> None:
    if not membership.is_lead or _leads_of(team).exclude(pk=membership.pk).exists():
        return
    who = "You are" if membership.user_id == by.pk else f"{membership.user} is"
    raise RefusedError(
        f"{who} the only lead. Make somebody else a lead first, or archive the team."
    )


def _note_left(membership: Membership, now: datetime) -> None:
    membership.left_at = now
    membership.save(update_fields=["left_at"])


def _led_by(user: User) -> list[Team]:
    own = Membership.objects.leads().filter(user=user, team__archived_at=None)
    return [each.team for each in own.select_related("team")]


def _leads_of(team: Team) -> MembershipQuerySet:
    """Those who can act: an account that was switched off leads nothing."""
    return Membership.objects.leads().filter(team=team, user__is_active=True)
