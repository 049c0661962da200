"""An editor at the browser: the preview while typing, trying a question, and its history."""

from __future__ import annotations

import os
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.test import Client
from playwright.sync_api import Page, expect

from quizapp.content.models import Question
from quizapp.scheduling.models import Card, Review
from quizapp.teams.models import User
from tests.authoring.test_history import edited
from tests.browser.conftest import OpenPage
from tests.browser.hostile import PAYLOADS, joined
from tests.browser.test_inert import assert_inert, hostile_question
from tests.browser.test_pages import LONG, assert_sound
from tests.factories import QuestionFactory, UserFactory
from tests.kinds import SAMPLES, SERVICE


@pytest.fixture
def eve() -> User:
    eve: User = UserFactory(name="Eve")
    eve.groups.add(Group.objects.get_or_create(name="Editors")[0])
    return eve


def sign_in(page: Page, live_server: Any, user: User) -> None:
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    cookie: Any = {"name": name, "value": client.cookies[name].value, "url": live_server.url}
    page.context.add_cookies([cookie])


def photograph(page: Page, name: str) -> None:
    """Keeps a picture where PICTURES names a folder, for a person to look at."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def open_form(page: Page, question: Question) -> None:
    page.goto(f"/edit/questions/{question.slug}/")
    expect(page.locator(".preview-stage")).to_be_visible()


def test_it_follows_what_is_typed(page: Page, live_server: Any, eve: User) -> None:
    sign_in(page, live_server, eve)
    question = QuestionFactory(stem="What is it?", explanation="So it is.")
    open_form(page, question)
    expect(page.locator("#stem-preview")).to_have_text("What is it?")
    stem = page.locator("[name=stem]")
    stem.fill("What is **this**?")
    expect(page.locator("#stem-preview strong")).to_have_text("this")
    expect(stem).to_be_focused()
    page.locator("#preview").get_by_label("Feedback").check()
    expect(page.locator(".preview-question")).to_be_hidden()
    page.locator("[name=explanation]").fill("Because it is.")
    expect(page.locator(".preview-feedback .explanation").first).to_have_text("Because it is.")
    page.locator("[name=explanation]").fill("")
    expect(page.locator(".preview-problems")).to_contain_text("Explanation")
    question.refresh_from_db()
    assert question.stem == "What is it?"


def test_it_is_light_or_dark_as_one_likes(page: Page, live_server: Any, eve: User) -> None:
    sign_in(page, live_server, eve)
    open_form(page, QuestionFactory())
    stage = page.locator(".preview-stage")
    shades = {}
    for scheme in ("Light", "Dark"):
        page.locator("#preview").get_by_label(scheme).check()
        shades[scheme] = stage.evaluate("each => getComputedStyle(each).backgroundColor")
        photograph(page, f"preview-{scheme}")
    assert shades["Light"] != shades["Dark"]
    body = "getComputedStyle(document.documentElement).backgroundColor"
    assert page.evaluate(body) == shades["Light"]


@pytest.mark.parametrize("kind", SAMPLES)
def test_it_is_tried_without_a_trace(page: Page, live_server: Any, eve: User, kind: str) -> None:
    sign_in(page, live_server, eve)
    open_form(page, QuestionFactory(kind=kind, stem=f"What of {kind}?"))
    tried = page.locator(".preview-question")
    if kind == "flashcard":
        tried.get_by_role("button", name="Show the answer").click()
        expect(tried.get_by_text("A stable address.")).to_be_visible()
        tried.get_by_role("button", name="Good").click()
        expect(tried.get_by_text("Rated Good.")).to_be_visible()
    else:
        if kind == "ordering":
            for name, place in SAMPLES[kind].right.items():
                tried.locator(f"[name={name}]").evaluate("(each, to) => (each.value = to)", place)
        else:
            for name, values in SAMPLES[kind].right.items():
                for value in [values] if isinstance(values, str) else values:
                    field = tried.locator(f"[name={name}]")
                    if name == "option":
                        tried.locator(f"[value='{value}']").check()
                    elif name.startswith("match"):
                        field.select_option(value)
                    else:
                        field.fill(value)
        tried.get_by_role("button", name="Check").click()
        expect(tried.locator(".verdict")).to_contain_text("Right.")
        photograph(page, f"tried-{kind}")
        tried.get_by_role("button", name="Try again").click()
        expect(tried.get_by_role("button", name="Check")).to_be_visible()
    assert not Review.objects.exists()
    assert not Card.objects.exists()


def test_the_checks_of_a_manifest_show_what_they_matched(
    page: Page, live_server: Any, eve: User
) -> None:
    sign_in(page, live_server, eve)
    open_form(page, QuestionFactory(kind="manifest"))
    proof = page.locator(".proof").first
    expect(proof).to_contain_text("Is right, as it should be.")
    expect(proof).to_contain_text("spec.ports[0].port is 80")
    page.locator("[name=solution]").fill(SERVICE.format(port=81))
    expect(proof).to_contain_text("Fails spec.ports[*].port.")
    expect(proof).to_contain_text("spec.ports[0].port is 81")
    photograph(page, "proofs")


def test_the_preview_is_sound(page: Page, live_server: Any, eve: User) -> None:
    sign_in(page, live_server, eve)
    stem = f"Why `{LONG}`?\n\n```yaml\nspec: {LONG}\n```\n\nWrite:"
    open_form(page, QuestionFactory(kind="manifest", stem=stem, explanation=LONG))
    page.locator("#preview").get_by_label("Feedback").check()
    assert_sound(page)
    photograph(page, "preview-sound")


def test_without_script_it_opens_beside_the_form(
    open_page: OpenPage, live_server: Any, eve: User
) -> None:
    page = open_page(java_script_enabled=False)
    sign_in(page, live_server, eve)
    page.goto(f"/edit/questions/{QuestionFactory(stem='What is it?').slug}/")
    page.locator("[name=stem]").fill("What is this?")
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Refresh").click()
    preview = opened.value
    expect(preview.locator("#stem-preview")).to_have_text("What is this?")
    preview.get_by_role("button", name="Not sure").click()
    expect(preview.locator(".preview-question .verdict")).to_have_text("Here is the answer.")
    expect(page.locator("[name=stem]")).to_have_value("What is this?")


def test_a_version_is_restored_and_that_undone(page: Page, live_server: Any, eve: User) -> None:
    sign_in(page, live_server, eve)
    question = QuestionFactory(stem="Which?")
    edited(question, eve, stem=f"Which one of {LONG}?")
    edited(question, eve, version=2, stem=f"Which other of {LONG}?", explanation="Because.")
    page.goto(f"/edit/questions/{question.slug}/history/")
    expect(page.locator("ins").first).to_have_text("other")
    assert_sound(page)
    photograph(page, "history")
    page.get_by_role("button", name="Restore this version").click()
    expect(page.locator("#notice")).to_contain_text("learners begin version 3 anew")
    page.locator("#notice").get_by_role("button", name="Undo").click()
    expect(page.locator("#notice")).to_contain_text("Undone")
    question.refresh_from_db()
    assert question.stem.startswith("Which other")


@pytest.mark.parametrize(("turn", "kind"), list(enumerate(SAMPLES)))
def test_nothing_that_was_written_runs(
    page: Page, live_server: Any, eve: User, turn: int, kind: str
) -> None:
    """In the preview, its feedback and the history: all that can be saved, over all kinds."""
    sign_in(page, live_server, eve)
    savable = [payload for payload in PAYLOADS if "\u2028" not in payload]
    text = joined(savable[turn :: len(SAMPLES)])
    question = hostile_question(kind, text)
    edited(question, eve, stem=f"{text} Which?")
    open_form(page, question)
    expect(page.locator("#stem-preview")).to_contain_text("Which?")
    assert_inert(page)
    edited(question, eve, stem=f"Which {text}?", explanation=f"Why {text}.")
    page.goto(f"/edit/questions/{question.slug}/history/")
    expect(page.locator(".revision")).to_have_count(2)
    assert_inert(page)
