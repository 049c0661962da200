"""Alice, who learns, Charlie, who has no business with what is hers, Eve, who edits, and Dora,
who leads the team Platform."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
from django.contrib.auth.models import Group
from django.test import Client, TransactionTestCase

from quizapp.teams.models import Membership, Team, User
from tests import flushing
from tests.factories import MembershipFactory, TeamFactory, UserFactory

# The same examples every time and no stopwatch, so that what fails is what was changed. Others are
# looked for with `--hypothesis-profile=default`.
hypothesis.settings.load_profile("ci")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The database as ever, which tests that commit leave faster than by Django's flush."""
    with django_db_blocker.unblock():
        kept = flushing.rows_of_migrations()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: flushing.flush(kept))
        yield


@pytest.fixture
def alice() -> User:
    return UserFactory(name="Alice")


@pytest.fixture
def as_alice(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


@pytest.fixture
def charlie() -> User:
    return UserFactory(name="Charlie")


@pytest.fixture
def as_charlie(charlie: User) -> Client:
    client = Client()
    client.force_login(charlie)
    return client


@pytest.fixture
def eve() -> User:
    eve: User = UserFactory(name="Eve", email="eve@example.com")
    eve.groups.add(Group.objects.get(name="Editors"))
    return eve


@pytest.fixture
def as_eve(eve: User) -> Client:
    client = Client()
    client.force_login(eve)
    return client


@pytest.fixture
def dora() -> User:
    return UserFactory(name="Dora", email="dora@example.com")


@pytest.fixture
def as_dora(dora: User) -> Client:
    client = Client()
    client.force_login(dora)
    return client


@pytest.fixture
def platform(dora: User) -> Team:
    """A team that Dora leads, with nobody else in it yet."""
    team: Team = TeamFactory(name="Platform")
    MembershipFactory(team=team, user=dora, role=Membership.Role.LEAD)
    return team
