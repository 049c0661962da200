"""The editor's list in a browser: narrowed while typing, acted on in bulk, and undone."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from quizapp.authoring.models import Draft, ItemStatistics
from quizapp.content.models import Question
from quizapp.scheduling.models import Flag
from quizapp.teams.models import User
from tests.browser.test_pages import LONG, assert_sound
from tests.factories import FactFactory, QuestionFactory, TopicFactory


@pytest.fixture
def editor(page: Page, as_eve: Client, live_server: Any) -> Page:
    """Eve's browser."""
    session = as_eve.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    return page


def test_the_list_and_the_previews_are_sound(editor: Page, eve: User) -> None:
    editor.goto("/edit/")
    expect(editor.locator("main")).to_contain_text("There are no questions yet")
    assert_sound(editor)
    topic = TopicFactory(title=LONG)
    question = QuestionFactory(
        slug=LONG[:80].lower(), stem=f"Why `{LONG}`?", topic=topic, facts=[FactFactory(fact=LONG)]
    )
    QuestionFactory.create_batch(60, topic=topic)
    QuestionFactory(topic=topic, retired_at=timezone.now())
    Flag.objects.create(user=eve, question=question, question_version=1, reason="typo")
    tomorrow = timezone.now() + timedelta(days=1)
    Draft.objects.create(slug=question.slug, source={}, live_at=tomorrow)
    Draft.objects.create(slug="coming", source={"stem": LONG})
    ItemStatistics.objects.create(
        question=question,
        version=1,
        responses=80,
        facility=0.4,
        attention=3.0,
        reasons=["strong learners miss it: is the key right?", "nobody picks option C"],
        counted_at=timezone.now(),
    )
    editor.goto(f"/edit/?topic={topic.slug}")
    editor.get_by_text("New question").click()
    editor.locator("[name=question]").first.check()
    assert_sound(editor)
    editor.goto("/edit/?state=draft")
    expect(editor.locator(".bank-row")).to_have_count(2)
    assert_sound(editor)
    editor.goto("/edit/")
    editor.get_by_label("All 62").check()
    editor.get_by_role("button", name="Retire").click()
    expect(editor.get_by_role("heading", level=1)).to_have_text("Retire")
    assert_sound(editor)


def test_the_list_narrows_while_typing_and_the_address_follows(editor: Page) -> None:
    QuestionFactory(stem="Which gateway?")
    QuestionFactory(stem="Which name?")
    editor.goto("/edit/")
    editor.get_by_role("searchbox").press_sequentially("gateway")
    expect(editor.locator(".bank-stem")).to_have_text(["Which gateway?"])
    expect(editor.locator("#bank-said")).to_have_text("1 found, of 2 questions")
    expect(editor).to_have_url(re.compile(r"text=gateway"))
    editor.reload()
    expect(editor.locator(".bank-stem")).to_have_text(["Which gateway?"])


def test_what_is_found_is_moved_and_the_move_undone(editor: Page) -> None:
    here, there = TopicFactory(title="Here"), TopicFactory(title="There")
    QuestionFactory(stem="Which gateway?", topic=here)
    QuestionFactory(stem="Which name?", topic=here)
    editor.goto("/edit/?text=gateway")
    editor.get_by_label("The one that matches").check()
    editor.get_by_label("Topic to move to").select_option("There")
    editor.get_by_role("button", name="Move").click()
    expect(editor.locator("main")).to_contain_text("1 question will stand in There.")
    editor.get_by_role("button", name="Move 1 question").click()
    expect(editor.locator("#notice")).to_contain_text("1 question moved to There.")
    expect(editor).to_have_url(re.compile(r"text=gateway"))
    assert Question.objects.get(stem="Which gateway?").topic == there
    editor.get_by_role("button", name="Undo").click()
    expect(editor.locator("#notice")).to_contain_text("Taken back for 1 question.")
    assert Question.objects.get(stem="Which gateway?").topic == here
