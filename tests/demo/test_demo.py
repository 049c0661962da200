"""The demo: that it is a history such as people leave, and that it spares real databases."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client

from quizapp.content.models import Question
from quizapp.demo import seeding
from quizapp.demo.people import LEAD_EMAIL, PEOPLE
from quizapp.scheduling.cards import replayed
from quizapp.scheduling.models import Card, Goal, ReadinessNote, Review
from quizapp.scheduling.tallies import rebuild_missing
from quizapp.teams.models import Team, User
from tests.factories import QuestionFactory, TopicFactory, TrackFactory, UserFactory
from tests.kinds import SAMPLES

NOW = datetime(2026, 11, 26, 15, tzinfo=UTC)
SOME = (PEOPLE[5], PEOPLE[-1])

pytestmark = pytest.mark.django_db


@pytest.fixture
def content() -> None:
    for slug in (seeding.TRACK, seeding.FIRST_TRACK):
        topic = TopicFactory()
        for kind in (*SAMPLES, *SAMPLES):
            QuestionFactory(topic=topic, kind=kind)
        TrackFactory(slug=slug, topics=[topic])


@pytest.fixture
def team(content: None) -> Team:
    with time_machine.travel(NOW, tick=False):
        return seeding.seed(NOW, lambda _: None, SOME)


def test_the_team_has_the_history_that_people_leave(team: Team) -> None:
    for person in SOME:
        user = User.objects.get(email=person.email)
        cards = Card.objects.of(user)
        assert cards
        for card in cards.select_related("question"):
            assert replayed(user, card.question) == card.memory
    assert rebuild_missing() == 0
    assert not Review.objects.filter(reviewed_at__gt=NOW).exists()
    assert Review.objects.earliest("reviewed_at").reviewed_at < NOW - timedelta(weeks=7)
    assert Review.objects.filter(is_sure=True, score__lt=1).exists()
    goals = Goal.objects.filter(assignment__team=team)
    assert {goal.user.email for goal in goals} == {person.email for person in SOME}
    assert all(goal.status and goal.reason for goal in goals)
    assert ReadinessNote.objects.exclude(outcome=None).exists()


def test_the_command_gives_a_password_that_works(
    content: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed: Callable[..., Team] = seeding.seed
    monkeypatch.setattr(seeding, "seed", lambda now, tell: seed(now, tell, SOME[-1:]))
    told = io.StringIO()
    with time_machine.travel(NOW, tick=False):
        call_command("demo", stdout=told)
    password = told.getvalue().split()[-1]
    assert Client().login(username=LEAD_EMAIL, password=password)
    answers = Review.objects.count()
    again = io.StringIO()
    call_command("demo", stdout=again)
    assert Review.objects.count() == answers
    assert not Client().login(username=LEAD_EMAIL, password=password)


def test_a_database_with_people_is_left_alone(content: None) -> None:
    UserFactory()
    with pytest.raises(CommandError, match="run `make demo`"):
        call_command("demo")
    assert User.objects.count() == 1
    assert Question.objects.exists()
