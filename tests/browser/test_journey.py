"""Start, answer each of the eight kinds, see each scheduled, come back and find them due."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from quizapp.grading import KINDS
from quizapp.scheduling.memory import Rating, State
from quizapp.scheduling.models import Card, Review
from quizapp.teams.models import User
from tests.browser.conftest import OpenPage
from tests.browser.learner import answer, kind_shown, questions_of_every_kind, start
from tests.factories import QuestionFactory
from tests.scheduling.studying import DAY, MORNING


@pytest.mark.parametrize("has_script", [True, False], ids=["with script", "without script"])
def test_a_newcomer_learns_every_kind_and_finds_them_due_the_next_day(
    open_page: OpenPage,
    time_machine: Any,
    has_script: bool,  # noqa: FBT001
) -> None:
    time_machine.move_to(MORNING)
    questions_of_every_kind()
    page = open_page(java_script_enabled=has_script, timezone_id="Europe/Berlin")
    start(page)

    # Each is wrong at first, comes back in the same session, and is right from then on.
    seen: Counter[str] = Counter()
    while page.locator(".stem").count():
        kind = answer(page, is_right=seen[kind_shown(page)] > 0)
        seen[kind] += 1
        assert seen.total() <= 24
    assert seen == dict.fromkeys(KINDS, 3)
    expect(page.locator("h1")).to_have_text("That is all for today")
    assert set(Card.objects.values_list("state", flat=True)) == {State.REVIEW}
    ratings = Counter(Review.objects.values_list("rating", flat=True))
    assert ratings == {Rating.AGAIN: 8, Rating.GOOD: 16}

    page.goto("/")
    expect(page.locator("h1")).to_have_text("Nothing is due now")
    expect(page.locator("main")).to_contain_text("tomorrow")
    time_machine.move_to(MORNING + DAY - timedelta(hours=2))
    page.goto("/")
    expect(page.locator("h1")).to_have_text("8 questions for now")
    page.get_by_role("link", name="Start review").click()
    answer(page, is_right=True)
    assert Review.objects.latest("pk").state_before == State.REVIEW


def test_the_same_form_from_the_back_button_counts_once(page: Page) -> None:
    QuestionFactory(kind="short_answer")
    start(page)
    page.locator("[name=text]").fill("ClusterIP")
    page.get_by_role("button", name="Check").click()
    expect(page.locator(".verdict")).to_be_visible()
    page.goto("/")
    page.go_back()
    expect(page.locator("article.review")).to_be_visible()
    assert Review.objects.count() == 1


def test_two_tabs_with_the_same_question_count_once(page: Page) -> None:
    QuestionFactory(kind="short_answer")
    start(page)
    second = page.context.new_page()
    second.goto("/review/")
    for tab in (page, second):
        tab.locator("[name=text]").fill("ClusterIP")
    for tab in (page, second):
        tab.get_by_role("button", name="Check").click()
    expect(page.locator(".verdict")).to_be_visible()
    expect(second.locator(".notice")).to_contain_text("out of date")
    assert Review.objects.count() == 1


def test_a_lost_connection_keeps_the_response_and_a_retry_counts_once(page: Page) -> None:
    QuestionFactory(kind="short_answer")
    start(page)
    page.locator("[name=text]").fill("ClusterIP")
    page.context.set_offline(True)
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("alert")).to_contain_text("Your response is still here")
    expect(page.locator("[name=text]")).to_have_value("ClusterIP")
    page.context.set_offline(False)
    page.get_by_role("button", name="Check").click()
    expect(page.locator(".verdict")).to_contain_text("Right")
    assert Review.objects.count() == 1


def test_the_time_zone_comes_from_the_browser(open_page: OpenPage) -> None:
    questions_of_every_kind()
    start(open_page(timezone_id="Asia/Tokyo"))
    assert User.objects.get().timezone == "Asia/Tokyo"
