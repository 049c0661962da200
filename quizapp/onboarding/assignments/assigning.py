"""Assigning a track, changing what was asked, ending it and taking it up again.

The rules of `acting` hold: one change at a time, none once archived, goals in line afterwards. So
two leads cannot assign the same twice. What raises RefusedError has changed nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, Q

from quizapp.content.models import Track
from quizapp.onboarding.members.acting import RefusedError, changing
from quizapp.scheduling.goals import counting
from quizapp.scheduling.models import Goal
from quizapp.teams.models import Assignment, Membership, Team, User

ENDED = "It has ended. Resume it before you change it."


@dataclass(frozen=True, slots=True)
class Terms:
    """What is asked of whom: `membership` is None for the whole team.

    Either `due_on` or `due_days` (after joining) is given; `target` runs from 0 to 1.
    """

    track: Track
    membership: Membership | None
    due_on: date | None
    due_days: int | None
    target: float
    minutes: int

    def put_on(self, assignment: Assignment) -> Assignment:
        assignment.track = self.track
        assignment.membership = self.membership
        assignment.due_on = self.due_on
        assignment.due_days = self.due_days
        assignment.target = self.target
        assignment.minutes_per_day = self.minutes
        return assignment


class AssignedAlreadyError(RefusedError):
    """The same track is assigned to the same people already, by `other`, which runs."""

    def __init__(self, other: Assignment) -> None:
        super().__init__(f"{other.track.title} is assigned to the same people already.")
        self.other = other


def of_team(team: Team) -> list[Assignment]:
    """All assignments with `ready`, `on_course`, `at_risk`, `overdue` and `uncounted` members.

    Those due on a date first, the soonest at the top.
    """
    statuses = {
        "ready": Goal.Status.READY,
        "on_course": Goal.Status.ON_COURSE,
        "at_risk": Goal.Status.AT_RISK,
        "overdue": Goal.Status.OVERDUE,
        "uncounted": "",
    }
    listed = Assignment.objects.filter(team=team).select_related("track", "membership__user")
    return list(
        listed.annotate(
            **{
                name: Count("goals", filter=Q(goals__status=status))
                for name, status in statuses.items()
            }
        ).order_by(F("due_on").asc(nulls_last=True), "due_days", "pk")
    )


def assign(team: Team, terms: Terms, *, by: User, now: datetime) -> Assignment:
    assignment = terms.put_on(Assignment(team=team, created_at=now, created_by=by))
    with changing(team, by=by):
        _refuse_twin(assignment)
        assignment.save()
    counting.refresh(team, now)
    return assignment


def change(assignment: Assignment, terms: Terms, *, by: User, now: datetime) -> None:
    """Everybody's progress stays, and is held against the new terms."""
    with changing(assignment.team, by=by):
        if not Assignment.objects.filter(pk=assignment.pk, ended_at=None).exists():
            raise RefusedError(ENDED)
        terms.put_on(assignment)
        _refuse_twin(assignment)
        assignment.save()
        Goal.objects.filter(assignment=assignment).update(counted_at=None)
    counting.refresh(assignment.team, now)


def end(assignment: Assignment, *, by: User, now: datetime) -> bool:
    """False if it had ended before."""
    with changing(assignment.team, by=by):
        running = Assignment.objects.filter(pk=assignment.pk, ended_at=None)
        return bool(running.update(ended_at=now))


def resume(assignment: Assignment, *, by: User, now: datetime) -> bool:
    """False if it runs anyway."""
    with changing(assignment.team, by=by):
        _refuse_twin(assignment)
        ended = Assignment.objects.filter(pk=assignment.pk).exclude(ended_at=None)
        is_changed = bool(ended.update(ended_at=None))
    counting.refresh(assignment.team, now)
    return is_changed


def _refuse_twin(assignment: Assignment) -> None:
    same = Assignment.objects.filter(
        team=assignment.team,
        track=assignment.track,
        membership=assignment.membership,
        ended_at=None,
    )
    twin = same.exclude(pk=assignment.pk).first()
    if twin is not None:
        raise AssignedAlreadyError(twin)
