from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from quizapp.content.models import Track
from quizapp.onboarding.assignments import assigning
from quizapp.scheduling.goals.syncing import sync
from quizapp.scheduling.models import DayTally, Goal
from quizapp.teams.models import Absence, Membership, Team, User
from tests.factories import (
    AssignmentFactory,
    MembershipFactory,
    QuestionFactory,
    TeamFactory,
    TopicFactory,
    TrackFactory,
    UserFactory,
)
from tests.scheduling.studying import DAY, MORNING, learn
from tests.study.browsing import text_of

TODAY = MORNING.date()
DUE_ON = date(2026, 3, 12)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]


@pytest.fixture
def storage() -> Track:
    topic = TopicFactory()
    QuestionFactory.create_batch(4, topic=topic)
    track: Track = TrackFactory(slug="storage", title="Storage", topics=[topic])
    return track


@pytest.fixture
def hers(alice: User, platform: Team) -> Membership:
    membership: Membership = MembershipFactory(team=platform, user=alice)
    return membership


@pytest.fixture
def _counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Goals stand where the test puts them."""
    monkeypatch.setattr("quizapp.scheduling.goals.counting.refresh_member", lambda *_: 0)


def give(membership: Membership, track: Track, **given: Any) -> Goal:
    """An assignment to the whole team, with where this member stands."""
    terms = {"due_on": DUE_ON, "created_at": MORNING - 30 * DAY}
    for name in ("due_on", "due_days", "minutes_per_day", "target"):
        if name in given:
            terms[name] = given.pop(name)
    assignment = AssignmentFactory(team=membership.team, track=track, **terms)
    sync(membership.team)
    goals = Goal.objects.filter(assignment=assignment, membership=membership)
    stands = {
        "readiness": 0.42,
        "forecast": 0.81,
        "forecast_low": 0.75,
        "forecast_high": 0.88,
        "status": "on-course",
        "reason": "At this pace you make it.",
        "minutes_needed": 8.0,
        "counted_at": MORNING,
        "total": 4,
        "seen": 1,
    }
    goals.update(**{**stands, **given})
    return goals.get()


@pytest.mark.usefixtures("_counted")
def test_a_goal_says_what_by_when_and_where_one_stands(
    as_alice: Client, hers: Membership, storage: Track
) -> None:
    give(hers, storage)
    page = text_of(as_alice.get("/"))
    assert ">Storage by 12 March, for Platform</a>" in page
    assert f'href="{reverse("member", args=[hers.team_id, hers.user_id])}"' in page
    assert "On course.</strong> At this pace you make it." in page
    assert "<dt>Readiness today</dt> <dd> 42% </dd>" in page
    assert "<dt>Expected on 12 March</dt> <dd> 81%" in page
    assert "75% to 88%" in page
    assert "<dt>Target</dt> <dd> 85% </dd>" in page
    assert "10 minutes a day, with about 3 new questions." in page
    assert "What helps" not in page


@pytest.mark.usefixtures("_counted")
def test_who_cannot_make_it_within_the_minutes_reads_what_the_lead_reads_and_what_helps(
    as_alice: Client, hers: Membership, storage: Track
) -> None:
    sentence = "Needs 14 minutes a day; the limit is 10. Or move the date to 20 March."
    give(hers, storage, status="at-risk", reason=sentence, minutes_needed=14.0)
    page = text_of(as_alice.get("/"))
    assert f"At risk.</strong> {sentence}" in page
    assert "What helps: ask Dora for a later date" in page


@pytest.mark.usefixtures("_counted")
def test_whose_minutes_are_those_of_a_goal_reads_what_holds(
    as_alice: Client, alice: User, hers: Membership
) -> None:
    topic = TopicFactory()
    for question in QuestionFactory.create_batch(90, topic=topic):
        learn(alice, question, MORNING - 30 * DAY)
    DayTally.objects.update(duration_ms=90 * 30_000)  # half a minute each
    goal = give(hers, TrackFactory(title="Storage", topics=[topic]), minutes_per_day=120)
    holds = (
        "Too much for a day? Your goal Storage by 12 March asks for 120 minutes a day. While you"
        " set no limit, that is what a day holds. Whoever leads the team can ask for less."
    )
    page = text_of(as_alice.get("/"))
    assert holds in page
    assert "Say how many minutes you have" not in page
    Goal.objects.filter(pk=goal.pk).update(due_on=TODAY)
    page = text_of(as_alice.get("/"))
    assert "asks for 120 minutes" not in page
    assert "Say how many minutes you have" in page


@pytest.mark.usefixtures("_counted")
def test_who_is_at_risk_with_time_enough_is_not_sent_to_ask_for_more(
    as_alice: Client, hers: Membership, storage: Track
) -> None:
    give(hers, storage, status="at-risk", reason="Nothing answered for 9 days.")
    page = text_of(as_alice.get("/"))
    assert "At risk.</strong> Nothing answered for 9 days." in page
    assert "What helps" not in page


@pytest.mark.usefixtures("_counted")
def test_where_nobody_else_leads_nobody_is_to_be_asked(
    as_alice: Client, hers: Membership, storage: Track
) -> None:
    give(hers, storage, status="at-risk", minutes_needed=None)
    left, alone = Membership.objects.exclude(pk=hers.pk), "What helps: give it more than 10 minutes"
    User.objects.filter(memberships__in=left).update(is_active=False)
    assert alone in text_of(as_alice.get("/"))
    User.objects.update(is_active=True)
    left.update(left_at=MORNING)
    assert alone in text_of(as_alice.get("/"))


@pytest.mark.usefixtures("_counted")
@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("overdue", "The day has come. Go on for 10 minutes a day until you reach the target."),
        ("ready", "You have reached it. A few reviews a day keep it so."),
    ],
)
def test_after_the_day_there_is_no_forecast_any_more(
    as_alice: Client, hers: Membership, storage: Track, status: str, words: str
) -> None:
    give(hers, storage, status=status, due_on=TODAY)
    page = text_of(as_alice.get("/"))
    assert words in page
    assert "Readiness today" in page
    assert "Expected on" not in page


@pytest.mark.usefixtures("_counted")
def test_on_leave_the_goal_says_so_and_that_memory_fades(
    as_alice: Client, hers: Membership, storage: Track
) -> None:
    Absence.objects.create(membership=hers, first_day=TODAY, last_day=date(2026, 3, 8))
    reason = "On leave until 8 March; memory still fades."
    give(hers, storage, status="at-risk", reason=reason, minutes_needed=None)
    page = text_of(as_alice.get("/"))
    assert reason in page
    assert "Nothing is asked of you until then." in page
    assert "Memory fades all the same" not in page  # once is enough
    Goal.objects.update(status="ready", reason="Recalls 90% of the track today.")
    page = text_of(as_alice.get("/"))
    assert "You are on leave until 8 March" in page
    assert "Memory fades all the same" in page
    assert "What helps" not in page


@pytest.mark.usefixtures("_counted")
def test_leave_that_is_over_or_to_come_is_not_spoken_of(
    as_alice: Client, hers: Membership, storage: Track
) -> None:
    give(hers, storage)
    Absence.objects.create(membership=hers, first_day=date(2026, 2, 1), last_day=date(2026, 3, 1))
    Absence.objects.create(membership=hers, first_day=date(2026, 3, 3), last_day=date(2026, 3, 9))
    assert "on leave" not in text_of(as_alice.get("/"))


@pytest.mark.usefixtures("_counted")
def test_a_goal_that_was_never_counted_shows_its_target(
    as_alice: Client, hers: Membership, storage: Track
) -> None:
    give(hers, storage, readiness=None, forecast=None, status="", reason="", counted_at=None)
    page = text_of(as_alice.get("/"))
    assert "Target: 85% of it known on 12 March." in page
    assert "Readiness today" not in page


def test_a_goal_is_counted_before_it_is_shown(
    as_alice: Client, hers: Membership, storage: Track
) -> None:
    AssignmentFactory(team=hers.team, track=storage, due_on=DUE_ON)
    sync(hers.team)
    page = text_of(as_alice.get("/"))
    assert "<dt>Readiness today</dt> <dd> 0% </dd>" in page


@pytest.mark.usefixtures("_counted")
def test_what_has_ended_or_is_of_an_archived_team_is_not_shown(
    as_alice: Client, dora: User, hers: Membership, storage: Track
) -> None:
    goal = give(hers, storage)
    assigning.end(goal.assignment, by=dora, now=MORNING)
    assert "Storage by" not in text_of(as_alice.get("/"))
    assigning.resume(goal.assignment, by=dora, now=MORNING)
    assert "Storage by" in text_of(as_alice.get("/"))
    hers.team.archived_at = MORNING
    hers.team.save()
    sync(hers.team)
    assert "Storage by" not in text_of(as_alice.get("/"))


@pytest.mark.usefixtures("_counted")
def test_goals_are_ones_own(
    as_alice: Client, hers: Membership, storage: Track, charlie: User
) -> None:
    give(MembershipFactory(user=charlie), storage)
    assert "Storage by" not in text_of(as_alice.get("/"))


@pytest.mark.usefixtures("_counted")
def test_names_are_shown_as_they_are(as_alice: Client, hers: Membership, storage: Track) -> None:
    Team.objects.update(name="<i>Platform</i>")
    User.objects.filter(name="Dora").update(name="<i>Dora</i>")
    give(hers, storage, status="at-risk", minutes_needed=None)
    page = text_of(as_alice.get("/"))
    assert "&lt;i&gt;Platform&lt;/i&gt;" in page
    assert "<i>" not in page


def test_whoever_has_no_goals_pays_nothing_for_them(
    as_alice: Client, alice: User, platform: Team, storage: Track
) -> None:
    as_alice.get("/")
    with CaptureQueriesContext(connection) as queries:
        as_alice.get("/")
    about = [query["sql"] for query in queries if "quizapp_goal" in query["sql"]]
    assert len(about) == 1  # which teams one leads, with their numbers


@pytest.mark.usefixtures("_counted")
def test_goals_take_the_same_queries_however_many_there_are(
    as_alice: Client, alice: User, hers: Membership, storage: Track
) -> None:
    give(hers, storage)
    as_alice.get("/")
    with CaptureQueriesContext(connection) as few:
        as_alice.get("/")
    for _ in range(4):
        other = MembershipFactory(user=alice)
        give(other, TrackFactory(topics=list(storage.topics.all())))
        MembershipFactory(team=other.team, role=Membership.Role.LEAD)
        Absence.objects.create(membership=other, first_day=TODAY, last_day=TODAY)
    with CaptureQueriesContext(connection) as many:
        as_alice.get("/")
    assert len(many) == len(few)


# Leads


def test_a_lead_sees_how_many_of_the_team_are_behind(
    as_dora: Client, platform: Team, storage: Track
) -> None:
    members = [MembershipFactory(team=platform) for _ in range(3)]
    give(members[0], storage, status="at-risk")
    page = text_of(as_dora.get("/"))
    assert f'<a href="{reverse("team", args=[platform.pk])}">Platform: 1 of 3 at risk</a>' in page
    Goal.objects.filter(membership=members[1]).update(status="overdue")
    assert "Platform: 1 of 3 at risk, 1 overdue" in text_of(as_dora.get("/"))
    Goal.objects.filter(membership=members[0]).update(status="ready")
    assert "Platform: 1 of 3 overdue" in text_of(as_dora.get("/"))
    Goal.objects.update(status="on-course")
    assert "Platform: nobody of 3 is at risk" in text_of(as_dora.get("/"))
    Goal.objects.update(status="")
    assert "Platform: see how 3 members stand" in text_of(as_dora.get("/"))


def test_who_is_at_risk_twice_counts_once(as_dora: Client, platform: Team, storage: Track) -> None:
    member = MembershipFactory(team=platform)
    MembershipFactory(team=platform)
    give(member, storage, status="at-risk")
    give(member, TrackFactory(topics=list(storage.topics.all())), status="at-risk")
    assert "Platform: 1 of 2 at risk" in text_of(as_dora.get("/"))


def test_a_team_of_which_nothing_is_asked_is_named_all_the_same(
    as_dora: Client, platform: Team
) -> None:
    assert "Platform: nothing is asked of anybody yet" in text_of(as_dora.get("/"))


def test_only_leads_of_teams_that_are_not_archived_see_them(
    as_alice: Client, as_dora: Client, hers: Membership, platform: Team
) -> None:
    MembershipFactory(user=UserFactory(), team=TeamFactory(name="Foreign"), role="lead")
    assert "You lead" not in text_of(as_alice.get("/"))
    assert "Foreign" not in text_of(as_dora.get("/"))
    platform.archived_at = MORNING
    platform.save()
    assert "You lead" not in text_of(as_dora.get("/"))


def test_the_teams_of_a_lead_take_one_query(as_dora: Client, dora: User, platform: Team) -> None:
    as_dora.get("/")
    with CaptureQueriesContext(connection) as few:
        as_dora.get("/")
    for _ in range(4):
        MembershipFactory(user=dora, role=Membership.Role.LEAD)
    with CaptureQueriesContext(connection) as many:
        as_dora.get("/")
    assert len(many) == len(few)


def test_a_guest_is_not_looked_up_as_a_lead(client: Client) -> None:
    client.force_login(User.objects.create_guest())
    with CaptureQueriesContext(connection) as queries:
        client.get("/")
    assert not [query for query in queries if "quizapp_membership" in query["sql"]]


# Settings


def settings_of(client: Client) -> str:
    return text_of(client.get(reverse("settings")))


@pytest.mark.usefixtures("_counted")
def test_settings_say_what_a_goal_asks_for_beside_them(
    as_alice: Client, alice: User, hers: Membership, storage: Track
) -> None:
    assert "Your goal" not in settings_of(as_alice)
    give(hers, storage)
    asked = "Your goal Storage by 12 March asks for 10 minutes a day"
    assert f"{asked}. While you set no limit, that is what a day holds." in settings_of(as_alice)
    User.objects.filter(pk=alice.pk).update(minutes_per_day=5)
    assert f"{asked}; the greater of the two counts." in settings_of(as_alice)


@pytest.mark.usefixtures("_counted")
def test_settings_add_up_what_goals_for_different_tracks_ask_for(
    as_alice: Client, alice: User, hers: Membership, storage: Track
) -> None:
    User.objects.filter(pk=alice.pk).update(minutes_per_day=5)
    give(hers, storage)
    give(hers, TrackFactory(title="Pods"), due_on=date(2027, 4, 3), minutes_per_day=1)
    assert (
        "Your goals: Storage by 12 March asks for 10 minutes a day, "
        "Pods by 3 April 2027 asks for 1 minute a day. "
        "Together that makes 11 minutes a day; the greater of the two counts."
    ) in settings_of(as_alice)


@pytest.mark.usefixtures("_counted")
def test_settings_do_not_speak_of_a_day_that_has_come(
    as_alice: Client, hers: Membership, storage: Track
) -> None:
    give(hers, storage, due_on=TODAY)
    assert "Your goal" not in settings_of(as_alice)
