"""The administration, switches, and what administrators do for others."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.management import call_command
from django.test import Client

from quizapp.account.sessions import end_sessions
from quizapp.teams.models import SetupLink, User
from tests.account.people import PASSWORD, member, sign_in, sign_up, signed_in, start_as_guest
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def code_for(secret: str) -> str:
    """What an authenticator app shows now."""
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(secret, counter)))


def test_the_administration_is_entered_where_everybody_signs_in(client: Client) -> None:
    member("root@example.com", is_staff=True, is_superuser=True)
    response = client.get("/admin/", follow=True)
    assert response.redirect_chain[-1][0] == "/account/login/?next=%2Fadmin%2F"
    assert sign_in(client, "root@example.com", next="/admin/").redirect_chain[-1][0] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_its_own_form_takes_no_password(client: Client) -> None:
    member("root@example.com", is_staff=True, is_superuser=True)
    fields = {"username": "root@example.com", "password": PASSWORD}
    assert client.post("/admin/login/", fields).status_code == 405
    assert signed_in(client) is None


def test_a_code_is_asked_for_on_the_way_to_the_administration_too(client: Client) -> None:
    root = member("root@example.com", is_staff=True, is_superuser=True)
    secret = "A" * 32
    TOTP.activate(root, secret)
    asked = sign_in(client, "root@example.com", next="/admin/")
    assert asked.redirect_chain[-1][0] == "/account/2fa/authenticate/"
    assert client.get("/admin/").status_code == 302
    wrong = client.post("/account/2fa/authenticate/", {"code": "000000"})
    assert "That code is not right" in wrong.content.decode()
    right = client.post("/account/2fa/authenticate/", {"code": code_for(secret)})
    assert right["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_a_guest_who_goes_there_may_sign_in_and_a_member_may_not_enter(client: Client) -> None:
    start_as_guest(client)
    assert client.get("/admin/login/")["Location"].startswith("/account/login/")
    client.force_login(UserFactory())
    assert client.get("/admin/login/").status_code == 403


def test_the_first_administrator_confirms_nothing(client: Client) -> None:
    fields = {"email": "Root@Example.com", "password": PASSWORD, "password_again": PASSWORD}
    client.post(f"/setup/{SetupLink.issue()}/", fields)
    assert EmailAddress.objects.get(email="root@example.com").verified
    assert UserSession.objects.get().user == signed_in(client)
    client.logout()
    assert sign_in(client, "root@example.com").wsgi_request.user.is_superuser
    assert not mail.outbox


def test_a_learner_whom_an_administrator_has_made_confirms_nothing(client: Client) -> None:
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    fields = {"email": "Alice@example.com", "password1": PASSWORD, "password2": PASSWORD}
    client.post("/admin/quizapp/user/add/", {**fields, "timezone": "UTC"})
    alice = User.objects.get(email="alice@example.com")
    assert EmailAddress.objects.get(user=alice).verified
    visitor = Client()
    assert sign_in(visitor).wsgi_request.user == alice
    assert not mail.outbox


def test_an_administrator_who_changes_an_address_vouches_for_the_new_one(client: Client) -> None:
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    alice = member()
    sign_in(Client())
    url = f"/admin/quizapp/user/{alice.pk}/change/"
    form = client.get(url).context["adminform"].form
    values = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    sent = {name: value for name, value in values.items() if value not in (None, False)}
    assert client.post(url, sent | {"email": "new@example.com"}).status_code == 302
    assert [a.email for a in EmailAddress.objects.filter(user=alice)] == ["new@example.com"]
    assert sign_in(Client(), "new@example.com").wsgi_request.user == alice


def test_an_administrator_made_by_the_command_signs_in(client: Client, monkeypatch: Any) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", email="Root@example.com", interactive=False, verbosity=0)
    assert sign_in(client, "root@example.com").wsgi_request.user.is_superuser


def test_where_sign_up_is_off_the_page_says_whom_to_ask(client: Client, settings: Any) -> None:
    settings.QUIZAPP_SIGN_UP = False
    guest = start_as_guest(client)
    before = User.objects.values().get(pk=guest.pk)
    assert "Ask your administrator" in client.get("/account/signup/").content.decode()
    assert "Ask your administrator" in sign_up(client).content.decode()
    assert User.objects.values().get() == before
    assert not mail.outbox
    page = client.get("/account/login/").content.decode()
    assert "/account/signup/" not in page
    client.post("/account/password/reset/", {"email": "nobody@example.com"})
    assert "/signup/" not in str(mail.outbox[0].body)


def test_all_sessions_of_somebody_are_ended_and_nobody_elses() -> None:
    alice, bob = member(), member("bob@example.com")
    browsers = [Client(), Client(), Client()]
    sign_in(browsers[0])
    browsers[1].force_login(alice)  # as before there was a list of sessions
    sign_in(browsers[2], "bob@example.com")
    assert end_sessions(alice) == 2
    assert [signed_in(browser) for browser in browsers] == [None, None, bob]
    assert Session.objects.count() == 1
    assert UserSession.objects.get().user == bob


def test_sessions_of_a_guest_are_ended_too(client: Client) -> None:
    guest = start_as_guest(client)
    assert end_sessions(guest) == 1
    assert signed_in(client) is None


def test_a_member_signs_out_everywhere_else(client: Client) -> None:
    alice = member()
    other = Client()
    sign_in(other)
    sign_in(client)
    page = client.get("/account/sessions/").content.decode()
    assert "This browser" in page
    assert "Another browser" in page
    client.post("/account/sessions/")
    assert [signed_in(client), signed_in(other)] == [alice, None]


def test_the_sweep_forgets_places_where_nobody_is_signed_in_any_more() -> None:
    member()
    left, stayed = Client(), Client()
    sign_in(left)
    sign_in(stayed)
    left.logout()
    call_command("sweepguests", stdout=StringIO())
    assert UserSession.objects.get().session_key == stayed.session.session_key


def test_a_code_works_once_and_a_recovery_code_instead(client: Client) -> None:
    alice = member()
    sign_in(client)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    form = client.get("/account/2fa/totp/activate/").context["form"]
    wrong = client.post("/account/2fa/totp/activate/", {"code": "000000"})
    assert "That code is not right" in wrong.content.decode()
    done = client.post("/account/2fa/totp/activate/", {"code": code_for(form.secret)}, follow=True)
    codes = done.context["unused_codes"]
    assert len(codes) == 10
    assert codes[0] in done.content.decode()
    assert Authenticator.objects.filter(user=alice).count() == 2
    again = Client()
    sign_in(again)
    again.post("/account/2fa/authenticate/", {"code": codes[0]})
    assert signed_in(again) == alice
    again = Client()
    sign_in(again)
    again.post("/account/2fa/authenticate/", {"code": codes[0]})
    assert signed_in(again) is None
