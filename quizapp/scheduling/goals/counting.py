"""Counts where members stand, and keeps it with their goals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import OuterRef, Subquery

from quizapp.scheduling.goals.members import PACE_DAYS, Member
from quizapp.scheduling.goals.outsets import seconds_per_answer, standings_in
from quizapp.scheduling.goals.pacing import Aim
from quizapp.scheduling.models import DayTally, Goal, Review
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
UPDATE {Goal._meta.db_table} SET {", ".join(f"{name} = %s" for name in FIELDS)} WHERE id = %s
"""  # noqa: S608, SLF001 - made of the names above alone


def refresh(team: Team, now: datetime) -> int:
    """Count the goals of the team anew that are stale; gives how many that were.

    Stale is what was never counted or on another day (by UTC), and where the member has answered
    since, or has taken an answer back. If nothing is, this is one query; else it is six, and
    two for each track, however many the members.

    The forecast takes it that everybody goes on as in the last 14 days, or since the goal began,
    days of leave left out: with so many minutes a day, or, where no more waits than fits into a
    day, on so many of the days. Who has not come for three days is counted on less, and after a
    week not at all. Whoever has not had three days for studying yet is taken at the minutes of
    the assignment.
    """
    return _count(Goal.objects.filter(assignment__team=team), now)


def refresh_member(user: User, now: datetime) -> int:
    """The same for one person's goals, in whatever team."""
    return _count(Goal.objects.of(user), now)


def _count(goals: GoalQuerySet, now: datetime) -> int:
    latest = Review.objects.standing().filter(user=OuterRef("user")).order_by("-reviewed_at")
    rows = goals.values_list(
        "pk", "counted_at", "last_answer_at", Subquery(latest.values("reviewed_at")[:1])
    )
    answered = {pk: at for pk, counted, known, at in rows if at != known or _is_over(counted, now)}
    if not answered:
        return 0
    stale = list(
        Goal.objects.filter(pk__in=answered)
        .select_related("assignment__track", "user")
        .order_by("pk")
    )
    for goal in stale:
        goal.counted_at, goal.last_answer_at = now, answered[goal.pk]
    _fill(stale, now)
    _write(stale)
    return len(stale)


def _is_over(counted: datetime | None, now: datetime) -> bool:
    """Whether the day of counting is."""
    return counted is None or counted.astimezone(UTC).date() != now.astimezone(UTC).date()


def _fill(goals: Sequence[Goal], now: datetime) -> None:
    users = {goal.user_id: goal.user for goal in goals}
    away = _leave(goals)
    minutes = _minutes(users, now)
    seconds = seconds_per_answer(users.values(), now)
    by_track: dict[int, list[Goal]] = defaultdict(list)
    for goal in goals:
        by_track[goal.assignment.track_id].append(goal)
    for of_track in by_track.values():
        learners = {goal.user_id: goal.user for goal in of_track}
        track = of_track[0].assignment.track
        standings = standings_in(track, learners.values(), seconds, now)
        for goal in of_track:
            aim = Aim(goal.due_on, goal.assignment.target, away[goal.membership_id])
            member = Member(goal, aim, standings[goal.user_id], minutes[goal.user_id], now)
            member.fill()


def _leave(goals: Sequence[Goal]) -> Mapping[int, tuple[tuple[date, date], ...]]:
    away: dict[int, tuple[tuple[date, date], ...]] = defaultdict(tuple)
    rows = Absence.objects.filter(membership__in={goal.membership_id for goal in goals})
    for key, first, last in rows.values_list("membership_id", "first_day", "last_day"):
        away[key] += ((first, last),)
    return away


def _minutes(user_ids: Iterable[int], now: datetime) -> Mapping[int, dict[date, float]]:
    """What each has studied on the days that may matter, of this week and of the pace."""
    minutes: dict[int, dict[date, float]] = defaultdict(dict)
    since = now.date() - timedelta(days=PACE_DAYS + 1)
    rows = DayTally.objects.filter(user__in=list(user_ids), day__gte=since)
    for key, day, ms in rows.values_list("user_id", "day", "duration_ms"):
        minutes[key][day] = ms / 60_000
    return minutes


def _write(goals: Sequence[Goal]) -> None:
    """All at once; a goal that is gone meanwhile stays gone."""
    rows = [[*(_adapted(getattr(goal, name)) for name in FIELDS), goal.pk] for goal in goals]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(_UPDATE, rows)


def _adapted(value: Any) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value
