"""Who may see what of a team, beside what its own querysets say."""

from __future__ import annotations

from quizapp.teams.models import Membership, Team, User


def leads(user: User, team: Team) -> bool:
    return Team.objects.led_by(user).filter(pk=team.pk).exists()


def membership_seen_by(viewer: User, team: Team, user_id: int) -> Membership | None:
    """Somebody's present membership, if it is the viewer's own or the viewer leads the team."""
    if viewer.pk != user_id and not leads(viewer, team):
        return None
    found = Membership.objects.current().select_related("user")
    return found.filter(team=team, user__pk=user_id).first()
