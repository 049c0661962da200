"""What was expected when, and what came of it: so that forecasts can be held to account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db.models import Exists, OuterRef, Subquery

from quizapp.scheduling.cards import day_of
from quizapp.scheduling.goals.counting import refresh
from quizapp.scheduling.models import Goal, ReadinessNote
from quizapp.teams.models import Team

SETTLED_WITHIN = 4
"""Days from the date on, after which what is recalled tells of that date no more."""


@dataclass(frozen=True, slots=True)
class Noted:
    """How many goals were counted anew, how many notes made, and how many got their outcome."""

    counted: int
    noted: int
    settled: int


def note_forecasts(now: datetime) -> Noted:
    """Count every goal, note once a week what is forecast, and fill in what came of notes.

    Meant to run daily: a week is noted on its first run, by the date of its Monday (UTC). A
    second run changes nothing. Notes of goals that ended or moved before their date keep no
    outcome, and so do those for a date on which, and for days after, nothing was run.
    """
    teams = Team.objects.active().filter(
        Exists(Goal.objects.filter(assignment__team=OuterRef("pk")))
    )
    counted = sum(refresh(team, now) for team in teams.order_by("pk"))
    today = now.astimezone(UTC).date()
    settled = _settle(now)
    return Noted(counted, _note(today), settled)


def _note(today: date) -> int:
    """One note for each goal that has none of this week yet. No notes on a past that is over."""
    monday = today - timedelta(days=today.weekday())
    noted = ReadinessNote.objects.filter(
        assignment=OuterRef("assignment"), user=OuterRef("user"), noted_on=monday
    )
    # Of a track without questions nothing can be foretold, and a goal whose terms have changed
    # meanwhile has to be counted first.
    goals = Goal.objects.filter(
        ~Exists(noted), due_on__gt=today, counted_at__isnull=False, total__gt=0
    )
    columns = ("readiness", "forecast", "forecast_low", "forecast_high")
    rows = goals.values("assignment_id", "user_id", "due_on", *columns)
    notes = [ReadinessNote(noted_on=monday, **row) for row in rows.iterator()]
    # Another run at the same time may have been faster.
    ReadinessNote.objects.bulk_create(notes, ignore_conflicts=True, batch_size=1000)
    return len(notes)


def _settle(now: datetime) -> int:
    """Give the notes whose date has come, where the member lives, the readiness counted then."""
    today = now.astimezone(UTC).date()
    goal = Goal.objects.filter(
        assignment=OuterRef("assignment"),
        user=OuterRef("user"),
        due_on=OuterRef("due_on"),
        readiness__isnull=False,
    )
    open_ = ReadinessNote.objects.filter(
        Exists(goal),
        outcome=None,
        due_on__lte=today + timedelta(days=1),
        due_on__gt=today - timedelta(days=SETTLED_WITHIN),
    )
    due = [
        note.pk
        for note in open_.select_related("user").iterator()
        if note.due_on <= day_of(note.user).date_of(now)
    ]
    outcome = Subquery(goal.values("readiness")[:1])
    return ReadinessNote.objects.filter(pk__in=due, outcome=None).update(outcome=outcome)
