"""A backlog and studying ahead, in a real browser."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from quizapp.scheduling.models import Card
from quizapp.teams.models import User
from tests.browser.learner import start
from tests.browser.test_pages import assert_sound
from tests.factories import QuestionFactory
from tests.scheduling.studying import learn


def test_a_learner_with_a_backlog_studies_ahead_and_stops(page: Page) -> None:
    QuestionFactory.create_batch(2)
    start(page)
    User.objects.update(reviews_per_day=1, new_per_day=0)
    learner = User.objects.get()
    for days in (-2, -1, 2):
        card = learn(learner, QuestionFactory(), timezone.now() - timedelta(days=20))
        Card.objects.filter(pk=card.pk).update(due=timezone.now() + timedelta(days=days))
    page.goto("/")
    expect(page.locator(".catch-up")).to_contain_text("2 reviews are waiting.")
    page.get_by_text("Going away? Study ahead").click()
    assert_sound(page)
    page.get_by_label("Days").fill("2")
    page.get_by_role("button", name="Study ahead").click()
    expect(page.locator(".plan")).to_contain_text("1 ahead of time")
    page.goto("/")
    expect(page.locator("h1")).to_have_text("3 questions for now")
    assert_sound(page)
    page.get_by_role("button", name="Stop studying ahead").click()
    expect(page.locator("h1")).to_have_text("1 question for now")
