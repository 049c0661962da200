"""A flag from a learner to the editors and back, with and without script."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.test import Client
from playwright.sync_api import Page, expect

from quizapp.grading.base import opaque_id
from quizapp.scheduling.flags import flag, settle
from quizapp.scheduling.models import Flag, Review
from quizapp.teams.models import User
from tests.browser.conftest import OpenPage
from tests.browser.learner import fill, start
from tests.browser.test_pages import LONG, assert_sound
from tests.factories import QuestionFactory, TopicFactory, UserFactory
from tests.kinds import SAMPLES, SERVICE
from tests.scheduling.studying import DAY, MORNING, answer

RESPONSES = {"single_choice": opaque_id("NodePort"), "manifest": SERVICE.format(port=LONG)}


def sign_in(page: Page, live_server_url: str, user: User) -> None:
    client = Client()
    client.force_login(user)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server_url}]
    )


def editor() -> User:
    eve: User = UserFactory(name="Eve")
    eve.groups.add(Group.objects.get_or_create(name="Editors")[0])
    return eve


def flagged_by(user: User, number: int = 1, kind: str = "single_choice") -> None:
    question = QuestionFactory(
        kind=kind,
        topic=TopicFactory(title=LONG),
        stem=f"Why `{LONG}`?\n\n```yaml\nspec: {LONG}\n```\n\nChoose:",
    )
    for _ in range(number):
        log = answer(user, question, now=MORNING + DAY).review
        Review.objects.filter(pk=log.pk).update(response=RESPONSES.get(kind), score=0)
        flag(user, question, "wrong_key", f"{LONG}\n\nTwo are right.", MORNING)
        user = UserFactory()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
def test_a_flag_is_answered_and_the_learner_told(
    open_page: OpenPage,
    live_server: object,
    script: bool,  # noqa: FBT001
) -> None:
    url = str(live_server)
    QuestionFactory(stem="Which type?", spec=SAMPLES["single_choice"].spec)
    learner = open_page(java_script_enabled=script)
    learner.goto("/")
    learner.get_by_role("button", name="Start").click()
    expect(learner.locator("article.review")).to_be_visible()
    fill(learner, "single_choice", is_right=False)
    learner.get_by_role("button", name="Check").click()
    expect(learner.locator(".verdict")).to_be_visible()
    learner.locator(".flag summary").click()
    learner.get_by_label("The answer is wrong").check()
    learner.get_by_label("Anything to add?").fill("NodePort has one, too.")
    learner.get_by_role("button", name="Send to the editors").click()
    expect(learner.locator("main")).to_contain_text("The editors will look at it")

    page = open_page(java_script_enabled=script)
    sign_in(page, url, editor())
    page.goto("/edit/flags/")
    inbox = page.locator("main")
    expect(inbox).to_contain_text("NodePort has one, too.")
    expect(page.locator(".inbox-response")).to_contain_text("NodePort")
    page.get_by_role("button", name=re.compile("^Answer")).click()
    expect(inbox).to_contain_text("Write the answer first")
    page.get_by_label("Reply to the learner").fill("It asks for the **default**.")
    page.get_by_role("button", name=re.compile("^Answer")).click()
    expect(inbox).to_contain_text("1 learner is told on the next visit.")
    page.get_by_role("button", name="Undo").click()
    expect(inbox).to_contain_text("1 flag is open again.")
    assert Flag.objects.get().resolved_at is None
    page.get_by_label("Reply to the learner").fill("It asks for the **default**.")
    page.get_by_role("button", name=re.compile("^Answer")).click()
    expect(inbox).to_contain_text("All is settled.")

    learner.goto("/")
    news = learner.locator(".flag-news")
    expect(news).to_contain_text("Which type?")
    expect(news.locator("strong").last).to_have_text("default")
    learner.get_by_role("button", name="Got it").click()
    expect(news).to_have_count(0)
    learner.goto("/")
    expect(learner.locator("h1")).to_be_visible()
    expect(news).to_have_count(0)


@pytest.mark.parametrize("kind", RESPONSES)
def test_the_inbox_is_sound(page: Page, live_server: object, kind: str) -> None:
    eve = editor()
    flagged_by(UserFactory(), 12, kind)
    flagged_by(UserFactory(), 1, kind)
    sign_in(page, str(live_server), eve)
    page.goto("/edit/flags/")
    if kind == "manifest":
        page.locator(".inbox-flag summary").first.click()
    assert_sound(page)
    _picture(page, f"inbox-{kind}")
    settle(Flag.objects.open()[0].question, "answered", f"{LONG}\n\n- `{LONG}`", eve, MORNING)
    page.goto("/edit/flags/?state=settled")
    assert_sound(page)
    _picture(page, f"settled-{kind}")
    page.get_by_label("State").select_option("Open")
    expect(page).to_have_url(re.compile(r"state=open"))
    expect(page.locator(".inbox-answer")).to_have_count(1)


def test_home_with_news_is_sound(page: Page) -> None:
    QuestionFactory()
    start(page)
    user = User.objects.get()
    for outcome in ("answered", "mended", "dismissed"):
        flagged_by(user)
        question = Flag.objects.open().get().question
        settle(question, outcome, f"See {LONG}.\n\n```\n{LONG}\n```", editor(), MORNING)
    page.goto("/")
    expect(page.locator(".flag-news li")).to_have_count(3)
    assert_sound(page)
    _picture(page, "news")


def _picture(page: Page, name: str) -> None:
    if folder := os.environ.get("PICTURES"):
        for scheme, width in (("light", 1280), ("dark", 390)):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
