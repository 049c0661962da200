"""Quizzes in the browser: every kind, with and without script, left and resumed, offline."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from quizapp.grading import KINDS
from quizapp.scheduling.models import Review
from quizapp.study.models import Quiz
from tests.browser.conftest import OpenPage
from tests.browser.learner import questions_of_every_kind, respond, start
from tests.browser.test_pages import LONG, assert_sound
from tests.factories import QuestionFactory, TopicFactory


def begin(page: Page, number: int = 10, **choices: str) -> None:
    """Start a quiz with the form; `choices` are labels of the form with what to give there."""
    page.goto("/quiz/")
    page.get_by_label("How many questions?").fill(str(number))
    for label, value in choices.items():
        field = page.get_by_label(label.replace("_", " "))
        field.fill(value) if value else field.check()
    page.get_by_role("button", name="Start the quiz").click()
    expect(page.locator(".quiz-progress")).to_contain_text("1 of")


def go_on(page: Page) -> None:
    page.get_by_role("link", name=re.compile("Continue|See the result")).click()


@pytest.mark.parametrize(
    ("has_script", "feedback"), [(True, "At the end"), (False, "After each question")]
)
def test_a_quiz_of_every_kind(
    open_page: OpenPage,
    has_script: bool,  # noqa: FBT001
    feedback: str,
) -> None:
    questions_of_every_kind()
    page = open_page(java_script_enabled=has_script)
    start(page)
    begin(page, **{feedback: ""})
    kinds = []
    for place in range(1, len(KINDS) + 1):
        expect(page.locator(".quiz-progress")).to_contain_text(f"{place} of {len(KINDS)}")
        expect(page.locator(".verdict, [name=recalled]")).to_have_count(0)
        kinds.append(respond(page))
        if feedback == "After each question" and kinds[-1] != "flashcard":
            expect(page.locator(".verdict")).to_contain_text("Right.")
            go_on(page)
    expect(page.locator("h1")).to_have_text("8 of 8 right")
    expect(page).to_have_url(re.compile(r"/result/$"))
    assert sorted(kinds) == sorted(KINDS)
    assert Review.objects.count() == len(KINDS)


def test_closing_the_browser_and_coming_back(open_page: OpenPage) -> None:
    QuestionFactory.create_batch(5, kind="short_answer", stem="What of short_answer?")
    page = open_page()
    start(page)
    begin(page, 5, At_the_end="")
    for place in (2, 3):
        respond(page)
        expect(page.locator(".quiz-progress")).to_contain_text(f"{place} of 5")
    kept: Any = page.context.storage_state()
    page.context.close()
    page = open_page(storage_state=kept)
    page.goto("/quiz/")
    page.get_by_role("link", name="Continue").click()
    for place in (3, 4, 5):
        expect(page.locator(".quiz-progress")).to_contain_text(f"{place} of 5")
        respond(page, is_right=place < 5)
    expect(page.locator("h1")).to_have_text("4 of 5 right")
    page.get_by_role("button", name="Review this one").click()
    expect(page.locator(".quiz-progress")).to_contain_text("1 of 1")
    assert Review.objects.count() == 5


def test_a_lost_network_and_another_try_count_once(page: Page) -> None:
    QuestionFactory.create_batch(5, kind="short_answer", stem="What of short_answer?")
    start(page)
    begin(page, 5)
    page.context.set_offline(True)
    respond(page)
    expect(page.get_by_role("alert")).to_contain_text("No connection.")
    page.context.set_offline(False)
    page.get_by_role("button", name="Check").click()
    expect(page.locator(".verdict")).to_contain_text("Right.")
    assert Review.objects.count() == 1
    go_on(page)
    expect(page.locator(".quiz-progress")).to_contain_text("2 of 5")


def test_an_answer_that_was_lost_on_the_way_back_counts_once(page: Page) -> None:
    QuestionFactory.create_batch(5, kind="short_answer", stem="What of short_answer?")
    start(page)
    begin(page, 5)

    def lose(route: Any) -> None:
        route.fetch()
        route.abort()

    page.route("**/quiz/*/", lose, times=1)
    respond(page)
    expect(page.get_by_role("alert")).to_contain_text("No connection.")
    page.get_by_role("button", name="Check").click()
    expect(page.locator("article")).to_contain_text("You had answered this already")
    assert Review.objects.count() == 1


def test_the_time_is_counted_down_and_the_quiz_ended_early(page: Page) -> None:
    QuestionFactory.create_batch(5, kind="short_answer", stem="What of short_answer?")
    start(page)
    begin(page, 5, Time_limit_in_minutes="20")
    expect(page.locator("[data-left]")).to_have_text(re.compile(r"19:5\d left"))
    respond(page)
    expect(page.locator(".verdict")).to_be_visible()
    expect(page.locator("[data-left]")).to_have_text(re.compile(r"19:\d\d left"))
    page.get_by_text("End the quiz now").click()
    expect(page.locator(".quiz-end")).to_contain_text("4 questions will count as not answered.")
    page.get_by_role("button", name="End it").click()
    expect(page.locator("h1")).to_have_text("1 of 5 right")


def test_a_pretest_puts_off_what_is_known(page: Page) -> None:
    topic = TopicFactory(slug="services")
    first = QuestionFactory(topic=topic, kind="short_answer", stem="What of short_answer?")
    QuestionFactory.create_batch(3, topic=topic, facts=list(first.facts.all()))
    start(page)
    page.goto("/topics/services/pretest/")
    page.get_by_role("button", name="Begin the pretest").click()
    respond(page)
    expect(page.locator(".quiz-known h2")).to_have_text("1 fact known")
    expect(page.locator(".quiz-known")).to_contain_text("3 questions put off until")
    page.get_by_role("button", name="Study them all the same").click()
    expect(page.get_by_role("status")).to_contain_text("3 questions are back")


def test_every_page_is_sound(page: Page) -> None:
    topic = TopicFactory(title=LONG, slug="long")
    kind = "short_answer"
    QuestionFactory.create_batch(3, topic=topic, kind=kind, stem=f"What of {kind}? `{LONG}`")
    start(page)
    page.goto("/quiz/")
    page.get_by_label("Topics that I choose").check()
    page.get_by_label("How many questions?").fill("99")
    page.get_by_role("button", name="Start the quiz").click()
    expect(page.get_by_text("Choose a number from 5 to 50.")).to_be_visible()
    assert_sound(page)
    page.goto("/topics/long/pretest/")
    assert_sound(page)
    begin(page, 5, Time_limit_in_minutes="20")
    page.get_by_text("End the quiz now").click()
    assert_sound(page)
    respond(page, is_right=False)
    expect(page.locator(".verdict")).to_be_visible()
    assert_sound(page)
    go_on(page)
    respond(page)
    go_on(page)
    page.goto("/quiz/")
    assert_sound(page)
    page.get_by_role("link", name="Continue").click()
    page.get_by_text("End the quiz now").click()
    page.get_by_role("button", name="End it").click()
    expect(page.locator("h1")).to_have_text("1 of 3 right")
    page.get_by_role("button", name="Make a link").click()
    page.locator(".quiz-right summary").click()
    assert_sound(page)
    page.get_by_role("link", name="/quiz/shared/").click()
    expect(page.locator("#sure-title")).to_be_visible()
    assert_sound(page)
    page.goto("/quiz/past/")
    assert_sound(page)
    assert Quiz.objects.get().finished_at


def test_on_paper_everything_is_unfolded_and_nothing_can_be_pressed(page: Page) -> None:
    QuestionFactory.create_batch(5, kind="short_answer", stem="What of short_answer?")
    start(page)
    begin(page, 5)
    respond(page)
    expect(page.locator(".verdict")).to_be_visible()
    page.get_by_text("End the quiz now").click()
    page.get_by_role("button", name="End it").click()
    expect(page.locator("h1")).to_have_text("1 of 5 right")
    expect(page.locator(".quiz-right .quiz-list")).not_to_be_visible()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    expect(page.locator(".quiz-right .quiz-list")).to_be_visible()
    for button in page.locator("main .button").all():
        expect(button).not_to_be_visible()
