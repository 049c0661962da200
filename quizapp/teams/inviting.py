"""Invites made, looked up by their token, and forgotten."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db.models.functions import Lower

from quizapp.teams.addresses import proven_addresses
from quizapp.teams.models import Invite, Membership, Team, User
from quizapp.teams.tokens import hash_of, new_token

MOST_MAILS_A_DAY = 500
"""By one person, over all teams."""


@dataclass(frozen=True, slots=True)
class NewInvite:
    """An invite with its token, which is kept nowhere else and cannot be had again."""

    invite: Invite
    token: str


def make_link(team: Team, by: User, days: int, max_uses: int | None, now: datetime) -> NewInvite:
    new = _new(team, by, days, now, max_uses=max_uses)
    new.invite.save()
    return new


def make_for(
    emails: Collection[str], team: Team, by: User, days: int, now: datetime
) -> list[NewInvite]:
    """One for each of these addresses, good for one use. What they had before stays open."""
    made = [_new(team, by, days, now, email=email, max_uses=1) for email in emails]
    Invite.objects.bulk_create(new.invite for new in made)
    return made


def revoke_earlier(new: Sequence[Invite], team: Team, now: datetime) -> None:
    """Of what the team has sent to one address, only the latest is to work. `new` were made at
    once; what somebody else has sent since then stays."""
    if new:
        earlier = Invite.objects.unspent(now).filter(team=team, pk__lt=min(each.pk for each in new))
        earlier.filter(email__in=[each.email for each in new]).revoke(now)


def revoke_all_to(user: User, team: Team, now: datetime) -> None:
    """What was sent to the person lets nobody into the team any more."""
    sent = Invite.objects.unspent(now).filter(team=team, email__in=proven_addresses(user))
    sent.revoke(now)


def followed(token: str) -> Invite | None:
    """The invite of this token, be it open or not."""
    invites = Invite.objects.select_related("team", "created_by")
    return invites.filter(token_hash=hash_of(token)).first()


def open_with(token: str, now: datetime) -> Invite | None:
    """The invite of this token, if it can still be followed."""
    invites = Invite.objects.open(now).select_related("team")
    return invites.filter(token_hash=hash_of(token)).first()


def has_open_link(team: Team, now: datetime) -> bool:
    """Whether there is an invite that anybody who has it can follow."""
    return Invite.objects.open(now).filter(team=team, email="").exists()


def invited_when(emails: Collection[str], team: Team, now: datetime) -> dict[str, datetime]:
    """When those of these addresses that have an open invite were given it."""
    invites = Invite.objects.open(now).filter(team=team, email__in=emails)
    return dict(invites.order_by("created_at").values_list("email", "created_at"))


def in_team(emails: Collection[str], team: Team) -> set[str]:
    """Which of these addresses, in lower case, are those of people in the team."""
    people = Membership.objects.current().filter(team=team).annotate(at=Lower("user__email"))
    by_account = people.filter(at__in=emails).values_list("at", flat=True)
    proven = EmailAddress.objects.filter(verified=True, email__in=emails)
    by_proof = proven.filter(user__in=people.values("user")).values_list("email", flat=True)
    return {*by_account, *by_proof}


def mails_left(user: User, now: datetime) -> int:
    """How many more the person may send for now: those of the last 24 hours are counted."""
    made = Invite.objects.filter(created_by=user, created_at__gt=now - timedelta(days=1))
    return max(0, MOST_MAILS_A_DAY - made.exclude(email="").count())


def forget(emails: Collection[str]) -> None:
    """Delete the invites to these addresses, for their owner wants nothing kept."""
    Invite.objects.filter(email__in=emails).delete()


def _new(
    team: Team, by: User, days: int, now: datetime, *, max_uses: int | None, email: str = ""
) -> NewInvite:
    token = new_token()
    invite = Invite(
        team=team,
        created_by=by,
        created_at=now,
        expires_at=now + timedelta(days=days),
        token_hash=hash_of(token),
        email=email,
        max_uses=max_uses,
    )
    return NewInvite(invite, token)
