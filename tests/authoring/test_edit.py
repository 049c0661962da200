"""The page of a question: its form, the same as YAML, and what is wrong beside each field."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.authoring.edit.form import (
    fits,
    name_for,
    read,
    source_from_form,
    typed_from,
    typed_in,
)
from quizapp.authoring.edit.kinds import OWN, Widget, label_of, parts_of
from quizapp.authoring.edit.rows import with_rows_changed
from quizapp.authoring.edit.values import text_of as shown_value
from quizapp.authoring.edit.values import value_of
from quizapp.content import editing
from quizapp.content.models import Question, Revision
from quizapp.content.parsing import parse_bank
from quizapp.grading import KINDS
from tests.authoring.editing import form_on, opened, press, text_of, url_of
from tests.factories import FactFactory, QuestionFactory, TopicFactory
from tests.kinds import SAMPLES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]

BOXES = {"options-correct"}
"""Radio buttons, of which a browser sends nothing while none is chosen."""

FULL: dict[str, dict[str, Any]] = {
    "short_answer": {
        "accept": ["ClusterIP", "cluster IP"],
        "pattern": "(type )?cluster ?ip",
        "case_sensitive": True,
        "wrong": [{"text": "NodePort", "feedback": "That opens a port."}],
    },
    "matching": SAMPLES["matching"].spec | {"distractors": ["NodePort", "`LoadBalancer`"]},
    "cloze": {
        "text": "```yaml\nport: {{port}}\ntargetPort: {{target}}\n```",
        "blanks": {
            "port": {"accept": ["80"], "feedback": "Of the Service."},
            "target": {"accept": ["8080", "http"], "choices": ["80", "8080"]},
        },
    },
    "manifest": {
        "starter": "\n  # begin\nkind: Service\n",
        "solution": "kind: Service\nmetadata: {name: web}\n",
        "checks": [
            {"path": "metadata.name", "equals": "web", "hint": "Call it web."},
            {"path": "spec.ports[0].port", "equals": 80, "hint": "80."},
            {"path": "spec.ports[0].name", "equals": "80", "hint": "As a text."},
            {"path": "spec.clusterIP", "exists": False, "hint": "Leave it out."},
            {"path": "spec.selector", "contains": {"app": "web", "n": 1}, "hint": "Select."},
            {"path": "spec.type", "one_of": [None, "ClusterIP", "no"], "hint": "Default."},
            {"path": "metadata.uid", "matches": "[0-9]+: *", "hint": "Digits."},
        ],
        "also_correct": ["kind: Service\n"],
        "wrong": [{"manifest": "kind: Pod\n", "message": "A Pod.", "fails": ["metadata.name"]}],
    },
}


def source(kind: str, **fields: Any) -> dict[str, Any]:
    common = {
        "id": "what-stays",
        "kind": kind,
        "topic": "services",
        "facts": ["one", "two"],
        "bloom": "apply",
        "stem": "What stays?",
        "explanation": "The Service.",
        "scenario": True,
        "docs": "docs/concepts/",
    }
    return {**common, **SAMPLES[kind].spec, **FULL.get(kind, {}), **fields}


def posted(typed: Any) -> dict[str, str]:
    """What a browser sends for such a form."""
    fields = {"kind": typed.kind, **typed.texts}
    for name, rows in typed.rows.items():
        for number, row in enumerate(rows):
            for field, text in row.items():
                is_key = typed.kind == "single_choice" and field == "correct"
                if is_key and text:
                    fields[f"{name}-{field}"] = str(number)
                elif not is_key:
                    fields[f"{name}-{number}-{field}"] = text.replace("\n", "\r\n")
    return fields


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_a_kind_is_in_its_form(kind: str) -> None:
    known = {part.name for part in OWN[kind]}
    assert known == set(KINDS[kind].model_fields)


@pytest.mark.parametrize("kind", KINDS)
def test_a_form_says_what_the_question_says(kind: str) -> None:
    said = source(kind)
    assert source_from_form(posted(typed_from(kind, said))) == said
    assert fits(kind, said)


@pytest.mark.parametrize("kind", KINDS)
def test_the_yaml_says_what_the_question_says(kind: str, as_eve: Client) -> None:
    question = QuestionFactory(kind=kind)
    form = opened(as_eve, question, "?as=yaml")
    assert source_from_form(form) == editing.source_of(question)


def test_what_the_form_cannot_show_is_edited_as_yaml(as_eve: Client) -> None:
    assert not fits("flashcard", source("flashcard", colour="red"))
    assert not fits("ordering", source("ordering", steps={"one": "two"}))
    spec = {"accept": ["Cluster  IP"]}
    question = QuestionFactory(kind="short_answer", spec=spec)
    assert "yaml" in opened(as_eve, question)


def test_every_question_of_the_bank_can_be_edited_as_a_form() -> None:
    bank = parse_bank(Path(__file__).parents[2] / "content")
    assert len(bank.questions) > 400
    for question in bank.questions:
        said = {name: v for name, v in question.source().items() if name != "version"}
        assert source_from_form(posted(typed_from(question.kind, said))) == said


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=30),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("abc:-# ", min_size=1, max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)


@given(values)
@settings(max_examples=300)
def test_a_value_of_a_check_is_read_as_it_was_shown(value: Any) -> None:
    assert value_of(Widget.VALUE, shown_value(Widget.VALUE, value)) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("80", 80),
        ('"80"', "80"),
        ("no", False),
        ("web", "web"),
        ("{app: web}", {"app": "web"}),
        ("[a, 1]", ["a", 1]),
        ("  ", None),
        ("null", None),
    ],
)
def test_a_value_is_written_as_in_yaml(text: str, value: Any) -> None:
    assert value_of(Widget.VALUE, text) == value


def test_rows_that_hold_nothing_are_left_out() -> None:
    form = posted(typed_from("single_choice", source("single_choice")))
    form |= {"options-7-text": " ", "options-7-feedback": "", "options-9-text": "Headless"}
    options = source_from_form(form)["options"]
    assert [option["text"] for option in options[2:]] == ["LoadBalancer", "Headless"]


def test_a_problem_finds_its_field_where_rows_before_it_are_empty() -> None:
    form = posted(typed_from("cloze", source("cloze")))
    form |= {"blanks-0-name": "", "blanks-0-accept": "", "blanks-0-feedback": ""}
    names = read(typed_in(form)).names
    assert name_for(names, "blanks.target.accept[1]") == "blanks-1-accept"
    assert name_for(names, "blanks.target") == "blanks-1-name"
    assert name_for(names, "blanks.missing.accept") == "blanks"
    assert name_for(names, "nowhere") == ""


def test_names_of_blanks_with_dots_find_their_fields() -> None:
    form = posted(typed_from("cloze", source("cloze"))) | {"blanks-0-name": "a.b[0]"}
    assert name_for(read(typed_in(form)).names, "blanks.a.b[0].accept[0]") == "blanks-0-accept"


@pytest.mark.parametrize(
    ("act", "number", "order", "focus"),
    [
        ("up", 1, "bac", "down-steps-0"),
        ("up", 2, "acb", "up-steps-1"),
        ("up", 0, "abc", ""),
        ("down", 2, "abc", ""),
        ("down", 1, "acb", "up-steps-2"),
        ("remove", 1, "ac", "remove-steps-1"),
        ("remove", 2, "ab", "remove-steps-1"),
        ("remove", 9, "abc", ""),
        ("add", 0, "abc-", "field-steps-3-text"),
    ],
)
def test_rows_are_moved_about(act: str, number: int, order: str, focus: str) -> None:
    typed = typed_from("ordering", source("ordering", steps=["a", "b", "c"]))
    changed, focused = with_rows_changed(typed, act, "steps", number)
    assert "".join(row["text"] or "-" for row in changed.rows["steps"]) == order
    assert focused == focus


def test_fields_are_called_as_the_form_calls_them() -> None:
    assert label_of("single_choice", ("options", 1, "feedback")) == "Option 2: feedback"
    assert label_of("cloze", ("blanks", "port", "accept")) == "Blank port: accepted"
    assert label_of("flashcard", ("back",)) == "Back"
    assert label_of("flashcard", ("version",)) == "Version"


def test_every_part_has_a_name_of_its_own() -> None:
    for kind in KINDS:
        names = [part.name for part in parts_of(kind)]
        assert len(names) == len(set(names))


@pytest.mark.parametrize("kind", KINDS)
def test_an_editor_opens_a_question_and_finds_what_it_says(as_eve: Client, kind: str) -> None:
    question = QuestionFactory(kind=kind, spec=source(kind) and SAMPLES[kind].spec)
    form = opened(as_eve, question)
    assert source_from_form(form) == editing.source_of(question)
    assert form["base"] == str(Revision.objects.get().pk)


@pytest.mark.parametrize("kind", KINDS)
def test_saving_an_untouched_form_changes_nothing(as_eve: Client, kind: str) -> None:
    question = QuestionFactory(kind=kind)
    before = Question.objects.values().get()
    response = press(as_eve, question, "wording", opened(as_eve, question))
    assert response.status_code == 302
    assert Question.objects.values().get() == before
    assert Revision.objects.count() == 1


def test_a_page_that_is_not_there(as_eve: Client) -> None:
    assert as_eve.get(url_of("nothing")).status_code == 404
    assert as_eve.post(url_of("nothing")).status_code == 404


def test_a_new_question_begins_with_its_kind(as_eve: Client) -> None:
    page = as_eve.get(reverse("edit-new"))
    assert all(spec.label in text_of(page) for spec in KINDS.values())
    for kind in KINDS:
        response = as_eve.get(reverse("edit-new"), {"kind": kind})
        assert form_on(response)["kind"] == kind
    assert "edit-kinds" in as_eve.get(reverse("edit-new"), {"kind": "riddle"}).content.decode()


def test_a_new_question_is_added(as_eve: Client, eve: Any) -> None:
    fact = FactFactory(topic=TopicFactory(slug="services"))
    url = reverse("edit-new") + "?kind=single_choice&topic=services"
    form = form_on(as_eve.get(url))
    assert form["topic"] == "services"
    form |= {"id": "svc-default", "stem": "Which is the default?", "facts-0-text": fact.slug}
    form |= {"explanation": "It opens nothing.", "bloom": "remember", "options-correct": "1"}
    form |= {"options-0-text": "NodePort", "options-0-feedback": "It opens a port on each node."}
    form |= {"options-1-text": "ClusterIP"}
    for _ in range(2):  # a double click
        response = as_eve.post(url, {**form, "do": "wording"})
        assert response["Location"] == url_of("svc-default")
    question = Question.objects.get()
    assert [option["text"] for option in question.spec["options"]] == ["NodePort", "ClusterIP"]
    assert question.spec["options"][1]["correct"] is True
    revision = Revision.objects.get()
    assert (revision.act, revision.by, question.source_digest) == ("added", eve, "")


def test_a_new_question_takes_no_id_that_is_in_use(as_eve: Client) -> None:
    question = QuestionFactory(kind="flashcard", slug="taken")
    form = opened(as_eve, question) | {"stem": "Something else?"}
    response = as_eve.post(reverse("edit-new"), {**form, "do": "wording"})
    assert response.status_code == 422
    assert "Choose another id: there is a question taken already." in text_of(response)
    assert form_on(response)["stem"] == "Something else?"


def test_a_row_is_added_and_nothing_is_lost(as_eve: Client) -> None:
    question = QuestionFactory(kind="single_choice")
    form = opened(as_eve, question) | {"stem": "Half", "options-1-text": ""}
    response = press(as_eve, question, "add options", form)
    assert response.status_code == 200
    again = form_on(response)
    assert again.pop("options-3-text") == again.pop("options-3-feedback") == ""
    assert again == form


def test_a_moved_key_stays_the_key(as_eve: Client) -> None:
    question = QuestionFactory(kind="single_choice")
    form = form_on(press(as_eve, question, "down options 0", opened(as_eve, question)))
    assert (form["options-0-text"], form["options-1-text"]) == ("NodePort", "ClusterIP")
    assert form["options-correct"] == "1"


def test_htmx_gets_the_fragment_alone(as_eve: Client) -> None:
    question = QuestionFactory(kind="ordering")
    form = {**opened(as_eve, question), "do": "add steps"}
    response = as_eve.post(url_of(question), form, headers={"HX-Request": "true"})
    assert b"<html" not in response.content
    assert b"data-title" in response.content


@pytest.mark.parametrize(
    ("kind", "change", "name", "sentence"),
    [
        ("flashcard", {"back": " "}, "back", "Is missing."),
        ("flashcard", {"stem": ""}, "stem", "Is missing."),
        ("flashcard", {"docs": "http://x"}, "docs", "Write a path on kubernetes.io"),
        ("flashcard", {"facts-0-text": ""}, "facts", "Is missing."),
        ("flashcard", {"facts-0-text": "gone"}, "facts-0-text", "There is no fact gone."),
        ("flashcard", {"topic": ""}, "topic", "Choose a topic."),
        ("flashcard", {"topic": "gone"}, "topic", "There is no topic gone."),
        ("single_choice", {"options-correct": ""}, "options", "Mark exactly one option"),
        ("single_choice", {"options-1-text": ""}, "options-1-text", "Is missing."),
        ("multiple_choice", {"options-2-correct": "yes"}, "options", "Add at least one option"),
        ("short_answer", {"pattern": "("}, "pattern", ""),
        ("ordering", {"steps-0-text": ""}, "steps", "Give 3 to 6 steps, not 2."),
        ("matching", {"pairs-1-right": ""}, "pairs-1-right", "Is missing."),
        ("cloze", {"blanks-0-accept": ""}, "blanks-0-accept", "Is missing."),
        ("cloze", {"blanks-0-name": ""}, "blanks-0-name", "Give it a name."),
        ("manifest", {"checks-0-value": "{"}, "checks-0-value", ""),
        ("manifest", {"checks-0-value": ""}, "checks-0-path", "Equals needs a value"),
        ("manifest", {"checks-1-path": "a..b"}, "checks-1-path", ""),
        ("manifest", {"solution": "{"}, "solution", "The manifest cannot be read"),
    ],
)
def test_a_problem_stands_beside_its_field(
    as_eve: Client, kind: str, change: dict[str, str], name: str, sentence: str
) -> None:
    question = QuestionFactory(kind=kind)
    form = opened(as_eve, question) | change
    response = press(as_eve, question, "meaning", form)
    assert response.status_code == 422
    remarks = [
        remark.text
        for part in response.context["parts"]
        for field in (
            [part, *(each for row in part.rows for each in row.fields)]
            if hasattr(part, "rows")
            else [part]
        )
        if field.name == name
        for remark in field.remarks
        if not remark.is_advice
    ]
    assert any(sentence in remark for remark in remarks), remarks
    assert form_on(response) == {
        name: text for name, text in form.items() if name not in BOXES or text
    }
    assert Revision.objects.count() == 1


def test_yaml_has_its_errors_on_their_lines(as_eve: Client) -> None:
    question = QuestionFactory(kind="flashcard")
    form = opened(as_eve, question, "?as=yaml")
    broken = form["yaml"].replace("bloom: apply", "bloom: guess")
    line = broken.splitlines().index("bloom: guess") + 1
    response = press(as_eve, question, "wording", form, yaml=broken)
    assert response.status_code == 422
    said = text_of(response)
    assert f"Line {line}, bloom: Write" in said, said[200:900]
    assert form_on(response)["yaml"] == broken
    response = press(as_eve, question, "wording", form, yaml="a: [")
    assert form_on(response)["yaml"] == "a: ["
    assert "Not saved" in text_of(response)


def test_the_form_turns_into_yaml_and_back(as_eve: Client) -> None:
    question = QuestionFactory(kind="single_choice")
    form = opened(as_eve, question) | {"stem": "Half", "options-1-text": "Changed"}
    as_yaml = form_on(press(as_eve, question, "as-yaml", form))
    assert "Changed" in as_yaml["yaml"]
    assert form_on(press(as_eve, question, "as-form", as_yaml)) == form
    odd = as_yaml | {"yaml": as_yaml["yaml"] + "colour: red\r\n"}
    response = press(as_eve, question, "as-form", odd)
    assert "go on as YAML" in text_of(response)
    assert form_on(response) == odd


def test_a_second_look_is_asked_for_beside_the_field(as_eve: Client) -> None:
    question = QuestionFactory(kind="flashcard", stem="No question", slug="odd")
    page = text_of(as_eve.get(url_of(question)))
    assert "End the stem with a question mark or a colon." in page
    response = press(as_eve, question, "wording", opened(as_eve, question))
    assert response.status_code == 302


def test_a_near_duplicate_in_the_topic_is_named(as_eve: Client) -> None:
    first = QuestionFactory(kind="flashcard", stem="What does a Service give you?", slug="first")
    again = QuestionFactory(
        kind="flashcard", stem="What does a Service give you?", topic=first.topic
    )
    assert "first" in text_of(as_eve.get(url_of(again))).split("Stem", 1)[1]
    assert "Ask something else" in text_of(as_eve.get(url_of(again)))


def test_only_known_kinds_and_few_rows_are_read(as_eve: Client) -> None:
    question = QuestionFactory(kind="ordering")
    form = opened(as_eve, question)
    assert press(as_eve, question, "wording", form, kind="riddle").status_code == 422
    assert press(as_eve, question, "wording", form, kind="flashcard").status_code == 422
    many = {f"steps-{number}-text": "x" for number in range(70)}
    response = press(as_eve, question, "wording", form | many)
    assert response.status_code == 422


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
def test_what_is_typed_is_text(as_eve: Client, text: str) -> None:
    question = QuestionFactory(kind="single_choice")
    form = opened(as_eve, question)
    form = {name: text for name in form if name not in ("kind", "base", "seen", "id")} | {
        name: form[name] for name in ("kind", "base", "seen", "id")
    }
    response = press(as_eve, question, "wording", form)
    assert response.status_code == 422
    assert text not in response.content.decode().replace(" selected", "")


def test_the_page_takes_as_many_queries_for_a_large_bank(
    as_eve: Client, django_assert_max_num_queries: Any
) -> None:
    question = QuestionFactory(kind="flashcard")
    as_eve.get(url_of(question))
    QuestionFactory.create_batch(20, kind="flashcard", topic=question.topic)
    with django_assert_max_num_queries(18):
        as_eve.get(url_of(question))
