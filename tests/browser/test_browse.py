"""The questions met, in a browser: narrowed while typing, set aside, chosen and practised."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from quizapp.scheduling.models import Card, Flag
from quizapp.study.models import Quiz
from quizapp.teams.models import User
from tests.browser.conftest import OpenPage
from tests.browser.learner import start
from tests.browser.test_pages import LONG, assert_sound
from tests.factories import FactFactory, QuestionFactory, TopicFactory
from tests.scheduling.studying import DAY, MORNING, learn


def browse(page: Page, *stems: str) -> None:
    """Start, and open the list with a question for each stem and one not met."""
    topic = TopicFactory(title="Services")
    questions = [QuestionFactory(stem=stem, topic=topic) for stem in stems]
    QuestionFactory(stem="Not met")
    start(page)
    for days, question in enumerate(questions):
        learn(User.objects.get(), question, MORNING + days * DAY)
    page.goto("/questions/")


def rows(page: Page) -> list[str]:
    return page.locator(".browse-stem").all_inner_texts()


def test_the_list_is_sound(page: Page) -> None:
    topic = TopicFactory(title=LONG)
    question = QuestionFactory(
        stem=f"Why `{LONG}`?", topic=topic, facts=[FactFactory(fact=LONG, topic=topic)]
    )
    start(page)
    page.goto("/questions/")
    expect(page.locator("main")).to_contain_text("None yet")
    assert_sound(page)
    learn(User.objects.get(), question, MORNING)
    for _ in range(30):
        learn(User.objects.get(), QuestionFactory(), MORNING + DAY)
    Card.objects.filter(question=question).update(is_leech=True, lapses=8)
    page.goto("/questions/")
    page.get_by_role("link", name="Flag").first.click()
    expect(page.locator(".flag-form")).to_be_visible()
    page.get_by_role("checkbox").nth(1).check()
    assert_sound(page)
    page.goto(f"/questions/?topic={topic.slug}&text=nothing")
    expect(page.locator("main")).to_contain_text("Try fewer words")
    assert_sound(page)


def test_the_list_narrows_while_typing_and_the_address_follows(page: Page) -> None:
    browse(page, "Which port?", "Which name?")
    text = page.get_by_role("searchbox")
    text.press_sequentially("port")
    expect(page.locator("#found-said")).to_have_text("1 of 2 questions met matches")
    assert rows(page) == ["Which port?"]
    expect(text).to_be_focused()
    expect(page).to_have_url(re.compile(r"/questions/\?text=port"))
    page.reload()
    assert rows(page) == ["Which port?"]
    page.get_by_role("link", name="Clear the filters").click()
    expect(page.locator(".browse-stem")).to_have_count(2)


def test_choosing_a_topic_opens_the_choice_of_its_facts(page: Page) -> None:
    browse(page, "Which port?", "Which name?")
    expect(page.get_by_label("Fact", exact=True)).to_have_count(0)
    page.get_by_label("Topic").select_option("Services")
    expect(page.get_by_label("Fact", exact=True)).to_be_visible()
    page.get_by_label("Fact", exact=True).select_option(index=1)
    expect(page.locator(".browse-stem")).to_have_count(1)


def test_two_are_chosen_and_practised_from_the_keyboard(page: Page) -> None:
    browse(page, "First?", "Second?", "Third?")
    for stem in ("First?", "Third?"):
        page.get_by_role("checkbox", name=stem).focus()
        page.keyboard.press("Space")
    page.keyboard.press("Enter")  # as in any form: its first button, which practises
    expect(page.locator(".stem")).to_be_visible()
    stems = [place.question.stem for place in Quiz.objects.get().places.all()]
    assert set(stems) == {"First?", "Third?"}


def test_a_row_changes_in_its_place_and_keeps_the_focus(page: Page) -> None:
    browse(page, "First?", "Second?")
    page.get_by_role("button", name="Suspend First?").click()
    back = page.get_by_role("button", name="Bring back First?")
    expect(back).to_be_focused()
    expect(page.locator("#notice")).to_contain_text("Suspended")
    page.locator("#notice").get_by_role("button", name="Undo").click()
    expect(page.locator("#notice")).to_contain_text("The question is back")
    expect(page.locator(".browse-row[data-suspended]")).to_have_count(0)


def test_a_flag_is_sent_and_the_list_stays(page: Page) -> None:
    browse(page, "First?", "Second?")
    page.get_by_role("checkbox", name="First?").check()
    page.get_by_role("link", name="Flag Second?").click()
    flag = page.locator(".browse-row", has_text="Second?").locator(".flag")
    expect(flag.locator("summary")).to_be_focused()
    flag.get_by_label("There is a typing error").check()
    flag.get_by_role("button", name="Send to the editors").click()
    expect(page.locator("#notice")).to_contain_text("Thank you")
    assert Flag.objects.get().question.stem == "Second?"
    expect(page.locator(".browse-stem")).to_have_count(2)
    expect(page.get_by_role("checkbox", name="First?")).to_be_checked()


def test_the_end_of_a_review_leads_to_the_suspended(page: Page) -> None:
    QuestionFactory(stem="First?")
    start(page)
    page.get_by_role("button", name="Suspend").click()
    page.get_by_role("link", name="1 question suspended").click()
    assert rows(page) == ["First?"]
    page.get_by_role("button", name="Bring back First?").click()
    expect(page.locator(".browse-empty")).to_contain_text("None")


def test_everything_works_without_script(open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False)
    browse(page, "Which port?", "Which name?")
    page.get_by_role("searchbox").fill("name")
    page.get_by_role("button", name="Search").click()
    assert rows(page) == ["Which name?"]
    page.get_by_role("button", name="Suspend Which name?").click()
    expect(page.locator("#notice")).to_contain_text("Suspended")
    assert rows(page) == ["Which name?"]
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("link", name="Flag").click()
    page.get_by_label("There is a typing error").check()
    page.get_by_role("button", name="Send to the editors").click()
    expect(page.locator("#notice")).to_contain_text("Thank you")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Practise", exact=True).click()
    expect(page.locator(".stem")).to_have_text("Which name?")
