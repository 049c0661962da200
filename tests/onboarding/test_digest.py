"""The weekly digest: what leads are told on Mondays."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quizapp.onboarding.reminders import letters
from quizapp.scheduling.goals import counting
from quizapp.scheduling.memory import Rating
from quizapp.scheduling.models import Goal, ReadinessNote
from quizapp.teams.models import Absence, Assignment, Mailing, Membership, Team, User
from tests.factories import (
    AssignmentFactory,
    MembershipFactory,
    QuestionFactory,
    TeamFactory,
    TopicFactory,
    TrackFactory,
    UserFactory,
)
from tests.onboarding.mailed import SITE, lead, send
from tests.scheduling.studying import DAY, MORNING, answer

pytestmark = pytest.mark.django_db

NOTHING = "Sent 0 reminders and 0 digests.\n"
HOUR = timedelta(hours=1)
TODAY = MORNING.date()


@pytest.fixture(autouse=True)
def monday(time_machine: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a Monday morning, and where members stand is as each test says."""
    settings.QUIZAPP_URL = SITE
    time_machine.move_to(MORNING, tick=False)
    monkeypatch.setattr(counting, "refresh", lambda _team, _now: 0)


@pytest.fixture
def storage() -> Team:
    team: Team = TeamFactory(name="Storage squad")
    lead(team, "Lea")
    return team


def learner(
    team: Team, name: str, status: Goal.Status = Goal.Status.ON_COURSE, **fields: Any
) -> Goal:
    """A member with a goal, and where the member stands."""
    assignment = Assignment.objects.filter(team=team).first() or AssignmentFactory(
        team=team, track=TrackFactory(title="Storage"), due_on=date(2026, 3, 12)
    )
    membership = MembershipFactory(team=team, user=UserFactory(name=name))
    counted = {
        "counted_at": MORNING,
        "readiness": 0.64,
        "forecast": 0.88,
        "status": status,
        "reason": f"Why {name} is.",
    }
    return Goal.objects.create(
        assignment=assignment,
        membership=membership,
        user=membership.user,
        **{"due_on": assignment.due_on} | counted | fields,
    )


def note(goal: Goal, *, days: int, readiness: float, forecast: float) -> None:
    ReadinessNote.objects.create(
        assignment=goal.assignment,
        user=goal.user,
        noted_on=TODAY - timedelta(days=days),
        due_on=goal.due_on,
        readiness=readiness,
        forecast=forecast,
        forecast_low=0,
        forecast_high=1,
    )


def body() -> str:
    [message] = mail.outbox
    return str(message.body)


def test_a_lead_is_told_on_monday_who_will_be_ready_and_who_will_not(storage: Team) -> None:
    over = TODAY - timedelta(days=1)
    learner(storage, "Alice", Goal.Status.READY, readiness=0.9, due_on=over)
    learner(storage, "Bob", Goal.Status.AT_RISK, forecast=0.8496)  # of 0.85
    learner(storage, "Carol", Goal.Status.OVERDUE, readiness=0.3, due_on=over)
    learner(storage, "Dan")
    assert send() == "Sent 0 reminders and 1 digest.\n"
    assert mail.outbox[0].to == ["lea@example.com"]
    assert mail.outbox[0].subject == ("Storage squad: 1 overdue, 1 at risk, 1 on course, 1 ready")
    lines = body().splitlines()
    assert "1 overdue, 1 at risk, 1 on course, 1 ready. 62% recalled on average." in lines
    groups = [
        "Overdue",
        "- Carol, Storage by 1 March 2026: 30% today. Why Carol is.",
        "At risk",
        "- Bob, Storage by 12 March 2026: 64% today, 84% expected. Why Bob is.",
        "On course",
        "- Dan, Storage by 12 March 2026: 64% today, 88% expected.",
        "Ready",
        "- Alice, Storage by 1 March 2026: 90% today.",
    ]
    assert [line for line in lines if line in groups] == groups
    assert f"See the team: {SITE}/teams/{storage.pk}/" in lines
    assert f"{SITE}/reminders/stop/digest-" in mail.outbox[0].message()["List-Unsubscribe"]


def test_it_comes_once_a_week(storage: Team, time_machine: Any) -> None:
    learner(storage, "Alice")
    send()
    for later in (HOUR, DAY, 6 * DAY):
        time_machine.move_to(MORNING + later)
        assert send() == NOTHING
    time_machine.move_to(MORNING + 7 * DAY)
    assert send() == "Sent 0 reminders and 1 digest.\n"
    assert [each.day.weekday() for each in Mailing.objects.all()] == [0, 0]


def test_it_comes_at_the_lead_s_own_hour_whatever_the_days_of_reminders(
    storage: Team, time_machine: Any
) -> None:
    User.objects.filter(name="Lea").update(
        reminder_hour=7, timezone="America/New_York", reminder_days=[3]
    )
    learner(storage, "Alice")
    time_machine.move_to(MORNING + 2 * HOUR)
    assert send() == NOTHING
    time_machine.move_to(MORNING + 3 * HOUR)
    assert send() == "Sent 0 reminders and 1 digest.\n"


def test_one_mail_for_all_the_teams_that_somebody_leads(storage: Team) -> None:
    lea = User.objects.get(name="Lea")
    other = TeamFactory(name="Networking")
    MembershipFactory(team=other, user=lea, role=Membership.Role.LEAD)
    empty = TeamFactory(name="Empty")
    MembershipFactory(team=empty, user=lea, role=Membership.Role.LEAD)
    learner(storage, "Alice")
    learner(other, "Bob", Goal.Status.AT_RISK)
    assert send() == "Sent 0 reminders and 1 digest.\n"
    assert mail.outbox[0].subject == "Your teams: 1 at risk, 1 on course"
    text = body()
    assert text.index("NETWORKING") < text.index("Bob") < text.index("STORAGE SQUAD")
    assert "EMPTY" not in text


def test_every_lead_of_a_team_gets_one_and_the_team_is_looked_at_once(
    storage: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[Team] = []
    monkeypatch.setattr(counting, "refresh", lambda team, _now: counted.append(team))
    lead(storage, "Max")
    learner(storage, "Alice")
    assert send() == "Sent 0 reminders and 2 digests.\n"
    assert counted == [storage]


@pytest.mark.parametrize("why", ["no members", "archived", "stopped", "member", "left", "away"])
def test_nobody_gets_one_without_cause(storage: Team, why: str) -> None:
    leas = Membership.objects.get(user__name="Lea")
    if why != "no members":
        learner(storage, "Alice")
    if why == "archived":
        Team.objects.update(archived_at=MORNING)
    if why == "stopped":
        User.objects.filter(name="Lea").update(wants_digest=False)
    if why == "member":
        Membership.objects.update(role=Membership.Role.MEMBER)
    if why == "left":
        Membership.objects.filter(pk=leas.pk).update(left_at=MORNING)
    if why == "away":
        Absence.objects.create(membership=leas, first_day=TODAY, last_day=TODAY)
    assert send() == NOTHING
    assert not Mailing.objects.exists()


def test_an_administrator_gets_none_for_teams_of_others(storage: Team) -> None:
    learner(storage, "Alice")
    admin = lead(TeamFactory(), "Ada", is_superuser=True)
    Membership.objects.filter(user=admin).delete()
    send()
    assert [message.to for message in mail.outbox] == [["lea@example.com"]]


def test_it_says_what_has_changed_in_a_week(storage: Team) -> None:
    alice = learner(storage, "Alice", readiness=0.7)
    bob = learner(storage, "Bob", Goal.Status.AT_RISK, readiness=0.5)
    note(alice, days=7, readiness=0.5, forecast=0.9)
    note(bob, days=12, readiness=0.1, forecast=0.1)
    note(bob, days=7, readiness=0.55, forecast=0.9)
    note(bob, days=1, readiness=0.4, forecast=0.4)
    send()
    assert "60% recalled on average, 7 points more than a week ago." in body()
    assert "Bob, Storage by 12 March 2026: 50% today, 88% expected, 5 points less" in body()
    assert "Why Bob is. On course a week ago." in body()
    assert body().count("On course a week ago") == 1


def test_it_names_the_topic_of_which_several_were_wrongly_sure(storage: Team) -> None:
    alice, bob = learner(storage, "Alice").user, learner(storage, "Bob").user
    services = QuestionFactory(topic=TopicFactory(title="Services"))
    volumes = QuestionFactory(topic=TopicFactory(title="Volumes"))
    wrong_though_sure(alice, services)
    wrong_though_sure(bob, services)
    for _ in range(3):
        wrong_though_sure(alice, volumes)
    wrong_though_sure(UserFactory(), volumes)
    send()
    assert "Most often wrong though sure this week: Services, 2 answers of 2 people." in body()
    assert "Volumes" not in body()


def wrong_though_sure(user: User, question: Any, ago: timedelta = HOUR) -> None:
    outcome = answer(user, question, Rating.AGAIN, now=MORNING - ago)
    type(outcome.review).objects.filter(user=user, score__lt=1).update(is_sure=True)


def test_what_was_wrong_long_ago_is_not_told(storage: Team) -> None:
    question = QuestionFactory()
    for name in ("Alice", "Bob"):
        wrong_though_sure(learner(storage, name).user, question, ago=8 * DAY)
    send()
    assert "wrong though sure" not in body()


def test_a_large_team_is_told_of_in_short(storage: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letters, "LISTED", 2)
    for number in range(5):
        learner(storage, f"Bob{number}", Goal.Status.AT_RISK)
    send()
    assert "5 at risk" in mail.outbox[0].subject
    assert "- and 3 more" in body()
    assert "<li>and 3 more</li>" in str(mail.outbox[0].alternatives[0][0])


def test_names_are_words_in_html(storage: Team) -> None:
    Team.objects.update(name="<script>\nalert()")
    learner(storage, "<b>Alice</b>", reason="<i>Late</i>")
    send()
    html = str(mail.outbox[0].alternatives[0][0])
    assert "&lt;script&gt;" in html
    assert not any(tag in html for tag in ("<script", "<b>", "<i>"))
    assert mail.outbox[0].subject == "<script> alert(): 1 on course"


def test_nobody_s_name_adds_lines_of_its_own(storage: Team) -> None:
    User.objects.filter(name="Lea").update(name="Lea\nand Max")
    Team.objects.update(name="Storage\nsquad")
    learner(storage, "Alice\n\nYour password has expired")
    send()
    lines = body().splitlines()
    assert lines[:3] == ["Hello Lea and Max,", "", "STORAGE SQUAD"]
    assert any(line.startswith("- Alice Your password has expired, Storage") for line in lines)


def test_a_digest_costs_as_much_for_many_members_as_for_few(storage: Team) -> None:
    def queries() -> int:
        Mailing.objects.all().delete()
        with CaptureQueriesContext(connection) as captured:
            assert send() == "Sent 0 reminders and 1 digest.\n"
        return len(captured)

    learner(storage, "Alice")
    few = queries()
    for number in range(20):
        learner(storage, f"Bob{number}")
    assert queries() == few


def test_a_lead_sees_the_digest_of_a_team_before_it_comes(
    as_dora: Client, platform: Team, storage: Team
) -> None:
    learner(platform, "Alice", Goal.Status.AT_RISK)
    page = as_dora.get(f"/teams/{platform.pk}/digest/")
    assert page.status_code == 200
    text = page.content.decode()
    assert "Platform: 1 at risk" in text
    assert "Why Alice is." in text
    assert text.count("Stop these digests: ") == 1  # in plain text
    assert "<style" not in text
    assert "style=" not in text
    assert not mail.outbox
    assert not Mailing.objects.exists()


def test_where_there_is_nothing_to_tell_the_preview_says_what_to_do(
    as_dora: Client, platform: Team
) -> None:
    page = as_dora.get(f"/teams/{platform.pk}/digest/")
    assert b"nobody in this team has an assignment" in page.content
    assert f"/teams/{platform.pk}/assignments/".encode() in page.content


def test_the_digest_of_a_team_is_for_its_leads(
    as_alice: Client, alice: User, as_dora: Client, platform: Team, storage: Team
) -> None:
    MembershipFactory(team=platform, user=alice)
    assert as_alice.get(f"/teams/{platform.pk}/digest/").status_code == 404
    assert as_dora.get(f"/teams/{storage.pk}/digest/").status_code == 404
    assert Client().get(f"/teams/{platform.pk}/digest/").status_code == 302
