"""Alice, who learns, Charlie, who has no business with what is hers, and Eve, who edits."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from quizapp.teams.models import User
from tests.factories import UserFactory


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
