from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from quizapp.teams.models import User
from tests.factories import UserFactory
from tests.scheduling.studying import MORNING


@pytest.fixture(autouse=True)
def morning(time_machine: Any) -> None:
    """It is a Monday morning, and stays so."""
    time_machine.move_to(MORNING, tick=False)


@pytest.fixture
def alice() -> User:
    return UserFactory(name="Alice")


@pytest.fixture
def as_alice(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


@pytest.fixture
def as_charlie() -> Client:
    """An outsider."""
    client = Client()
    client.force_login(UserFactory(name="Charlie"))
    return client
