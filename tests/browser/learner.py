"""A learner at the browser: starts, fills in a question of any kind, goes on."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from quizapp.content.models import Question
from tests.factories import QuestionFactory
from tests.kinds import SAMPLES


def questions_of_every_kind() -> list[Question]:
    return [QuestionFactory(kind=kind, stem=f"What of {kind}?") for kind in SAMPLES]


def start(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Start").click()
    page.wait_for_load_state()  # scripts have run by then
    expect(page.locator("article.review")).to_be_visible()


def kind_shown(page: Page) -> str:
    found = re.search(r"What of (\w+)\?", page.locator(".stem").inner_text())
    assert found
    return found[1]


def fill(page: Page, kind: str, *, is_right: bool) -> None:
    sample = SAMPLES[kind]
    fields = sample.right if is_right else sample.wrong
    if kind == "ordering":
        put_in_order(page, sorted(fields, key=lambda name: fields[name]))
        return
    for name, values in fields.items():
        for value in [values] if isinstance(values, str) else values:
            _give(page.locator(f"[name={name}]"), value)


def _give(field: Locator, value: str) -> None:
    tag = field.first.evaluate("element => element.type")
    if tag in ("radio", "checkbox"):
        field.and_(field.page.locator(f"[value='{value}']")).check()
    elif tag == "select-one":
        field.select_option(value)
    else:
        field.fill(value)


def put_in_order(page: Page, names: list[str]) -> None:
    """Brings the steps, named by their select, in order: by buttons, or by selects without them."""
    has_script = page.locator("html.has-shortcuts").count() > 0
    if has_script:
        expect(page.locator("[data-ordering].is-enhanced")).to_be_visible()
    for place, name in enumerate(names):
        step = page.locator("li.step", has=page.locator(f"[name={name}]"))
        if not has_script:
            step.locator("select").select_option(str(place + 1))
            continue
        while _place_of(page, name) > place:
            step.locator("[data-move=up]").click()


def _place_of(page: Page, name: str) -> int:
    order: list[str] = page.locator("li.step select").evaluate_all("all => all.map(s => s.name)")
    return order.index(name)


def respond(page: Page, *, is_right: bool = True) -> str:
    """Respond to the question that is shown; gives its kind."""
    kind = kind_shown(page)
    if kind == "flashcard":
        page.get_by_role("button", name="Show the answer").click()
        page.locator("[name=recalled][value='3']" if is_right else "[name=recalled]").first.click()
    else:
        fill(page, kind, is_right=is_right)
        page.get_by_role("button", name="Check").click()
    return kind


def answer(page: Page, *, is_right: bool) -> str:
    """Answer the question that is shown and go on to the next one; gives its kind."""
    kind = respond(page, is_right=is_right)
    if kind != "flashcard":
        expect(page.locator(".verdict")).to_contain_text("ight")
        page.get_by_role("link", name="Continue").click()
    expect(page.locator(".verdict, [name=recalled]")).to_have_count(0)
    return kind


def overflow(page: Page) -> Any:
    """How many pixels the page is wider than the window."""
    return page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
