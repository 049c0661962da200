"""Counts where members stand, and keeps it with their goals."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import OuterRef, Subquery

from quizapp.scheduling.cards import day_of
from quizapp.scheduling.goals.outsets import Standing, seconds_per_answer, standings_in
from quizapp.scheduling.goals.pacing import Aim
from quizapp.scheduling.goals.projecting import interval, minutes_needed, project
from quizapp.scheduling.goals.status import Situation, judge, possible_on
from quizapp.scheduling.models import DayTally, Goal, Review
from quizapp.scheduling.models.goal import GoalQuerySet
from quizapp.teams.models import Absence, Team, User

PACE_DAYS = 14
"""What somebody did in the latest of these goes on, as forecasts take it."""

BEGINNING_DAYS = 3
"""Before so many days for studying, nobody has a pace."""

MISSED_DAYS, GONE_DAYS = 2, 7
"""Days for studying without an answer that mean nothing yet, and that mean somebody has stopped."""

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

Minutes = Mapping[date, float]
"""What one member has studied, by day."""


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
            member = _Member(goal, aim, standings[goal.user_id], minutes[goal.user_id], now)
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


class _Member:
    """One goal, with all that its counts follow from."""

    def __init__(
        self, goal: Goal, aim: Aim, standing: Standing, minutes: Minutes, now: datetime
    ) -> None:
        self.goal, self.aim, self.standing, self.minutes = goal, aim, standing, minutes
        self.day = day_of(goal.user)
        self.today = self.day.date_of(now)
        # What was to be done today may have been done already.
        begins = self.today + timedelta(days=int(self.today in minutes))
        self.days = aim.days_left(self.today)
        self.study_days = aim.study_days(begins)
        self.pace = self._pace()

    def fill(self) -> None:
        """Write into the goal where the member stands."""
        goal, aim, outset = self.goal, self.aim, self.standing.outset
        readiness = outset.readiness
        pace = goal.assignment.minutes_per_day if self.pace is None else self.pace
        expected = project(
            outset,
            days=self.days,
            study_days=self.study_days,
            minutes=pace,
            target=aim.target,
        )
        needed = minutes_needed(
            outset, days=self.days, study_days=self.study_days, target=aim.target
        )
        goal.total, goal.seen, goal.answers = outset.total, round(outset.seen), outset.answers
        goal.readiness = readiness
        goal.readiness_low, goal.readiness_high = interval(outset, readiness)
        goal.forecast = expected.readiness
        goal.forecast_low, goal.forecast_high = expected.low, expected.high
        goal.minutes_needed = needed
        goal.minutes_this_week = self._minutes_this_week()
        status, goal.reason = judge(
            Situation(
                today=self.today,
                due_on=goal.due_on,
                target=aim.target,
                readiness=readiness,
                forecast=expected.readiness,
                total=outset.total,
                seen=goal.seen,
                met=round(expected.met),
                minutes=pace,
                limit=goal.assignment.minutes_per_day,
                minutes_needed=needed,
                possible_on=self._possible_on(needed, expected.readiness),
                waiting=self.standing.waiting,
                last_answer_on=goal.last_answer_at and self.day.date_of(goal.last_answer_at),
                leave_until=self._leave_until(),
                has_pace=self.pace is not None,
            )
        )
        goal.status = status.value

    def _pace(self) -> float | None:
        """Minutes a day for studying, as they go on; None if there were too few days to tell.

        Who did all that was asked of them on the days on which they came may have needed less
        than they have: then the days count, with the assignment's minutes on each.
        """
        begun = self.day.date_of(self.goal.created_at)
        first = max(begun, self.today - timedelta(days=PACE_DAYS))
        days = Aim(self.today, self.aim.target, self.aim.away).study_days(first)
        # A day that has only begun counts if something was done, for more may not come.
        days += self.today in self.minutes
        if days < BEGINNING_DAYS:
            return None
        lately = [spent for day, spent in self.minutes.items() if day >= first]
        pace = sum(lately) / days
        limit = self.goal.assignment.minutes_per_day
        outset, waiting = self.standing.outset, self.standing.waiting
        if waiting * outset.seconds <= limit * 60:
            pace = max(pace, limit * len(lately) / days)
        return pace * self._comes_back()

    def _comes_back(self) -> float:
        """How much of the pace is counted on: less after some days without an answer, 0 to 1."""
        last = self.goal.last_answer_at
        if last is None:
            return 1.0
        since = Aim(self.today, self.aim.target, self.aim.away).study_days(
            self.day.date_of(last) + timedelta(days=1)
        )
        return min(1.0, max(0.0, (GONE_DAYS - since) / (GONE_DAYS - MISSED_DAYS)))

    def _minutes_this_week(self) -> int:
        monday = self.today - timedelta(days=self.today.weekday())
        return round(sum(ms for day, ms in self.minutes.items() if day >= monday))

    def _possible_on(self, needed: float | None, forecast: float) -> date | None:
        """When the assignment's minutes would do, where more are needed until the date."""
        limit = self.goal.assignment.minutes_per_day
        if not self.days or forecast >= self.aim.target:
            return None
        if needed is not None and math.ceil(needed) <= limit:
            return None
        return possible_on(
            self.standing.outset,
            today=self.today,
            due_on=self.goal.due_on,
            away=self.days - self.aim.study_days(self.today),
            minutes=limit,
            target=self.aim.target,
        )

    def _leave_until(self) -> date | None:
        """The last day of the leave that today is part of; one may follow on another."""
        until = None
        day = self.today
        for first, last in sorted(self.aim.away):
            if first <= day <= last:
                until, day = last, last + timedelta(days=1)
        return until


def _write(goals: Sequence[Goal]) -> None:
    """All at once; a goal that is gone meanwhile stays gone."""
    rows = [[*(_adapted(getattr(goal, name)) for name in FIELDS), goal.pk] for goal in goals]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(_UPDATE, rows)


def _adapted(value: Any) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value
