"""People at the pages for accounts, for tests: they sign up, open links and sign in."""

from __future__ import annotations

import re
from typing import Any

from django.core import mail
from django.test import Client

from quizapp.teams.models import User
from tests.factories import QuestionFactory
from tests.scheduling.studying import answer

PASSWORD = "correct horse battery staple"


def member(email: str = "alice@example.com", **fields: Any) -> User:
    return User.objects.create_user(email, PASSWORD, **fields)


def start_as_guest(client: Client, answers: int = 1) -> User:
    """Press Start and answer some questions."""
    client.post("/start/")
    guest = User.objects.get(pk=client.session["_auth_user_id"])
    for _ in range(answers):
        answer(guest, QuestionFactory())
    return guest


def sign_up(client: Client, email: str = "alice@example.com", password: str = PASSWORD) -> Any:
    return client.post(
        "/account/signup/",
        {"email": email, "password1": password, "timezone": "Asia/Tokyo"},
        follow=True,
    )


def sign_in(client: Client, email: str = "alice@example.com", **fields: str) -> Any:
    given = {"login": email, "password": PASSWORD} | fields
    return client.post("/account/login/", given, follow=True)


def link(number: int = -1) -> str:
    """The path of the link in a mail, the latest if none is given."""
    found = re.search(r"https?://testserver(/\S+)", str(mail.outbox[number].body))
    assert found
    return found[1]


def confirm(client: Client, address: str | None = None) -> Any:
    return client.post(address or link(), follow=True)


def signed_in(client: Client) -> User | None:
    key = client.session.get("_auth_user_id")
    return User.objects.get(pk=key) if key else None
