"""Questions written in the browser: parsed, in the history, with everybody's cards in mind."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.content import editing, history
from quizapp.content.history import Act, Change
from quizapp.content.models import Question, Revision
from quizapp.content.parsing import question_from
from quizapp.content.problems import ContentError
from quizapp.content.schema import digest_of
from quizapp.teams.models import User
from tests.content.banks import SERVICES, load_from, question, write_questions
from tests.factories import FactFactory, QuestionFactory, TopicFactory
from tests.kinds import SAMPLES
from tests.scheduling.studying import MORNING

pytestmark = pytest.mark.django_db


def change(act: str = Act.EDITED, by: int | None = None) -> Change:
    return Change(by, MORNING, act, "because")


def save(raw: dict[str, Any], topic: str, raised: list[int] | None = None) -> Question:
    def note(keys: Any) -> None:
        (raised if raised is not None else []).extend(keys)

    return editing.save(question_from(raw, topic), change(), on_new_version=note)


@pytest.fixture
def topic() -> str:
    FactFactory(slug="pods-come-and-go", topic=TopicFactory(slug=SERVICES))
    return SERVICES


@pytest.mark.parametrize("kind", SAMPLES)
def test_a_new_question_says_what_was_given(topic: str, kind: str) -> None:
    row = save(question(kind=kind), topic)
    assert editing.source_of(row) == question_from(question(kind=kind), topic).source()
    assert row.source_digest == ""
    revision = Revision.objects.get()
    assert (revision.slug, revision.act, revision.note) == (row.slug, "edited", "because")
    assert revision.source == editing.source_of(row)


def test_a_new_question_comes_last_in_its_topic(topic: str) -> None:
    rows = [save(question(f"question-{letter}"), topic) for letter in "abc"]
    assert [row.position for row in rows] == [0, 1, 2]


def test_a_question_keeps_its_place_until_it_changes_its_topic(topic: str) -> None:
    QuestionFactory(topic=TopicFactory(slug="other"), position=7)
    for letter in "abc":
        save(question(f"question-{letter}"), topic)
    kept = save(question("question-a", stem="Other?"), topic)
    assert kept.position == 0
    moved = save(question("question-a"), "other")
    assert (moved.topic.slug, moved.position) == ("other", 8)


def test_the_order_of_facts_is_kept(topic: str) -> None:
    FactFactory(slug="second")
    row = save(question(facts=["second", "pods-come-and-go"]), topic)
    assert editing.source_of(row)["facts"] == ["second", "pods-come-and-go"]
    row = save(question(facts=["pods-come-and-go", "second"]), topic)
    assert editing.source_of(row)["facts"] == ["pods-come-and-go", "second"]


def test_saving_the_same_again_changes_nothing(topic: str) -> None:
    raised: list[int] = []
    save(question(), topic, raised)
    before = Question.objects.values().get()
    save(question(), topic, raised)
    assert Question.objects.values().get() == before
    assert Revision.objects.count() == 1
    assert raised == []


def test_a_value_of_another_type_is_a_change(topic: str) -> None:
    raw = question(kind="manifest")
    save(raw, topic)
    raw["checks"][1]["equals"] = 80.0
    raw["checks"][0]["equals"] = True
    row = save(raw, topic)
    assert row.spec["checks"][0]["equals"] is True
    assert isinstance(row.spec["checks"][1]["equals"], float)
    assert history.latest("question", row.slug, editing.source_of(row)).act == "edited"


def test_only_a_higher_version_starts_cards_anew(topic: str) -> None:
    raised: list[int] = []
    row = save(question(), topic, raised)
    save(question(stem="Other?"), topic, raised)
    assert raised == []
    save(question(stem="Third?", version=2), topic, raised)
    assert raised == [row.pk]


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"facts": ["gone"]}, "facts[0]: there is no fact gone"),
        ({"facts": ["pods-come-and-go"] * 2}, "facts[1]: name pods-come-and-go only once"),
        ({"version": 1}, "version: write 2 or more: version 2 has been asked already"),
    ],
)
def test_what_does_not_fit_is_refused_whole(
    topic: str, fields: dict[str, Any], problem: str
) -> None:
    save(question(version=2), topic)
    before = Question.objects.values().get()
    with pytest.raises(ContentError) as refused:
        save(question(**{"version": 2, "stem": "Other?", **fields}), topic)
    assert problem in str(refused.value)
    assert Question.objects.values().get() == before
    assert Revision.objects.count() == 1


def test_everything_that_is_not_there_is_told_at_once(topic: str) -> None:
    with pytest.raises(ContentError) as refused:
        save(question(facts=["gone", "lost"]), "nowhere")
    assert len(refused.value.problems) == 3


def test_nothing_is_written_when_starting_cards_anew_fails(topic: str) -> None:
    save(question(), topic)

    def fail(keys: Any) -> None:
        raise RuntimeError

    entry = question_from(question(version=2), topic)
    with pytest.raises(RuntimeError):
        editing.save(entry, change(), on_new_version=fail)
    assert Question.objects.get().version == 1
    assert Revision.objects.count() == 1


def test_retiring_and_restoring_tells_who_was_changed(topic: str) -> None:
    rows = [save(question(f"question-{letter}"), topic) for letter in "ab"]
    assert {row.slug for row in editing.retire(rows, change(Act.RETIRED))} == {
        "question-a",
        "question-b",
    }
    assert editing.retire(rows, change(Act.RETIRED)) == []
    assert Question.objects.active().count() == 0
    revisions = Revision.objects.of("question", "question-a")
    assert [(each.act, bool(each.source)) for each in revisions] == [
        ("retired", False),
        ("edited", True),
    ]
    assert len(editing.restore(rows[:1], change(Act.RESTORED))) == 1
    assert editing.restore(rows[:1], change(Act.RESTORED)) == []
    newest = Revision.objects.of("question", "question-a").first()
    assert (newest.act, newest.source) == ("restored", editing.source_of(rows[0]))


def test_retiring_many_takes_as_many_queries_as_retiring_two(
    topic: str, django_assert_num_queries: Any
) -> None:
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    rows = [save(question(f"question-{number}"), topic) for number in range(22)]
    with CaptureQueriesContext(connection) as two:
        editing.retire(rows[:2], change(Act.RETIRED))
    with django_assert_num_queries(len(two)):
        editing.retire(rows[2:], change(Act.RETIRED))


def test_saving_a_retired_question_brings_it_back(topic: str) -> None:
    row = save(question(), topic)
    editing.retire([row], change(Act.RETIRED))
    save(question(), topic)
    row.refresh_from_db()
    assert not row.is_retired
    assert Revision.objects.count() == 3


def test_loading_keeps_what_was_edited(tmp_path: Any) -> None:
    write_questions(tmp_path, question())
    load_from(tmp_path)
    loaded = Question.objects.get()
    assert loaded.source_digest == digest_of(editing.source_of(loaded))
    save(question(stem="By hand?"), SERVICES)
    load_from(tmp_path)
    loaded.refresh_from_db()
    assert loaded.stem == "By hand?"
    assert loaded.source_digest != digest_of(editing.source_of(loaded))
    acts = [each.act for each in Revision.objects.of("question", loaded.slug)]
    assert acts == ["edited", "loaded"]


def test_history_notes_once_what_it_did_not_know(topic: str) -> None:
    row = QuestionFactory()
    says = editing.source_of(row)
    first = history.latest("question", row.slug, says)
    assert (first.act, first.by_id) == ("found", None)
    assert history.latest("question", row.slug, says) == first
    Question.objects.update(stem="Behind its back?")
    row.refresh_from_db()
    again = history.latest("question", row.slug, editing.source_of(row))
    assert again.pk > first.pk
    assert again.source["stem"] == "Behind its back?"


def test_the_history_outlives_who_wrote_it(topic: str, eve: User) -> None:
    entry = question_from(question(), topic)
    editing.save(entry, change(by=eve.pk), on_new_version=lambda _: None)
    eve.delete()
    assert Revision.objects.get().by is None


ACTS = st.sampled_from(["stem 1", "stem 2", "meaning", "retire", "restore"])


@given(st.lists(ACTS, max_size=6))
@settings(max_examples=25, deadline=None)
def test_the_newest_revision_says_what_the_question_says(acts: list[str]) -> None:
    """Whatever is done, in whatever order, and the version never goes down."""
    Question.objects.all().delete()
    Revision.objects.all().delete()
    row: Question = QuestionFactory(kind="flashcard")
    history.latest("question", row.slug, editing.source_of(row))
    versions = [row.version]
    for act in acts:
        if act == "retire":
            editing.retire([row], change(Act.RETIRED))
        elif act == "restore":
            editing.restore([row], change(Act.RESTORED))
        else:
            raw = {k: v for k, v in editing.source_of(row).items() if k != "topic"}
            raw |= {"stem": f"{act}?"} if act != "meaning" else {"version": row.version + 1}
            save(raw, row.topic.slug)
        row.refresh_from_db()
        versions.append(row.version)
        newest = Revision.objects.of("question", row.slug).first()
        assert newest.source == ({} if row.is_retired else editing.source_of(row))
    assert versions == sorted(versions)
