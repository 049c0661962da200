"""Which assignment of a team a report is about, and how it is called in a list of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, Max, Min, OuterRef, Q, QuerySet

from quizapp.scheduling.models import Goal
from quizapp.teams.models import Assignment, Membership, Team
from quizapp.web.access import LearnerRequest
from quizapp.web.words import count


@dataclass(frozen=True, slots=True)
class Choice:
    """The assignments that somebody has, the most telling first, and the one asked for."""

    assignments: Sequence[Assignment]
    chosen: Assignment | None

    @property
    def options(self) -> list[tuple[str, str]]:
        """Pairs of value and words, where there is something to choose."""
        if len(self.assignments) < 2:
            return []
        return [(str(each.pk), title_of(each)) for each in self.assignments]


def choice_of(team: Team, wanted: str, today: date) -> Choice:
    """The assignment whose key is `wanted`, or else the first. One query."""
    found = nearest_first(team, today)
    first = found[0] if found else None
    return Choice(found, next((each for each in found if str(each.pk) == wanted), first))


def nearest_first(team: Team, today: date) -> list[Assignment]:
    """Those that run and that somebody has, by the next date that is to come.

    Those of the whole team come before those of one member, which say little about the team, and
    those that are over come last.
    """
    dated = (
        Assignment.objects.running()
        .filter(team=team, goals__isnull=False)
        .select_related("track", "membership__user")
        .annotate(
            next_due=Min("goals__due_on", filter=Q(goals__due_on__gte=today)),
            last_due=Max("goals__due_on"),
        )
    )
    return sorted(dated, key=_nearness)


def _nearness(dated: Any) -> tuple[bool, bool, int, int]:
    is_over = dated.next_due is None
    due = -dated.last_due.toordinal() if is_over else dated.next_due.toordinal()
    return (dated.membership_id is not None, is_over, due, dated.pk)


def title_of(assignment: Assignment) -> str:
    """`Platform basics, by 12 March 2026` or `Services, 30 days after joining: Alice`."""
    if assignment.due_on:
        due = f"by {assignment.due_on:%-d %B %Y}"
    else:
        due = f"{count(assignment.due_days or 0, 'day')} after joining"
    whom = f": {assignment.membership.user}" if assignment.membership else ""
    return f"{assignment.track.title}, {due}{whom}"


def learners_of(team: Team) -> QuerySet[Membership]:
    """Those now in the team to learn: its members, and leads to whom something is assigned."""
    has_goal = Exists(Goal.objects.filter(membership=OuterRef("pk")))
    current = Membership.objects.current().filter(team=team)
    return current.filter(Q(role=Membership.Role.MEMBER) | has_goal)


def frame(request: LearnerRequest, team: Team) -> dict[str, Any]:
    """What the header of a team's page needs, as most are for leads alone."""
    match = request.resolver_match
    return {"team": team, "here": match.url_name if match else "", "is_lead": True}
