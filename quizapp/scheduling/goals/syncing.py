"""Who has which goal: made from the assignments that run and the members that there are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction

from quizapp.scheduling.cards import day_of
from quizapp.scheduling.models import Goal
from quizapp.teams.models import Assignment, Membership, Team, User


def sync(team: Team) -> None:
    """Bring the goals of a team in line. Whatever changes who is to know what calls this.

    What was counted stays with the goals that stay, but for a goal of another date, which is
    counted anew. A fixed number of queries, however large the team.
    """
    with transaction.atomic():
        # One at a time, or two who join at once might each miss the other's goal.
        Team.objects.select_for_update().get(pk=team.pk)
        assignments = list(Assignment.objects.running().filter(team=team))
        members = list(Membership.objects.current().filter(team=team).select_related("user"))
        wanted = {
            (assignment.pk, membership.pk): (membership, due_on(assignment, membership))
            for assignment in assignments
            for membership in members
            if is_for(assignment, membership)
        }
        there = {
            (goal.assignment_id, goal.membership_id): goal
            for goal in Goal.objects.filter(assignment__team=team)
        }
        gone = [goal for key, goal in there.items() if key not in wanted]
        Goal.objects.filter(pk__in=[goal.pk for goal in gone]).delete()
        moved = []
        for key, (_, due) in wanted.items():
            if key in there and there[key].due_on != due:
                there[key].due_on, there[key].counted_at = due, None
                moved.append(there[key])
        Goal.objects.bulk_update(moved, ["due_on", "counted_at"], batch_size=200)
        Goal.objects.bulk_create(
            Goal(
                assignment_id=assignment_id,
                membership=membership,
                user_id=membership.user_id,
                due_on=due,
            )
            for (assignment_id, membership_id), (membership, due) in wanted.items()
            if (assignment_id, membership_id) not in there
        )
        note_who_has_goals(
            {*(goal.user_id for goal in gone), *(member.user_id for member, _ in wanted.values())}
        )


def is_for(assignment: Assignment, membership: Membership) -> bool:
    """A team's assignment is for its members; a lead takes part where assigned by name."""
    if assignment.membership_id is None:
        return not membership.is_lead
    return assignment.membership_id == membership.pk


def due_on(assignment: Assignment, membership: Membership) -> date:
    """The date itself, or so many days after the member has joined.

    Who was there before the assignment has as many days from then on.
    """
    if assignment.due_on is not None:
        return assignment.due_on
    begun = max(membership.joined_at, assignment.created_at)
    return day_of(membership.user).date_of(begun) + timedelta(days=assignment.due_days or 0)


def note_who_has_goals(user_ids: Iterable[int]) -> None:
    """Tell the queue of each of these people whether it has goals to look up."""
    ids = set(user_ids)
    having = set(Goal.objects.filter(user__in=ids).values_list("user_id", flat=True))
    User.objects.filter(pk__in=having).update(has_goals=True)
    User.objects.filter(pk__in=ids - having).update(has_goals=False)
