"""A lead and two members, from the invite to the date: one goes on, the other slackens."""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from playwright.sync_api import Page, expect

from quizapp.content.models import Question
from quizapp.demo.people import Habits
from quizapp.demo.studying import Learner
from quizapp.scheduling.models import Goal, Review
from quizapp.teams.addresses import vouch
from quizapp.teams.models import User
from tests.account.people import PASSWORD
from tests.browser.conftest import OpenPage
from tests.browser.learner import fill, kind_shown, start
from tests.browser.test_preview import photograph, sign_in
from tests.factories import QuestionFactory, TopicFactory, TrackFactory, UserFactory
from tests.scheduling.studying import DAY, MORNING

DUE = MORNING + timedelta(days=28)
DILIGENT = Habits(weekdays=1, weekends=1, minutes=15, knack=0.8, fading=0.9)
QUESTIONS = 80
SLACKENS_ON = 6


@pytest.fixture(autouse=True)
def content(time_machine: Any, settings: Any) -> None:
    time_machine.move_to(MORNING)
    settings.QUIZAPP_URL = "https://quiz.example.com"
    cache.clear()
    topic = TopicFactory(title="Volumes")
    for _ in range(QUESTIONS):
        QuestionFactory(topic=topic, stem="What of single_choice?")
    TrackFactory(title="Storage", topics=[topic])


@pytest.fixture
def dora() -> User:
    dora: User = UserFactory(name="Dora", email="dora@example.com")
    vouch(dora)
    return dora


@pytest.fixture
def bob() -> User:
    bob: User = UserFactory(name="Bob", email="bob@example.com")
    bob.set_password(PASSWORD)
    bob.save()
    vouch(bob)
    return bob


def test_from_the_invite_to_the_date(
    open_page: OpenPage, live_server: Any, dora: User, bob: User, time_machine: Any
) -> None:
    lead = open_page()
    sign_in(lead, live_server, dora)
    create_a_team(lead)
    assign_the_track(lead)
    link = make_a_link(lead)

    newcomer = open_page()
    learn_as_a_guest(newcomer)
    join_with_a_new_account(newcomer, link)
    alice = User.objects.get(email="alice@example.com")
    User.objects.filter(pk=alice.pk).update(name="Alice")
    assert Review.objects.of(alice).count() == 1
    known = open_page()
    join_with_an_account(known, link)
    assert Goal.objects.count() == 2

    questions = {each.pk: each for each in Question.objects.all()}
    learners = [Learner(each, DILIGENT, questions) for each in (alice, bob)]
    for day in range(1, 28):
        now = MORNING + day * DAY
        time_machine.move_to(now)
        for learner in learners:
            learner.user.refresh_from_db()
            if learner.user == alice or day < SLACKENS_ON:
                learner.study(now)
        call_command("noteforecasts", stdout=io.StringIO())
        if day == SLACKENS_ON + 5:
            see_who_is_at_risk(lead, long_before=DUE - now)
            see_oneself(open_page, live_server, bob)
            be_reminded_once(bob, alice)
        if now.weekday() == 0 and day > 10:
            assert digest_says(dora, "At risk")
    time_machine.move_to(DUE)
    see_who_is_ready(lead)
    take_it_along(lead)


def create_a_team(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Account").click()
    page.get_by_role("link", name="Teams").click()
    page.get_by_label("Name").fill("Platform")
    page.get_by_role("button", name="Create the team").click()
    expect(page.locator("h1")).to_have_text("Platform")


def tab(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Team").get_by_role("link", name=name, exact=True).click()


def assign_the_track(page: Page) -> None:
    tab(page, "Assignments")
    page.get_by_role("link", name=re.compile("assign", re.IGNORECASE)).last.click()
    page.get_by_label("Storage").check()
    page.locator("[name=due_on]").fill(f"{DUE:%Y-%m-%d}")
    page.locator("[name=minutes]").fill("12")
    expect(page.locator("#assignment-check")).to_contain_text("Whoever starts from nothing")
    photograph(page, "team-assignment")
    page.get_by_role("button", name="Assign", exact=True).click()
    expect(page.locator("main")).to_contain_text("Storage")


def make_a_link(page: Page) -> str:
    tab(page, "Invites")
    page.get_by_role("button", name="Make a link").click()
    return page.get_by_role("textbox", name="The new link").input_value()


def learn_as_a_guest(page: Page) -> None:
    start(page)
    fill(page, kind_shown(page), is_right=True)
    page.get_by_role("button", name="Check").click()
    expect(page.locator(".verdict")).to_be_visible()


def join_with_a_new_account(page: Page, link: str) -> None:
    page.goto(link)
    expect(page.locator("main")).to_contain_text("They do not see your responses")
    page.get_by_role("link", name="Create an account").last.click()
    page.get_by_label("E-mail").fill("alice@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create the account").click()
    expect(page.locator("h1")).to_have_text("Look into your mail")
    page.goto(next(word for word in str(mail.outbox[-1].body).split() if "://" in word))
    page.get_by_role("button", name="Yes, confirm it").click()
    page.wait_for_load_state()
    page.goto(link)
    page.get_by_role("button", name="Join Platform").click()
    expect(page.locator("main")).to_contain_text("You are in Platform")
    expect(page.locator("main")).to_contain_text("Storage")


def join_with_an_account(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_role("link", name="Sign in").last.click()
    page.get_by_label("E-mail").fill("bob@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Join Platform").click()
    expect(page.locator("main")).to_contain_text("You are in Platform")


def row_of(page: Page, name: str) -> Any:
    return page.locator("tbody tr").filter(has_text=name)


def see_who_is_at_risk(page: Page, *, long_before: timedelta) -> None:
    assert long_before > timedelta(days=14)
    page.goto("/teams/")
    page.get_by_role("link", name="Platform").first.click()
    expect(row_of(page, "Bob")).to_contain_text("At risk")
    expect(row_of(page, "Bob")).to_contain_text("No answer for")
    expect(row_of(page, "Alice")).to_contain_text(re.compile("On course|Ready"))
    expect(page.locator("tbody tr").first).to_contain_text("Bob")
    photograph(page, "team-at-risk")


def see_oneself(open_page: OpenPage, live_server: Any, bob: User) -> None:
    page = open_page()
    sign_in(page, live_server, bob)
    page.goto("/")
    expect(page.locator("main")).to_contain_text("At risk")
    photograph(page, "team-home-at-risk")
    page.context.close()


def be_reminded_once(bob: User, alice: User) -> None:
    mail.outbox.clear()
    for _ in range(3):
        call_command("sendreminders", stdout=io.StringIO())
    to = [message.to[0] for message in mail.outbox]
    assert to.count(str(bob.email)) == 1
    assert str(alice.email) not in to


def digest_says(dora: User, words: str) -> bool:
    mail.outbox.clear()
    for _ in range(2):
        call_command("sendreminders", stdout=io.StringIO())
    digests = [message for message in mail.outbox if message.to == [dora.email]]
    return len(digests) == 1 and words.lower() in str(digests[0].body).lower()


def see_who_is_ready(page: Page) -> None:
    page.goto("/teams/")
    page.get_by_role("link", name="Platform").first.click()
    expect(row_of(page, "Alice")).to_contain_text("Ready")
    expect(row_of(page, "Bob")).not_to_contain_text("Ready,")
    photograph(page, "team-on-the-date")
    row_of(page, "Alice").get_by_role("link", name="Alice").click()
    expect(page.locator("main")).to_contain_text("Alice sees the same")
    photograph(page, "team-member")


def take_it_along(page: Page) -> None:
    page.go_back()
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("CSV")).click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 2
    assert datetime.fromisoformat(DUE.isoformat())
