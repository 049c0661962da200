"""Where one member stands on the way to a goal: what is counted, and what is foretold from it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from quizapp.scheduling.cards import day_of
from quizapp.scheduling.goals.habits import Pace, Worked, pace_of
from quizapp.scheduling.goals.outsets import Standing
from quizapp.scheduling.goals.pacing import Aim, days_at_work
from quizapp.scheduling.goals.projecting import interval, minutes_needed, project
from quizapp.scheduling.goals.status import Situation, judge, possible_on
from quizapp.scheduling.models import Goal


class Member:
    """One member and one goal, with all that the counts follow from."""

    def __init__(
        self,
        goal: Goal,
        aim: Aim,
        standing: Standing,
        worked: Sequence[Worked],
        now: datetime,
        share: float = 1.0,
    ) -> None:
        """`share` is the part of what is studied that goes to this goal's track, 0 to 1."""
        self.goal, self.aim, self.standing, self.worked = goal, aim, standing, worked
        self.day = day_of(goal.user)
        self.today = self.day.date_of(now)
        # What was to be done today may have been done already.
        has_begun = any(each.first == self.today for each in worked)
        self.days = aim.days_left(self.today)
        self.study_days = aim.study_days(self.today + timedelta(days=int(has_begun)))
        self.pace = self._pace(share)

    def fill(self) -> None:
        """Write into the goal where the member stands."""
        goal, aim, outset = self.goal, self.aim, self.standing.outset
        readiness, pace = outset.readiness, self.pace
        expected = project(
            outset,
            days=self.days,
            study_days=self.study_days,
            minutes=pace.minutes,
            least=pace.least,
            most=pace.most,
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
                minutes=pace.minutes,
                limit=goal.assignment.minutes_per_day,
                minutes_needed=needed,
                possible_on=self._possible_on(needed, expected.readiness),
                waiting=self.standing.waiting,
                last_answer_on=goal.last_answer_at and self.day.date_of(goal.last_answer_at),
                idle_days=self._idle_days(self.today + timedelta(days=1)),
                leave_until=self._leave_until(),
                has_pace=pace.is_known,
                is_late=self.day.date_of(goal.created_at) > goal.due_on,
            )
        )
        goal.status = status.value

    def _pace(self, share: float) -> Pace:
        limit = self.goal.assignment.minutes_per_day
        outset, waiting = self.standing.outset, self.standing.waiting
        return pace_of(
            self.worked,
            share=share,
            begun=self.day.date_of(self.goal.created_at),
            today=self.today,
            away=self.aim.away,
            limit=limit,
            keeps_up=waiting * outset.seconds <= limit * 60,
            idle=self._idle_days(self.today),
        )

    def _idle_days(self, end: date) -> int:
        """The days for studying between the last answer and `end`, 0 before the first."""
        last = self.goal.last_answer_at
        if last is None:
            return 0
        return days_at_work(self.aim.away, self.day.date_of(last) + timedelta(days=1), end)

    def _minutes_this_week(self) -> int:
        monday = self.today - timedelta(days=self.today.weekday())
        return round(sum(each.minutes for each in self.worked if each.first >= monday))

    def _possible_on(self, needed: float | None, forecast: float) -> date | None:
        """When the assignment's minutes would do, where more are needed until the date."""
        limit = self.goal.assignment.minutes_per_day
        if not self.days or forecast >= self.aim.target:
            return None
        if needed is not None and math.ceil(needed) <= limit:
            return None
        return possible_on(self.standing.outset, self.aim, today=self.today, minutes=limit)

    def _leave_until(self) -> date | None:
        """The last day of the leave that today is part of; one may follow on another."""
        until = None
        day = self.today
        for first, last in sorted(self.aim.away):
            if first <= day <= last:
                until, day = last, last + timedelta(days=1)
        return until
