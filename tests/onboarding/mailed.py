"""Members who can be sent mail and have something to do, for tests."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import StringIO
from typing import Any

from django.core.management import call_command

from quizapp.content.models import Question
from quizapp.scheduling.memory import State
from quizapp.scheduling.models import Card
from quizapp.teams.addresses import vouch
from quizapp.teams.models import Membership, Team, User
from tests.factories import MembershipFactory, QuestionFactory, UserFactory
from tests.scheduling.studying import MORNING

SITE = "https://quiz.example.com"


def person(name: str, **fields: Any) -> User:
    user: User = UserFactory(name=name, email=f"{name.lower()}@example.com", **fields)
    vouch(user)
    return user


def member(team: Team, name: str, *, due: int = 1, **fields: Any) -> User:
    """Somebody in the team with so many reviews that are due."""
    user = person(name, **fields)
    MembershipFactory(team=team, user=user)
    make_due(user, due)
    return user


def lead(team: Team, name: str, **fields: Any) -> User:
    user = person(name, **fields)
    MembershipFactory(team=team, user=user, role=Membership.Role.LEAD)
    return user


def make_due(
    user: User, number: int = 1, *, since: datetime = MORNING - timedelta(days=1), **fields: Any
) -> None:
    for _ in range(number):
        due_card(user, QuestionFactory(), since=since, **fields)


def due_card(
    user: User, question: Question, *, since: datetime = MORNING - timedelta(days=1), **fields: Any
) -> Card:
    return Card.objects.create(
        user=user,
        question=question,
        state=State.REVIEW,
        stability=5,
        difficulty=5,
        due=since,
        last_review=since - timedelta(days=5),
        reps=3,
        **fields,
    )


def send() -> str:
    out = StringIO()
    call_command("sendreminders", stdout=out)
    return out.getvalue()
