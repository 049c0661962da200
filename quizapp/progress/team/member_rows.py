"""Members and where they stand, in the words and figures of the pages on a team."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from quizapp.progress.team.dates import ago
from quizapp.progress.team.member_found import Found
from quizapp.progress.team.member_search import Order, Standing
from quizapp.scheduling.day import LearnerDay
from quizapp.scheduling.goals.words import on_day, percent
from quizapp.scheduling.models import Goal
from quizapp.teams.models import Absence
from quizapp.web.words import count

STANDINGS = {
    Standing.OVERDUE: "Overdue",
    Standing.AT_RISK: "At risk",
    Standing.NONE: "No assignment yet",
    Standing.ON_COURSE: "On course",
    Standing.READY: "Ready",
}
ORDERS = {
    Order.NEED: "Most in need",
    Order.NAME: "Name",
    Order.READINESS: "Readiness",
    Order.FORECAST: "Forecast",
    Order.MINUTES: "Minutes this week",
    Order.SEEN: "Last seen",
}


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its interval: as words, and in per cent of the width of its bar."""

    percent: str
    low: float
    width: float
    at: float
    target: float
    span: str


@dataclass(frozen=True, slots=True)
class Standpoint:
    """Where somebody stands with a goal. Shares are None where they have not been counted."""

    status: str
    status_words: str
    reason: str
    readiness: Share | None = None
    forecast: Share | None = None
    target: str = ""
    due: str = ""
    is_over: bool = False
    answers: str = ""
    met: str = ""
    minutes: str = ""
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    url: str
    leave: str
    at: Standpoint


def row_of(found: Found, day: LearnerDay, now: datetime) -> Row:
    """As seen on somebody's day. Needs the user of the membership, and the goal's assignment."""
    membership = found.membership
    return Row(
        name=str(membership.user),
        url=reverse("member", args=[membership.team_id, membership.user_id]),
        leave=leave_words(found.absence, day.date_of(now)),
        at=standpoint(found.goal, day, now),
    )


def standpoint(goal: Goal | None, day: LearnerDay, now: datetime) -> Standpoint:
    """As seen on somebody's day. Nothing is forecast for a date that is over."""
    if goal is None:
        return Standpoint(Standing.NONE, STANDINGS[Standing.NONE], "")
    today, target = day.date_of(now), goal.assignment.target
    is_over = goal.due_on < today
    seen = goal.last_answer_at and day.date_of(goal.last_answer_at)
    minutes = goal.minutes_this_week
    return Standpoint(
        status=goal.status,
        status_words=STANDINGS[Standing(goal.status)] if goal.status else "Not counted yet",
        reason=goal.reason,
        readiness=_share(goal.readiness, goal.readiness_low, goal.readiness_high, target),
        forecast=None
        if is_over
        else _share(goal.forecast, goal.forecast_low, goal.forecast_high, target),
        target=percent(target),
        due=on_day(goal.due_on, today),
        is_over=is_over,
        answers=count(goal.answers or 0, "answer"),
        met="" if goal.total is None else f"{goal.seen or 0} of {goal.total}",
        minutes="" if minutes is None else f"{minutes} min",
        seen=ago(seen, today) if goal.counted_at else "",
    )


def leave_words(absence: Absence | None, today: date) -> str:
    """`On leave until 14 March`, or `On leave from 20 to 24 March`."""
    if absence is None:
        return ""
    last = on_day(absence.last_day, today)
    if absence.first_day <= today:
        return f"On leave until {last}" if absence.last_day > today else "On leave today"
    if absence.first_day == absence.last_day:
        return f"On leave on {last}"
    is_in_one_month = absence.first_day.replace(day=1) == absence.last_day.replace(day=1)
    first = str(absence.first_day.day) if is_in_one_month else on_day(absence.first_day, today)
    return f"On leave from {first} to {last}"


def _share(
    value: float | None, low: float | None, high: float | None, target: float
) -> Share | None:
    if value is None:
        return None
    low = value if low is None else low
    high = value if high is None else high
    return Share(
        percent=percent(value, target),
        low=round(100 * low, 1),
        width=round(100 * max(0.0, high - low), 1),
        at=round(100 * value, 1),
        target=round(100 * target, 1),
        span=f"{round(100 * low)} to {round(100 * high)}",
    )
