from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from quizapp.grading import KINDS
from quizapp.progress import history
from quizapp.progress.words import title_of
from quizapp.scheduling import cards
from quizapp.scheduling.answers import undo
from quizapp.scheduling.memory import Rating
from quizapp.scheduling.models import Review
from quizapp.teams.models import User
from tests.factories import FactFactory, QuestionFactory, TopicFactory
from tests.kinds import SAMPLES
from tests.progress.test_progress import respond
from tests.scheduling.studying import DAY, MINUTE, MORNING, answer, learn
from tests.study.browsing import text_of
from tests.study.quizzing import AT_END, quiz_of
from tests.study.quizzing import respond as respond_in

AGAIN, HARD, GOOD, EASY = Rating

pytestmark = pytest.mark.django_db


def shown(response: Any) -> list[int]:
    return [row["review"].pk for row in response.context["rows"]]


def fill(alice: User, number: int) -> list[int]:
    """So many reviews, two at each instant; their keys, the newest first."""
    question = QuestionFactory()
    first = answer(alice, question).review
    logs = []
    for n in range(1, number):
        copy = Review.objects.get(pk=first.pk)
        copy.pk, copy.seed = None, n
        copy.reviewed_at = MORNING - (n // 2) * MINUTE
        logs.append(copy)
    Review.objects.bulk_create(logs)
    ordered = Review.objects.of(alice).order_by("-reviewed_at", "-pk")
    return list(ordered.values_list("pk", flat=True))


def test_a_newcomer_is_told_what_will_be_here(as_alice: Client) -> None:
    page = text_of(as_alice.get("/progress/history/"))
    assert "Nothing yet." in page
    assert "Answer the first one" in page


def test_pages_lead_through_the_whole_log_and_back(as_alice: Client, alice: User) -> None:
    keys = fill(alice, 2 * history.PAGE + 7)
    pages = [as_alice.get("/progress/history/")]
    while url := pages[-1].context["older_url"]:
        pages.append(as_alice.get(url))
    assert [key for page in pages for key in shown(page)] == keys
    assert len(pages) == 3
    back = as_alice.get(pages[2].context["newer_url"])
    assert shown(back) == shown(pages[1])
    first = as_alice.get(back.context["newer_url"])
    assert shown(first) == shown(pages[0])
    assert first.context["newer_url"] == ""


def test_new_answers_do_not_move_the_pages(as_alice: Client, alice: User) -> None:
    keys = fill(alice, history.PAGE + 5)
    older = as_alice.get("/progress/history/").context["older_url"]
    for _ in range(3):
        answer(alice, QuestionFactory(), now=MORNING + DAY)
    assert shown(as_alice.get(older)) == keys[history.PAGE :]


@pytest.mark.parametrize("query", ["after=x", "after=99999999999999999999", "before=", "before=-1"])
def test_an_odd_address_gives_the_first_page(as_alice: Client, alice: User, query: str) -> None:
    keys = fill(alice, 3)
    assert shown(as_alice.get(f"/progress/history/?{query}")) == keys


def test_a_review_of_another_learner_is_no_place_in_the_log(
    as_charlie: Client, alice: User
) -> None:
    keys = fill(alice, 3)
    page = as_charlie.get(f"/progress/history/?after={keys[0]}")
    assert shown(page) == []
    assert "Stem of" not in text_of(page)


def test_each_answer_says_when_it_was_and_how_it_went(as_alice: Client, alice: User) -> None:
    alice.timezone = "Asia/Tokyo"
    alice.save()
    question = QuestionFactory(stem="Which **type**?\n\nMore.")
    answer(alice, question, GOOD)
    undo(alice, answer(alice, question, AGAIN, MORNING + 10 * MINUTE).review.pk, MORNING)
    page = text_of(as_alice.get("/progress/history/"))
    assert "Which type?</a>" in page
    assert "2 Mar 2026, 18:00" in page
    assert "· rated Good" in page
    assert page.count("· undone") == 1


@pytest.mark.parametrize(
    ("stem", "title"),
    [
        ("Which **type**?\n\nMore.", "Which type?"),
        ("word " * 20 + "ends. More words", "word " * 20 + "ends…"),
        ("x" * 200, "x" * 110 + "…"),
    ],
)
def test_a_long_stem_is_cut_after_a_word(stem: str, title: str) -> None:
    assert title_of(stem) == title


def test_the_log_can_be_narrowed(as_alice: Client, alice: User) -> None:
    services = TopicFactory(slug="services")
    right = answer(alice, QuestionFactory(topic=services)).review.pk
    wrong = answer(alice, QuestionFactory(), AGAIN).review.pk
    respond(alice, QuestionFactory(topic=services), SAMPLES["single_choice"].wrong, MORNING)
    confident = Review.objects.latest("pk").pk

    def listed(query: str) -> set[int]:
        return set(shown(as_alice.get(f"/progress/history/?{query}")))

    assert listed("topic=services") == {right, confident}
    assert listed("outcome=wrong") == {wrong, confident}
    assert listed("outcome=confident") == {confident}
    assert listed("topic=nothing&outcome=nothing") == {right, wrong, confident}
    Review.objects.filter(pk=confident).delete()
    assert "No answer like that." in text_of(as_alice.get("/progress/history/?outcome=confident"))


def test_the_next_page_keeps_what_was_asked_for(as_alice: Client, alice: User) -> None:
    fill(alice, history.PAGE + 1)
    Review.objects.update(score=0)
    topic = Review.objects.first().question.topic.slug
    page = as_alice.get(f"/progress/history/?topic={topic}&outcome=wrong")
    older = as_alice.get(page.context["older_url"])
    assert older.context["filters"] == page.context["filters"]
    assert len(shown(older)) == 1


def test_a_page_of_the_log_takes_five_queries_at_most(
    as_alice: Client, alice: User, django_assert_max_num_queries: Any
) -> None:
    keys = fill(alice, 3 * history.PAGE)
    with django_assert_max_num_queries(5):
        as_alice.get(f"/progress/history/?after={keys[10]}")


# One question


def test_a_question_never_answered_is_not_found(
    as_alice: Client, as_charlie: Client, alice: User
) -> None:
    question = QuestionFactory()
    learn(alice, question)
    cards.bury(alice, unanswered := QuestionFactory(), MORNING)
    assert as_charlie.get(f"/progress/history/{question.pk}/").status_code == 404
    assert as_alice.get(f"/progress/history/{unanswered.pk}/").status_code == 404
    for number in (999, 2**63, 10**40):
        assert as_alice.get(f"/progress/history/{number}/").status_code == 404


RIGHT_WORDS = {
    "flashcard": "Rated Good",
    "single_choice": "ClusterIP",
    "multiple_choice": "its cluster IP</li> <li>any node and the node port",
    "short_answer": "clusterip",
    "ordering": "1. A claim is made</li> <li>2. A volume is bound</li> <li>3. A Pod mounts it",
    "matching": "Called from inside: ClusterIP</li> <li>An alias: ExternalName",
    "cloze": "Blank 1: ClusterIP",
    "manifest": "kind: Service",
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_shows_what_was_responded(as_alice: Client, alice: User, kind: str) -> None:
    question = QuestionFactory(kind=kind)
    respond(alice, question, SAMPLES[kind].right, MORNING)
    page = text_of(as_alice.get(f"/progress/history/{question.pk}/"))
    assert RIGHT_WORDS[kind] in re.sub(r"</?(code|span)[^>]*>", "", page).replace(
        "</li><li>", "</li> <li>"
    )
    assert "This is why." in page
    assert "comes back in 10 minutes" in page


def test_markup_in_a_response_stays_text(as_alice: Client, alice: User) -> None:
    for kind, field in (("short_answer", "text"), ("manifest", "manifest")):
        question = QuestionFactory(kind=kind)
        respond(alice, question, {field: "<script>alert(1)</script> *x*"}, MORNING)
        for address in (f"/progress/history/{question.pk}/", "/progress/"):
            page = as_alice.get(address).content.decode()
            assert "<script>alert" not in page
            assert "<em>x</em>" not in page


def test_the_key_stays_hidden_once_the_question_means_something_else(
    as_alice: Client, alice: User
) -> None:
    question = QuestionFactory()
    respond(alice, question, SAMPLES["single_choice"].wrong, MORNING)
    question.version, question.explanation = 2, "Because of ClusterIP."
    question.save()
    cards.start_anew([question.pk])
    page = text_of(as_alice.get(f"/progress/history/{question.pk}/"))
    assert "The question has changed since" in page
    assert "ClusterIP" not in page
    assert "means something else now" in page
    assert "once you have answered it anew" in page
    respond(alice, question, SAMPLES["single_choice"].wrong, MORNING + timedelta(hours=1))
    page = text_of(as_alice.get(f"/progress/history/{question.pk}/"))
    assert "Because of ClusterIP." in page
    assert page.count("The question has changed since") == 1


def test_after_undoing_the_only_answer_the_key_is_not_told(as_alice: Client, alice: User) -> None:
    question = QuestionFactory()
    undo(alice, answer(alice, question).review.pk, MORNING)
    page = text_of(as_alice.get(f"/progress/history/{question.pk}/"))
    assert "This is why." not in page
    assert "· undone" in page
    assert "means something else now" not in page
    assert "once you have answered it anew" in page
    question.retired_at = MORNING
    question.save()
    page = text_of(as_alice.get(f"/progress/history/{question.pk}/"))
    assert "does not come back" in page
    assert "once you have answered it anew" not in page


def test_what_a_quiz_tells_at_its_end_is_told_nowhere_else_before(
    as_alice: Client, alice: User
) -> None:
    fact = FactFactory(fact="A Service has one address.")
    question = QuestionFactory(topic=fact.topic, facts=[fact])
    quiz = quiz_of(alice, [question, QuestionFactory()], feedback=AT_END)
    respond_in(as_alice, quiz, is_right=False)
    by_fact = f"/progress/{fact.topic.slug}/"
    addresses = ("/progress/history/", f"/progress/history/{question.pk}/", "/progress/", by_fact)
    for address in addresses:
        page = text_of(as_alice.get(address))
        for word in ("Not right", "rated Again", "This is why.", "in 1 minute", "Answered today"):
            assert (word in page) == (word == "Not right" and "<option" in page)
    assert "1 of 1 question met </p>" in text_of(as_alice.get(by_fact))
    assert not as_alice.get("/progress/").context["confident"]
    assert not shown(as_alice.get("/progress/history/?outcome=wrong"))
    as_alice.post(f"/quiz/{quiz.pk}/end/")
    for address in addresses[:2]:
        assert "rated Again" in text_of(as_alice.get(address))
    assert "in 1 minute" in text_of(as_alice.get(by_fact))
    assert as_alice.get("/progress/").context["confident"]
    assert shown(as_alice.get("/progress/history/?outcome=wrong"))


def test_a_response_of_another_shape_breaks_nothing(as_alice: Client, alice: User) -> None:
    question = QuestionFactory(kind="multiple_choice")
    answer(alice, question)  # stores a text, where a list belongs
    page = text_of(as_alice.get(f"/progress/history/{question.pk}/"))
    assert "The question has changed since" in page


def test_where_one_stands_is_told_in_words(as_alice: Client, alice: User) -> None:
    question = QuestionFactory()
    learn(alice, question, MORNING - 60 * DAY)
    address = f"/progress/history/{question.pk}/"
    page = text_of(as_alice.get(address))
    assert "expected recall" in page
    assert "It is due now." in page
    cards.suspend(alice, question, MORNING)
    assert "It is suspended" in text_of(as_alice.get(address))
    question.retired_at = MORNING
    question.save()
    assert "has been taken out" in text_of(as_alice.get(address))


def test_the_history_of_a_question_takes_five_queries(
    as_alice: Client, alice: User, django_assert_num_queries: Any
) -> None:
    question = QuestionFactory()
    for number in range(4):
        answer(alice, question, now=MORNING + number * DAY)
    with django_assert_num_queries(5):
        as_alice.get(f"/progress/history/{question.pk}/")
