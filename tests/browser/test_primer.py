"""The primer in the browser: cards that fill themselves, keys that stay in their card."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from quizapp.content.models import Chapter
from quizapp.grading import KINDS
from quizapp.scheduling.models import Review
from quizapp.study.models import Reading
from tests.browser.conftest import OpenPage
from tests.browser.learner import fill, start
from tests.browser.test_pages import LONG, assert_sound
from tests.factories import ChapterFactory, QuestionFactory, TopicFactory

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 100"><defs><marker id="tip">'
    '<path class="d-line" d="M0 0"/></marker></defs><rect class="d-box" width="90" height="90"/>'
    '<path class="d-line" d="M90 40H300" marker-end="url(#tip)"/>'
    '<text class="d-text" x="9" y="30">Pod</text></svg>'
)


def card_of(page: Page, slug: str) -> Locator:
    card = page.locator(f"#question-{slug}")
    card.scroll_into_view_if_needed()
    expect(card.locator(".set-in-part")).to_be_visible()
    return card


def open_chapter(page: Page, chapter: Chapter) -> None:
    start(page)
    page.goto(f"/primer/{chapter.slug}/")
    page.wait_for_load_state()


def test_a_visitor_starts_in_the_middle_of_a_chapter_and_answers(page: Page) -> None:
    question = QuestionFactory(slug="what-stays", stem="What stays?")
    ChapterFactory(slug="pods", asks=[question], states=[question.facts.get()])
    page.goto("/primer/pods/")
    page.get_by_role("button", name="Start, without an account").click()
    card = card_of(page, "what-stays")
    expect(card.locator(".stem")).to_have_text("What stays?")

    card.get_by_role("button", name="Check").click()
    expect(card.get_by_role("alert")).to_contain_text("Give a response first")
    card.get_by_label("ClusterIP").check()
    card.get_by_role("button", name="Check").click()
    expect(card.locator(".verdict h3")).to_have_text("Right.")
    expect(card.locator(".verdict h3")).to_be_focused()
    assert Review.objects.count() == 1

    page.reload()
    expect(card_of(page, "what-stays")).to_contain_text("Answered")
    expect(page.locator("h1")).to_have_count(1)


def test_keys_act_in_the_card_that_has_the_focus(page: Page) -> None:
    asked = [QuestionFactory(slug=f"q-{number}") for number in (1, 2)]
    open_chapter(page, ChapterFactory(asks=asked))
    first, second = (card_of(page, question.slug) for question in asked)
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.locator(".set-in :is(:checked, .verdict)")).to_have_count(0)

    second.locator(".stem").click()
    page.keyboard.press("1")
    expect(second.locator("input:checked")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(second.locator(".verdict")).to_be_visible()
    expect(first.locator("input:checked, .verdict")).to_have_count(0)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_answered_within_its_card(page: Page, kind: str) -> None:
    open_chapter(page, ChapterFactory(asks=[QuestionFactory(slug="one", kind=kind)]))
    card = card_of(page, "one")
    if kind == "flashcard":
        card.get_by_role("button", name="Show the answer").click()
        card.get_by_role("button", name="Good").click()
        expect(card).to_contain_text("comes back in 10 minutes")
        return
    fill(page, kind, is_right=True)
    card.get_by_role("button", name="Check").click()
    expect(card.locator(".verdict h3")).to_have_text("Right.")


def test_the_section_in_view_is_kept_and_reading_goes_on_there(page: Page) -> None:
    sections = "\n\n".join(f"## Part {number}\n\n" + "Words. " * 400 for number in range(4))
    QuestionFactory()
    open_chapter(page, ChapterFactory(slug="long", title="Long", body=sections))
    with page.expect_response(lambda response: "part-3" in (response.request.post_data or "")):
        page.locator("#part-3").scroll_into_view_if_needed()
    assert Reading.objects.get().anchor == "part-3"
    page.goto("/primer/")
    page.get_by_role("link", name="Continue reading").click()
    expect(page).to_have_url("/primer/long/#part-3")


def test_without_script_a_question_is_answered_on_a_page_of_its_own(open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False)
    ChapterFactory(slug="pods", asks=[QuestionFactory(slug="what-stays", kind="short_answer")])
    page.goto("/primer/pods/")
    page.get_by_role("button", name="Start, without an account").click()
    page.get_by_role("link", name="Answer a question about this").click()
    page.locator("[name=text]").fill("ClusterIP")
    page.get_by_role("button", name="Check").click()
    expect(page.locator("h1")).to_have_text("Right.")
    page.get_by_role("link", name="Back to the chapter").click()
    expect(page).to_have_url("/primer/pods/#question-what-stays")


def test_the_pages_are_sound(page: Page) -> None:
    question = QuestionFactory(slug="long", stem=f"Why `{LONG}`?", kind="matching")
    fact = question.facts.get()
    body = (
        f"{LONG}\n\n::fact {fact.slug}\n\n## {LONG}\n\n| a | b |\n|---|---|\n| `{LONG}` | b |\n\n"
        f"- one\n- two\n\n### Part\n\n```yaml\nkind: {LONG}\n```\n\n"
        '![A Pod](diagrams/a.svg "Caption")\n\n![Again](diagrams/a.svg)\n\n'
        f"## More\n\nText.\n\n::question {question.slug}\n"
    )
    topic = TopicFactory(title=LONG)
    diagrams = {"diagrams/a.svg": SVG}
    chapter = ChapterFactory(topic=topic, title=LONG, summary=LONG, body=body, diagrams=diagrams)
    ChapterFactory(title=LONG)
    page.goto(f"/primer/{chapter.slug}/")
    assert_sound(page)
    open_chapter(page, chapter)
    card = card_of(page, "long")
    assert_sound(page)
    card.get_by_role("button", name="Not sure").click()
    expect(card.locator(".verdict")).to_be_visible()
    assert_sound(page)
    for url in (
        "/primer/",
        f"/primer/facts/{fact.slug}/",
        f"/primer/{chapter.slug}/questions/{question.slug}/",
        f"/primer/{chapter.slug}/questions/{question.slug}/?feedback",
    ):
        page.goto(url)
        assert_sound(page)
