"""Members of a team with goals that have just been counted, for tests of what is shown of them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from quizapp.scheduling.goals.syncing import sync
from quizapp.scheduling.models import Goal
from quizapp.teams.models import Assignment, Membership, Team, User
from tests.factories import (
    AssignmentFactory,
    MembershipFactory,
    QuestionFactory,
    TopicFactory,
    TrackFactory,
    UserFactory,
)

NOW = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)
DUE = date(2026, 3, 12)

FIGURES: dict[str, Any] = {
    "counted_at": NOW,
    "total": 221,
    "seen": 140,
    "answers": 143,
    "readiness": 0.72,
    "readiness_low": 0.64,
    "readiness_high": 0.79,
    "forecast": 0.88,
    "forecast_low": 0.8,
    "forecast_high": 0.93,
    "minutes_needed": 8.0,
    "minutes_this_week": 52,
    "last_answer_at": NOW,
    "status": Goal.Status.ON_COURSE,
    "reason": "Expected to reach 88% by 12 March.",
}


def assignment_of(team: Team, **fields: Any) -> Assignment:
    """Of a track with one question, due on 12 March."""
    topic = TopicFactory()
    QuestionFactory(topic=topic)
    track = TrackFactory(title="Platform basics", topics=[topic])
    fields = {"due_on": DUE, "track": track, **fields}
    made: Assignment = AssignmentFactory(team=team, **fields)
    sync(team)
    return made


def member_of(team: Team, name: str | User, **figures: Any) -> User:
    """Somebody new in the team, whose goals, if any, have these figures."""
    user = name if isinstance(name, User) else UserFactory(name=name)
    membership = MembershipFactory(team=team, user=user)
    sync(team)
    stand(membership, **figures)
    return user


def stand(membership: Membership, **figures: Any) -> None:
    Goal.objects.filter(membership=membership).update(**FIGURES | figures)


AT_RISK = {
    "status": Goal.Status.AT_RISK,
    "readiness": 0.31,
    "forecast": 0.55,
    "forecast_low": 0.4,
    "forecast_high": 0.66,
    "minutes_this_week": 4,
    "reason": "Needs 14 minutes a day; the limit is 10.",
}
READY = {"status": Goal.Status.READY, "readiness": 0.91, "forecast": 0.93}
OVERDUE = {"status": Goal.Status.OVERDUE, "readiness": 0.4, "forecast": 0.4}
