"""What somebody is reminded of: what is due today, and how their goals stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q

from quizapp.onboarding.reminders.recipients import Kind, Recipient, recipients
from quizapp.scheduling import overview
from quizapp.scheduling.cards import day_of
from quizapp.scheduling.goals import counting
from quizapp.scheduling.line_up import line_up
from quizapp.scheduling.memory import State
from quizapp.scheduling.models import Card, DayTally, Goal
from quizapp.teams.models import User

NEAR = timedelta(days=30)
"""Before its date a goal may ask for reviews ahead of time, in its last days of study."""


@dataclass(frozen=True, slots=True)
class GoalStanding:
    """Shares of the track from 0 to 1: `readiness` now, `forecast` for a date that is to come."""

    track: str
    due_on: date
    target: float
    readiness: float
    forecast: float | None


@dataclass(frozen=True, slots=True)
class Reminder:
    """`reviews` wait, and `new` questions are planned, which only somebody with goals is told."""

    reviews: int
    new: int
    minutes: int
    goals: Sequence[GoalStanding]


EXAMPLE = Reminder(reviews=12, new=0, minutes=4, goals=())
"""For a preview where nothing is due."""


def reminded(now: datetime) -> Iterator[Recipient]:
    """Whoever might be reminded now. Two queries more for each chunk of the recipients."""
    for chunk in recipients(Kind.REMINDER, now):
        keys = [each.user.pk for each in chunk]
        tallies = DayTally.objects.filter(
            user__in=keys, day__in={each.on for each in chunk}, reviews__gt=0
        )
        come = set(tallies.values_list("user", "day"))
        work = User.objects.filter(_has_work(now), pk__in=keys).values_list("pk", flat=True)
        having_work = set(work)
        for each in chunk:
            if each.user.pk in having_work and (each.user.pk, each.on) not in come:
                yield each


def reminder(user: User, now: datetime, *, even_if_come: bool = False) -> Reminder | None:
    """None for somebody who has answered today already, or has nothing to do.

    It counts as the home page does, but without new questions that no goal asks for. Four
    queries, and a few more for somebody with goals.
    """
    lined_up = line_up(user, now)
    if lined_up.today.done and not even_if_come:
        return None
    goals = _goals(user, now) if user.has_goals else []
    if not any(_has_unseen(goal) for goal in goals):
        lined_up = replace(lined_up, new=[])
    plan, today = lined_up.plan, day_of(user).date_of(now)
    if plan.is_empty:
        return None
    return Reminder(
        reviews=plan.steps + plan.reviews + plan.early,
        new=plan.new,
        minutes=overview.minutes_left(user, now, lined_up),
        goals=[
            GoalStanding(
                track=goal.assignment.track.title,
                due_on=goal.due_on,
                target=goal.assignment.target,
                readiness=goal.readiness,
                forecast=goal.forecast if goal.due_on > today else None,
            )
            for goal in goals
            if goal.readiness is not None
        ],
    )


def _has_work(now: datetime) -> Q:
    """Reviews that are due, or goals with questions to meet or with their date near.

    What of it is for today, the queue knows.
    """
    shown = Q(buried_until=None) | Q(buried_until__lte=now)
    due = Card.objects.at_work().exclude(state=State.NEW).filter(shown, due__lte=now)
    soon = now.date() + NEAR
    goals = Goal.objects.filter(
        Q(counted_at=None) | Q(seen__lt=F("total")) | Q(due_on__lte=soon),
        due_on__gte=now.date(),
    )
    return Q(Exists(due.filter(user=OuterRef("pk")))) | Q(has_goals=True) & Q(
        Exists(goals.filter(user=OuterRef("pk")))
    )


def _has_unseen(goal: Goal) -> bool:
    return goal.seen is None or goal.total is None or goal.seen < goal.total


def _goals(user: User, now: datetime) -> list[Goal]:
    counting.refresh_member(user, now)
    goals = Goal.objects.of(user).select_related("assignment__track")
    return list(goals.order_by("due_on", "pk"))
