"""Signing in through a provider of identities, with a real one on the loopback interface."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.test import Client

from quizapp.scheduling.models import Review
from quizapp.teams.models import User
from tests.account.issuer import CLIENT_ID, CLIENT_SECRET, Issuer
from tests.account.people import confirm, link, member, sign_in, sign_up, signed_in, start_as_guest

pytestmark = pytest.mark.django_db

LOGIN = "/account/oidc/provider/login/"
ALICE = {"sub": "1", "email": "Alice@example.com", "email_verified": True, "name": "Alice Archer"}


@pytest.fixture(scope="module")
def running() -> Iterator[Issuer]:
    issuer = Issuer()
    yield issuer
    issuer.stop()


@pytest.fixture
def issuer(running: Issuer, settings: Any) -> Issuer:
    running.claims = dict(ALICE)
    app = {
        "provider_id": "provider",
        "name": "Example Corp",
        "client_id": CLIENT_ID,
        "secret": CLIENT_SECRET,
        "settings": {"server_url": running.url},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}
    }
    return running


def press(client: Client, issuer: Issuer, **query: str) -> str:
    """Press the button; the address to which the browser is taken."""
    moment = client.post(f"{LOGIN}?{urlencode(query)}").content.decode()
    away = re.search(r'class="button is-primary" href="([^"]+)"', moment)
    assert away
    assert f"content=\"0;URL='{away[1]}'\"" in moment
    url = html.unescape(away[1])
    assert url.startswith(f"{issuer.url}/authorize?")
    return url


def go_through(client: Client, issuer: Issuer, **query: str) -> Any:
    """Press the button, sign in there, and come back."""
    back = issuer.authorize(press(client, issuer, **query))
    return client.get(back.removeprefix("http://testserver"), follow=True)


def test_without_a_provider_there_is_no_button(client: Client) -> None:
    assert "Sign in with a passkey" in client.get("/account/login/").content.decode()
    assert "oidc" not in client.get("/account/login/").content.decode()
    assert client.post(LOGIN).status_code == 404


@pytest.mark.parametrize("page", ["/account/login/", "/account/signup/"])
def test_the_button_names_the_provider(client: Client, issuer: Issuer, page: str) -> None:
    text = client.get(page).content.decode()
    assert "Sign in with Example Corp" in " ".join(text.split())
    assert f'action="{LOGIN}?process=login' in text


def test_somebody_new_gets_an_account_with_the_address_that_is_vouched_for(
    client: Client, issuer: Issuer
) -> None:
    arrived = go_through(client, issuer, next="/keys/")
    assert arrived.redirect_chain[-1][0] == "/keys/"
    alice = signed_in(client)
    assert alice
    assert (alice.email, alice.name, alice.is_guest) == ("alice@example.com", "Alice Archer", False)
    assert EmailAddress.objects.get().verified
    assert not alice.has_usable_password()
    assert not mail.outbox
    again = Client()
    go_through(again, issuer)
    assert signed_in(again) == alice
    assert User.objects.count() == 1


def test_a_guest_keeps_everything(client: Client, issuer: Issuer) -> None:
    guest = start_as_guest(client, answers=2)
    sign_up(client, "slip@example.com")
    go_through(client, issuer)
    alice = User.objects.get()
    assert alice == guest == signed_in(client)
    assert (alice.email, alice.is_guest) == ("alice@example.com", False)
    assert Review.objects.of(alice).count() == 2
    assert EmailAddress.objects.get().email == "alice@example.com"


def test_a_guest_who_has_an_account_there_is_asked_what_to_bring_along(
    client: Client, issuer: Issuer
) -> None:
    go_through(Client(), issuer)
    start_as_guest(client, answers=2)
    asked = go_through(client, issuer)
    assert "<strong>2 questions</strong>" in asked.content.decode()
    client.post("/account/bring-along/", {"action": "bring"})
    alice = User.objects.get()
    assert Review.objects.of(alice).count() == 2


def test_an_account_with_the_same_confirmed_address_is_the_same_person(
    client: Client, issuer: Issuer
) -> None:
    alice = member()
    go_through(client, issuer)
    assert signed_in(client) == alice
    assert SocialAccount.objects.get().user == alice
    assert sign_in(Client()).wsgi_request.user == alice
    assert mail.outbox[0].subject == "Another way to sign in"


@pytest.mark.parametrize("said", [False, None, "false", "true", 1])
def test_an_address_that_nobody_vouches_for_opens_no_account(
    client: Client, issuer: Issuer, said: Any
) -> None:
    alice = member()
    issuer.claims["email_verified"] = said
    page = go_through(client, issuer)
    assert "Look into your mail" in page.content.decode()
    assert signed_in(client) is None
    assert not SocialAccount.objects.exists()
    assert User.objects.get() == alice
    assert "There is one already" in str(mail.outbox[0].body)


def test_somebody_new_with_such_an_address_confirms_it_first(
    client: Client, issuer: Issuer
) -> None:
    guest = start_as_guest(client)
    issuer.claims["email_verified"] = False
    go_through(client, issuer)
    guest.refresh_from_db()
    assert (guest.email, guest.is_guest) == (None, True)
    confirm(client)
    guest.refresh_from_db()
    assert (guest.email, guest.is_guest) == ("alice@example.com", False)
    assert signed_in(client) == guest


def test_a_claim_by_somebody_else_is_no_hindrance(client: Client, issuer: Issuer) -> None:
    mallory = Client()
    sign_up(mallory, "alice@example.com")
    go_through(client, issuer)
    alice = signed_in(client)
    assert alice
    assert alice.email == "alice@example.com"
    assert EmailAddress.objects.get().user == alice
    assert "used already" in mallory.get(link(0)).content.decode()


def test_a_member_connects_the_provider_and_disconnects_it(client: Client, issuer: Issuer) -> None:
    alice = member("somebody@example.com")
    sign_in(client)
    sign_in(client, "somebody@example.com")
    assert "Connect Example Corp" in " ".join(
        client.get("/account/3rdparty/").content.decode().split()
    )
    again = client.post(f"{LOGIN}?process=connect")
    assert again.status_code in (200, 302)
    client.post(
        "/account/reauthenticate/",
        {"password": "correct horse battery staple", "next": "/account/3rdparty/"},
    )
    go_through(client, issuer, process="connect")
    account = SocialAccount.objects.get()
    assert account.user == alice
    client.post("/account/3rdparty/", {"account": account.pk})
    assert not SocialAccount.objects.exists()


def test_what_goes_wrong_there_is_told(client: Client, issuer: Issuer) -> None:
    state = parse_qs(urlsplit(press(client, issuer)).query)["state"][0]
    given_up = {"error": "access_denied", "state": state}
    page = client.get("/account/oidc/provider/login/callback/", given_up, follow=True)
    assert "Not signed in" in page.content.decode()
    page = client.get("/account/oidc/provider/login/callback/", {"code": "x", "state": "forged"})
    assert "That did not work" in page.content.decode()
    assert signed_in(client) is None


def test_sign_up_through_the_provider_can_be_switched_off_by_itself(
    client: Client, issuer: Issuer, settings: Any
) -> None:
    settings.QUIZAPP_OIDC_SIGN_UP = False
    assert "Ask your administrator" in go_through(client, issuer).content.decode()
    assert not User.objects.exists()
    settings.QUIZAPP_OIDC_SIGN_UP, settings.QUIZAPP_SIGN_UP = True, False
    go_through(client, issuer)
    assert signed_in(client) == User.objects.get()
