"""What is special to a kind: dragging steps, touching them, editing a manifest."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.learner import start
from tests.factories import QuestionFactory
from tests.kinds import SAMPLES

STEPS = SAMPLES["ordering"].spec["steps"]


def steps(page: Page) -> list[str]:
    return page.locator(".step-text").all_inner_texts()


def step(page: Page, text: str) -> Locator:
    return page.locator("li.step", has_text=text)


def start_ordering(page: Page) -> None:
    QuestionFactory(kind="ordering")
    start(page)
    expect(page.locator("[data-ordering].is-enhanced")).to_be_visible()


def check(page: Page) -> Locator:
    page.get_by_role("button", name="Check").click()
    return page.locator(".verdict h1")


def test_steps_are_put_in_order_by_dragging(page: Page) -> None:
    start_ordering(page)
    for text in reversed(STEPS):
        handle = step(page, text).locator(".step-handle").bounding_box()
        top = page.locator("li.step").first.bounding_box()
        assert handle
        assert top
        page.mouse.move(handle["x"] + 5, handle["y"] + handle["height"] / 2)
        page.mouse.down()
        page.mouse.move(handle["x"] + 5, top["y"] - 10, steps=12)
        page.mouse.up()
    assert steps(page) == STEPS
    expect(check(page)).to_have_text("Right.")


def test_steps_are_put_in_order_by_touch(open_page: OpenPage) -> None:
    page = open_page(has_touch=True, is_mobile=True, viewport={"width": 390, "height": 844})
    start_ordering(page)
    touch = page.context.new_cdp_session(page)
    for text in reversed(STEPS):
        handle = step(page, text).locator(".step-handle").bounding_box()
        top = page.locator("li.step").first.bounding_box()
        assert handle
        assert top
        x, y = handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2
        way = [y + (top["y"] - 10 - y) * part / 10 for part in range(11)]
        for kind, points in [
            ("touchStart", [way[0]]),
            *(("touchMove", [place]) for place in way),
            ("touchEnd", []),
        ]:
            touch.send(
                "Input.dispatchTouchEvent",
                {"type": kind, "touchPoints": [{"x": x, "y": place} for place in points]},
            )
    assert steps(page) == STEPS
    expect(check(page)).to_have_text("Right.")


def test_steps_are_put_in_order_by_arrow_keys(page: Page) -> None:
    start_ordering(page)
    for text in reversed(STEPS):
        step(page, text).locator(".step-handle").focus()
        for _ in STEPS:
            page.keyboard.press("ArrowUp")
    assert steps(page) == STEPS
    expect(page.locator("[data-ordering-status]")).to_have_text("Moved to place 1 of 3")
    expect(check(page)).to_have_text("Right.")


def test_a_manifest_is_written_with_tab_and_enter_and_left_with_escape(page: Page) -> None:
    QuestionFactory(kind="manifest")
    start(page)
    editor = page.locator("[name=manifest]")
    editor.focus()
    for line in ["apiVersion: v1", "kind: Service", "metadata:", "\tname: web"]:
        if line.startswith("\t"):
            page.keyboard.press("Tab")
        page.keyboard.type(line.strip())
        page.keyboard.press("Enter")
    page.keyboard.press("Shift+Tab")
    page.keyboard.type("spec:")
    expect(editor).to_have_value("apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:")
    expect(page.locator(".gutter")).to_contain_text("5")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(editor).not_to_be_focused()


def test_feedback_on_a_manifest_names_lines_hints_and_the_difference(page: Page) -> None:
    QuestionFactory(kind="manifest")
    start(page)
    wrong = SAMPLES["manifest"].wrong["manifest"].replace("ports:", "port:")
    page.locator("[name=manifest]").fill(wrong)
    expect(check(page)).to_have_text("Partly right.")
    main = page.locator("main")
    expect(main).to_contain_text("See line 8")
    expect(main).to_contain_text("Clients use port 80.")
    expect(page.locator(".diff ins")).not_to_have_count(0)


def test_without_script_a_problem_is_in_view_on_a_phone(open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False, viewport={"width": 390, "height": 500})
    QuestionFactory(kind="ordering")
    start(page)
    for place in page.locator(".step-place").all():
        place.select_option("2")
    page.get_by_role("button", name="Check").click()
    problem = page.get_by_role("alert")
    expect(problem).to_have_text("Give every step a place of its own.")
    expect(problem).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("kind", ["matching", "cloze"])
def test_selects_and_blanks_work_from_the_keyboard(page: Page, kind: str) -> None:
    QuestionFactory(kind=kind)
    start(page)
    field = page.locator("form.response select, form.response input.blank").first
    field.focus()
    page.keyboard.type("ClusterIP")
    expect(field).not_to_have_value("")
