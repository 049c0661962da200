"""Invites as the list shows them to a lead."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from quizapp.scheduling.cards import day_of
from quizapp.scheduling.day import LearnerDay
from quizapp.teams.models import Invite, Team, User
from quizapp.web.words import until

MOST_OPEN = 500
MOST_PAST = 50


def rows_of(team: Team, viewer: User, now: datetime) -> dict[str, Any]:
    """Open invites and past ones, the latest first. One query for each, however many there are."""
    invites = Invite.objects.filter(team=team).select_related("created_by")
    unspent = list(invites.unspent(now)[: MOST_OPEN + 1])
    spent = list(invites.spent(now)[: MOST_PAST + 1])
    day = day_of(viewer)
    return {
        "open": [_open(invite, now, day) for invite in unspent[:MOST_OPEN]],
        "past": [_past(invite, day) for invite in spent[:MOST_PAST]],
        "most_open": MOST_OPEN if len(unspent) > MOST_OPEN else None,
        "most_past": MOST_PAST if len(spent) > MOST_PAST else None,
    }


def _open(invite: Invite, now: datetime, day: LearnerDay) -> dict[str, Any]:
    return _row(invite) | {
        "uses": "" if invite.email else _uses(invite),
        "expires": f"expires {until(invite.expires_at, now, day)}",
    }


def _past(invite: Invite, day: LearnerDay) -> dict[str, Any]:
    if invite.revoked_at:
        end = f"revoked on {_date(invite.revoked_at, day)}"
    elif invite.max_uses is not None and invite.uses >= invite.max_uses:
        end = "used" if invite.email else "used up"
    else:
        end = f"expired on {_date(invite.expires_at, day)}"
    return _row(invite) | {"uses": "" if invite.email else _uses(invite), "end": end}


def _row(invite: Invite) -> dict[str, Any]:
    return {
        "pk": invite.pk,
        "whom": invite.email or "Anybody with the link",
        "by": str(invite.created_by) if invite.created_by else "somebody who has left",
    }


def _uses(invite: Invite) -> str:
    if invite.max_uses is None:
        return f"{invite.uses:,} joined, without limit"
    return f"{invite.uses:,} of {invite.max_uses:,} joined"


def _date(moment: datetime, day: LearnerDay) -> str:
    return f"{day.date_of(moment):%-d %B %Y}"
