"""What a learner does beside answering: undo, too easy, set aside, flag."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from quizapp.scheduling import flags
from quizapp.scheduling.memory import State
from quizapp.scheduling.models import Card, Flag, Review
from quizapp.teams.models import User
from tests.factories import QuestionFactory, UserFactory
from tests.kinds import SAMPLES
from tests.scheduling.studying import MORNING, card_of, learn
from tests.study.browsing import respond, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]


def test_undo_shows_the_question_again(as_alice: Client, alice: User) -> None:
    first, _ = QuestionFactory.create_batch(2)
    pk = respond(as_alice, SAMPLES["single_choice"].right).context["undo_pk"]
    response = as_alice.post(reverse("undo", args=[pk]), {"next": "/review/"}, follow=True)
    assert response.context["question"] == first
    assert card_of(alice, first) is None


def test_undo_reaches_back_review_by_review(as_alice: Client, alice: User) -> None:
    questions = QuestionFactory.create_batch(3)
    for _ in questions:
        respond(as_alice, SAMPLES["single_choice"].right)
    page = as_alice.get("/review/")
    for question in reversed(questions):
        url = reverse("undo", args=[page.context["undo_pk"]])
        page = as_alice.post(url, {"next": "/review/"}, follow=True)
        assert page.context["question"] == question
    assert page.context["undo_pk"] is None
    assert not Card.objects.exists()


def test_the_same_undo_twice_counts_once(as_alice: Client) -> None:
    QuestionFactory.create_batch(2)
    respond(as_alice, SAMPLES["single_choice"].right)
    pk = respond(as_alice, SAMPLES["single_choice"].right).context["undo_pk"]
    for _ in range(2):
        response = as_alice.post(reverse("undo", args=[pk]), follow=True)
        assert "Undone" in text_of(response)
    assert Review.objects.standing().count() == 1


def test_undo_of_somebody_elses_review_changes_nothing(
    as_alice: Client, as_charlie: Client
) -> None:
    QuestionFactory()
    pk = respond(as_alice, SAMPLES["single_choice"].right).context["undo_pk"]
    response = as_charlie.post(reverse("undo", args=[pk]), follow=True)
    assert "can no longer be undone" in text_of(response)
    assert Review.objects.standing().count() == 1


def test_too_easy_makes_the_answer_easy(as_alice: Client, alice: User) -> None:
    question = QuestionFactory()
    pk = respond(as_alice, SAMPLES["single_choice"].right).context["review_pk"]
    response = as_alice.post(reverse("too-easy", args=[pk]), follow=True)
    assert "Noted as easy" in text_of(response)
    assert card_of(alice, question).state == State.REVIEW


def test_too_easy_on_somebody_elses_review_changes_nothing(
    as_alice: Client, alice: User, as_charlie: Client
) -> None:
    question = QuestionFactory()
    pk = respond(as_alice, SAMPLES["single_choice"].right).context["review_pk"]
    response = as_charlie.post(reverse("too-easy", args=[pk]), follow=True)
    assert "no longer be changed" in text_of(response)
    assert card_of(alice, question).state == State.LEARNING


@pytest.mark.parametrize(("verb", "back"), [("suspend", "unsuspend"), ("bury", "unbury")])
def test_a_question_is_set_aside_and_brought_back(as_alice: Client, verb: str, back: str) -> None:
    first, second = QuestionFactory.create_batch(2)
    response = as_alice.post(reverse(verb, args=[first.pk]), {"next": "/review/"}, follow=True)
    assert response.context["question"] == second
    undo = response.context["notice"]["undo_url"]
    assert undo == reverse(back, args=[first.pk])
    response = as_alice.post(undo, {"next": "/review/"}, follow=True)
    assert response.context["question"] == first


def test_a_flag_reaches_the_editors(as_alice: Client, alice: User) -> None:
    question = QuestionFactory(version=4)
    fields = {"reason": "wrong_key", "comment": " Both are right. ", "next": "/review/"}
    response = as_alice.post(reverse("flag", args=[question.pk]), fields, follow=True)
    assert "The editors will look at it" in text_of(response)
    flag = Flag.objects.get()
    assert (flag.user, flag.question, flag.question_version) == (alice, question, 4)
    assert (flag.reason, flag.comment) == ("wrong_key", "Both are right.")


def test_a_second_flag_on_a_question_replaces_the_first(as_alice: Client) -> None:
    question = QuestionFactory()
    for reason in ("typo", "unclear"):
        as_alice.post(reverse("flag", args=[question.pk]), {"reason": reason, "comment": "a\0b"})
    flag = Flag.objects.get()
    assert (flag.reason, flag.comment) == ("unclear", "ab")


def test_a_flag_brings_the_latest_response_that_stands_along(as_alice: Client, alice: User) -> None:
    question = QuestionFactory()
    first = respond(as_alice, SAMPLES["single_choice"].wrong).context["review_pk"]
    as_alice.post(reverse("flag", args=[question.pk]), {"reason": "typo"})
    assert Flag.objects.get().review_id == first
    as_alice.post(reverse("undo", args=[first]))
    as_alice.post(reverse("flag", args=[question.pk]), {"reason": "typo"})
    assert Flag.objects.get().review is None


def test_a_flag_raised_twice_in_two_accounts_does_no_harm(as_alice: Client, alice: User) -> None:
    """As after bringing a guest along who had flagged the same question."""
    question = QuestionFactory()
    for _ in range(2):
        Flag.objects.create(user=alice, question=question, question_version=1, reason="typo")
    as_alice.post(reverse("flag", args=[question.pk]), {"reason": "unclear"})
    assert set(Flag.objects.values_list("reason", flat=True)) == {"unclear"}


def test_the_form_says_what_the_editors_see(as_alice: Client) -> None:
    QuestionFactory()
    page = text_of(respond(as_alice, SAMPLES["single_choice"].wrong))
    assert "what you last responded to the question, but not who you are" in page


def settled(user: User, outcome: str, reply: str = "", stem: str = "Which one?") -> Flag:
    question = QuestionFactory(stem=stem)
    flags.flag(user, question, "typo", "", MORNING)
    flags.settle(question, outcome, reply, UserFactory(), MORNING)
    return Flag.objects.get(question=question)


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("mended", "<strong>Mended.</strong> Thank you."),
        ("answered", "<strong>The editors have answered:</strong>"),
        ("dismissed", "<strong>The editors have looked at it</strong> and left it as it is."),
    ],
)
def test_what_came_of_a_flag_is_told_at_home(
    as_alice: Client, alice: User, outcome: str, words: str
) -> None:
    settled(alice, outcome, "See **the docs**. <script>", stem="Which `one`?")
    page = text_of(as_alice.get("/"))
    assert "You flagged a question" in page
    assert '<p class="flag-news-stem">Which <code>one</code>?</p>' in page
    assert words in page
    assert "See <strong>the docs</strong>. &lt;script&gt;" in page


def test_it_is_told_until_it_is_read_and_then_no_more(as_alice: Client, alice: User) -> None:
    first = settled(alice, "mended")
    second = settled(alice, "dismissed")
    page = as_alice.get("/")
    assert "You flagged 2 questions" in text_of(page)
    assert [each["flag_ids"] for each in page.context["news"]] == [(second.pk,), (first.pk,)]
    later = settled(alice, "answered", "So it is.")
    shown = {"flag": [first.pk, second.pk], "next": "/"}
    page = as_alice.post(reverse("flags-read"), shown, follow=True)
    assert [each["flag_ids"] for each in page.context["news"]] == [(later.pk,)]
    as_alice.post(reverse("flags-read"), {"flag": [later.pk], "next": "/"})
    assert "You flagged" not in text_of(as_alice.get("/"))


def test_others_are_told_nothing_and_cannot_take_it_away(
    as_alice: Client, alice: User, as_charlie: Client
) -> None:
    flag = settled(alice, "mended")
    assert "You flagged" not in text_of(as_charlie.get("/"))
    as_charlie.post(reverse("flags-read"), {"flag": [flag.pk]})
    assert "You flagged" in text_of(as_alice.get("/"))


@pytest.mark.parametrize("value", ["", "x", "-1", "²", "9" * 40, "\0"])
def test_reading_what_is_no_flag_does_no_harm(as_alice: Client, value: str) -> None:
    response = as_alice.post(reverse("flags-read"), {"flag": [value], "next": "/"})
    assert response["Location"] == "/"


def test_news_costs_one_query_and_its_absence_none(
    as_alice: Client, alice: User, django_assert_num_queries: Any
) -> None:
    QuestionFactory()
    as_alice.get("/")
    with CaptureQueriesContext(connection) as without:
        as_alice.get("/")
    for _ in range(3):
        settled(alice, "mended")
    with django_assert_num_queries(len(without) + 1):
        as_alice.get("/")
    as_alice.post(reverse("flags-read"), {"flag": [flag.pk for flag in Flag.objects.all()]})
    with CaptureQueriesContext(connection) as after:
        as_alice.get("/")
    assert not [each for each in after if "quizapp_flag" in each["sql"]]
    assert len(after) == len(without)


def test_a_long_list_of_news_comes_in_parts(as_alice: Client, alice: User) -> None:
    for _ in range(21):
        settled(alice, "mended")
    page = as_alice.get("/")
    assert len(page.context["news"]) == 20
    shown = [pk for each in page.context["news"] for pk in each["flag_ids"]]
    as_alice.post(reverse("flags-read"), {"flag": shown})
    assert len(as_alice.get("/").context["news"]) == 1


def test_a_flag_without_a_reason_is_not_sent(as_alice: Client) -> None:
    question = QuestionFactory()
    response = as_alice.post(reverse("flag", args=[question.pk]), follow=True)
    assert "choose what is wrong first" in text_of(response)
    assert not Flag.objects.exists()


@pytest.mark.parametrize("verb", ["suspend", "unsuspend", "bury", "unbury", "flag"])
def test_actions_on_a_question_that_does_not_exist_are_not_found(
    as_alice: Client, verb: str
) -> None:
    assert as_alice.post(reverse(verb, args=[999])).status_code == 404


@pytest.mark.parametrize(
    "next_url", ["https://evil.example/", "//evil.example", "javascript:1", "home", "1", "\0"]
)
def test_actions_lead_back_to_our_own_pages_only(as_alice: Client, next_url: str) -> None:
    question = QuestionFactory()
    response = as_alice.post(reverse("bury", args=[question.pk]), {"next": next_url})
    assert response["Location"] == "/review/"


@pytest.mark.parametrize(
    "name",
    [
        "undo",
        "more-new",
        "flags-read",
        "suspend",
        "unsuspend",
        "bury",
        "unbury",
        "flag",
        "too-easy",
    ],
)
def test_actions_take_posts_only(as_alice: Client, name: str) -> None:
    needs_pk = name not in ("more-new", "flags-read")
    assert as_alice.get(reverse(name, args=[1] if needs_pk else [])).status_code == 405


def test_a_question_asked_for_by_address_can_be_answered_early(
    as_alice: Client, alice: User
) -> None:
    question = QuestionFactory()
    learn(alice, question)
    response = as_alice.get(f"/review/?question={question.pk}")
    assert response.context["question"] == question


@pytest.mark.parametrize("wanted", ["0", "x", "99999999999999999999999999", "²"])
def test_an_unknown_question_in_the_address_is_passed_over(as_alice: Client, wanted: str) -> None:
    question = QuestionFactory()
    response = as_alice.get("/review/", {"question": wanted})
    assert response.context["question"] == question
