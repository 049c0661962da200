"""An assignment in words: to whom, by when, how it stands, and what saving it has meant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from quizapp.onboarding.assignments.check import Check, span
from quizapp.scheduling.day import LearnerDay
from quizapp.scheduling.goals.words import on_day
from quizapp.teams.models import Assignment
from quizapp.web.words import count

_STATUSES = (
    ("ready", "ready"),
    ("on-course", "on course"),
    ("at-risk", "at risk"),
    ("overdue", "overdue"),
    ("uncounted", "not counted yet"),
)


@dataclass(frozen=True, slots=True)
class Row:
    pk: int
    title: str
    whom: str
    terms: str
    statuses: list[tuple[str, str]]
    is_ended: bool
    ended: str


def row(listed: Any, day: LearnerDay, now: datetime) -> Row:
    """Of one of `assigning.of_team`, with each status that somebody has: `("ready", "2 ready")`.

    `day` is the reader's.
    """
    today = day.date_of(now)
    numbers = {status: getattr(listed, status.replace("-", "_")) for status, _ in _STATUSES}
    return Row(
        pk=listed.pk,
        title=listed.track.title,
        whom=for_whom(listed),
        terms=terms(listed, today),
        statuses=[
            (status, f"{numbers[status]} {words}") for status, words in _STATUSES if numbers[status]
        ],
        is_ended=listed.ended_at is not None,
        ended=on_day(day.date_of(listed.ended_at), today) if listed.ended_at else "",
    )


def for_whom(assignment: Assignment) -> str:
    if assignment.membership is None:
        return "everybody"
    name = str(assignment.membership.user)
    return name if assignment.membership.left_at is None else f"{name}, who has left the team"


def terms(assignment: Assignment, today: date) -> str:
    """`85% by 12 March, in 10 minutes a day`."""
    a_day = count(assignment.minutes_per_day, "minute")
    return f"{round(assignment.target * 100)}% {due(assignment, today)}, in {a_day} a day"


def due(assignment: Assignment, today: date) -> str:
    """`by 12 March`, `within 8 weeks of joining`."""
    if assignment.due_on is not None:
        return f"by {on_day(assignment.due_on, today)}"
    return f"within {span(assignment.due_days or 0)} of joining"


def saved(assignment: Assignment, found: Check, today: date) -> str:
    """What to say after saving, plainly where it cannot be done as it stands."""
    what = f"{assignment.track.title} for {for_whom(assignment)}: {terms(assignment, today)}."
    if found.is_feasible:
        return f"Saved. {what}"
    if found.concerned and not found.failing:
        return f"Saved. {what} {found.verdict} Who starts from nothing could not."
    return f"Saved, though it cannot be done as it stands. {what} {found.verdict}"
