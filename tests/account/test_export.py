from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.auth.models import Group
from django.db.models import Model
from django.test import Client

from quizapp.account.export import json_pieces
from quizapp.account.own_data import LEFT_OUT, SECTIONS, values_of
from quizapp.scheduling import answers
from quizapp.scheduling.memory import Rating
from quizapp.scheduling.models import Review
from quizapp.teams.models import User
from quizapp.web.spreadsheets import harmless
from tests.account.whole_person import live_fully
from tests.factories import QuestionFactory, TopicFactory, UserFactory
from tests.scheduling.studying import MORNING, answer

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    return UserFactory(name="Alice", email="alice@example.com", timezone="Asia/Tokyo")


def exported(user: User, now: datetime = MORNING) -> Any:
    return json.loads("".join(json_pieces(user, now)))


def body_of(response: Any) -> str:
    text: str = response.getvalue().decode()
    return text


def rows_of(client: Client) -> list[dict[str, str]]:
    text = body_of(client.get("/settings/reviews.csv"))
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


# Nothing is forgotten


def models_that_lead_to_a_person() -> set[type[Model]]:
    """All with a relation to users, or to a model that has one."""
    found: set[type[Model]] = {User}
    while more := {
        model
        for model in apps.get_models(include_auto_created=True)
        if model not in found
        and model._meta.app_label != "import_export"
        and any(
            field.related_model in found
            for field in model._meta.get_fields()
            if field.is_relation and not field.auto_created
        )
    }:
        found |= more
    return found - {User}


def test_every_table_about_people_is_exported_or_left_out_for_a_reason() -> None:
    """Whoever adds a model that leads to a person decides here what its export says."""
    listed = {apps.get_model(section.model) for section in SECTIONS}
    left_out = {apps.get_model(label) for label in LEFT_OUT}
    assert not listed & left_out
    assert {model._meta.label for model in models_that_lead_to_a_person()} == {
        model._meta.label for model in listed | left_out
    }


def test_every_section_has_rows_of_a_person_who_has_done_everything(alice: User) -> None:
    live_fully(alice)
    data = exported(alice)
    assert next(iter(data)) == "README"
    for section in SECTIONS:
        assert data[section.name], section.name
        assert data["README"][section.name].endswith(".")
    assert set(data) == {"README", "format", "exported_at", "profile"} | {
        section.name for section in SECTIONS
    }


def test_nothing_of_others_is_in_it(alice: User) -> None:
    live_fully(UserFactory(name="Charlie", email="charlie@example.com"), marker="of Charlie")
    data = exported(alice)
    assert [section.name for section in SECTIONS if data[section.name]] == []
    assert "harlie" not in json.dumps(data)


# JSON


def test_the_profile_is_everything_but_the_password(alice: User) -> None:
    alice.set_password("correct horse")
    alice.save()
    alice.groups.add(Group.objects.create(name="Platform"))
    profile = exported(alice)["profile"]
    own = {field.name for field in User._meta.concrete_fields}
    assert set(profile) == own - {"password"} | {"groups", "user_permissions"}
    assert (profile["name"], profile["groups"]) == ("Alice", ["Platform"])


def test_reviews_are_whole(alice: User) -> None:
    question = QuestionFactory(slug="what-is-a-pod")
    first = answer(alice, question, Rating.AGAIN).review
    answers.undo(alice, first.pk, MORNING)
    answer(alice, question, Rating.GOOD, MORNING + timedelta(minutes=3, microseconds=5))
    undone, standing = exported(alice)["reviews"]
    fields = {field.name for field in Review._meta.concrete_fields}
    assert set(undone) == fields - {"user"}
    assert undone["undone_at"] == MORNING.isoformat()
    assert standing["undone_at"] is None
    assert standing["question"] == "what-is-a-pod"
    assert datetime.fromisoformat(standing["reviewed_at"]) == MORNING + timedelta(
        minutes=3, microseconds=5
    )
    assert standing["after"] == Review.objects.get(pk=standing["id"]).after


def test_secrets_are_left_out(alice: User) -> None:
    alice.set_password("correct horse")
    alice.save()
    live_fully(alice)
    text = "".join(json_pieces(alice, MORNING))
    for secret in ("the-secret-of-codes", f"confirm {alice.pk}", alice.password):
        assert secret not in text
    assert UserSession.objects.get(user=alice).session_key not in text


def test_nobody_without_anything_gets_empty_lists(alice: User) -> None:
    data = exported(alice)
    assert all(data[section.name] == [] for section in SECTIONS)


def test_the_json_file_is_a_download_that_no_one_keeps(as_alice: Client, time_machine: Any) -> None:
    """Its date is the learner's: in Tokyo it is the next day already."""
    time_machine.move_to(datetime(2026, 3, 2, 22, tzinfo=UTC))
    as_alice.force_login(User.objects.get(email="alice@example.com"))
    response: Any = as_alice.get("/settings/export.json")
    assert response.streaming
    assert response["Content-Type"] == "application/json"
    assert response["Content-Disposition"] == 'attachment; filename="quizapp-2026-03-03.json"'
    assert "no-store" in response["Cache-Control"]
    assert json.loads(body_of(response))["profile"]["email"] == "alice@example.com"


def test_a_guest_can_take_everything_along_too(client: Client) -> None:
    guest = User.objects.create_guest()
    answer(guest, QuestionFactory())
    client.force_login(guest)
    data = json.loads(body_of(client.get("/settings/export.json")))
    assert len(data["reviews"]) == len(data["cards"]) == 1
    assert len(rows_of(client)) == 1


@pytest.mark.parametrize("address", ["/settings/export.json", "/settings/reviews.csv"])
def test_visitors_get_nothing_and_posts_are_refused(client: Client, address: str) -> None:
    assert client.get(address).headers["Location"] == "/"
    assert client.post(address).status_code == 405


# CSV


def test_each_answer_is_one_line(as_alice: Client, alice: User) -> None:
    topic = TopicFactory(slug="pods")
    question = QuestionFactory(slug="what-is-a-pod", topic=topic)
    log = answer(alice, question, Rating.GOOD).review
    Review.objects.filter(pk=log.pk).update(
        duration_ms=12345, response={"text": 'a "pod",\nno less'}, retrievability=0.912345
    )
    answer(UserFactory(), question)
    (row,) = rows_of(as_alice)
    assert row == {
        "when": "2026-03-02T09:00:00+00:00",
        "question": "what-is-a-pod",
        "topic": "pods",
        "kind": "single_choice",
        "version": "1",
        "rating": "good",
        "score": "1.0",
        "sure": "yes",
        "seconds": "12.345",
        "expected recall": "0.9123",
        "response": '{"text": "a \\"pod\\",\\nno less"}',
        "undone": "no",
        "superseded": "no",
    }
    assert json.loads(row["response"]) == {"text": 'a "pod",\nno less'}


def test_what_was_not_asked_or_undone_can_be_told(as_alice: Client, alice: User) -> None:
    question = QuestionFactory()
    log = answer(alice, question, Rating.AGAIN).review
    Review.objects.filter(pk=log.pk).update(is_sure=None, undone_at=MORNING, superseded_at=MORNING)
    (row,) = rows_of(as_alice)
    assert (row["sure"], row["undone"], row["superseded"]) == ("", "yes", "yes")
    assert (row["rating"], row["score"], row["expected recall"]) == ("again", "0.0", "")


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_no_text_is_taken_for_a_formula(sign: str) -> None:
    assert harmless(f"{sign}cmd|' /C calc'!A0") == f"'{sign}cmd|' /C calc'!A0"


@pytest.mark.parametrize("value", ["what-is", '{"a": 1}', "", -1.5, 0, True])
def test_all_else_stays_as_it_is(value: Any) -> None:
    assert harmless(value) is value


def test_a_slug_like_a_formula_is_defused(as_alice: Client, alice: User) -> None:
    answer(alice, QuestionFactory(slug="-1-pod"))
    assert rows_of(as_alice)[0]["question"] == "'-1-pod"


def test_the_csv_file_is_as_spreadsheets_like_it(as_alice: Client, alice: User) -> None:
    question = QuestionFactory()
    log = answer(alice, question).review
    Review.objects.filter(pk=log.pk).update(response="Größe")
    response: Any = as_alice.get("/settings/reviews.csv")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith('attachment; filename="quizapp-answers-20')
    assert "no-store" in response["Cache-Control"]
    body = response.getvalue()
    assert body.startswith(b'\xef\xbb\xbf"when","question",')
    assert body.count(b"\r\n") == body.count(b"\n") == 2
    assert "Größe" in body.decode()


def test_rows_are_read_in_chunks_of_short_queries(
    alice: User, monkeypatch: Any, django_assert_num_queries: Any
) -> None:
    monkeypatch.setattr("quizapp.account.own_data.CHUNK", 2)
    question = QuestionFactory()
    days = [MORNING + timedelta(days=9 * n) for n in range(5)]
    keys = [answer(alice, question, now=day).review.pk for day in days]
    with django_assert_num_queries(1 + 3):
        assert [key for (key,) in values_of(Review, {"user": alice}, ["pk"])] == keys
