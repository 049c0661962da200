"""A team at work, for tests: members with a goal each, and responses as their forms give them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from quizapp.content.models import Question, Topic
from quizapp.grading.base import opaque_id
from quizapp.scheduling.answers import Verdict, record
from quizapp.scheduling.goals.syncing import sync
from quizapp.scheduling.memory import Rating
from quizapp.scheduling.models import Review
from quizapp.teams.models import Assignment, Team, User
from tests.factories import AssignmentFactory, MembershipFactory, TrackFactory, UserFactory
from tests.scheduling.studying import MORNING, card_of, show


def join(team: Team, *names: str) -> list[User]:
    users = [UserFactory(name=name) for name in names]
    for user in users:
        MembershipFactory(team=team, user=user)
    sync(team)
    return users


def assign(team: Team, *topics: Topic, **values: Any) -> Assignment:
    track = TrackFactory(topics=list(topics), title=values.pop("title", "Basics"))
    made: Assignment = AssignmentFactory(team=team, track=track, **values)
    sync(team)
    return made


def choose(
    user: User,
    question: Question,
    option: str,
    now: datetime = MORNING,
    *,
    is_sure: bool | None = True,
) -> Review:
    """Respond to a single choice with the option of this text."""
    return give(user, question, opaque_id(option), now, is_sure=is_sure)


def give(
    user: User,
    question: Question,
    response: Any,
    now: datetime = MORNING,
    *,
    is_sure: bool | None = True,
) -> Review:
    grade = question.parsed_spec.grade(response)
    record(
        show(user, question, now),
        user=user,
        question=question,
        card=card_of(user, question),
        verdict=Verdict(
            response, grade, Rating.GOOD if grade.is_correct else Rating.AGAIN, is_sure
        ),
        now=now,
    )
    return Review.objects.of(user).filter(question=question).latest("pk")
