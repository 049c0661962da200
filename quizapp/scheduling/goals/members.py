"""Where one member stands on the way to a goal: what is counted, and what is foretold from it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from quizapp.scheduling.cards import day_of
from quizapp.scheduling.goals.outsets import Standing
from quizapp.scheduling.goals.pacing import Aim
from quizapp.scheduling.goals.projecting import interval, minutes_needed, project
from quizapp.scheduling.goals.status import Situation, judge, possible_on
from quizapp.scheduling.models import Goal

PACE_DAYS = 14
"""What somebody did in the latest of these goes on, as forecasts take it."""

BEGINNING_DAYS = 3
"""Before so many days for studying, nobody has a pace."""

MISSED_DAYS, GONE_DAYS = 2, 7
"""Days for studying without an answer that mean nothing yet, and that mean somebody has stopped."""

Minutes = Mapping[date, float]
"""What one member has studied, by day."""


class Member:
    """One member and one goal, with all that the counts follow from."""

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
