"""The same form twice, old forms, broken forms and those of other people."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from quizapp.scheduling.models import Card, Review
from quizapp.teams.models import User
from tests.factories import QuestionFactory
from tests.kinds import SAMPLES
from tests.scheduling.studying import MORNING, answer
from tests.study.browsing import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]


def test_the_same_form_twice_shows_the_same_feedback_and_counts_once(as_alice: Client) -> None:
    QuestionFactory()
    token = as_alice.get("/review/").context["token"]
    fields = {"token": token, "action": "check"}
    first = as_alice.post("/review/", fields | SAMPLES["single_choice"].right)
    again = as_alice.post("/review/", fields | SAMPLES["single_choice"].wrong)
    assert again.context["verdict"] == first.context["verdict"] == "right"
    assert Review.objects.count() == 1


def test_a_stale_form_is_told_kindly_with_the_current_state(as_alice: Client, alice: User) -> None:
    question = QuestionFactory()
    token = as_alice.get("/review/").context["token"]
    answer(alice, question)
    fields = {"token": token, "action": "check", **SAMPLES["single_choice"].right}
    response = as_alice.post("/review/", fields, follow=True)
    assert "out of date" in text_of(response)
    assert Review.objects.count() == 1


@pytest.mark.parametrize("token", ["", "x", "a:b:c"])
def test_a_broken_form_changes_nothing(as_alice: Client, token: str) -> None:
    QuestionFactory()
    response = as_alice.post("/review/", {"token": token, "action": "check"}, follow=True)
    assert "out of date" in text_of(response)
    assert not Review.objects.exists()


def test_a_form_of_somebody_else_changes_nothing(as_alice: Client, as_charlie: Client) -> None:
    QuestionFactory()
    token = as_alice.get("/review/").context["token"]
    fields = {"token": token, "action": "check", **SAMPLES["single_choice"].right}
    as_charlie.post("/review/", fields)
    assert not Review.objects.exists()


def test_a_form_whose_question_has_gone_is_stale(as_alice: Client) -> None:
    question = QuestionFactory()
    token = as_alice.get("/review/").context["token"]
    question.retired_at = MORNING
    question.save()
    response = as_alice.post("/review/", {"token": token, "action": "check"}, follow=True)
    assert "out of date" in text_of(response)
    question.delete()
    response = as_alice.post("/review/", {"token": token, "action": "check"}, follow=True)
    assert "out of date" in text_of(response)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("single_choice", "ClusterIP"),
        ("multiple_choice", "its cluster IP"),
        ("ordering", "A claim is made"),
        ("matching", "An alias"),
        ("matching", "ClusterIP"),
    ],
)
def test_a_form_whose_options_were_reworded_is_stale(
    as_alice: Client, kind: str, text: str
) -> None:
    """The choice could not be told from none, and would be graded as if it had been left out."""
    question = QuestionFactory(kind=kind)
    token = as_alice.get("/review/").context["token"]
    question.spec = json.loads(json.dumps(question.spec).replace(text, f"{text}, then"))
    question.save()
    fields = {"token": token, "action": "check", **SAMPLES[kind].right}
    page = as_alice.post("/review/", fields, follow=True)
    assert "out of date" in text_of(page)
    assert f"{text}, then" in text_of(page)
    assert not Review.objects.exists()


@pytest.mark.parametrize("kind", ["single_choice", "matching", "cloze", "short_answer"])
def test_a_form_whose_question_was_edited_elsewhere_is_as_good_as_before(
    as_alice: Client, kind: str
) -> None:
    question = QuestionFactory(kind=kind)
    token = as_alice.get("/review/").context["token"]
    question.stem, question.explanation = "Asked in other words?", "For another reason."
    question.save()
    fields = {"token": token, "action": "check", **SAMPLES[kind].right}
    assert as_alice.post("/review/", fields).context["verdict"] == "right"


@pytest.mark.django_db(transaction=True)
def test_the_same_form_posted_eight_ways_at_once_counts_once(alice: User) -> None:
    QuestionFactory()
    browsing = Client()
    browsing.force_login(alice)
    token = browsing.get("/review/").context["token"]
    fields = {"token": token, "action": "check", **SAMPLES["single_choice"].right}

    def post(_: int) -> int:
        try:
            client = Client()
            client.cookies = browsing.cookies
            return client.post("/review/", fields, headers={"HX-Request": "true"}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(post, range(8))) == [200] * 8
    assert Review.objects.count() == 1
    assert Card.objects.get().reps == 1
