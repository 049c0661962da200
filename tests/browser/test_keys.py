"""The whole review from the keyboard alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from quizapp.scheduling.memory import Rating
from quizapp.scheduling.models import Card, Flag, Review
from tests.browser.learner import fill, start
from tests.factories import QuestionFactory


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def at_question(page: Page, stem: str) -> None:
    expect(page.locator(".stem")).to_have_text(stem)


def number_of(page: Page, option: str) -> str:
    found = page.locator("label.option", has_text=option).locator("input")
    number = found.get_attribute("data-key")
    assert number
    return number


def test_start_is_reached_by_tab_and_pressed_by_enter(page: Page) -> None:
    QuestionFactory(stem="First?")
    page.goto("/")
    for _ in range(6):
        press(page, "Tab")
        if page.evaluate("document.activeElement.innerText") == "Start":
            break
    press(page, "Enter")
    at_question(page, "First?")


def test_a_digit_chooses_enter_checks_and_goes_on(page: Page) -> None:
    QuestionFactory(stem="First?")
    QuestionFactory(stem="Second?")
    start(page)
    at_question(page, "First?")
    press(page, number_of(page, "ClusterIP"), "Enter")
    expect(page.locator(".verdict h1")).to_have_text("Right.")
    press(page, "Enter")
    at_question(page, "Second?")
    assert Review.objects.count() == 1


def test_shift_enter_checks_as_not_sure(page: Page) -> None:
    QuestionFactory()
    start(page)
    press(page, number_of(page, "ClusterIP"), "Shift+Enter")
    expect(page.locator(".verdict h1")).to_have_text("Right, though you were not sure.")
    assert Review.objects.get().rating == Rating.HARD


FIELDS = {
    "short_answer": "[name=text]",
    "matching": "form.response select",
    "cloze": "form.response select, form.response .blank",
    "manifest": "[name=manifest]",
}


@pytest.mark.parametrize("kind", FIELDS)
def test_a_response_is_checked_from_any_of_its_fields(page: Page, kind: str) -> None:
    ways = {
        "Control+Enter": "Right.",
        "Control+Shift+Enter": "Right, though you were not sure.",
        "Shift+Enter": "Right, though you were not sure.",
    }
    if kind == "manifest":
        del ways["Shift+Enter"]  # there it begins a line
    QuestionFactory.create_batch(len(ways), kind=kind)
    start(page)
    for keys, verdict in ways.items():
        expect(page.locator(".verdict")).to_have_count(0)
        fill(page, kind, is_right=True)
        page.locator(FIELDS[kind]).last.focus()
        press(page, keys)
        expect(page.locator(".verdict h1")).to_have_text(verdict)
        press(page, "Enter")


def test_shift_enter_in_a_manifest_begins_a_line(page: Page) -> None:
    QuestionFactory(kind="manifest")
    start(page)
    fill(page, "manifest", is_right=True)
    page.locator("[name=manifest]").focus()
    press(page, "Control+End", "Shift+Enter", "x")
    expect(page.locator("[name=manifest]")).to_have_value(re.compile(r"\nx$"))


def test_a_list_is_opened_chosen_from_and_checked_by_keys(page: Page) -> None:
    QuestionFactory(kind="matching")
    start(page)
    for select in page.locator("form.response select").all():
        select.focus()
        press(page, " ")
        page.keyboard.type("ClusterIP")
        press(page, "Enter")
        expect(select.locator("option:checked")).to_have_text("ClusterIP")
    expect(page.locator(".verdict")).to_have_count(0)
    press(page, "Control+Enter")
    expect(page.locator(".verdict h1")).to_have_text("Partly right.")


def test_digits_tick_and_untick_several(page: Page) -> None:
    QuestionFactory(kind="multiple_choice")
    start(page)
    press(page, "1", "2", "3", "1")
    ticked = page.locator("[name=option]").evaluate_all("all => all.map(box => box.checked)")
    assert ticked == [False, True, True]


def test_typing_an_answer_is_not_taken_for_shortcuts(page: Page) -> None:
    QuestionFactory(kind="short_answer", stem="Which?")
    start(page)
    expect(page.locator("[name=text]")).to_be_focused()
    page.keyboard.type("subfe1?")
    expect(page.locator("[name=text]")).to_have_value("subfe1?")
    press(page, "Control+a")
    page.keyboard.type("ClusterIP")
    press(page, "Enter")
    expect(page.locator(".verdict h1")).to_have_text("Right.")


def test_space_reveals_and_a_digit_rates(page: Page) -> None:
    QuestionFactory(kind="flashcard")
    start(page)
    press(page, " ")
    expect(page.locator("[name=recalled]")).to_have_count(4)
    press(page, "4")
    expect(page.locator("h1")).to_have_text("That is all for today")
    assert Review.objects.get().rating == Rating.EASY


def test_e_makes_a_right_answer_easy(page: Page) -> None:
    QuestionFactory()
    start(page)
    press(page, number_of(page, "ClusterIP"), "Enter")
    expect(page.locator(".verdict")).to_be_visible()
    press(page, "e")
    expect(page.locator(".notice")).to_contain_text("Noted as easy")
    assert Review.objects.standing().get().rating == Rating.EASY


def test_u_undoes(page: Page) -> None:
    QuestionFactory(stem="First?")
    QuestionFactory(stem="Second?")
    start(page)
    press(page, number_of(page, "ClusterIP"), "Enter")
    expect(page.locator(".verdict")).to_be_visible()
    press(page, "u")
    expect(page.locator(".notice")).to_contain_text("Undone")
    at_question(page, "First?")
    assert not Card.objects.exists()


@pytest.mark.parametrize(("key", "word"), [("s", "Suspended"), ("b", "Buried")])
def test_s_and_b_set_aside_and_offer_to_bring_back(page: Page, key: str, word: str) -> None:
    QuestionFactory(stem="First?")
    QuestionFactory(stem="Second?")
    start(page)
    press(page, key)
    at_question(page, "Second?")
    expect(page.locator(".notice")).to_contain_text(word)
    page.locator(".notice").get_by_role("button", name="Undo").click()
    at_question(page, "First?")


def test_f_opens_the_flag_and_what_was_typed_stays(page: Page) -> None:
    QuestionFactory(kind="short_answer")
    start(page)
    page.locator("[name=text]").fill("half an answer")
    page.locator("h1").focus()
    press(page, "f")
    page.get_by_label("The answer is wrong").check()
    page.get_by_role("button", name="Send to the editors").click()
    expect(page.locator("#notice")).to_contain_text("Thank you")
    expect(page.locator("[name=text]")).to_have_value("half an answer")
    assert Flag.objects.get().reason == "wrong_key"


def test_a_question_mark_lists_the_keys_and_escape_closes(page: Page) -> None:
    QuestionFactory()
    start(page)
    press(page, "?")
    expect(page.get_by_role("dialog")).to_contain_text("Undo the last answer")
    press(page, "Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_single_key_shortcuts_can_be_switched_off(page: Page) -> None:
    QuestionFactory(stem="First?")
    QuestionFactory(stem="Second?")
    start(page)
    press(page, "?")
    page.get_by_label("Single-key shortcuts").uncheck()
    press(page, "Escape", "s")
    at_question(page, "First?")
    page.reload()
    press(page, "s")
    at_question(page, "First?")


def test_the_verdict_has_the_focus_so_that_it_is_read_first(page: Page) -> None:
    QuestionFactory()
    start(page)
    press(page, number_of(page, "NodePort"), "Enter")
    expect(page.locator(".verdict h1")).to_be_focused()
