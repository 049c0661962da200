from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from quizapp.content.models import Question, Track
from quizapp.scheduling.answers import undo
from quizapp.scheduling.goals import counting
from quizapp.scheduling.goals.counting import refresh, refresh_member
from quizapp.scheduling.goals.outsets import fresh, outsets_of
from quizapp.scheduling.goals.readiness import recall
from quizapp.scheduling.goals.syncing import sync
from quizapp.scheduling.goals.track import question_ids, questions_of
from quizapp.scheduling.memory import Rating
from quizapp.scheduling.models import Card, DayTally, Goal, Review
from quizapp.teams.models import Absence, Assignment, Membership, Team, User
from tests.factories import (
    AssignmentFactory,
    FactFactory,
    MembershipFactory,
    QuestionFactory,
    TopicFactory,
    TrackFactory,
    UserFactory,
)
from tests.scheduling.studying import DAY, MINUTE, MORNING, answer, learn

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
DUE = date(2026, 4, 1)
"""30 days after MORNING."""


@pytest.fixture
def questions(db: None) -> list[Question]:
    topic = TopicFactory()
    return [QuestionFactory(topic=topic) for _ in range(20)]


@pytest.fixture
def track(questions: list[Question]) -> Track:
    QuestionFactory()  # of a topic that is none of the track's
    return TrackFactory(topics=[questions[0].topic])


@pytest.fixture
def assignment(platform: Team, track: Track) -> Assignment:
    return AssignmentFactory(team=platform, track=track, due_on=DUE, created_at=MORNING - 20 * DAY)


@pytest.fixture
def goal(platform: Team, assignment: Assignment, alice: User) -> Goal:
    """Alice's, who has been at it for twenty days."""
    MembershipFactory(team=platform, user=alice, joined_at=MORNING - 20 * DAY)
    sync(platform)
    goal = Goal.objects.get(user=alice)
    goal.created_at = MORNING - 20 * DAY
    goal.save()
    return goal


def counted(goal: Goal, now: datetime = MORNING) -> Goal:
    refresh(goal.assignment.team, now)
    goal.refresh_from_db()
    return goal


def studied(user: User, minutes: int, *days: date, answers_a_minute: int = 3) -> None:
    for day in days:
        DayTally.objects.create(
            user=user, day=day, reviews=answers_a_minute * minutes, duration_ms=minutes * 60_000
        )


def days_before(now: datetime, number: int) -> list[date]:
    return [(now - timedelta(days=ago)).date() for ago in range(1, number + 1)]


def test_the_questions_of_a_track_are_the_active_ones_of_its_topics(
    track: Track, questions: list[Question]
) -> None:
    questions[3].retired_at = MORNING
    questions[3].save()
    active = {question.pk for question in questions} - {questions[3].pk}
    assert set(question_ids(track)) == active
    assert questions_of(track).count() == 19


def test_a_track_may_leave_extensions_out_or_be_about_them(
    track: Track, questions: list[Question]
) -> None:
    fact = FactFactory(topic=questions[0].topic, extends=FactFactory(topic=questions[0].topic))
    extension = QuestionFactory(topic=questions[0].topic, facts=[fact])
    track.covers_extensions = True
    assert list(questions_of(track)) == [extension]
    track.covers_extensions = False
    assert extension not in questions_of(track)
    assert questions_of(track).count() == 20


def test_readiness_is_the_share_recalled_with_unseen_ones_as_not_known(
    goal: Goal, alice: User, questions: list[Question]
) -> None:
    cards = [learn(alice, question, MORNING - 6 * DAY) for question in questions[:5]]
    counted(goal)
    expected = sum(recall(6, card.stability or 0) for card in cards) / 20
    assert goal.readiness == pytest.approx(expected, rel=1e-9)
    assert (goal.total, goal.seen, goal.answers) == (20, 5, 5)
    assert goal.readiness_low is not None
    assert goal.readiness_high is not None
    assert 0 < goal.readiness_low < expected < goal.readiness_high < 0.5
    assert goal.last_answer_at == MORNING - 6 * DAY
    assert goal.counted_at == MORNING


def test_a_question_that_means_something_else_now_counts_as_unseen(
    goal: Goal, alice: User, questions: list[Question]
) -> None:
    for question in questions[:5]:
        learn(alice, question, MORNING - 6 * DAY)
    Card.objects.filter(question=questions[0]).start_anew(MORNING)
    counted(goal)
    assert goal.seen == 4
    assert goal.answers == 5


def test_what_is_of_no_topic_of_the_track_counts_for_nothing(goal: Goal, alice: User) -> None:
    learn(alice, Question.objects.exclude(pk__in=question_ids(goal.assignment.track)).get())
    counted(goal)
    assert (goal.seen, goal.readiness) == (0, 0)


def test_nobody_is_counted_twice_a_day_without_a_reason(goal: Goal, alice: User) -> None:
    team = goal.assignment.team
    assert refresh(team, MORNING) == 1
    assert refresh(team, MORNING + 5 * MINUTE) == 0
    assert refresh(team, MORNING + DAY) == 1


def test_a_day_is_over_when_it_is_where_the_member_lives(goal: Goal, alice: User) -> None:
    """In Los Angeles MORNING is one at night, and the day begins at four."""
    team = goal.assignment.team
    alice.timezone = "America/Los_Angeles"
    alice.save()
    assert refresh(team, MORNING - 3 * HOUR) == 1
    assert refresh(team, MORNING + 2 * HOUR) == 0
    assert refresh(team, MORNING + 3 * HOUR) == 1
    assert refresh(team, MORNING + 17 * HOUR) == 0  # it is the third of March by UTC


@pytest.mark.parametrize("was_counted", [True, False])
def test_what_changes_while_it_is_counted_is_counted_anew(
    goal: Goal, monkeypatch: pytest.MonkeyPatch, *, was_counted: bool
) -> None:
    if was_counted:
        counted(goal, MORNING - DAY)
    write = counting._write

    def while_a_lead_moves_the_date(*args: Any) -> None:
        Goal.objects.update(due_on=DUE + DAY, counted_at=None)
        write(*args)

    monkeypatch.setattr(counting, "_write", while_a_lead_moves_the_date)
    assert counted(goal).counted_at is None


def test_an_answer_calls_for_counting_anew_and_so_does_taking_it_back(
    goal: Goal, alice: User, questions: list[Question]
) -> None:
    counted(goal)
    answer(alice, questions[0], Rating.EASY, MORNING)
    assert counted(goal).seen == 1
    assert refresh(goal.assignment.team, MORNING + MINUTE) == 0
    undo(alice, Review.objects.get().pk, MORNING + MINUTE)
    assert counted(goal, MORNING + MINUTE).seen == 0
    assert goal.last_answer_at is None


def test_a_goal_of_another_date_is_counted_anew(goal: Goal, assignment: Assignment) -> None:
    counted(goal)
    assignment.due_on = DUE + DAY
    assignment.save()
    sync(assignment.team)
    assert refresh(assignment.team, MORNING) == 1


def test_answers_are_those_that_stand(goal: Goal, alice: User, questions: list[Question]) -> None:
    for question in questions[:3]:
        answer(alice, question, Rating.AGAIN, MORNING - 3 * DAY)
        learn(alice, question, MORNING - 2 * DAY)
    undo(alice, Review.objects.latest("pk").pk, MORNING - 2 * DAY)
    assert counted(goal).answers == Review.objects.of(alice).standing().count() == 5


def test_whoever_begins_is_taken_at_the_minutes_of_the_assignment(goal: Goal, alice: User) -> None:
    goal.created_at = MORNING - 2 * DAY
    goal.save()
    counted(goal)
    assert goal.status == "on-course"
    assert goal.reason.startswith("Has not started; with 10 minutes a day, ")


def test_after_three_days_without_an_answer_they_are_at_risk(goal: Goal) -> None:
    goal.created_at = MORNING - 3 * DAY
    goal.save()
    counted(goal)
    assert goal.status == "at-risk"
    assert goal.reason.startswith("Has not started; 30 days are left. Needs ")
    assert goal.forecast == 0


def test_the_pace_is_that_of_the_last_two_weeks(
    goal: Goal, alice: User, questions: list[Question]
) -> None:
    for question in questions[:5]:
        learn(alice, question, MORNING - 2 * DAY)
    DayTally.objects.all().delete()
    studied(alice, 28, *days_before(MORNING, 1))
    studied(alice, 280, (MORNING - 15 * DAY).date())
    counted(goal)
    assert goal.reason.startswith("At 2 minutes a day, ")


def test_what_is_studied_goes_to_all_the_tracks_that_are_asked_for(
    goal: Goal, alice: User, questions: list[Question]
) -> None:
    """To each as its minutes are to those of all, while its date is ahead."""
    for question in questions[:5]:
        learn(alice, question, MORNING - 2 * DAY)
    DayTally.objects.all().delete()
    studied(alice, 56, *days_before(MORNING, 1))
    other = AssignmentFactory(
        team=goal.assignment.team,
        track=TrackFactory(topics=[TopicFactory()]),
        due_on=DUE,
        minutes_per_day=30,
    )
    sync(goal.assignment.team)
    assert counted(goal).reason.startswith("At 1 minute a day, ")
    other.due_on = MORNING.date()
    other.save()
    sync(goal.assignment.team)
    Goal.objects.update(counted_at=None)
    assert counted(goal).reason.startswith("At 4 minutes a day, ")


def test_an_answer_taken_back_leaves_no_day_of_studying(goal: Goal, alice: User) -> None:
    for day in days_before(MORNING, 14):
        DayTally.objects.create(user=alice, day=day)
    assert counted(goal).reason.startswith("Has not started; ")
    assert goal.status == "at-risk"


def test_days_of_leave_are_no_days_for_studying(
    goal: Goal, alice: User, questions: list[Question]
) -> None:
    learn(alice, questions[0], MORNING - 11 * DAY)
    DayTally.objects.all().delete()
    studied(alice, 4, *days_before(MORNING, 14)[10:])
    Absence.objects.create(
        membership=goal.membership,
        first_day=(MORNING - 10 * DAY).date(),
        last_day=(MORNING - DAY).date(),
    )
    counted(goal)
    minutes = goal.assignment.minutes_per_day
    assert goal.reason.startswith(f"At {minutes} minutes a day, ")  # came on each day, did it all


def test_who_stays_away_is_counted_on_less_and_less(
    goal: Goal, alice: User, questions: list[Question]
) -> None:
    learn(alice, questions[0], MORNING - 8 * DAY)
    DayTally.objects.all().delete()
    studied(alice, 4, *days_before(MORNING, 14)[:6])
    last = MORNING - 8 * DAY
    forecasts = []
    for days in range(8, 0, -1):
        Review.objects.update(reviewed_at=last + (8 - days) * DAY)
        forecasts.append(counted(goal).forecast)
    assert forecasts == sorted(forecasts, key=lambda each: each or 0)
    assert (forecasts[0] or 0) < (forecasts[-1] or 0)


def test_leave_ahead_leaves_less_time_and_is_named(goal: Goal, assignment: Assignment) -> None:
    goal.created_at = MORNING
    goal.save()
    needed = counted(goal).minutes_needed
    for first, last in ((0, 9), (10, 19)):  # two absences, one after the other
        Absence.objects.create(
            membership=goal.membership,
            first_day=(MORNING + first * DAY).date(),
            last_day=(MORNING + last * DAY).date(),
        )
    assignment.minutes_per_day = 1
    assignment.save()
    Goal.objects.update(counted_at=None)
    counted(goal)
    assert needed
    assert goal.minutes_needed
    assert goal.minutes_needed >= 2 * needed
    assert goal.status == "at-risk"
    assert goal.reason.startswith("On leave until 21 March; memory still fades. Needs ")
    assert "Or move the date to " in goal.reason


def test_minutes_this_week_are_those_since_monday_of_the_members_own_days(
    goal: Goal, alice: User
) -> None:
    """MORNING is a Monday, on which it is still Sunday in Los Angeles."""
    studied(alice, 7, MORNING.date(), *days_before(MORNING, 10))
    assert counted(goal).minutes_this_week == 7
    alice.timezone = "America/Los_Angeles"
    alice.save()
    Goal.objects.update(counted_at=None)
    assert counted(goal, MORNING - timedelta(hours=1)).minutes_this_week == 7 * 8


def test_on_the_date_the_forecast_is_what_is_recalled(
    goal: Goal, alice: User, questions: list[Question]
) -> None:
    due = datetime(DUE.year, DUE.month, DUE.day, 9, tzinfo=MORNING.tzinfo)
    for question in questions:
        learn(alice, question, due - DAY)
    counted(goal, due)
    assert goal.forecast == goal.readiness
    assert goal.status == "ready"


def test_after_the_date_who_falls_short_is_overdue(
    goal: Goal, alice: User, questions: list[Question]
) -> None:
    learn(alice, questions[0])
    counted(goal, MORNING + 40 * DAY)
    assert goal.status == "overdue"
    assert goal.reason.startswith("Was due on 1 April; recalls ")
    assert goal.minutes_needed is None


def test_who_joins_after_the_date_is_not_blamed_for_it(goal: Goal) -> None:
    goal.created_at = MORNING + 35 * DAY
    goal.save()
    counted(goal, MORNING + 36 * DAY)
    assert goal.reason.startswith("Was due on 1 April, before it was asked of them; recalls 0%")


def test_who_is_back_from_leave_has_not_been_missing(
    goal: Goal, assignment: Assignment, alice: User, questions: list[Question]
) -> None:
    learn(alice, questions[0], MORNING - 12 * DAY)
    Absence.objects.create(
        membership=goal.membership,
        first_day=(MORNING - 11 * DAY).date(),
        last_day=(MORNING - DAY).date(),
    )
    assignment.minutes_per_day = 1
    assignment.save()
    assert counted(goal).reason.startswith("Has met 1 of 20 questions; ")
    assert counted(goal, MORNING + 3 * DAY).reason.startswith(
        "No answer for 15 days, 11 of them on leave; 1 review waits."
    )


def test_one_persons_goals_are_counted_in_every_team_and_nobody_elses(
    goal: Goal, alice: User, track: Track
) -> None:
    other = MembershipFactory(user=alice)
    colleague = MembershipFactory(team=other.team)
    AssignmentFactory(team=other.team, track=track)
    sync(other.team)
    assert refresh_member(alice, MORNING) == 2
    assert refresh_member(alice, MORNING) == 0
    assert Goal.objects.get(membership=colleague).counted_at is None


def test_a_large_team_takes_as_many_queries_as_a_small_one(
    goal: Goal, questions: list[Question]
) -> None:
    team = goal.assignment.team
    with CaptureQueriesContext(connection) as few:
        assert refresh(team, MORNING) == 1
    for user in UserFactory.create_batch(12):
        MembershipFactory(team=team, user=user)
        learn(user, questions[0], MORNING - 2 * DAY)
    sync(team)
    Goal.objects.update(counted_at=None)
    with CaptureQueriesContext(connection) as many:
        assert refresh(team, MORNING) == 13
    assert len(many) == len(few) <= 5 + 2 + 2  # the last two begin and end the writing
    with CaptureQueriesContext(connection) as none:
        assert refresh(team, MORNING) == 0
    assert len(none) == 1


def test_each_member_is_counted_by_themselves(
    goal: Goal, alice: User, questions: list[Question]
) -> None:
    bob = UserFactory(name="Bob")
    MembershipFactory(team=goal.assignment.team, user=bob)
    sync(goal.assignment.team)
    learn(alice, questions[0], MORNING - 2 * DAY)
    for question in questions:
        learn(bob, question, MORNING - DAY)
    counted(goal)
    his = Goal.objects.get(user=bob)
    assert (goal.seen, his.seen) == (1, 20)
    assert his.status == "ready"


def test_a_lead_who_only_leads_has_nothing_to_count(platform: Team, assignment: Assignment) -> None:
    sync(platform)
    assert Membership.objects.filter(team=platform).count() == 1
    assert refresh(platform, MORNING) == 0


def test_outsets_of_many_are_those_of_each(
    track: Track, alice: User, charlie: User, questions: list[Question]
) -> None:
    for question in questions[:4]:
        learn(alice, question, MORNING - 3 * DAY)
    DayTally.objects.all().delete()
    studied(alice, 2, MORNING.date(), answers_a_minute=6)
    many = outsets_of([alice, charlie], track, MORNING)
    assert many[alice.pk] == outsets_of([alice], track, MORNING)[alice.pk]
    assert many[alice.pk].seen == 4
    assert many[alice.pk].seconds < many[charlie.pk].seconds == 20
    assert many[charlie.pk] == fresh(track)
    assert fresh(track, seconds=7).seconds == 7


def test_outsets_put_questions_that_are_about_as_firm_together(
    track: Track, alice: User, questions: list[Question]
) -> None:
    stabilities = (0.5, 3.0, 3.5, 40.0, 500.0)
    for question, stability in zip(questions, stabilities, strict=False):
        card = learn(alice, question, MORNING - DAY)
        Card.objects.filter(pk=card.pk).update(stability=stability)
    outset = outsets_of([alice], track, MORNING)[alice.pk]
    assert sorted((each.count, each.stability) for each in outset.groups) == [
        (1, 0.5),
        (1, 40),
        (1, 500),
        (2, 3.25),
    ]
    assert outset.readiness == pytest.approx(sum(recall(1, each) for each in stabilities) / 20)
