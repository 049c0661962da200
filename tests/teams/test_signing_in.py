from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from quizapp.teams.models import User
from tests.factories import QuestionFactory

PASSWORD = "correct horse battery staple"

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    return User.objects.create_user("alice@example.com", PASSWORD, name="Alice")


def sign_in(client: Client, **fields: str) -> Any:
    given = {"username": "alice@example.com", "password": PASSWORD} | fields
    return client.post("/sign-in/", given, follow=True)


def test_a_learner_who_is_no_staff_signs_in_and_arrives_home(client: Client, alice: User) -> None:
    response = sign_in(client)
    assert response.wsgi_request.user == alice
    assert response.redirect_chain == [("/", 302)]


def test_the_address_may_be_written_in_capitals(client: Client, alice: User) -> None:
    assert sign_in(client, username="Alice@Example.com").wsgi_request.user == alice


@pytest.mark.parametrize(
    "mistake", [{"password": "guess"}, {"username": "bob@example.com"}, {"username": "a\0b"}]
)
def test_a_mistake_is_told_and_nobody_is_signed_in(
    client: Client, alice: User, mistake: dict[str, str]
) -> None:
    response = sign_in(client, **mistake)
    assert not response.wsgi_request.user.is_authenticated
    assert "errorlist" in response.content.decode()


def test_a_wrong_password_does_not_tell_whether_there_is_an_account(
    client: Client, alice: User
) -> None:
    for name in ("alice@example.com", "nobody@example.com"):
        page = sign_in(client, username=name, password="guess").content.decode()
        assert "The e-mail address or the password is wrong." in page


def test_somebody_who_was_shut_out_cannot_sign_in(client: Client, alice: User) -> None:
    User.objects.update(is_active=False)
    assert not sign_in(client).wsgi_request.user.is_authenticated


@pytest.mark.parametrize(
    ("target", "arrival"),
    [
        ("/suspended/", "/suspended/"),
        ("https://elsewhere.example.com/", "/"),
        ("//elsewhere.example.com/", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_signing_in_leads_to_our_own_pages_only(
    client: Client, alice: User, target: str, arrival: str
) -> None:
    page = client.get("/sign-in/", {"next": target})
    response = sign_in(client, next=page.context["next"])
    assert response.redirect_chain == [(arrival, 302)]
    assert sign_in(client, next=target).redirect_chain == [(arrival, 302)]


def test_signing_out_takes_a_form_and_arrives_home(client: Client, alice: User) -> None:
    home = sign_in(client).content.decode()
    assert 'action="/sign-out/"' in home
    assert client.get("/sign-out/").status_code == 405
    response = client.post("/sign-out/", follow=True)
    assert not response.wsgi_request.user.is_authenticated
    assert response.redirect_chain == [("/", 302)]


@pytest.mark.parametrize("guests", [True, False])
def test_a_visitor_finds_the_way_to_sign_in(client: Client, settings: Any, *, guests: bool) -> None:
    settings.QUIZAPP_GUESTS = guests
    QuestionFactory()
    page = client.get("/").content.decode()
    assert page.count('href="/sign-in/"') == 1
    assert ("Start" in page) is guests
    assert "Sign out" not in page


def test_a_guest_is_offered_neither_and_is_warned(client: Client, alice: User) -> None:
    QuestionFactory()
    client.post("/start/")
    home = client.get("/").content.decode()
    assert "Sign in" not in home
    assert "Sign out" not in home
    assert "leaves that progress behind" in client.get("/sign-in/").content.decode()
    client.force_login(alice)
    assert "leaves that progress behind" not in client.get("/sign-in/").content.decode()
