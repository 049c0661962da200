"""My progress and the history: sound when empty and when full, with plots one can read."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from quizapp.scheduling.models import Card, DayTally, MemoryFit
from quizapp.teams.models import User
from tests.browser.learner import start
from tests.browser.test_pages import LONG, assert_sound
from tests.factories import FactFactory, QuestionFactory, TopicFactory
from tests.kinds import SAMPLES
from tests.progress.test_progress import FIT, respond


def study(user: User) -> None:
    """A few questions of every kind, answered over weeks, and the sums of a year."""
    now = timezone.now()
    topic = TopicFactory(title=LONG, slug="long")
    fact = FactFactory(topic=topic, fact=f"What `{LONG}` does.")
    for number, (kind, sample) in enumerate(SAMPLES.items()):
        question = QuestionFactory(kind=kind, topic=topic, facts=[fact], stem=f"Why `{LONG}`?")
        for fields, days in ((sample.right, 20), (sample.right, 12), (sample.wrong, 1)):
            respond(user, question, fields, now - timedelta(days=days, hours=number))
    Card.objects.update(lapses=9, is_leech=True)
    for days in range(2, 360, 3):
        DayTally.objects.get_or_create(
            user=user,
            day=(now - timedelta(days=days)).date(),
            defaults={"reviews": days % 40, "known": 5, "recalled": 3 + days % 3},
        )
    MemoryFit.objects.create(user=user, **FIT)


def test_the_progress_of_a_newcomer(page: Page) -> None:
    QuestionFactory(topic=TopicFactory(title=LONG))
    start(page)
    for address in ("/progress/", "/progress/history/"):
        page.goto(address)
        expect(page.get_by_role("link", name="Answer the first one")).to_be_visible()
        assert_sound(page)


def test_the_progress_of_somebody_who_has_studied(page: Page) -> None:
    QuestionFactory()
    start(page)
    study(User.objects.get())
    page.goto("/progress/")
    expect(page.get_by_role("img", name="Recall predicted and actual")).to_be_visible()
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        smallest = page.locator("svg text").evaluate_all(
            "all => Math.min(...all.map(text => text.getBoundingClientRect().height))"
        )
        assert smallest >= 11
    for summary in page.locator("summary").all():
        summary.click()
    assert_sound(page)
    page.get_by_role("link", name=LONG).first.click()
    expect(page.locator("h1")).to_have_text(LONG)
    assert_sound(page)


def test_the_history_and_one_question(page: Page) -> None:
    QuestionFactory()
    start(page)
    study(User.objects.get())
    page.goto("/progress/history/")
    page.get_by_label("Answers").select_option("confident")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("ol.log > li")).to_have_count(8)
    assert_sound(page)
    page.locator("ol.log a").first.click()
    expect(page.locator("h2").first).to_have_text("Where you stand")
    assert_sound(page)
