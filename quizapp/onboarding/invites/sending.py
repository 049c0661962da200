"""Inviting many people at once by e-mail, and what came of it for each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest

from quizapp.onboarding.invites import mails
from quizapp.teams import inviting
from quizapp.teams.inviting import NewInvite
from quizapp.teams.models import Invite, Team, User
from quizapp.teams.models.invite import InviteQuerySet
from quizapp.web.words import count


@dataclass(slots=True)
class Outcome:
    """Addresses by what came of them, each once and in the order given.

    `again` had an open invite, which was revoked; `just_now` have got theirs since the form was
    shown, as when it is sent twice; `refused` were not taken by the mail server, and `unreached`
    it has not answered about.
    """

    sent: list[str] = field(default_factory=list)
    again: list[str] = field(default_factory=list)
    just_now: list[str] = field(default_factory=list)
    in_team: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    unreached: list[str] = field(default_factory=list)

    @property
    def unsent(self) -> list[str]:
        return [*self.refused, *self.unreached]

    def groups(self) -> list[dict[str, Any]]:
        """What is to be said of whom, without groups that nobody is in."""
        words = (
            ("refused", f"Not sent to {_addresses(self.refused)}: the mail server refused.", True),
            (
                "unreached",
                f"Not sent to {_addresses(self.unreached)}: the mail server gave no answer.",
                True,
            ),
            ("sent", f"Sent to {_addresses(self.sent)}.", False),
            (
                "again",
                f"Sent again to {_addresses(self.again)}. The earlier invites no longer work.",
                False,
            ),
            ("just_now", f"Sent to {_addresses(self.just_now)} a moment ago.", False),
            ("in_team", f"In the team already: {_addresses(self.in_team)}.", False),
        )
        return [
            {"sentence": sentence, "addresses": getattr(self, name), "is_bad": is_bad}
            for name, sentence, is_bad in words
            if getattr(self, name)
        ]


def send_to(
    emails: Sequence[str],
    request: HttpRequest,
    team: Team,
    by: User,
    days: int,
    *,
    shown_at: datetime | None,
    now: datetime,
) -> Outcome:
    """Invite everybody who is not in the team yet. An invite that was not sent lets nobody in,
    and what the person had before works on."""
    outcome = Outcome()
    with transaction.atomic():
        # One at a time, so that a form sent twice finds the second time what the first has done.
        Team.objects.select_for_update().get(pk=team.pk)
        there = inviting.in_team(emails, team)
        invited = inviting.invited_when(emails, team, now)
        wanted = []
        for email in emails:
            if email in there:
                outcome.in_team.append(email)
            elif email in invited and shown_at and invited[email] > shown_at:
                outcome.just_now.append(email)
            else:
                wanted.append(email)
        new = inviting.make_for(wanted, team, by, days, now)
    # Outside, since a mail server may take its time.
    unsent = mails.send(request, new, days)
    _objects(unsent.refused).revoke(now)
    _objects(unsent.unreached).delete()  # nobody was sent these, so they count for no limit
    outcome.refused = [each.invite.email for each in unsent.refused]
    outcome.unreached = [each.invite.email for each in unsent.unreached]
    sent = [each.invite for each in new if each.invite.email not in outcome.unsent]
    inviting.revoke_earlier(sent, team, now)
    for each in sent:
        (outcome.again if each.email in invited else outcome.sent).append(each.email)
    return outcome


def _objects(new: Sequence[NewInvite]) -> InviteQuerySet:
    return Invite.objects.filter(pk__in=[each.invite.pk for each in new])


def _addresses(emails: Sequence[str]) -> str:
    return count(len(emails), "address", "addresses")
