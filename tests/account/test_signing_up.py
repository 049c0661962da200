from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.utils import timezone

from quizapp.scheduling.models import Card, Review
from quizapp.scheduling.sweeping import sweep_guests
from quizapp.teams.models import User
from tests.account.people import (
    PASSWORD,
    confirm,
    link,
    member,
    sign_in,
    sign_up,
    signed_in,
    start_as_guest,
)

TOO_LONG = f"alice@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.example.com"

pytestmark = pytest.mark.django_db


def test_a_visitor_signs_up_confirms_and_is_signed_in(client: Client) -> None:
    page = sign_up(client, "Alice@Example.com")
    assert "Look into your mail" in page.content.decode()
    assert signed_in(client) is None
    assert mail.outbox[0].to == ["alice@example.com"]
    asked = client.get(link()).content.decode()
    assert "Is <strong>alice@example.com</strong> your address?" in asked
    confirm(client)
    alice = User.objects.get()
    assert signed_in(client) == alice
    assert (alice.email, alice.is_guest, alice.timezone) == (
        "alice@example.com",
        False,
        "Asia/Tokyo",
    )
    alice.full_clean(exclude=["password"])


def test_looking_at_the_link_confirms_nothing(client: Client) -> None:
    sign_up(client)
    client.get(link())
    assert not EmailAddress.objects.get().verified


def test_the_link_may_be_opened_in_another_browser(client: Client) -> None:
    sign_up(client)
    elsewhere = Client()
    arrived = confirm(elsewhere)
    assert arrived.redirect_chain[-1][0] == "/account/login/"
    assert "alice@example.com is confirmed." in arrived.content.decode()
    assert signed_in(elsewhere) is None
    sign_in(elsewhere)
    assert signed_in(elsewhere) == User.objects.get()


def test_without_confirming_nobody_signs_in_but_gets_a_new_link(
    client: Client, time_machine: Any
) -> None:
    sign_up(client)
    time_machine.move_to(timezone.now() + timedelta(days=4))
    assert "used already, or is too old" in client.get(link()).content.decode()
    client = Client()
    assert "Look into your mail" in sign_in(client).content.decode()
    assert signed_in(client) is None
    assert len(mail.outbox) == 2
    confirm(client)
    assert signed_in(client) == User.objects.get()


def test_a_guest_who_signs_up_keeps_everything(client: Client) -> None:
    guest = start_as_guest(client, answers=3)
    sign_up(client)
    assert signed_in(client) == guest
    assert client.get("/review/").status_code == 200
    confirm(client)
    alice = User.objects.get()
    assert alice == guest == signed_in(client)
    assert (alice.email, alice.is_guest) == ("alice@example.com", False)
    assert Review.objects.of(alice).count() == Card.objects.of(alice).count() == 3
    assert sign_in(Client()).wsgi_request.user == alice


def test_until_then_the_guest_learns_on_as_a_guest(client: Client) -> None:
    guest = start_as_guest(client)
    page = sign_up(client).content.decode()
    assert "go on learning in this browser" in page
    guest.refresh_from_db()
    assert (guest.email, guest.is_guest) == (None, True)
    guest.full_clean(exclude=["password"])
    assert client.get("/review/").status_code == 200


def test_a_guest_who_confirms_on_the_phone_is_a_member_in_this_browser_too(client: Client) -> None:
    guest = start_as_guest(client)
    sign_up(client)
    confirm(Client())
    member = signed_in(client)
    assert member == guest
    assert not member.is_guest
    assert client.get("/account/email/").status_code == 200


def test_a_slip_in_the_address_is_mended_by_signing_up_anew(client: Client) -> None:
    guest = start_as_guest(client)
    sign_up(client, "alcie@example.com")
    sign_up(client, "alice@example.com")
    assert signed_in(client) == guest
    assert "used already" in client.get(link(0)).content.decode()
    confirm(client, link(1))
    alice = User.objects.get()
    assert (alice.pk, alice.email) == (guest.pk, "alice@example.com")


def test_a_taken_address_is_not_given_away_and_the_guest_stays_as_it_was(client: Client) -> None:
    member("bob@example.com")
    free = sign_up(Client(), "alice@example.com")
    guest = start_as_guest(client)
    before = User.objects.values().get(pk=guest.pk)
    taken = sign_up(Client(), "bob@example.com")
    assert taken.content == free.content
    sign_up(client, "bob@example.com")
    assert User.objects.values().get(pk=guest.pk) == before
    assert signed_in(client) == guest
    assert mail.outbox[-1].to == ["bob@example.com"]
    assert "There is one already" in str(mail.outbox[-1].body)
    assert User.objects.filter(email="bob@example.com").count() == 1


def test_whoever_proves_the_address_first_has_it(client: Client, time_machine: Any) -> None:
    mallory = Client()
    start_as_guest(mallory)
    sign_up(mallory, "alice@example.com", "the password of mallory")
    guest = start_as_guest(client)
    time_machine.move_to(timezone.now() + timedelta(minutes=4))
    sign_up(client)
    confirm(client, link(1))
    assert signed_in(client) == guest
    assert "used already" in mallory.get(link(0)).content.decode()
    sign_in(mallory, password="the password of mallory")
    assert User.objects.get(email="alice@example.com") == guest


def test_the_same_form_sent_twice_leaves_the_link_good(client: Client) -> None:
    guest = start_as_guest(client)
    sign_up(client)
    sign_up(client, "Alice@example.com")
    assert len(mail.outbox) == 1
    confirm(client)
    assert signed_in(client) == guest
    assert User.objects.get().email == "alice@example.com"


def test_one_address_gets_one_mail_in_three_minutes(client: Client) -> None:
    sign_up(client)
    assert "Look into your mail" in sign_up(client).content.decode()
    assert len(mail.outbox) == 1


def test_a_claim_is_no_account_for_which_a_password_could_be_reset(client: Client) -> None:
    sign_up(client)
    client.post("/account/password/reset/", {"email": "alice@example.com"})
    assert "There is no account with this address" in str(mail.outbox[1].body)


@pytest.mark.parametrize(
    ("email", "password", "sentence"),
    [
        ("nobody", PASSWORD, "Enter a valid email address."),
        ("", PASSWORD, "This field is required."),
        (TOO_LONG, PASSWORD, "Give an address of 254 letters or fewer."),
        ("alice@example.com", "short", "This password is too short."),
        ("alice@example.com", "password", "This password is too common."),
        ("alice@example.com", "alice@example.com", "too similar to the email"),
    ],
)
def test_a_mistake_is_told_and_nothing_is_made(
    client: Client, email: str, password: str, sentence: str
) -> None:
    assert sentence in sign_up(client, email, password).content.decode()
    assert not User.objects.exists()
    assert not mail.outbox


def test_the_sweep_leaves_an_account_that_waits_for_its_confirmation(client: Client) -> None:
    guest = start_as_guest(client, answers=1)
    long_ago = timezone.now() - timedelta(days=200)
    User.objects.update(date_joined=long_ago)
    Review.objects.update(reviewed_at=long_ago)
    sign_up(client)
    assert sweep_guests(timezone.now(), timedelta(days=90)) == 0
    assert User.objects.get() == guest
    assert sweep_guests(timezone.now() + timedelta(days=91), timedelta(days=90)) == 1
    assert not EmailAddress.objects.exists()
