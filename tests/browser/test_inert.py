"""Whatever is written into the content stays text in a learner's browser, and in an editor's."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from quizapp.content.models import Question
from quizapp.grading import KINDS
from quizapp.scheduling.answers import Verdict, record
from quizapp.scheduling.memory import Rating
from quizapp.scheduling.models import Review
from quizapp.scheduling.showing import Showing
from quizapp.study.quiz_making import make
from quizapp.study.quizzes import finish, put_in_place
from quizapp.teams.models import User
from tests.browser.hostile import PAYLOADS, joined, spec_of, wrong_response
from tests.factories import (
    ChapterFactory,
    ConfusableFactory,
    FactFactory,
    QuestionFactory,
    TopicFactory,
)
from tests.scheduling.studying import MORNING

STRANGERS = """() => {
  const main = document.querySelector("main");
  const found = main.querySelectorAll(
    "script, iframe, object, embed, base, meta, link, style, video, marquee, math, img, " +
    "[href^='javascript' i], [href^='data' i], [href^='vbscript' i], [hx-get*='logout']");
  const handlers = [...main.querySelectorAll("*")].filter(
    each => [...each.attributes].some(attribute => attribute.name.startsWith("on")));
  const elsewhere = [...main.querySelectorAll("form")].filter(
    each => new URL(each.getAttribute("action") ?? "", location.href).origin !== location.origin);
  return [...found, ...handlers, ...elsewhere].map(each => each.outerHTML.slice(0, 200));
}"""


def hostile_question(kind: str, text: str, **fields: Any) -> Question:
    question: Question = QuestionFactory(
        kind=kind, stem=f"{text} What?", explanation=text, spec=spec_of(kind, text), **fields
    )
    return question


def answered_wrongly(learner: User, question: Question, text: str) -> Review:
    given = wrong_response(question.kind, text)
    form = {name: each if isinstance(each, list) else [each] for name, each in given.items()}
    spec = question.parsed_spec
    response = spec.read(form)
    grade = spec.grade(response)
    assert not grade.is_correct
    return record(
        Showing.of(question, None, MORNING),
        user=learner,
        question=question,
        card=None,
        verdict=Verdict(response, grade, Rating.AGAIN, is_sure=True),
        now=MORNING,
    ).review


def assert_inert(page: Page) -> None:
    page.wait_for_load_state()
    assert page.evaluate("window.ran") is None
    assert page.evaluate(STRANGERS) == []


@pytest.fixture
def learner(page: Page) -> User:
    """Somebody who has pressed Start in the browser."""
    QuestionFactory()
    page.goto("/")
    page.get_by_role("button", name="Start").first.click()
    page.wait_for_url("**/review/")
    learner: User = User.objects.get()
    return learner


def test_there_are_enough_payloads() -> None:
    assert len(set(PAYLOADS)) >= 40


def test_every_text_in_the_result_of_a_quiz(page: Page, learner: User) -> None:
    """Stem, options, feedback, notes, explanation and responses: all kinds, all payloads."""
    for kind in sorted(set(KINDS) - {"flashcard"}):
        topic = TopicFactory(title=PAYLOADS[5])
        asked = [hostile_question(kind, text, topic=topic) for text in PAYLOADS]
        ids = [question.pk for question in asked]
        quiz = make(learner, title=PAYLOADS[5], question_ids=ids, now=MORNING)
        for question, text in zip(asked, PAYLOADS, strict=True):
            put_in_place(quiz, answered_wrongly(learner, question, text))
        finish(quiz, MORNING)
        page.goto(f"/quiz/{quiz.pk}/result/")
        expect(page.locator(".quiz-item h3").first).to_be_visible()
        assert page.locator(".verdict").count() == len(PAYLOADS)
        assert_inert(page)


def test_the_question_itself(page: Page, learner: User) -> None:
    """All payloads over all kinds, and all in a back and a starter, which stand nowhere else."""
    for turn, kind in enumerate(KINDS):
        is_alone = kind in ("flashcard", "manifest")
        texts = PAYLOADS if is_alone else PAYLOADS[turn :: len(KINDS)]
        question = hostile_question(kind, joined(texts))
        page.goto(f"/review/?question={question.pk}")
        expect(page.locator(".stem")).to_contain_text("What?")
        assert_inert(page)
        if kind == "flashcard":
            page.get_by_role("button", name="Show the answer").click()
            expect(page.locator("[name=recalled]")).to_have_count(4)
            assert_inert(page)


def test_topics_and_chapters(page: Page, learner: User) -> None:
    """All payloads in titles, summaries, headings and paragraphs."""
    for text in PAYLOADS:
        topic = TopicFactory(title=text, summary=text)
        QuestionFactory(topic=topic)
        body = f"{text}\n\n## {' '.join(text.split())}\n\n{text}\n"
        ChapterFactory(topic=topic, title=text, summary=text, body=body)
    whole = "\n\n".join(f"{text}\n\n### {' '.join(text.split())}\n\n" for text in PAYLOADS)
    chapter = ChapterFactory(topic=topic, body=f"Text.\n\n## All\n\n{whole}")
    for address in ("/", "/primer/", f"/primer/{chapter.slug}/", "/progress/", "/quiz/"):
        page.goto(address)
        assert_inert(page)


def test_facts(page: Page, learner: User) -> None:
    text = joined(PAYLOADS)
    fact = FactFactory(fact=text, why=text, misconception=text, precision=text)
    page.goto(f"/primer/facts/{fact.slug}/")
    assert page.locator("main").inner_text().count("window.ran=1") > 4 * 20
    assert_inert(page)


def test_contrasts(page: Page, learner: User) -> None:
    """All payloads in the cells of a table, and in the names of its sides."""
    fact = FactFactory()
    rows = [{"aspect": each, "says": [each, each]} for each in PAYLOADS]
    sides = [joined(PAYLOADS[::2]), joined(PAYLOADS[1::2])]
    ConfusableFactory(facts=[fact, FactFactory()], sides=sides, contrast=rows)
    question = hostile_question("short_answer", joined(PAYLOADS[::9]), facts=[fact])
    page.goto(f"/review/?question={question.pk}")
    page.get_by_role("button", name="Not sure").click()
    expect(page.locator(".verdict")).to_be_visible()
    expect(page.locator(".contrast tbody tr")).to_have_count(len(PAYLOADS))
    assert_inert(page)
