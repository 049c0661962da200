"""A newcomer's whole way with the real content: chapter, quiz, progress, account, away again."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from playwright.sync_api import Locator, Page, expect

from quizapp.content.loading import load
from quizapp.content.models import Question
from quizapp.content.parsing import parse_bank
from quizapp.scheduling.models import Review
from quizapp.teams.models import User
from tests.account.people import PASSWORD
from tests.account.test_deleting import traces
from tests.browser.conftest import OpenPage

EMAIL = "newcomer@example.com"
ANSWERS_OF_THE_QUIZ = 5


@pytest.fixture(autouse=True)
def real_content() -> None:
    cache.clear()
    load(parse_bank(Path(settings.CONTENT_DIR)), on_new_version=lambda _: None)


def test_from_the_first_chapter_to_the_last_trace(open_page: OpenPage) -> None:
    page = open_page()
    read_a_chapter_and_answer_in_it(page)
    kept = begin_a_quiz_and_close_the_browser(page)
    page = open_page(storage_state=kept)
    come_back_and_finish_the_quiz(page)
    answers = 1 + ANSWERS_OF_THE_QUIZ
    assert Review.objects.count() == answers
    see_progress(page, answers)

    sign_up(page)
    newcomer = User.objects.get(email=EMAIL)
    assert Review.objects.of(newcomer).count() == answers
    see_progress(page, answers)

    elsewhere = open_page()
    sign_in(elsewhere)
    see_progress(elsewhere, answers)
    assert len(export(elsewhere)["reviews"]) == answers
    before = traces(newcomer, EMAIL)
    assert len({table for table, _, _ in before}) > 5
    delete_the_account(elsewhere)
    assert traces(newcomer, EMAIL) == []
    page.goto("/progress/")
    expect(page.get_by_role("button", name="Start")).to_be_visible()


def read_a_chapter_and_answer_in_it(page: Page) -> None:
    page.goto("/")
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Primer").click()
    page.get_by_role("link", name="Service types", exact=True).click()
    expect(page.locator("h1")).to_have_text("Service types")
    page.get_by_role("button", name="Start, without an account").first.click()
    page.wait_for_load_state()
    card = page.locator(".set-in").first
    card.scroll_into_view_if_needed()
    respond_not_knowing(card)
    expect(card.locator(".verdict")).to_contain_text("Here is the answer.")


def respond_not_knowing(place: Page | Locator) -> None:
    """Say “Not sure” without a response, which every kind but the flashcard takes."""
    place.get_by_role("button", name=re.compile("Not sure|Show the answer")).click()
    rating = place.locator("[name=recalled][value='1']")
    expect(place.locator(".verdict").or_(rating)).to_be_visible()
    if rating.count():
        rating.click()


def begin_a_quiz_and_close_the_browser(page: Page) -> Any:
    page.goto("/quiz/")
    page.get_by_label("Topics that I choose").check()
    page.get_by_label("Service types").check()
    page.get_by_label("How many questions?").fill(str(ANSWERS_OF_THE_QUIZ))
    page.get_by_role("button", name="Start the quiz").click()
    expect(page.locator(".quiz-progress")).to_contain_text("1 of 5")
    for place in (1, 2):
        expect(page.locator(".quiz-progress")).to_contain_text(f"{place} of 5")
        answer_in_the_quiz(page)
    expect(page.locator(".quiz-progress")).to_contain_text("3 of 5")
    kept = page.context.storage_state()
    page.context.close()
    return kept


def answer_in_the_quiz(page: Page) -> None:
    """Respond, and go on to the next question; a flashcard goes on by itself."""
    before = page.locator(".stem").inner_text()
    respond_not_knowing(page)
    onward = page.get_by_role("link", name=re.compile("Continue|See the result"))
    changed = page.locator(".stem").filter(has_not_text=before)
    expect(onward.or_(changed).or_(page.locator(".quiz-result")).first).to_be_visible()
    if onward.count():
        onward.click()


def come_back_and_finish_the_quiz(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Continue your quiz").click()
    for place in (3, 4, 5):
        expect(page.locator(".quiz-progress")).to_contain_text(f"{place} of 5")
        answer_in_the_quiz(page)
    expect(page).to_have_url(re.compile(r"/result/$"))
    expect(page.locator("h1")).to_have_text("0 of 5 right")


def see_progress(page: Page, answers: int) -> None:
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Progress").click()
    expect(page.locator("h1")).to_have_text("My progress")
    met = Review.objects.values("question").distinct().count()
    expect(page.locator("main")).to_contain_text(f"of {Question.objects.count()}")
    expect(page.locator(".figures").first).to_contain_text(str(met))
    page.get_by_role("link", name="Every answer, one by one").click()
    expect(page.locator("main li").first).to_be_visible()
    page.goto("/")


def sign_up(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Guest").click()
    page.get_by_role("link", name="Create an account").click()
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create the account").click()
    expect(page.locator("h1")).to_have_text("Look into your mail")
    page.goto(next(word for word in str(mail.outbox[-1].body).split() if "://" in word))
    page.get_by_role("button", name="Yes, confirm it").click()
    page.wait_for_load_state()
    page.goto("/")
    expect(page.get_by_role("button", name="Account")).to_be_visible()


def sign_in(page: Page) -> None:
    page.goto("/")
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Sign in").click()
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("button", name="Account")).to_be_visible()


def export(page: Page) -> Any:
    page.get_by_role("button", name="Account").click()
    page.get_by_role("link", name="Settings").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Everything, as JSON").click()
    return json.loads(Path(download.value.path()).read_text())


def delete_the_account(page: Page) -> None:
    page.goto("/settings/")
    page.get_by_role("link", name="Delete your account").click()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name=re.compile("Delete")).click()
    expect(page.locator("main")).to_contain_text("Your account and everything in it is gone.")
