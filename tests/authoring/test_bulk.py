"""Acts on many questions at once: previewed, done as one, undone as one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from quizapp.authoring.bulk import planning
from quizapp.authoring.bulk.planning import Deed
from quizapp.authoring.models import Draft
from quizapp.content import editing
from quizapp.content.editing import batches
from quizapp.content.history import Act, Change
from quizapp.content.models import Fact, Question, QuestionText, Revision, Topic
from quizapp.scheduling.models import Card
from quizapp.teams.models import User
from tests.factories import FactFactory, QuestionFactory, TopicFactory
from tests.scheduling.studying import MORNING, learn
from tests.study.browsing import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]

LOOK, APPLY = "edit-bulk", "edit-bulk-apply"


def look(client: Client, act: str, *questions: Question, query: str = "", **fields: Any) -> Any:
    chosen = [question.pk for question in questions]
    form = {"act": act, "question": chosen, "next": "/edit/?sort=changed"} | fields
    return client.post(reverse(LOOK) + query, form)


def form_of(preview: Any) -> dict[str, Any]:
    """What the form of a preview sends."""
    context = preview.context
    topic = context.get("topic")
    return {
        "act": context["act"],
        "to": topic.slug if topic else "",
        "batch": str(context["batch"]),
        "questions": context["ids"],
        "next": context["next"],
    }


def do(client: Client, act: str, *questions: Question, **fields: Any) -> Any:
    preview = look(client, act, *questions, **fields)
    return client.post(reverse(APPLY), form_of(preview), follow=True)


def undo(client: Client, done: Any) -> Any:
    return client.post(done.context["notice"]["undo_url"], {"next": "/edit/"}, follow=True)


def notice(page: Any) -> str:
    text: str = page.context["notice"]["text"]
    return text


def snapshot() -> list[dict[str, Any]]:
    return list(Question.objects.order_by("pk").values())


def retired() -> set[str]:
    return set(Question.objects.exclude(retired_at=None).values_list("slug", flat=True))


# Looking


def test_a_preview_says_what_will_change_and_for_how_many_learners(
    as_eve: Client, alice: User, charlie: User
) -> None:
    first, second, third = (QuestionFactory(slug=slug) for slug in ("a", "b", "c"))
    gone = QuestionFactory(slug="gone", retired_at=MORNING)
    for user, question in ((alice, first), (alice, second), (charlie, second), (charlie, third)):
        learn(user, question)
    before = snapshot()
    preview = look(as_eve, "retire", first, second, gone)
    page = text_of(preview)
    assert "2 questions will be taken out of use." in page
    assert "2 learners have cards of them." in page
    assert "1 skipped" in page
    assert "1 retired already" in page
    assert "Retire 2 questions" in page
    assert [each["slug"] for each in preview.context["named"]] == ["a", "b"]
    assert [each["slug"] for each in preview.context["skipped"][0]["named"]] == ["gone"]
    assert snapshot() == before
    assert not Revision.objects.exists()


def test_each_obstacle_is_named(as_eve: Client) -> None:
    closed = TopicFactory(title="Closed", retired_at=MORNING)
    fact = FactFactory(slug="lost", retired_at=MORNING)
    in_use = QuestionFactory()
    in_closed = QuestionFactory(topic=closed, facts=[FactFactory()], retired_at=MORNING)
    without_fact = QuestionFactory(facts=[fact], retired_at=MORNING)
    preview = look(as_eve, "restore", in_use, in_closed, without_fact)
    assert {group["why"] for group in preview.context["skipped"]} == {
        "in use already",
        "its topic, Closed, is retired",
        "its fact lost is retired",
    }
    assert "There is nothing to change." in text_of(preview)
    assert "<button" not in text_of(preview).partition("edit/bulk/apply")[2].partition("</form>")[0]
    preview = look(as_eve, "move", in_use, without_fact, to=in_use.topic.slug)
    assert {group["why"] for group in preview.context["skipped"]} == {
        "in that topic already",
        "retired: restore it before you move it",
    }


def test_all_that_match_the_filters_are_chosen_on_every_page(as_eve: Client) -> None:
    topic = TopicFactory()
    QuestionFactory.create_batch(60, topic=topic, kind="flashcard")
    QuestionFactory(topic=topic)
    QuestionFactory(kind="flashcard")
    Draft.objects.create(slug="new", source={"topic": topic.slug})
    listed = as_eve.get(reverse("edit-bank"), {"topic": topic.slug, "kind": "flashcard"})
    preview = as_eve.post(listed.context["bulk_url"], {"act": "retire", "all": "1"})
    assert preview.context["number"] == 60
    assert preview.context["more"] == 10
    as_eve.post(reverse(APPLY), form_of(preview))
    assert Question.objects.filter(retired_at=None).count() == 2


def test_what_was_previewed_is_done_even_if_more_matches_since(as_eve: Client) -> None:
    QuestionFactory(slug="a")
    preview = look(as_eve, "retire", all="1")
    QuestionFactory(slug="b")
    as_eve.post(reverse(APPLY), form_of(preview))
    assert retired() == {"a"}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"act": "retire"}, "Choose some questions first, or all that match."),
        ({"act": "retire", "question": ["x", "²", "-1", "9" * 30]}, "Choose some questions first"),
        ({"act": "burn", "all": "1"}, "Choose what to do with them."),
        ({"all": "1"}, "Choose what to do with them."),
        ({"act": "move", "all": "1"}, "Choose the topic to move them to."),
        ({"act": "move", "all": "1", "to": "none\0such"}, "Choose the topic to move them to."),
    ],
)
def test_a_form_that_lacks_something_leads_back_with_a_sentence(
    as_eve: Client, fields: dict[str, Any], sentence: str
) -> None:
    QuestionFactory()
    page = as_eve.post(reverse(LOOK), fields | {"next": "/edit/?kind=cloze"}, follow=True)
    assert page.redirect_chain == [("/edit/?kind=cloze", 302)]
    assert notice(page).startswith(sentence)
    assert page.context["notice"]["undo_url"] == ""


def test_nobody_is_led_away_to_another_site(as_eve: Client) -> None:
    page = as_eve.post(reverse(LOOK), {"next": "https://evil.example/"})
    assert page["Location"] == "/edit/"


def test_a_preview_that_is_fetched_leads_to_the_list(as_eve: Client) -> None:
    assert as_eve.get(reverse(LOOK))["Location"] == "/edit/"
    assert as_eve.get(reverse(APPLY)).status_code == 405


def test_an_export_is_previewed_too(as_eve: Client) -> None:
    question = QuestionFactory(slug="a")
    QuestionFactory(slug="b", kind="flashcard")
    preview = look(as_eve, "export", question)
    page = text_of(preview)
    assert "1 question, as the bank has it now." in page
    assert f"{reverse('edit-export')}?question={question.pk}&amp;format=yaml" in page
    preview = look(as_eve, "export", query="?kind=flashcard", all="1")
    assert f"{reverse('edit-export')}?kind=flashcard&amp;all=1&amp;format=csv" in text_of(preview)
    assert [each["slug"] for each in preview.context["named"]] == ["b"]


# Doing and undoing


def test_retiring_keeps_all_progress_and_is_undone(as_eve: Client, alice: User, eve: User) -> None:
    question, other = QuestionFactory(slug="a"), QuestionFactory(slug="b")
    learn(alice, question)
    cards, before = list(Card.objects.values()), snapshot()
    done = do(as_eve, "retire", question)
    assert done.redirect_chain == [("/edit/?sort=changed", 302)]
    assert notice(done) == "1 question retired."
    assert retired() == {"a"}
    assert not other.is_retired
    found, told = Revision.objects.order_by("pk")
    assert (found.act, found.by) == (Act.FOUND, None)
    assert found.source == editing.source_of(question)
    assert (told.act, told.by, told.source) == (Act.RETIRED, eve, {})
    undone = undo(as_eve, done)
    assert notice(undone) == "Taken back for 1 question."
    assert snapshot() == before
    assert list(Card.objects.values()) == cards
    assert Revision.objects.latest("pk").act == Act.UNDONE
    assert Revision.objects.latest("pk").source == found.source


def test_restoring_brings_back_and_is_undone(as_eve: Client) -> None:
    QuestionFactory(slug="a", retired_at=MORNING)
    in_use = QuestionFactory(slug="b")
    done = do(as_eve, "restore", *Question.objects.all())
    assert notice(done) == "1 question restored. 1 was skipped."
    assert retired() == set()
    undo(as_eve, done)
    assert retired() == {"a"}
    assert not Question.objects.get(pk=in_use.pk).is_retired


def test_moving_puts_them_last_in_their_order_and_undo_puts_each_back_in_its_place(
    as_eve: Client,
) -> None:
    here, there, target = (TopicFactory(title=title) for title in ("Here", "There", "Target"))
    QuestionFactory(topic=target, position=7)
    a, b, _ = (QuestionFactory(topic=here, position=place) for place in (0, 1, 2))
    c = QuestionFactory(topic=there, position=5)
    before = snapshot()
    done = do(as_eve, "move", c, b, a, to=target.slug)
    assert notice(done) == "3 questions moved to Target."
    in_target = target.questions.order_by("position")
    assert [(row.pk, row.position) for row in in_target][1:] == [(a.pk, 8), (b.pk, 9), (c.pk, 10)]
    moved = Revision.objects.filter(act=Act.MOVED)
    assert {revision.source["topic"] for revision in moved} == {target.slug}
    digests = set(QuestionText.objects.values_list("digest", flat=True))
    undone = undo(as_eve, done)
    assert notice(undone) == "Taken back for 3 questions."
    assert snapshot() == before
    assert digests != set(QuestionText.objects.values_list("digest", flat=True))
    assert editing.source_of(Question.objects.get(pk=a.pk))["topic"] == here.slug


def test_undo_leaves_what_was_changed_since_and_names_it(as_eve: Client, eve: User) -> None:
    first, second = QuestionFactory(slug="a"), QuestionFactory(slug="b")
    done = do(as_eve, "retire", first, second)
    since = Question.objects.filter(slug="a")
    editing.restore(since, Change(eve.pk, MORNING, Act.RESTORED))
    editing.retire(since, Change(eve.pk, MORNING, Act.RETIRED))
    undone = undo(as_eve, done)
    assert notice(undone) == (
        "Taken back for 1 question. 1 was changed since and left as it is: a."
    )
    assert retired() == {"a"}


def test_undo_leaves_what_has_no_place_to_go_back_to(as_eve: Client) -> None:
    question, target = QuestionFactory(slug="a"), TopicFactory()
    done = do(as_eve, "move", question, to=target.slug)
    Topic.objects.filter(pk=question.topic.pk).update(retired_at=MORNING)
    assert notice(undo(as_eve, done)).endswith("left as it is: a.")
    assert Question.objects.get().topic == target


@pytest.mark.parametrize("gone", ["topic", "fact"])
def test_undo_brings_nothing_back_that_has_lost_its_place(as_eve: Client, gone: str) -> None:
    question = QuestionFactory(slug="a")
    done = do(as_eve, "retire", question, QuestionFactory(slug="b"))
    if gone == "topic":
        Topic.objects.filter(pk=question.topic.pk).update(retired_at=MORNING)
    else:
        question.facts.update(retired_at=MORNING)
    assert notice(undo(as_eve, done)).endswith("left as it is: a.")
    assert retired() == {"a"}


def test_undo_takes_back_one_batch_alone(as_eve: Client) -> None:
    first, second = QuestionFactory(slug="a"), QuestionFactory(slug="b")
    done = do(as_eve, "retire", first)
    do(as_eve, "retire", second)
    undo(as_eve, done)
    assert retired() == {"b"}


def test_a_second_submit_of_either_form_changes_nothing(as_eve: Client) -> None:
    question = QuestionFactory(slug="a")
    preview = look(as_eve, "retire", question)
    done = as_eve.post(reverse(APPLY), form_of(preview), follow=True)
    again = as_eve.post(reverse(APPLY), form_of(preview), follow=True)
    assert notice(again) == "That was done already, and is not done again."
    assert again.context["notice"]["undo_url"] == done.context["notice"]["undo_url"]
    undo(as_eve, done)
    assert retired() == set()
    # The back button, after the undo: the form has had its effect.
    as_eve.post(reverse(APPLY), form_of(preview), follow=True)
    assert retired() == set()
    revisions = Revision.objects.count()
    assert notice(undo(as_eve, done)) == "That was taken back already."
    assert Revision.objects.count() == revisions


@pytest.mark.django_db(transaction=True)
def test_two_submits_at_the_same_moment_are_one(eve: User) -> None:
    target, batch = TopicFactory(), uuid4()
    ids = [question.pk for question in QuestionFactory.create_batch(3)]
    both = Barrier(2)

    def submit(_: int) -> bool:
        both.wait()
        try:
            done = planning.carry_out(Deed.MOVE, ids, target, by=eve, at=MORNING, batch=batch)
        finally:
            connection.close()
        return done is not None

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(submit, range(2))) == [False, True]
    assert Revision.objects.filter(act=Act.MOVED).count() == 3


def test_what_somebody_else_did_since_the_preview_is_skipped(as_eve: Client, eve: User) -> None:
    first, second = QuestionFactory(slug="a"), QuestionFactory(slug="b")
    preview = look(as_eve, "retire", first, second)
    editing.retire([first], Change(eve.pk, MORNING, Act.RETIRED))
    done = as_eve.post(reverse(APPLY), form_of(preview), follow=True)
    assert notice(done) == "1 question retired. 1 was skipped."
    undo(as_eve, done)
    assert retired() == {"a"}


def test_where_all_is_skipped_there_is_nothing_to_undo(as_eve: Client, eve: User) -> None:
    question = QuestionFactory()
    preview = look(as_eve, "retire", question)
    editing.retire([question], Change(eve.pk, MORNING, Act.RETIRED))
    done = as_eve.post(reverse(APPLY), form_of(preview), follow=True)
    assert notice(done).startswith("Nothing was changed")
    assert done.context["notice"]["undo_url"] == ""


def test_an_act_is_done_to_all_or_to_none(eve: User, monkeypatch: pytest.MonkeyPatch) -> None:
    questions, target = QuestionFactory.create_batch(3), TopicFactory()
    before = snapshot()

    def fail(*_: Any) -> None:
        raise OSError("no space")

    monkeypatch.setattr("quizapp.content.question_texts.note", fail)
    ids = [question.pk for question in questions]
    with pytest.raises(OSError, match="no space"):
        planning.carry_out(Deed.MOVE, ids, target, by=eve, at=MORNING, batch=uuid4())
    assert snapshot() == before
    assert not Revision.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"batch": ""},
        {"batch": "x"},
        {"act": "burn"},
        {"act": ""},
        {"questions": ""},
        {"questions": "a,²,-1"},
        {"act": "move", "to": ""},
        {"act": "move", "to": "\0"},
    ],
)
def test_a_spoilt_form_changes_nothing(as_eve: Client, fields: dict[str, str]) -> None:
    form = form_of(look(as_eve, "retire", QuestionFactory()))
    before = snapshot()
    page = as_eve.post(reverse(APPLY), form | fields, follow=True)
    assert notice(page) == "Nothing was changed: the form was not whole. Choose again."
    assert snapshot() == before


def test_ids_that_lead_nowhere_are_passed_over(as_eve: Client) -> None:
    form = form_of(look(as_eve, "retire", QuestionFactory(slug="a")))
    form["questions"] += ",999999999,9223372036854775807"
    page = as_eve.post(reverse(APPLY), form, follow=True)
    assert notice(page) == "1 question retired."


def test_what_was_no_act_in_bulk_is_not_undone(as_eve: Client, eve: User) -> None:
    question = QuestionFactory()
    batch = uuid4()
    Revision.objects.create(
        noun="question", slug=question.slug, source={}, act=Act.EDITED, batch=batch
    )
    for unknown in (batch, UUID(int=0)):
        url = reverse("edit-bulk-undo", args=[unknown])
        assert as_eve.post(url).status_code == 404
        assert as_eve.get(url).status_code == 405


def test_learners_neither_look_nor_act(as_alice: Client, as_eve: Client) -> None:
    question = QuestionFactory()
    form = form_of(look(as_eve, "retire", question))
    assert look(as_alice, "retire", question).status_code == 404
    assert as_alice.post(reverse(APPLY), form).status_code == 404
    done = as_eve.post(reverse(APPLY), form, follow=True)
    assert as_alice.post(done.context["notice"]["undo_url"]).status_code == 404
    assert retired() == {question.slug}


@pytest.mark.parametrize("deed", list(Deed))
def test_the_queries_stay_the_same_however_many_are_chosen(deed: Deed, eve: User) -> None:
    numbers = []
    for many in (2, 40):
        home, target = TopicFactory(), TopicFactory()
        at = MORNING if deed is Deed.RESTORE else None
        facts = [FactFactory(topic=home)]
        ids = [
            question.pk
            for question in QuestionFactory.create_batch(
                many, topic=home, facts=facts, retired_at=at
            )
        ]
        topic, batch = (target if deed is Deed.MOVE else None), uuid4()
        with CaptureQueriesContext(connection) as done:
            plan = planning.carry_out(deed, ids, topic, by=eve, at=MORNING, batch=batch)
        assert plan
        assert len(plan.changed) == many
        with CaptureQueriesContext(connection) as undone:
            result = batches.take_back(batch, Change(eve.pk, MORNING, Act.UNDONE))
        assert len(result.taken) == many
        numbers.append((len(done), len(undone)))
    assert numbers[0] == numbers[1]


def test_what_editors_type_is_shown_as_text(as_eve: Client) -> None:
    question = QuestionFactory(stem="<script>x</script>?")
    topic = TopicFactory(title="<img src=x>")
    fact = Fact.objects.first()
    assert fact
    preview = look(as_eve, "move", question, to=topic.slug).content.decode()
    main = preview[preview.index("<main") :]
    assert "<script>" not in main
    assert "<img" not in main
