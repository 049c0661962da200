from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from quizapp.content import editing
from quizapp.content.history import Act, Change
from quizapp.content.models import Confusable, Fact, Question, Revision
from quizapp.content.parsing import question_from
from quizapp.scheduling.cards import start_anew
from quizapp.scheduling.memory import State
from quizapp.scheduling.models import Card, Review
from quizapp.teams.models import User
from tests.content.banks import (
    confusable,
    fact,
    load_from,
    question,
    topic,
    write_bank,
    write_confusables,
    write_questions,
)
from tests.scheduling.studying import MORNING, answer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]

PAGE = "/edit/conflicts/"
SETTLE = "/edit/conflicts/settle/"


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.CONTENT_DIR = tmp_path
    return tmp_path


def edit(slug: str = "what-stays", **fields: Any) -> None:
    """What an editor does; None takes a field out."""
    source = {**editing.source_of(Question.objects.get(slug=slug)), **fields}
    raw = {name: value for name, value in source.items() if value is not None}
    entry = question_from(raw, raw.pop("topic"))
    editing.save(entry, Change(None, MORNING, Act.EDITED), on_new_version=start_anew)


def conflict(folder: Path, browser: dict[str, Any], file: dict[str, Any]) -> None:
    """Lets both sides change a question, after it was loaded."""
    load_from(write_questions(folder, question()))
    edit(**browser)
    write_questions(folder, question(**file))


def text_of(response: Any) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(unescape(text).split())


def forms(response: Any) -> list[dict[str, str]]:
    """The fields of each form that settles something, with what is chosen in it."""
    found = []
    for form in re.findall(r'action="/edit/conflicts/settle/">(.*?)</form>', _flat(response)):
        fields = {}
        for tag in re.findall(r"<input[^>]*>", form):
            named = dict(re.findall(r'(\w+)="([^"]*)"', tag))
            if named.get("type") != "radio" or " checked" in tag:
                fields[named["name"]] = unescape(named["value"])
        found.append(fields)
    return found


def _flat(response: Any) -> str:
    return " ".join(response.content.decode().split())


def settle(client: Client, fields: dict[str, str], **chosen: str) -> Any:
    """Chooses, looks at what would be written, and confirms that."""
    preview = client.post(SETTLE, {**fields, **chosen})
    assert preview.status_code == 200, preview
    (kept,) = forms(preview)
    return client.post(SETTLE, {**kept, "confirmed": "yes"}, follow=True)


def stem() -> str:
    return Question.objects.get().stem


def told() -> list[str]:
    return [each.source.get("stem", "") for each in Revision.objects.of("question", "what-stays")]


def test_without_conflicts_the_page_says_what_to_run(folder: Path, as_eve: Client) -> None:
    load_from(write_questions(folder, question("a"), question("b"), question("c")))
    assert "Files and database say the same." in text_of(as_eve.get(PAGE))

    edit("a", stem="Edited?")
    write_questions(folder, question("a"), question("b", stem="Written?"), question("d"))

    said = text_of(as_eve.get(PAGE))
    assert "No conflicts." in said
    assert "1 entry was changed in the browser alone: manage.py exportcontent writes it" in said
    assert "3 entries were changed in the files alone: manage.py loadcontent brings them" in said


def test_both_sides_stand_side_by_side_with_what_differs_marked(
    folder: Path, as_eve: Client
) -> None:
    conflict(folder, {"stem": "What remains when Pods go?"}, {"stem": "What stays as Pods go?"})

    page = _flat(as_eve.get(PAGE))

    assert "What <mark>remains when</mark> Pods go?" in page
    assert "What <mark>stays as</mark> Pods go?" in page
    assert "changed in topics/services.yaml:9." in page


def test_what_editors_type_is_inert(folder: Path, as_eve: Client) -> None:
    hostile = "<script>alert(1)</script>?"
    conflict(folder, {"stem": hostile}, {"stem": "<img src=x onerror=alert(1)>?"})

    page = as_eve.get(PAGE)
    preview = as_eve.post(SETTLE, {**forms(page)[0], "choice": "theirs"})

    for response in (page, preview):
        assert b"<script>alert" not in response.content
        assert b"<img src=x" not in response.content


@pytest.mark.parametrize(
    ("choice", "winner", "loser"),
    [("ours", "In the browser?", "In the file?"), ("theirs", "In the file?", "In the browser?")],
)
def test_either_side_may_win_and_the_other_stays_in_the_history(
    folder: Path, as_eve: Client, eve: User, choice: str, winner: str, loser: str
) -> None:
    conflict(folder, {"stem": "In the browser?"}, {"stem": "In the file?"})

    page = settle(as_eve, forms(as_eve.get(PAGE))[0], choice=choice)

    assert "1 conflict settled." in text_of(page)
    assert "No conflicts." in text_of(page)
    assert stem() == winner
    assert told()[0] == winner
    assert loser in told()
    newest = Revision.objects.of("question", "what-stays")[0]
    assert (newest.act, newest.by_id) == (Act.SETTLED, eve.pk)
    assert load_from(folder).conflicts == ()
    assert stem() == winner
    call_command("exportcontent", str(folder))
    assert winner in (folder / "topics/services.yaml").read_text()


def test_nothing_is_written_before_it_is_confirmed(folder: Path, as_eve: Client) -> None:
    conflict(folder, {"stem": "In the browser?"}, {"stem": "In the file?"})

    preview = as_eve.post(SETTLE, {**forms(as_eve.get(PAGE))[0], "choice": "theirs"})

    assert "becomes what the files say" in text_of(preview)
    assert "<ins>file</ins>" in _flat(preview)
    assert stem() == "In the browser?"


def test_field_by_field_what_only_one_side_changed_is_chosen_already(
    folder: Path, as_eve: Client
) -> None:
    conflict(
        folder,
        {"stem": "In the browser?", "explanation": "The browser knows."},
        {"stem": "In the file?", "back": "The file knows."},
    )

    fields = forms(as_eve.get(PAGE))[0]
    assert sorted(value for name, value in fields.items() if name.startswith("pick-")) == [
        "ours",
        "ours",
        "theirs",
    ]
    settle(as_eve, fields, choice="picked")

    row = Question.objects.get()
    assert (row.stem, row.explanation) == ("In the browser?", "The browser knows.")
    assert row.spec == {"back": "The file knows."}
    assert load_from(folder).conflicts == ()
    assert Question.objects.get().spec == {"back": "The file knows."}


def test_a_mixture_that_the_parser_refuses_is_shown_with_the_reason(
    folder: Path, as_eve: Client
) -> None:
    options = [{"text": "A", "correct": True}, {"text": "B", "feedback": "No."}]
    conflict(folder, {"stem": "Browser?"}, {})
    write_questions(folder, question(kind="single_choice", options=options, stem="File?"))
    fields = forms(as_eve.get(PAGE))[0]
    picks = dict.fromkeys((name for name in fields if name.startswith("pick-")), "ours")
    mixed = {**fields, **picks, "pick-0": "theirs", "choice": "picked"}

    refused = as_eve.post(SETTLE, mixed)

    assert refused.status_code == 422
    assert "options:" in text_of(refused)
    assert "topics/services.yaml:11:" not in text_of(refused)
    assert forms(refused)[0]["pick-0"] == "theirs"
    assert stem() == "Browser?"


def test_all_at_once(folder: Path, as_eve: Client, django_assert_num_queries: Any) -> None:
    slugs = [f"q-{number}" for number in range(12)]
    load_from(write_questions(folder, *map(question, slugs)))
    for slug in slugs:
        edit(slug, stem=f"Browser {slug}?")
    write_questions(folder, *(question(slug, stem=f"File {slug}?") for slug in slugs))

    page = as_eve.get(PAGE)
    assert len(forms(page)) == 13
    done = settle(as_eve, forms(page)[0], choice="theirs")

    assert "12 conflicts settled." in text_of(done)
    assert set(Question.objects.values_list("stem", flat=True)) == {
        f"File {slug}?" for slug in slugs
    }
    assert len(set(Revision.objects.filter(act=Act.SETTLED).values_list("batch"))) == 1


def test_the_page_takes_the_same_queries_for_many_conflicts(
    folder: Path, as_eve: Client, django_assert_num_queries: Any
) -> None:
    for number in (1, 9):
        slugs = [f"q-{each}" for each in range(number)]
        load_from(write_questions(folder, *map(question, slugs)), settle="theirs")
        for slug in slugs:
            edit(slug, stem=f"Browser {slug}?")
        write_questions(folder, *(question(slug, stem=f"File {slug}?") for slug in slugs))
        as_eve.get(PAGE)
        with django_assert_num_queries(14):
            as_eve.get(PAGE)


@pytest.mark.parametrize("late", ["browser", "file", "settled"])
def test_what_changed_since_it_was_looked_at_has_to_be_looked_at_again(
    folder: Path, as_eve: Client, late: str
) -> None:
    conflict(folder, {"stem": "In the browser?"}, {"stem": "In the file?"})
    fields = forms(as_eve.get(PAGE))[0]
    if late == "browser":
        edit(stem="Late?")
    elif late == "file":
        write_questions(folder, question(stem="Late?"))
    else:
        load_from(folder, settle="ours")
    before = Question.objects.values().get()

    answered = as_eve.post(SETTLE, {**fields, "choice": "theirs", "confirmed": "yes"}, follow=True)

    told = "That is settled already" if late == "settled" else "Meanwhile something was changed"
    assert told in text_of(answered)
    assert Question.objects.values().get() == before


def test_one_that_is_gone_from_the_files_is_retired_or_stays(folder: Path, as_eve: Client) -> None:
    load_from(write_questions(folder, question()))
    edit(stem="In the browser?")
    write_questions(folder)
    page = as_eve.get(PAGE)
    assert "Gone from the files, and edited in the browser." in text_of(page)

    settle(as_eve, forms(page)[0], choice="theirs")

    assert Question.objects.get().is_retired
    assert "In the browser?" in told()
    assert not load_from(folder).has_changes


def test_one_that_was_retired_stays_so_or_comes_back(folder: Path, as_eve: Client) -> None:
    load_from(write_questions(folder, question()))
    editing.retire(Question.objects.all(), Change(None, MORNING, Act.RETIRED))
    write_questions(folder, question(stem="In the file?"))
    page = as_eve.get(PAGE)
    assert "Retired in the browser, and changed in topics/services.yaml:9." in text_of(page)

    settle(as_eve, forms(page)[0], choice="ours")
    assert Question.objects.get().is_retired
    assert load_from(folder).conflicts == ()
    write_questions(folder, question(stem="In the file again?"))
    settle(as_eve, forms(as_eve.get(PAGE))[0], choice="theirs")

    assert not Question.objects.get().is_retired
    assert stem() == "In the file again?"


@pytest.mark.parametrize(
    ("browser", "file", "version"),
    [
        ({}, {"version": 2}, 2),
        ({"version": 3}, {}, 4),
        ({"version": 2}, {"version": 2}, 3),
        ({}, {}, 1),
    ],
    ids=["the file's", "the row's", "each its own", "none"],
)
def test_taking_the_files_lets_learners_start_anew_where_a_meaning_changed(
    folder: Path, as_eve: Client, alice: User, browser: Any, file: Any, version: int
) -> None:
    conflict(folder, {"stem": "In the browser?", **browser}, {"stem": "In the file?", **file})
    answer(alice, Question.objects.get())
    reviews = list(Review.objects.values())

    fields = forms(as_eve.get(PAGE))[0]
    preview = as_eve.post(SETTLE, {**fields, "choice": "theirs"})
    settle(as_eve, fields, choice="theirs")

    rises = version > browser.get("version", 1)
    assert ("1 learner will meet it anew" in text_of(preview)) == rises
    assert Question.objects.get().version == version
    assert Card.objects.get().question_version == version
    assert (Card.objects.get().stability is None) == rises
    assert list(Review.objects.values()) == reviews
    assert not load_from(folder).conflicts
    assert Question.objects.get().version == version


def test_keeping_the_browsers_never_lowers_a_version_nor_disturbs_memory(
    folder: Path, as_eve: Client, alice: User
) -> None:
    conflict(folder, {"stem": "In the browser?", "version": 3}, {"stem": "In the file?"})
    answer(alice, Question.objects.get())
    card = Card.objects.values().get()

    settle(as_eve, forms(as_eve.get(PAGE))[0], choice="ours")

    assert Question.objects.get().version == 3
    assert Card.objects.values().get() == card
    assert card["state"] != State.NEW


def test_errors_in_the_files_come_first(folder: Path, as_eve: Client) -> None:
    conflict(folder, {"stem": "In the browser?"}, {"stem": 7})

    said = text_of(as_eve.get(PAGE))

    assert "topics/services.yaml:11: questions[0].stem:" in said
    assert "In the browser?" not in said


def test_facts_and_what_is_mixed_up_can_be_settled_too(folder: Path, as_eve: Client) -> None:
    load_from(write_confusables(write_questions(folder, question()), confusable()))
    Fact.objects.update(why="The browser.")
    Confusable.objects.update(contrast=[{"aspect": "Browser", "says": ["one", "two"]}])
    rows = [{"aspect": "File", "says": ["three", "four"]}]
    changed = topic([question()], [fact(why="The file.")])
    write_confusables(write_bank(folder, {"services": changed}), confusable(contrast=rows))

    page = as_eve.get(PAGE)
    assert "Fact pods-come-and-go" in text_of(page)
    settle(as_eve, forms(page)[0], choice="theirs")

    assert Fact.objects.get().why == "The file."
    assert Confusable.objects.get().contrast == rows
    assert not load_from(folder).has_changes


def test_what_refers_to_something_that_is_not_loaded_waits_for_it(
    folder: Path, as_eve: Client
) -> None:
    conflict(folder, {"stem": "In the browser?"}, {})
    changed = question(stem="In the file?", facts=["a-new-fact"])
    write_bank(folder, {"services": topic([changed], [fact(), fact("a-new-fact")])})

    refused = as_eve.post(SETTLE, {**forms(as_eve.get(PAGE))[0], "choice": "theirs"})

    assert refused.status_code == 422
    assert "there is no fact a-new-fact in the database" in text_of(refused)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"entry": "questions/nope", "token": "x", "choice": "ours"},
        {"entry": "nonsense", "token": "x", "choice": "picked"},
        {"entry": "questions/what-stays", "choice": "ours"},
        {"entry": "all", "token": "", "choice": "both"},
    ],
)
def test_nonsense_settles_nothing(folder: Path, as_eve: Client, fields: dict[str, str]) -> None:
    conflict(folder, {"stem": "In the browser?"}, {"stem": "In the file?"})

    assert as_eve.post(SETTLE, fields | {"confirmed": "yes"}).status_code == 302
    assert stem() == "In the browser?"
    assert "1 more" not in text_of(as_eve.get(PAGE))


def test_without_a_side_nothing_is_chosen(folder: Path, as_eve: Client) -> None:
    conflict(folder, {"stem": "In the browser?"}, {"stem": "In the file?"})

    answered = as_eve.post(SETTLE, forms(as_eve.get(PAGE))[0], follow=True)

    assert "Choose first which side is to win." in text_of(answered)
