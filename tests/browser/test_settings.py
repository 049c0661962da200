"""Settings in a browser: the cost moves with the slider; and the pages are sound."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import Page, expect

from quizapp.teams.models import User
from tests.browser.conftest import OpenPage
from tests.browser.learner import start
from tests.browser.test_pages import LONG, assert_sound
from tests.factories import QuestionFactory, TopicFactory


def open_settings(page: Page) -> None:
    QuestionFactory.create_batch(60, topic=TopicFactory())
    start(page)
    page.goto("/settings/")
    expect(page.locator("h1")).to_have_text("Settings")


def test_the_cost_changes_as_the_slider_moves_by_the_keyboard(page: Page) -> None:
    open_settings(page)
    cost = page.locator("#cost")
    expect(cost).to_contain_text("At 90%:")
    slider = page.get_by_role("slider", name="Desired retention")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(cost).to_contain_text("At 91%:")
    expect(page.get_by_role("spinbutton", name="Desired retention")).to_have_value("91")
    page.keyboard.press("End")
    expect(cost).to_contain_text("At 97%:")
    expect(slider).to_be_focused()
    page.get_by_role("spinbutton", name="Desired retention").fill("75")
    expect(cost).to_contain_text("At 75%:")
    expect(slider).to_have_value("75")
    before = cost.inner_text()
    page.get_by_label("New questions a day").fill("1")
    expect(cost).not_to_have_text(before)
    assert User.objects.get().desired_retention == 0.9  # nothing is saved yet


def test_enter_saves_and_the_comparison_comes_when_asked_for(page: Page) -> None:
    open_settings(page)
    page.get_by_role("button", name="Show what other values cost").click()
    expect(page.locator("#compared tbody tr")).to_have_count(4)
    name = page.get_by_label("Name")
    name.fill("Alice")
    name.press("Enter")
    expect(page.locator(".notice")).to_have_text("Your settings are saved.")
    assert User.objects.get().name == "Alice"


def test_without_script_it_all_works(open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False)
    open_settings(page)
    expect(page.get_by_role("slider")).to_have_count(0)
    page.get_by_role("spinbutton", name="Desired retention").fill("80")
    page.get_by_label("Sunday").check()
    page.get_by_role("button", name="Show what other values cost").click()
    expect(page.locator("#cost")).to_contain_text("At 80%:")
    expect(page.locator("#compared tbody tr")).to_have_count(4)
    expect(page.get_by_label("Sunday")).to_be_checked()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".notice")).to_have_text("Your settings are saved.")
    assert User.objects.get().easy_days == [6]
    assert User.objects.get().desired_retention == 0.8


def test_a_guest_takes_everything_along_and_goes(page: Page) -> None:
    open_settings(page)
    page.get_by_role("link", name="Delete your account").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Everything, as JSON").click()
    assert json.loads(Path(download.value.path()).read_text())["format"] == 1
    page.get_by_label("Yes, delete everything").check()
    page.get_by_role("button", name="Delete everything").click()
    expect(page.locator(".notice")).to_have_text("Your account and everything in it is gone.")
    expect(page.get_by_role("button", name="Start")).to_be_visible()
    assert not User.objects.exists()


def test_the_pages_are_sound(page: Page) -> None:
    open_settings(page)
    User.objects.update(name=LONG, is_guest=False, email="alice@example.com")
    page.goto("/settings/")
    page.get_by_role("button", name="Show what other values cost").click()
    expect(page.locator("#compared tbody tr")).to_have_count(4)
    assert_sound(page)
    page.get_by_label("New questions a day").fill("500")
    page.locator("#settings-form").evaluate("form => { form.noValidate = true; }")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing is saved yet")
    assert_sound(page)
    for change in ({"is_guest": True}, {"is_guest": False, "is_superuser": True}):
        User.objects.update(**change)
        page.goto("/settings/delete/")
        assert_sound(page)
