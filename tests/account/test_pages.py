"""Every page of the accounts: it is ours in look and words, whatever state it is asked for in."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.urls import urlpatterns
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

from tests.account.people import PASSWORD, link, member, sign_in, sign_up, start_as_guest

pytestmark = pytest.mark.django_db

FOR_VISITORS = [
    "account_login",
    "account_signup",
    "account_inactive",
    "account_email_verification_sent",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "socialaccount_login_cancelled",
    "socialaccount_login_error",
]
FOR_MEMBERS = [
    "account_logout",
    "account_reauthenticate",
    "account_email",
    "account_change_password",
    "account_reset_password",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "socialaccount_connections",
    "usersessions_list",
]
WITH_CODES = [
    "mfa_index",
    "mfa_deactivate_totp",
    "mfa_generate_recovery_codes",
    "mfa_view_recovery_codes",
    "mfa_reauthenticate",
]
FOREIGN = ("Sign Up", "Sign In", "Email", "third-party", "Two-Factor", "Authenticator App")


def assert_ours(response: Any, *, primary: int = 1) -> None:
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    page = response.content.decode()
    text = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    assert '<header class="page-header">' in text
    assert "quizapp/account.css" in text
    assert text.count("<h1>") == 1
    assert text.count("is-primary") <= primary
    assert not [word for word in FOREIGN if word in text]
    assert "style=" not in text
    assert "placeholder=" not in text
    main = text[text.index("<main") :]
    ids = set(re.findall(r'<label for="(\w+)"', main))
    for field in re.findall(r"<input [^>]+>", main):
        if 'type="hidden"' not in field and 'type="radio"' not in field:
            found = re.search(r" id=\"(\w+)\"", field)
            assert found
            assert found[1] in ids


@pytest.fixture
def as_alice(client: Client) -> Client:
    member(name="Alice")
    sign_in(client)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


@pytest.mark.parametrize("name", FOR_VISITORS)
@pytest.mark.parametrize("who", ["visitor", "guest"])
def test_what_visitors_see(client: Client, name: str, who: str) -> None:
    if who == "guest":
        start_as_guest(client)
    response = client.get(reverse(name))
    if name == "socialaccount_login_error":
        response.status_code = 200
    assert_ours(response)


@pytest.mark.parametrize("name", FOR_MEMBERS)
def test_what_members_see(as_alice: Client, name: str) -> None:
    assert_ours(as_alice.get(reverse(name)))


@pytest.mark.parametrize("name", WITH_CODES)
def test_what_members_with_codes_see(as_alice: Client, name: str) -> None:
    alice = EmailAddress.objects.get().user
    TOTP.activate(alice, "A" * 32)
    RecoveryCodes.activate(alice)
    assert_ours(as_alice.get(reverse(name)))
    assert "/account/2fa/recovery-codes/" in as_alice.get(reverse("mfa_index")).content.decode()


def test_what_members_with_a_passkey_see(as_alice: Client) -> None:
    alice = EmailAddress.objects.get().user
    key = Authenticator.objects.create(
        user=alice, type="webauthn", data={"name": "My <phone>", "credential": {}}
    )
    assert_ours(as_alice.get(reverse("mfa_index")))
    listed = as_alice.get(reverse("mfa_list_webauthn"))
    assert_ours(listed)
    assert "My &lt;phone&gt;" in listed.content.decode()
    assert_ours(as_alice.get(reverse("mfa_edit_webauthn", args=[key.pk])))
    assert_ours(as_alice.get(reverse("mfa_remove_webauthn", args=[key.pk])))


def test_a_passkey_of_somebody_else_is_not_found(as_alice: Client) -> None:
    key = Authenticator.objects.create(
        user=member("bob@example.com"), type="webauthn", data={"name": "Bob's", "credential": {}}
    )
    for page in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        assert as_alice.get(reverse(page, args=[key.pk])).status_code == 404
        assert as_alice.post(reverse(page, args=[key.pk]), {"name": "x"}).status_code == 404
    assert Authenticator.objects.get().data["name"] == "Bob's"


def test_a_member_without_a_password_sets_one(as_alice: Client) -> None:
    alice = EmailAddress.objects.get().user
    alice.set_unusable_password()
    alice.save()
    as_alice.force_login(alice)
    assert_ours(as_alice.get(reverse("account_set_password")))
    fields = {"password1": PASSWORD, "password2": PASSWORD}
    as_alice.post(reverse("account_set_password"), fields)
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)


def test_links_that_work_and_links_that_do_not(client: Client) -> None:
    sign_up(client)
    assert_ours(client.get(link()))
    assert_ours(client.get("/account/confirm-email/forged/"))
    assert_ours(client.get("/account/password/reset/key/1-forged/"))


def test_the_question_about_what_to_bring_along(client: Client) -> None:
    member()
    start_as_guest(client)
    assert_ours(sign_in(client))


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("account_login", {}),
        ("account_login", {"login": "x", "password": "x"}),
        ("account_signup", {}),
        ("account_signup", {"email": "x", "password1": "short"}),
        ("account_reset_password", {"email": "x"}),
    ],
)
def test_mistakes_stand_by_their_fields(client: Client, name: str, fields: dict[str, str]) -> None:
    response = client.post(reverse(name), fields)
    assert_ours(response)
    page = response.content.decode()
    assert "errorlist" in page
    for field in re.findall(r"<input [^>]*aria-invalid[^>]*>", page):
        described = re.search(r'aria-describedby="([^"]+)"', field)
        assert described
        assert all(f'id="{part}"' in page for part in described[1].split())


def test_a_guest_is_a_visitor_to_every_page_of_members(client: Client) -> None:
    start_as_guest(client)
    for name in FOR_MEMBERS:
        if name == "account_reset_password":
            continue
        response = client.get(reverse(name))
        assert response.status_code == 302
        assert response["Location"] == "/" or response["Location"].startswith("/account/login/")


def test_all_pages_of_the_library_take_guests_for_visitors() -> None:
    def views(patterns: list[Any]) -> list[Any]:
        found: list[Any] = []
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                found += views(pattern.url_patterns)
            elif isinstance(pattern, URLPattern):
                found.append(pattern.callback)
        return found

    modules = {view.__module__ for view in views(list(urlpatterns))}
    assert {module.split(".")[0] for module in modules} <= {"allauth", "django"}
    assert "django.views.generic.base" in modules  # redirects of old addresses, for anybody


def test_no_policy_is_weakened(as_alice: Client) -> None:
    for name in FOR_MEMBERS:
        policy = as_alice.get(reverse(name)).headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "form-action 'self'" in policy
        assert "data:" not in policy
        assert "unsafe" not in policy
