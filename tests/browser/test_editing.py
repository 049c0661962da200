"""An editor at the browser: rows, the key mended on a phone, two editors, drafts."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from quizapp.content.models import Question
from quizapp.teams.models import User
from tests.browser.conftest import OpenPage
from tests.browser.test_pages import assert_sound
from tests.browser.test_preview import eve, open_form, photograph, sign_in
from tests.factories import FactFactory, QuestionFactory, UserFactory
from tests.scheduling.studying import MORNING, learn

__all__ = ["eve"]  # a fixture

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def test_a_wrong_key_is_mended_on_a_phone(open_page: OpenPage, live_server: Any, eve: User) -> None:
    question = QuestionFactory(slug="svc-default")
    learn(UserFactory(), question, MORNING)
    page = open_page(**PHONE)
    sign_in(page, live_server, eve)
    open_form(page, question)
    photograph(page, "edit-phone")
    row = page.get_by_role("group", name="Option 2")
    row.get_by_label("This is the key").check()
    page.get_by_role("group", name="Option 1").get_by_label("Feedback").fill(
        "It opens nothing to the outside."
    )
    page.get_by_role("link", name="Save").click()
    page.get_by_role("button", name="Meaning changed").click()
    expect(page.get_by_role("status").first).to_contain_text("Saved as version 2: 1 learner")
    question.refresh_from_db()
    assert question.spec["options"][1]["correct"] is True


def test_rows_come_and_go_where_one_is(page: Page, live_server: Any, eve: User) -> None:
    question = QuestionFactory(kind="ordering")
    sign_in(page, live_server, eve)
    open_form(page, question)
    page.get_by_role("textbox", name="Stem").fill("In which order, then?")
    page.get_by_role("button", name="Add a step").click()
    last = page.get_by_role("group", name="Step 4").get_by_label("Step")
    expect(last).to_be_focused()
    last.fill("It is gone")
    expect(page.get_by_role("textbox", name="Stem")).to_have_value("In which order, then?")
    page.get_by_role("button", name="Up step 4").click()
    expect(page.locator("#up-steps-2")).to_be_focused()
    expect(page.get_by_role("group", name="Step 3").get_by_label("Step")).to_have_value(
        "It is gone"
    )
    page.get_by_role("button", name="Remove step 1").click()
    expect(page.get_by_role("group", name="Step 4")).to_have_count(0)
    page.get_by_role("button", name="Wording only").click()
    page.get_by_role("button", name="Yes, the wording only").click()
    expect(page.get_by_role("status").first).to_contain_text("Saved.")
    question.refresh_from_db()
    assert question.spec["steps"] == ["A volume is bound", "It is gone", "A Pod mounts it"]


def test_a_fact_is_found_by_its_words(page: Page, live_server: Any, eve: User) -> None:
    question: Question = QuestionFactory()
    for number in range(20):
        FactFactory(topic=question.topic, slug=f"fact-no-{number}", fact=f"Fact {number}.")
    sign_in(page, live_server, eve)
    open_form(page, question)
    page.get_by_label("Find a fact by its words").fill("fact 17")
    shown = page.locator("[data-rows=facts] option:not([hidden])")
    expect(shown).to_have_count(2)  # that which is chosen stays


@pytest.mark.parametrize("kind", ["single_choice", "cloze", "manifest"])
def test_the_page_is_sound(page: Page, live_server: Any, eve: User, kind: str) -> None:
    """Of the kinds, those with the most different rows."""
    sign_in(page, live_server, eve)
    open_form(page, QuestionFactory(kind=kind, slug="a-question-with-quite-a-long-name-of-its-own"))
    page.get_by_text("Draft, or go live later").click()
    photograph(page, f"edit-{kind}")
    assert_sound(page)


def test_two_editors_meet(page: Page, open_page: OpenPage, live_server: Any, eve: User) -> None:
    frank = UserFactory(name="Frank", is_superuser=True)
    question = QuestionFactory(explanation="As it was.")
    phone = open_page(**PHONE)
    for each, user in ((page, frank), (phone, eve)):
        sign_in(each, live_server, user)
        open_form(each, question)
        each.get_by_label("Explanation").fill(f"By {user.name}.")
    page.get_by_role("button", name="Wording only").click()
    expect(page.get_by_role("status").first).to_contain_text("Saved.")
    phone.get_by_role("button", name="Wording only").click()
    expect(phone.get_by_role("heading", name="Somebody else was here")).to_be_visible()
    photograph(phone, "edit-clash-phone")
    assert_sound(phone)
    phone.get_by_label("Theirs").check()
    phone.get_by_role("button", name="Wording only").click()
    expect(phone.get_by_role("status").first).to_contain_text("Saved.")
    question.refresh_from_db()
    assert question.explanation == "By Frank."


def test_a_draft_is_shown_by_its_link(
    page: Page, open_page: OpenPage, live_server: Any, eve: User
) -> None:
    question = QuestionFactory(kind="multiple_choice")
    sign_in(page, live_server, eve)
    open_form(page, question)
    page.get_by_role("textbox", name="Stem").fill("Only in the draft?")
    page.get_by_text("Draft, or go live later").click()
    page.get_by_role("button", name="Keep as draft").click()
    link = page.get_by_role("link", name="Show it as learners would see it").get_attribute("href")
    photograph(page, "edit-draft")
    assert_sound(page)
    visitor = open_page(**PHONE)
    visitor.goto(link or "")
    expect(visitor.get_by_text("Only in the draft?").first).to_be_visible()
    visitor.get_by_text("What is told after the right response").click()
    photograph(visitor, "draft-phone")
    assert_sound(visitor)
