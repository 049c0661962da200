"""What a team did week by week, and what was expected of it: added up in the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Avg, Case, Count, F, IntegerField, Sum, Value, When

from quizapp.progress.activity import FEWEST
from quizapp.progress.team.report_choice import learners_of
from quizapp.scheduling.models import DayTally, ReadinessNote
from quizapp.teams.models import Assignment, Team

SPANS = (12, 26)
"""How many weeks a report may go back. The current one counts."""


@dataclass(frozen=True, slots=True)
class Week:
    """`known` and `recalled` as in DayTally. Readiness and forecast are means from 0 to 1 over the
    `noted` members of whom something was noted in that week, None where nobody was."""

    monday: date
    studied: int = 0
    reviews: int = 0
    known: int = 0
    recalled: int = 0
    minutes: int = 0
    noted: int = 0
    readiness: float | None = None
    forecast: float | None = None

    @property
    def retention(self) -> float | None:
        """The share of known questions that was recalled, None where there are too few to say."""
        return self.recalled / self.known if self.known >= FEWEST else None


def weeks_of(team: Team, assignment: Assignment | None, today: date, number: int) -> Sequence[Week]:
    """So many weeks up to that of today, the earliest first, of those who learn in the team now.

    Two queries, or one without an assignment.
    """
    this_monday = today - timedelta(days=today.weekday())
    mondays = [this_monday - timedelta(weeks=back) for back in reversed(range(number))]
    done = _done(team, mondays)
    noted = _noted(team, assignment, mondays) if assignment else {}
    return [
        Week(monday, **done.get(place, {}), **noted.get(place, {}))
        for place, monday in enumerate(mondays)
    ]


def _done(team: Team, mondays: Sequence[date]) -> dict[int, dict[str, Any]]:
    tallies = DayTally.objects.filter(
        user__in=learners_of(team).values("user"), reviews__gt=0, **_within("day", mondays)
    )
    rows = tallies.annotate(week=_week("day", mondays)).values("week")
    sums = rows.annotate(
        studied=Count("user", distinct=True),
        answers=Sum("reviews"),
        of_known=Sum("known"),
        of_recalled=Sum("recalled"),
        spent_ms=Sum("duration_ms"),
    )
    return {
        row["week"]: {
            "studied": row["studied"],
            "reviews": row["answers"],
            "known": row["of_known"],
            "recalled": row["of_recalled"],
            "minutes": round(row["spent_ms"] / 60_000),
        }
        for row in sums
    }


def _noted(
    team: Team, assignment: Assignment, mondays: Sequence[date]
) -> dict[int, dict[str, Any]]:
    """What is noted after the date says nothing of the way there."""
    notes = ReadinessNote.objects.filter(
        assignment=assignment,
        user__in=learners_of(team).values("user"),
        noted_on__lte=F("due_on"),
        **_within("noted_on", mondays),
    )
    rows = notes.annotate(week=_week("noted_on", mondays)).values("week")
    means = rows.annotate(
        members=Count("user", distinct=True), ready=Avg("readiness"), expected=Avg("forecast")
    )
    return {
        row["week"]: {
            "noted": row["members"],
            "readiness": row["ready"],
            "forecast": row["expected"],
        }
        for row in means
    }


def _within(field: str, mondays: Sequence[date]) -> dict[str, date]:
    return {
        f"{field}__gte": mondays[0],
        f"{field}__lt": mondays[-1] + timedelta(weeks=1),
    }


def _week(field: str, mondays: Sequence[date]) -> Case:
    """Which of the weeks a date belongs to, told without a function of one database."""
    ends = [(place, monday + timedelta(weeks=1)) for place, monday in enumerate(mondays)]
    return Case(
        *(When(**{f"{field}__lt": end}, then=Value(place)) for place, end in ends),
        output_field=IntegerField(),
    )
