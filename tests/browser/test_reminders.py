"""Reminders in a browser: the mails by themselves, their previews, and one click to stop."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from quizapp.onboarding.reminders.digesting import Standing, TeamWeek, WrongTopic
from quizapp.onboarding.reminders.letters import Letter, digest_letter, reminder_letter
from quizapp.onboarding.reminders.reminding import GoalStanding, Reminder
from quizapp.scheduling.models import Goal
from quizapp.teams.models import Team, User
from tests.browser.test_pages import LONG, assert_sound
from tests.factories import TeamFactory
from tests.onboarding.mailed import lead, make_due

SITE = "https://quiz.example.com"
DUE = date(2026, 3, 12)


@pytest.fixture
def lea() -> User:
    return lead(TeamFactory(name=LONG[:100]), "Lea")


def the_reminder(user: User) -> Letter:
    goals = [
        GoalStanding(LONG, DUE, 0.85, 0.64, 0.88),
        GoalStanding("Storage", DUE, 0.8, 0.5, None),
    ]
    return reminder_letter(user, Reminder(31, 4, 8, goals), [LONG[:100]], SITE)


def the_digest(user: User) -> Letter:
    standings = [
        Standing(
            LONG,
            "Storage",
            DUE,
            status,
            "Nothing since Monday.",
            target=0.8,
            readiness=0.6,
            forecast=0.7,
            change=-0.05,
            was_on_course=True,
        )
        for status in Goal.Status
    ]
    week = TeamWeek(Team.objects.get(), standings, WrongTopic("Services", 5, 3))
    letter = digest_letter(user, [week], SITE)
    assert letter
    return letter


@pytest.mark.parametrize("write", [the_reminder, the_digest])
def test_the_mails_are_sound_by_themselves(page: Page, lea: User, write: Any) -> None:
    page.set_content(write(lea).html)
    assert_sound(page)
    page.emulate_media(color_scheme="dark")
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == "rgb(22, 24, 28)"


@pytest.fixture
def as_lea(page: Page, lea: User, live_server: Any) -> Page:
    client = Client()
    client.force_login(lea)
    key = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": key, "url": live_server.url}])
    return page


@pytest.mark.parametrize("address", ["/settings/reminders/", "/settings/reminders/preview/"])
def test_the_pages_are_sound(as_lea: Page, lea: User, address: str) -> None:
    make_due(lea, 3)
    as_lea.goto(address)
    assert_sound(as_lea)


def test_days_are_chosen_and_a_mistake_is_told(as_lea: Page) -> None:
    as_lea.goto("/settings/reminders/")
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"):
        as_lea.get_by_label(day, exact=True).uncheck()
    as_lea.get_by_role("button", name="Save").click()
    expect(as_lea.get_by_text("Choose at least one day")).to_be_visible()
    assert_sound(as_lea)
    as_lea.get_by_label("Saturday").check()
    as_lea.get_by_role("button", name="Save").click()
    expect(as_lea.locator(".notice")).to_have_text("Your reminders are set.")
    assert User.objects.get().reminder_days == [5]


def test_reminders_are_stopped_by_one_click_without_signing_in(page: Page, lea: User) -> None:
    page.goto(the_reminder(lea).stop_url.removeprefix(SITE))
    expect(page.locator("h1")).to_have_text("Stop the reminders?")
    assert_sound(page)
    page.get_by_role("button", name="Stop the reminders").click()
    expect(page.locator("h1")).to_have_text("Stopped.")
    assert_sound(page)
    page.get_by_role("button", name="Start again").click()
    expect(page.locator("h1")).to_have_text("Stop the reminders?")
    assert User.objects.get().wants_reminders is True
