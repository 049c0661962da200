"""Counts where members stand, and keeps it with their goals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import OuterRef, Subquery

from quizapp.scheduling.day import LearnerDay
from quizapp.scheduling.goals.members import Member
from quizapp.scheduling.goals.outsets import standings_in
from quizapp.scheduling.goals.pacing import Aim
from quizapp.scheduling.goals.studied import studied_by
from quizapp.scheduling.models import Goal, Review
from quizapp.scheduling.models.goal import GoalQuerySet
from quizapp.teams.models import Absence, Team, User

FIELDS = (
    "counted_at",
    "total",
    "seen",
    "answers",
    "readiness",
    "readiness_low",
    "readiness_high",
    "forecast",
    "forecast_low",
    "forecast_high",
    "minutes_needed",
    "minutes_this_week",
    "last_answer_at",
    "status",
    "reason",
)
_UPDATE = f"""
UPDATE {Goal._meta.db_table} SET {", ".join(f"{name} = %s" for name in FIELDS)}
WHERE id = %s AND due_on = %s AND counted_at"""  # noqa: S608, SLF001 - made of the names above alone


def refresh(team: Team, now: datetime) -> int:
    """Count the goals of the team anew that are stale; gives how many that were.

    Stale is what was never counted or on another day of the member's own, and where the member
    has answered since, or has taken an answer back. If nothing is, this is one query; else it is
    five, and two for each track, however many the members.

    The forecast takes it that everybody goes on as in the last 14 days, or since the goal began,
    days of leave left out: with so many minutes a day, or, where no more waits than fits into a
    day, on so many of the days. Who has not come for three days is counted on less, and after a
    week not at all. Whoever has not had three days for studying yet is taken at the minutes of
    the assignment. Who has goals for several tracks studies for each as its minutes are to those
    of all.
    """
    return _count(Goal.objects.filter(assignment__team=team), now)


def refresh_member(user: User, now: datetime) -> int:
    """The same for one person's goals, in whatever team."""
    return _count(Goal.objects.of(user), now)


def _count(goals: GoalQuerySet, now: datetime) -> int:
    latest = Review.objects.standing().filter(user=OuterRef("user")).order_by("-reviewed_at")
    rows = goals.values_list(
        "pk",
        "counted_at",
        "last_answer_at",
        "user__timezone",
        "user__rollover_hour",
        Subquery(latest.values("reviewed_at")[:1]),
    )
    start_of = cache(lambda zone, rollover: LearnerDay(ZoneInfo(zone), rollover).start(now))
    # Mostly there is nothing to do, so little is fetched to find that out.
    known = {
        pk: (counted, answered)
        for pk, counted, last_answer, zone, rollover, answered in rows
        if answered != last_answer or counted is None or counted < start_of(zone, rollover)
    }
    if not known:
        return 0
    stale = list(
        Goal.objects.filter(pk__in=known)
        .select_related("assignment__track", "user")
        .with_minutes_elsewhere(now.date())
        .order_by("pk")
    )
    for goal in stale:
        goal.counted_at, goal.last_answer_at = now, known[goal.pk][1]
    _fill(stale, now)
    _write(stale, {pk: counted for pk, (counted, _) in known.items()})
    return len(stale)


def _fill(goals: Sequence[Goal], now: datetime) -> None:
    users = {goal.user_id: goal.user for goal in goals}
    away = _leave(goals)
    studied = studied_by(users.values(), now)
    seconds = {key: each.seconds for key, each in studied.items()}
    by_track: dict[int, list[Goal]] = defaultdict(list)
    for goal in goals:
        by_track[goal.assignment.track_id].append(goal)
    for of_track in by_track.values():
        learners = {goal.user_id: goal.user for goal in of_track}
        track = of_track[0].assignment.track
        standings = standings_in(track, learners.values(), seconds, now)
        for goal in of_track:
            aim = Aim(goal.due_on, goal.assignment.target, away[goal.membership_id])
            own = goal.assignment.minutes_per_day
            Member(
                goal,
                aim,
                standings[goal.user_id],
                studied[goal.user_id].worked,
                now,
                share=own / (own + (goal.minutes_elsewhere or 0)),
            ).fill()


def _leave(goals: Sequence[Goal]) -> Mapping[int, tuple[tuple[date, date], ...]]:
    away: dict[int, tuple[tuple[date, date], ...]] = defaultdict(tuple)
    rows = Absence.objects.filter(membership__in={goal.membership_id for goal in goals})
    for key, first, last in rows.values_list("membership_id", "first_day", "last_day"):
        away[key] += ((first, last),)
    return away


def _write(goals: Sequence[Goal], counted: Mapping[int, datetime | None]) -> None:
    """All at once; a goal that is gone meanwhile stays gone.

    What was counted, or is to be counted anew, since the goals were read is left as it is.
    """
    known, unknown = [], []
    for goal in goals:
        row = [_adapted(getattr(goal, name)) for name in FIELDS]
        row += [goal.pk, connection.ops.adapt_datefield_value(goal.due_on)]
        before = counted[goal.pk]
        if before is None:
            unknown.append(row)
        else:
            known.append([*row, _adapted(before)])
    with transaction.atomic(), connection.cursor() as cursor:
        for rows, condition in ((unknown, "IS NULL"), (known, "= %s")):
            if rows:
                cursor.executemany(f"{_UPDATE} {condition}", rows)


def _adapted(value: Any) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value
