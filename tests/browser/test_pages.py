"""Every page: no accessibility violation in light and dark, and nothing wider than the window."""

from __future__ import annotations

from typing import Literal

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from quizapp.grading import KINDS
from quizapp.teams.models import SetupLink, User
from tests.browser.learner import fill, overflow, start
from tests.factories import ConfusableFactory, FactFactory, QuestionFactory, TopicFactory

LONG = "Anunbreakablenamethatgoesonandon" * 4

LOOKS: list[tuple[Literal["light", "dark"], int, int]] = [("dark", 390, 844), ("light", 1280, 900)]
OTHER_WIDTHS = (320, 1600)

VIOLATIONS = """async rules => {
  const options = { resultTypes: ["violations"], ...rules };
  const { violations } = await axe.run(document, options);
  return violations.map(({ id, nodes }) => [id, nodes.map(node => node.html)]);
}"""


def assert_sound(page: Page) -> None:
    """In both looks: nothing that axe objects to, and nothing wider than the window.

    What the looks differ in is colour, so the second is looked at for that alone.
    """
    page.wait_for_load_state()
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE_SCRIPT)
    for scheme, width, height in LOOKS:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": height})
        assert (width, max(0, overflow(page))) == (width, 0)
        rules = {} if scheme == LOOKS[0][0] else {"runOnly": ["color-contrast"]}
        assert (scheme, page.evaluate(VIOLATIONS, rules)) == (scheme, [])
    for width in OTHER_WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert (width, max(0, overflow(page))) == (width, 0)
    _, width, height = LOOKS[-1]
    page.set_viewport_size({"width": width, "height": height})


def test_home_for_a_visitor(page: Page) -> None:
    QuestionFactory(topic=TopicFactory(title=LONG, summary=LONG))
    page.goto("/")
    assert_sound(page)


def test_home_of_an_empty_installation(page: Page) -> None:
    page.goto("/")
    assert_sound(page)


def test_home_for_a_learner(page: Page) -> None:
    QuestionFactory.create_batch(3)
    start(page)
    fill(page, "single_choice", is_right=True)
    page.get_by_role("button", name="Check").click()
    expect(page.locator(".verdict")).to_be_visible()
    page.goto("/")
    assert_sound(page)


def test_home_with_a_question_to_repeat(page: Page) -> None:
    QuestionFactory()
    start(page)
    page.get_by_role("button", name="Not sure").click()
    expect(page.locator(".verdict")).to_contain_text("Here is the answer.")
    page.goto("/")
    expect(page.locator("h1")).to_have_text("1 question to repeat")
    assert_sound(page)


@pytest.mark.parametrize("kind", KINDS)
def test_a_question_its_problem_and_its_feedback(page: Page, kind: str) -> None:
    question = QuestionFactory(
        kind=kind,
        topic=TopicFactory(title=LONG),
        stem=f"Why `{LONG}`?\n\n```yaml\nspec:\n  selector: {LONG}\n```\n\nChoose:",
        explanation=f"Because of {LONG}.",
    )
    mixed_up = [question.facts.get(), *FactFactory.create_batch(2)]
    ConfusableFactory(facts=mixed_up, sides=[f"`{LONG}`", "a claim", "a class"])
    start(page)
    assert_sound(page)
    if kind == "flashcard":
        page.get_by_role("button", name="Show the answer").click()
        expect(page.locator("[name=recalled]")).to_have_count(4)
        assert_sound(page)
        return
    if kind != "ordering":
        page.get_by_role("button", name="Check").click()
        expect(page.get_by_role("alert")).to_contain_text("Give a response first")
        assert_sound(page)
    fill(page, kind, is_right=False)
    page.get_by_role("button", name="Check").click()
    expect(page.locator(".verdict")).to_be_visible()
    assert_sound(page)


def test_the_end(page: Page) -> None:
    start_with_nothing(page)
    expect(page.locator("h1")).to_have_text("Nothing is due now")
    assert_sound(page)


def start_with_nothing(page: Page) -> None:
    QuestionFactory()
    User.objects.update(new_per_day=0)
    page.goto("/")
    page.get_by_role("button", name="Start").click()
    User.objects.update(new_per_day=0)
    page.goto("/review/")


@pytest.mark.parametrize("address", ["/keys/", "/sign-in/", "/nothing-here/", "/admin/login/"])
def test_other_pages(page: Page, address: str) -> None:
    page.goto(address)
    if address.startswith("/admin"):
        assert overflow(page) <= 0  # the rest of that page is Django's
    else:
        assert_sound(page)


def test_the_set_up_of_the_administrator(page: Page) -> None:
    page.goto(f"/setup/{SetupLink.issue()}/")
    assert_sound(page)
    page.get_by_label("E-mail").fill("root@example.com")
    page.locator("[name=password]").fill("short")
    page.locator("[name=password_again]").fill("shorter")
    page.get_by_role("button").last.click()
    expect(page.locator("main")).to_contain_text("This password is too short.")
    assert_sound(page)


def test_the_list_of_keys(page: Page) -> None:
    QuestionFactory()
    start(page)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert_sound(page)
