from __future__ import annotations

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse

from quizapp.teams.addresses import vouch_for_all
from quizapp.teams.models import User
from tests.account.people import PASSWORD, link, member, sign_in, signed_in, start_as_guest
from tests.factories import QuestionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    return member(name="Alice")


def test_a_learner_who_is_no_staff_signs_in_and_arrives_home(client: Client, alice: User) -> None:
    response = sign_in(client)
    assert response.wsgi_request.user == alice
    assert response.redirect_chain == [("/", 302)]
    assert not mail.outbox


@pytest.mark.parametrize("onward", ["//[", "http://[", "https://]/", "//evil.example"])
def test_an_address_that_is_none_leads_home(client: Client, alice: User, onward: str) -> None:
    address = reverse("account_login", query={"next": onward})
    assert client.get(address).status_code == 200
    response = client.post(address, {"login": alice.email, "password": PASSWORD, "next": onward})
    assert response.headers["Location"] == "/"


def test_the_session_is_a_long_one(client: Client, alice: User) -> None:
    sign_in(client)
    assert client.session.get_expiry_age() == 365 * 24 * 60 * 60
    assert client.cookies["sessionid"]["max-age"] == 365 * 24 * 60 * 60


def test_the_address_may_be_written_in_capitals(client: Client, alice: User) -> None:
    assert sign_in(client, "Alice@Example.com").wsgi_request.user == alice


def test_so_may_one_from_before_addresses_were_kept_in_small_letters(
    client: Client, alice: User
) -> None:
    User.objects.update(email="Alice@example.com")
    assert sign_in(client, "alice@example.com").wsgi_request.user == alice
    assert EmailAddress.objects.get(user=alice).email == "alice@example.com"


@pytest.mark.parametrize(
    "mistake", [{"password": "guess"}, {"login": "bob@example.com"}, {"login": "a\0b"}]
)
def test_a_mistake_is_told_and_nobody_is_signed_in(
    client: Client, alice: User, mistake: dict[str, str]
) -> None:
    response = sign_in(client, **mistake)
    assert signed_in(client) is None
    assert "errorlist" in response.content.decode()


def test_a_wrong_password_does_not_tell_whether_there_is_an_account(
    client: Client, alice: User
) -> None:
    for name in ("alice@example.com", "nobody@example.com"):
        page = sign_in(client, name, password="guess").content.decode()
        assert "The e-mail address or the password is wrong." in page


def test_somebody_who_was_shut_out_cannot_sign_in(client: Client, alice: User) -> None:
    User.objects.update(is_active=False)
    sign_in(client)
    assert signed_in(client) is None


@pytest.mark.parametrize(
    ("target", "arrival"),
    [
        ("/keys/", "/keys/"),
        ("https://elsewhere.example.com/", "/"),
        ("//elsewhere.example.com/", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_signing_in_leads_to_our_own_pages_only(
    client: Client, alice: User, target: str, arrival: str
) -> None:
    assert sign_in(client, next=target).redirect_chain == [(arrival, 302)]


def test_the_old_address_of_the_page_still_leads_there(client: Client) -> None:
    response = client.get("/sign-in/", {"next": "/suspended/"})
    assert response["Location"] == "/account/login/?next=%2Fsuspended%2F"


def test_signing_out_takes_a_form_and_arrives_home(client: Client, alice: User) -> None:
    sign_in(client)
    assert "Sign out" in client.get("/account/logout/").content.decode()
    assert signed_in(client) == alice
    response = client.post("/account/logout/", follow=True)
    assert signed_in(client) is None
    assert response.redirect_chain == [("/", 302)]


def test_a_guest_who_asks_to_be_signed_out_stays(client: Client) -> None:
    guest = start_as_guest(client)
    client.post("/account/logout/")
    assert signed_in(client) == guest


@pytest.mark.parametrize("guests", [True, False])
def test_a_visitor_finds_the_way_to_sign_in(client: Client, settings: Any, *, guests: bool) -> None:
    settings.QUIZAPP_GUESTS = guests
    QuestionFactory()
    page = client.get("/").content.decode()
    assert "Sign in</a>" in page
    assert ("Start</button>" in page) is guests


def test_a_new_password_is_chosen_by_mail_and_signs_in(client: Client, alice: User) -> None:
    done = client.post("/account/password/reset/", {"email": "Alice@example.com"}, follow=True)
    assert "We have sent you a link" in done.content.decode()
    assert mail.outbox[0].to == ["alice@example.com"]
    form = client.get(link(), follow=True)
    new = {"password1": "another staple", "password2": "another staple"}
    client.post(form.redirect_chain[-1][0], new)
    assert signed_in(client) == alice
    assert "by a link that we had sent you" in str(mail.outbox[1].body)
    client.logout()
    assert "no longer works" in client.get(link(0), follow=True).content.decode()
    sign_in(client)
    assert signed_in(client) is None
    sign_in(client, password="another staple")
    assert signed_in(client) == alice


def test_a_changed_password_ends_the_sessions_elsewhere(client: Client, alice: User) -> None:
    elsewhere = Client()
    sign_in(elsewhere)
    sign_in(client)
    new = {"password1": "another staple", "password2": "another staple"}
    client.post("/account/password/change/", {"oldpassword": PASSWORD, **new})
    assert client.get("/settings/").status_code == 200
    assert elsewhere.get("/settings/")["Location"] == "/"


def test_asking_for_a_new_password_does_not_tell_whether_there_is_an_account(
    client: Client, alice: User
) -> None:
    pages = [
        client.post("/account/password/reset/", {"email": name}, follow=True).content
        for name in ("alice@example.com", "nobody@example.com")
    ]
    assert pages[0] == pages[1]
    assert "There is no account with this address" in str(mail.outbox[1].body)


def test_an_address_that_is_yet_to_be_confirmed_gets_no_new_password(
    client: Client, alice: User
) -> None:
    """It may hold a slip, and be a stranger's."""
    sign_in(client)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    client.post("/account/email/", {"email": "slip@example.com", "action_add": ""})
    assert mail.outbox[0].to == ["slip@example.com"]
    for address, sentence in (
        ("slip@example.com", "There is no account with this address"),
        ("alice@example.com", "Open this link to choose a new password"),
    ):
        Client().post("/account/password/reset/", {"email": address})
        assert mail.outbox[-1].to == [address]
        assert sentence in str(mail.outbox[-1].body)


def test_accounts_from_before_there_was_a_sign_up_go_on_without_confirming(
    client: Client, alice: User
) -> None:
    vouch_for_all()
    vouch_for_all()
    address = EmailAddress.objects.get()
    assert (address.user, address.verified, address.primary) == (alice, True, True)


def test_a_member_changes_the_address_by_a_link_sent_to_the_new_one(
    client: Client, alice: User
) -> None:
    sign_in(client)
    new = {"email": "new@example.com", "action_add": ""}
    again = client.post("/account/email/", new)
    assert again["Location"].startswith("/account/reauthenticate/?next=")
    client.post(again["Location"], {"password": PASSWORD, "next": "/account/email/"})
    alice.refresh_from_db()
    assert alice.email == "alice@example.com"
    assert mail.outbox[0].to == ["new@example.com"]
    client.post(link(0))
    alice.refresh_from_db()
    assert alice.email == "new@example.com"
    assert mail.outbox[1].to == ["alice@example.com"]
    assert "from alice@example.com to new@example.com" in str(mail.outbox[1].body)


def test_an_address_that_is_too_long_is_refused(client: Client, alice: User) -> None:
    sign_in(client)
    long = f"alice@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.example.com"
    response = client.post("/account/email/", {"email": long, "action_add": ""})
    assert "Give an address of 254 letters or fewer." in response.content.decode()
    assert EmailAddress.objects.get().email == alice.email


def test_nobody_takes_the_address_of_somebody_else(client: Client, alice: User) -> None:
    bob = member("bob@example.com")
    sign_in(Client())
    sign_in(client, "bob@example.com")
    again = client.post("/account/email/", {"email": alice.email, "action_add": ""})
    client.post(again["Location"], {"password": PASSWORD, "next": "/account/email/"})
    assert "alice@example.com belongs to another account" in client.get(link()).content.decode()
    client.post(link())
    bob.refresh_from_db()
    assert bob.email == "bob@example.com"


def test_whoever_gives_an_address_up_need_not_confirm_it(client: Client, alice: User) -> None:
    sign_in(client)
    again = client.post("/account/email/", {"email": "slip@example.com", "action_add": ""})
    client.post(again["Location"], {"password": PASSWORD, "next": "/account/email/"})
    assert "slip@example.com" in client.get("/account/email/").content.decode()
    client.post("/account/email/", {"email": "slip@example.com", "action_remove": ""})
    assert "slip@example.com" not in client.get("/account/email/").content.decode()
    assert client.get(link(0)).status_code == 200
    alice.refresh_from_db()
    assert alice.email == "alice@example.com"
