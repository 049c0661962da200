"""A team with everything that its pages can show: long names, all standings, shared mistakes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from quizapp.scheduling.goals.syncing import sync
from quizapp.scheduling.models import DayTally, Goal, ReadinessNote
from quizapp.teams import inviting
from quizapp.teams.models import Absence, Assignment, Membership, Team, User
from tests.factories import (
    AssignmentFactory,
    MembershipFactory,
    QuestionFactory,
    TopicFactory,
    TrackFactory,
    UserFactory,
)
from tests.progress.team.onboarded import choose
from tests.progress.team.people import AT_RISK, FIGURES, OVERDUE, READY

LONG = "Anunbreakablenamethatgoesonandon" * 4
NAMES = (LONG, "Ben", "Chiara", "Daniel", "Elif", "Farid", "Grace", "Henrik Sørensen-Villadsen")
STANDINGS: tuple[dict[str, Any], ...] = (AT_RISK, OVERDUE, READY, {})
WEEK = timedelta(days=7)
ANSWERS = 1413


@dataclass(frozen=True)
class AtWork:
    team: Team
    members: list[User]
    assignment: Assignment
    link: str

    def address(self, page: str) -> str:
        return page.format(team=self.team.pk, member=self.members[0].pk, pk=self.assignment.pk)


def at_work(team: Team, lead: User, now: datetime) -> AtWork:
    """This team, with eight members and three assignments that run, one that ended, and invites."""
    Team.objects.filter(pk=team.pk).update(
        name=LONG[:100], domains=["example.com", f"{LONG[:60]}.example.org"]
    )
    team.refresh_from_db()
    members = [_member(team, name, now) for name in NAMES]
    first = _assigned(team, lead, members, now)
    _counted(team, now)
    _remembered(first, members, now)
    _missed(first, members, now)
    made = inviting.make_link(team, lead, 14, 10, now)
    inviting.make_for([f"{LONG[:60]}@example.com", "iris@example.com"], team, lead, 14, now)
    revoked = inviting.make_link(team, lead, 14, None, now).invite
    type(revoked).objects.filter(pk=revoked.pk).revoke(now)
    return AtWork(team, members, first, f"/join/{made.token}/")


def _member(team: Team, name: str, now: datetime) -> User:
    user: User = UserFactory(name=name, email=f"{name[:60].lower().replace(' ', '')}@example.com")
    joined = MembershipFactory(team=team, user=user, joined_at=now - 12 * WEEK)
    if name.startswith("Grace"):
        today = now.date()
        Absence.objects.create(membership=joined, first_day=today, last_day=today + WEEK)
    return user


def _assigned(team: Team, lead: User, members: list[User], now: datetime) -> Assignment:
    """To everybody by a date, to everybody some days after joining, to one, and one that ended."""
    titles = (LONG, "Choosing a controller", "Storage components", "Volumes")
    topics = [TopicFactory(title=title) for title in titles]
    for topic in topics:
        QuestionFactory.create_batch(2, topic=topic, stem=f"Why of `{LONG}` and so on?")
    basics = TrackFactory(title=f"Basics of {LONG}", summary=LONG, topics=topics)
    storage = TrackFactory(title="Storage", topics=topics[2:])
    due = now.date() + 4 * WEEK
    first: Assignment = AssignmentFactory(team=team, track=basics, due_on=due, created_by=lead)
    AssignmentFactory(team=team, track=storage, due_days=56, created_by=lead)
    one = Membership.objects.get(team=team, user=members[0])
    AssignmentFactory(team=team, track=storage, membership=one, due_on=due, created_by=lead)
    AssignmentFactory(team=team, track=storage, due_on=due, ended_at=now, created_by=lead)
    sync(team)
    return first


def _counted(team: Team, now: datetime) -> None:
    counted = FIGURES | {"counted_at": now, "last_answer_at": now - WEEK, "answers": ANSWERS}
    for place, goal in enumerate(Goal.objects.filter(membership__team=team).order_by("pk")):
        figures = counted | STANDINGS[place % len(STANDINGS)]
        Goal.objects.filter(pk=goal.pk).update(**figures)


def _remembered(assignment: Assignment, members: list[User], now: datetime) -> None:
    """What was done and expected on each of the last weeks, and on dates that have come."""
    for member in members:
        for ago in range(8):
            day = now.date() - ago * WEEK
            done = {"reviews": 300, "known": 90, "recalled": 80, "duration_ms": 9_000_000}
            DayTally.objects.create(user=member, day=day, **done)
            has_come = ago > 3
            ReadinessNote.objects.create(
                assignment=assignment,
                user=member,
                noted_on=day,
                due_on=day + 3 * WEEK if has_come else assignment.due_on,
                readiness=0.9 - ago / 10,
                forecast=0.9,
                forecast_low=0.8,
                forecast_high=0.95,
                outcome=0.85 if has_come else None,
            )


def _missed(assignment: Assignment, members: list[User], now: datetime) -> None:
    """Two of four who were sure chose the same wrong option, and slipped on another question."""
    topic = assignment.track.topics.first()
    assert topic
    missed, slipping = topic.questions.all()
    for member, option in zip(members, ("NodePort", "NodePort", *["ClusterIP"] * 2), strict=False):
        choose(member, missed, option, now - WEEK)
        for ago, said in ((20, "ClusterIP"), (10, "ClusterIP"), (1, "NodePort")):
            choose(member, slipping, said, now - timedelta(days=ago))
