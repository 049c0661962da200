from __future__ import annotations

from datetime import date, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from quizapp.content.models import Question
from quizapp.scheduling.goals.notes import Noted, note_forecasts
from quizapp.scheduling.goals.syncing import sync
from quizapp.scheduling.models import Goal, ReadinessNote
from quizapp.teams.models import Assignment, Team, User
from tests.factories import (
    AssignmentFactory,
    MembershipFactory,
    QuestionFactory,
    TopicFactory,
    TrackFactory,
)
from tests.scheduling.studying import DAY, MORNING, learn

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 3, 2)
"""The day of MORNING."""

DUE = date(2026, 3, 12)
HOUR = timedelta(hours=1)


@pytest.fixture
def assignment(platform: Team, alice: User) -> Assignment:
    topic = TopicFactory()
    questions = [QuestionFactory(topic=topic) for _ in range(4)]
    track = TrackFactory(topics=[topic])
    assignment: Assignment = AssignmentFactory(team=platform, track=track, due_on=DUE)
    MembershipFactory(team=platform, user=alice)
    sync(platform)
    Goal.objects.update(created_at=MORNING)
    learn(alice, questions[0], MORNING - DAY)
    return assignment


def test_forecasts_are_noted_once_a_week(assignment: Assignment, alice: User) -> None:
    assert note_forecasts(MORNING) == Noted(counted=1, noted=1, settled=0)
    goal, note = Goal.objects.get(), ReadinessNote.objects.get()
    assert (note.assignment, note.user, note.noted_on, note.due_on) == (
        assignment,
        alice,
        MONDAY,
        DUE,
    )
    assert (note.readiness, note.forecast) == (goal.readiness, goal.forecast)
    assert (note.forecast_low, note.forecast_high) == (goal.forecast_low, goal.forecast_high)
    assert note.outcome is None
    assert note_forecasts(MORNING) == Noted(counted=0, noted=0, settled=0)
    assert note_forecasts(MORNING + 6 * DAY).noted == 0
    assert note_forecasts(MORNING + 7 * DAY).noted == 1


def test_a_week_whose_monday_was_missed_is_noted_on_its_first_run(assignment: Assignment) -> None:
    assert note_forecasts(MORNING + 3 * DAY).noted == 1
    assert ReadinessNote.objects.get().noted_on == MONDAY


def test_notes_get_their_outcome_when_the_date_has_come(assignment: Assignment) -> None:
    note_forecasts(MORNING)
    note_forecasts(MORNING + 7 * DAY)
    assert note_forecasts(MORNING + 9 * DAY).settled == 0
    assert note_forecasts(MORNING + 10 * DAY) == Noted(counted=1, noted=0, settled=2)
    outcome = Goal.objects.get().readiness
    assert {note.outcome for note in ReadinessNote.objects.all()} == {outcome}
    assert note_forecasts(MORNING + 11 * DAY).settled == 0
    assert ReadinessNote.objects.filter(outcome=outcome).count() == 2


def test_the_date_has_come_when_it_has_where_the_member_lives(
    assignment: Assignment, alice: User
) -> None:
    """At nine in London it is not yet the day in Honolulu, where it is eleven at night."""
    alice.timezone = "Pacific/Honolulu"
    alice.save()
    note_forecasts(MORNING)
    assert note_forecasts(MORNING + 10 * DAY).settled == 0
    assert note_forecasts(MORNING + 11 * DAY).settled == 1
    alice.timezone = "Pacific/Auckland"
    alice.save()
    ReadinessNote.objects.update(outcome=None)
    evening = MORNING + 9 * DAY + 8 * HOUR  # is next morning there
    assert note_forecasts(evening).settled == 1


def test_what_is_recalled_long_after_the_date_is_no_outcome(assignment: Assignment) -> None:
    note_forecasts(MORNING)
    assert note_forecasts(MORNING + 14 * DAY).settled == 0
    assert note_forecasts(MORNING + 13 * DAY).settled == 1


def test_a_track_without_questions_is_not_foretold(assignment: Assignment) -> None:
    Question.objects.update(retired_at=MORNING)
    assert note_forecasts(MORNING) == Noted(counted=1, noted=0, settled=0)


def test_nothing_is_forecast_once_the_date_has_come(assignment: Assignment) -> None:
    assert note_forecasts(MORNING + 30 * DAY).noted == 0


def test_notes_of_a_goal_that_has_ended_keep_no_outcome(assignment: Assignment) -> None:
    note_forecasts(MORNING)
    assignment.ended_at = MORNING + DAY
    assignment.save()
    sync(assignment.team)
    assert note_forecasts(MORNING + 20 * DAY) == Noted(counted=0, noted=0, settled=0)
    assert ReadinessNote.objects.get().outcome is None


def test_a_forecast_for_another_date_is_not_held_against_the_new_one(
    assignment: Assignment,
) -> None:
    note_forecasts(MORNING)
    assignment.due_on = date(2026, 3, 20)
    assignment.save()
    sync(assignment.team)
    note_forecasts(MORNING + 7 * DAY)
    assert note_forecasts(MORNING + 19 * DAY).settled == 1
    assert ReadinessNote.objects.get(due_on=DUE).outcome is None


@time_machine.travel(MORNING, tick=False)
def test_the_command_says_what_it_has_done(assignment: Assignment) -> None:
    out = StringIO()
    call_command("noteforecasts", stdout=out)
    assert out.getvalue() == (
        "Goals counted: 1. Forecasts noted: 1. Outcomes of earlier ones: 0.\n"
    )
    assert Goal.objects.get().counted_at == timezone.now()
