"""Storage that is locked or full: the learner is told, and the response is not lost."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test import Client

from quizapp.scheduling.models import Card, Review
from quizapp.teams.models import User
from tests.factories import QuestionFactory
from tests.kinds import SAMPLES
from tests.scheduling.studying import learn

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def locked_sqlite() -> Iterator[None]:
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 50")
    other.execute("BEGIN IMMEDIATE")
    yield
    other.execute("ROLLBACK")
    other.close()


@contextmanager
def full_sqlite() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")  # leaves no free page to write to
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages}")
        yield
        cursor.execute("PRAGMA max_page_count = 4294967294")


@contextmanager
def locked_postgresql() -> Iterator[None]:
    settings = connection.get_connection_params()
    settings.pop("cursor_factory", None), settings.pop("context", None)
    with psycopg.connect(**settings) as other:
        other.execute("LOCK TABLE quizapp_review, quizapp_card IN SHARE MODE")
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '50ms'")
        yield
        other.rollback()
    with connection.cursor() as cursor:
        cursor.execute("RESET lock_timeout")


Fault = Callable[[], AbstractContextManager[None]]
FAULTS: dict[str, list[Fault]] = {
    "sqlite": [locked_sqlite, full_sqlite],
    "postgresql": [locked_postgresql],
}


@pytest.fixture(params=FAULTS[connection.vendor], ids=lambda fault: fault.__name__)
def fault(request: pytest.FixtureRequest) -> Fault:
    made: Fault = request.param
    return made


@pytest.fixture
def browsing(alice: User) -> Client:
    """A client that shows the error page, as a browser would, in place of the exception."""
    client = Client(raise_request_exception=False)
    client.force_login(alice)
    return client


def rows() -> list[Any]:
    return [*Card.objects.values(), *Review.objects.values()]


@pytest.mark.parametrize("is_known", [False, True], ids=["new question", "known question"])
def test_a_response_that_cannot_be_saved_is_kept_in_the_page(
    browsing: Client,
    alice: User,
    fault: Fault,
    is_known: bool,  # noqa: FBT001
) -> None:
    question = QuestionFactory(kind="manifest")
    if is_known:
        learn(alice, question)
    before = rows()
    token = browsing.get(f"/review/?question={question.pk}").context["token"]
    # Long enough that a full disk cannot hold it in what is left of a page.
    text = SAMPLES["manifest"].right["manifest"] + "# " + "filler " * 2000
    fields = {"token": token, "action": "check", "manifest": text}
    with fault():
        response = browsing.post("/review/", fields)
        assert response.status_code == 503
        assert rows() == before
    page = response.content.decode()
    assert "Not saved, try again" in page
    assert "app: web" in page
    for name, value in fields.items():
        assert (name, value) in response.context["fields"]

    again = browsing.post("/review/", dict(response.context["fields"]))
    assert again.context["verdict"] == "right"
    assert Review.objects.count() == len(before) // 2 + 1


def test_with_htmx_the_form_stays_and_a_sentence_is_added(browsing: Client, fault: Fault) -> None:
    QuestionFactory(kind="manifest")
    token = browsing.get("/review/").context["token"]
    fields = {"token": token, "action": "check", "manifest": "# " + "filler " * 2000}
    with fault():
        response = browsing.post("/review/", fields, headers={"HX-Request": "true"})
    assert response.status_code == 503
    assert response["HX-Retarget"] == "#problem"
    page = response.content.decode()
    assert "Not saved" in page
    assert "<html" not in page


def test_other_faults_are_not_taken_for_storage(browsing: Client) -> None:
    question = QuestionFactory(kind="single_choice")
    question.spec = {"broken": True}
    question.save()
    response = browsing.get("/review/")
    assert response.status_code == 500
    assert "Not saved" not in response.content.decode()
