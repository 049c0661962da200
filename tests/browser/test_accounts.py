"""The pages for accounts in Chromium: passkeys, codes, and what axe says of them."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from playwright.sync_api import Page, expect

from quizapp.scheduling.models import Review
from quizapp.teams.models import User
from tests.account.people import PASSWORD, member
from tests.account.test_entering import code_for
from tests.browser.conftest import OpenPage
from tests.browser.learner import fill, start
from tests.browser.test_pages import assert_sound
from tests.factories import QuestionFactory

LONG = f"{'averyveryverylongname' * 2}@{'averyverylongdomain' * 2}.example.com"


@pytest.fixture(autouse=True)
def nobody_has_tried_yet() -> None:
    cache.clear()


def sign_in(page: Page, email: str = "alice@example.com") -> None:
    page.goto("/account/login/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def confirm_that_it_is_me(page: Page) -> None:
    expect(page.locator("h1")).to_have_text("Is it you?")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()


def open_link(page: Page) -> None:
    body = str(mail.outbox[-1].body)
    page.goto(next(word for word in body.split() if word.startswith("http")))


def with_authenticator(page: Page) -> Any:
    """A device that keeps passkeys, and whose owner is always there."""
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
    }
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return device


def on_localhost(page: Page, live_server: Any) -> str:
    """Passkeys belong to a name, which an address of numbers is not."""
    return str(live_server.url).replace("127.0.0.1", "localhost")


def test_a_guest_creates_an_account_and_confirms_it(page: Page) -> None:
    QuestionFactory()
    start(page)
    fill(page, "single_choice", is_right=True)
    page.get_by_role("button", name="Check").click()
    expect(page.locator(".verdict")).to_be_visible()
    page.goto("/account/signup/")
    expect(page.locator(".lead")).to_contain_text("comes with you")
    page.get_by_label("E-mail").fill("alice@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create the account").click()
    expect(page.locator("h1")).to_have_text("Look into your mail")
    page.get_by_role("link", name="Go on learning").click()
    expect(page.locator("main h1").first).to_be_visible()
    open_link(page)
    page.get_by_role("button", name="Yes, confirm it").click()
    expect(page.locator("h1").first).to_be_visible()
    page.goto("/account/email/")
    expect(page.locator(".lead")).to_have_text("alice@example.com")
    alice = User.objects.get()
    assert Review.objects.of(alice).count() == 1


def test_a_guest_brings_along_what_was_learned(page: Page) -> None:
    alice = member()
    QuestionFactory()
    start(page)
    fill(page, "single_choice", is_right=True)
    page.get_by_role("button", name="Check").click()
    expect(page.locator(".verdict")).to_be_visible()
    sign_in(page)
    expect(page.locator("h1")).to_have_text("Bring it along?")
    assert_sound(page)
    page.get_by_role("button", name="Bring it along").click()
    page.wait_for_url("**/")
    page.go_back()
    page.goto("/account/bring-along/")
    page.wait_for_url("**/")
    assert Review.objects.of(alice).count() == 1


def test_a_passkey_is_added_and_signs_in(open_page: OpenPage, live_server: Any) -> None:
    page = open_page()
    here = on_localhost(page, live_server)
    member()
    with_authenticator(page)
    page.goto(f"{here}/account/login/")
    page.get_by_label("E-mail").fill("alice@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{here}/")
    page.goto(f"{here}/account/2fa/webauthn/add/")
    confirm_that_it_is_me(page)
    page.get_by_label("Name").fill("My laptop")
    page.get_by_label("Sign in with this passkey alone").check()
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.locator("h1")).to_have_text("Recovery codes")
    page.goto(f"{here}/account/2fa/webauthn/")
    expect(page.locator(".rows")).to_contain_text("My laptop")
    expect(page.locator(".rows")).to_contain_text("Signs you in alone")
    page.goto(f"{here}/account/logout/")
    page.get_by_role("button", name="Sign out").last.click()
    page.wait_for_url(f"{here}/")
    page.goto(f"{here}/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{here}/")
    page.goto(f"{here}/account/email/")
    expect(page.locator(".lead")).to_have_text("alice@example.com")


def test_a_passkey_that_is_not_given_is_told(open_page: OpenPage) -> None:
    page = open_page()
    page.add_init_script("navigator.credentials.get = () => Promise.reject(new Error('not now'))")
    page.goto("/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("That did not work.")
    assert page.url.endswith("/account/login/")


def test_codes_are_switched_on_and_asked_for(page: Page) -> None:
    member()
    sign_in(page)
    page.goto("/account/2fa/totp/activate/")
    confirm_that_it_is_me(page)
    secret = page.locator("#secret").inner_text()
    expect(page.locator(".qr svg")).to_be_visible()
    page.get_by_label("Code from the app").fill(code_for(secret))
    page.get_by_role("button", name="Switch codes on").click()
    expect(page.locator(".codes li")).to_have_count(10)
    recovery = page.locator(".codes li").first.inner_text()
    page.goto("/account/logout/")
    page.get_by_role("button", name="Sign out").last.click()
    sign_in(page)
    expect(page.locator("h1")).to_have_text("One step more")
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator(".errorlist")).to_contain_text("not right")
    page.get_by_label("Code").fill(recovery)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/")
    page.goto("/account/2fa/")
    expect(page.locator("main")).to_contain_text("9 codes left")


@pytest.mark.parametrize("path", ["login", "signup", "password/reset", "confirm-email"])
def test_the_pages_of_visitors(page: Page, path: str) -> None:
    page.goto(f"/account/{path}/")
    assert_sound(page)
    button = page.locator("main button.is-primary")
    if button.count():
        page.locator("main form.stack").evaluate("form => { form.noValidate = true }")
        button.click()
        expect(page.locator(".errorlist").first).to_be_visible()
        assert_sound(page)


def test_the_pages_of_members(page: Page) -> None:
    member(LONG)
    sign_in(page, LONG)
    page.goto("/account/2fa/totp/activate/")
    assert_sound(page)
    confirm_that_it_is_me(page)
    paths = ["2fa/totp/activate", "2fa", "2fa/webauthn", "2fa/webauthn/add", "email"]
    for path in [*paths, "password/change", "sessions", "3rdparty", "logout"]:
        page.goto(f"/account/{path}/")
        assert_sound(page)
