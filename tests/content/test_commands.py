from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from quizapp.content.models import Question
from quizapp.scheduling.memory import State
from quizapp.scheduling.models import Card
from tests.content.banks import (
    SERVICES,
    all_rows,
    fact,
    question,
    topic,
    write_bank,
    write_questions,
)
from tests.factories import UserFactory
from tests.scheduling.studying import answer


def output_of(command: str, *arguments: str | Path) -> str:
    out = StringIO()
    call_command(command, *map(str, arguments), stdout=out)
    return out.getvalue()


def good_bank(folder: Path) -> Path:
    asked = [question("a"), question("b", "short_answer", accept=["ClusterIP", "cluster IP"])]
    return write_questions(folder, *asked)


def test_checkcontent_is_content_with_a_good_bank(tmp_path: Path) -> None:
    good_bank(tmp_path)

    *coverage, summary = output_of("checkcontent", tmp_path).splitlines()
    assert summary == "0 errors and 0 warnings in 2 questions."
    assert "facts by questions: 1 with 2 questions" in coverage


def test_checkcontent_lets_warnings_pass(tmp_path: Path) -> None:
    write_questions(tmp_path, question("a"), question("b", "short_answer", accept=["ClusterIP"]))

    line, *_, summary = output_of("checkcontent", tmp_path).splitlines()
    assert line.startswith(f"{tmp_path}/topics/services.yaml:24: questions[1].accept: ")
    assert line.endswith("(warning)")
    assert summary == "0 errors and 1 warning in 2 questions."


def test_checkcontent_shows_what_reading_and_what_the_rules_found(tmp_path: Path) -> None:
    topics = {SERVICES: topic([question(stem="No.")]), "dns": topic([], [fact("x", docs="y")])}
    write_bank(tmp_path, topics)
    out = StringIO()

    with pytest.raises(CommandError, match="3 errors and 0 warnings in 1 question"):
        call_command("checkcontent", str(tmp_path), stdout=out)

    places = [line.split(": ")[0:2] for line in out.getvalue().splitlines()]
    assert places[:3] == [
        [f"{tmp_path}/topics/dns.yaml:7", "facts[0].docs"],
        [f"{tmp_path}/topics/services.yaml:4", "facts[0]"],
        [f"{tmp_path}/topics/services.yaml:11", "questions[0].stem"],
    ]


def test_names_of_files_are_short_below_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_questions(tmp_path / "content", question(stem="No."))
    monkeypatch.chdir(tmp_path)
    out = StringIO()

    with pytest.raises(CommandError):
        call_command("checkcontent", str(tmp_path / "content"), stdout=out)

    places = [line for line in out.getvalue().splitlines() if "topics/" in line]
    assert len(places) == 2
    assert all(line.startswith("content/topics/") for line in places)


@pytest.mark.django_db
def test_loadcontent_counts_and_says_when_nothing_changed(tmp_path: Path) -> None:
    good_bank(tmp_path)

    assert output_of("loadcontent", tmp_path).splitlines() == [
        "tracks: 1 new",
        "topics: 1 new",
        "facts: 1 new",
        "questions: 2 new",
        "Loaded.",
    ]
    assert output_of("loadcontent", tmp_path).splitlines() == [
        "tracks: 1 unchanged",
        "topics: 1 unchanged",
        "facts: 1 unchanged",
        "questions: 2 unchanged",
        "Nothing changed.",
    ]


@pytest.mark.django_db
def test_rules_of_style_do_not_stand_in_the_way_of_loading(tmp_path: Path) -> None:
    write_questions(tmp_path, question(stem="No question mark."))

    assert output_of("loadcontent", tmp_path).endswith("Loaded.\n")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("option", "stem"), [("--ours", "In the browser?"), ("--theirs", "In the file?")]
)
def test_loadcontent_refuses_conflicts_until_they_are_settled(
    tmp_path: Path, option: str, stem: str
) -> None:
    output_of("loadcontent", write_questions(tmp_path, question()))
    Question.objects.update(stem="In the browser?")
    write_questions(tmp_path, question(stem="In the file?"))
    before = all_rows()
    out = StringIO()

    with pytest.raises(CommandError, match="Nothing was loaded"):
        call_command("loadcontent", str(tmp_path), stdout=out)

    assert (
        "the question what-stays was changed both in the files and in the browser" in out.getvalue()
    )
    assert "questions: 1 conflicting" in out.getvalue()
    assert all_rows() == before
    assert output_of("loadcontent", tmp_path, option).endswith("\n")
    assert Question.objects.get().stem == stem


@pytest.mark.django_db
def test_both_ways_of_settling_at_once_make_no_sense(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="not allowed with"):
        output_of("loadcontent", good_bank(tmp_path), "--ours", "--theirs")


@pytest.mark.django_db
def test_a_new_version_makes_learners_start_anew_and_an_edit_does_not(tmp_path: Path) -> None:
    output_of("loadcontent", write_questions(tmp_path, question()))
    alice = UserFactory()
    answer(alice, Question.objects.get())

    output_of("loadcontent", write_questions(tmp_path, question(stem="Typo mended?")))
    assert Card.objects.get().state == State.LEARNING
    learnt = Card.objects.values().get()

    output_of("loadcontent", write_questions(tmp_path, question(version=2)))
    assert Card.objects.values().get() != learnt


def test_contentschema_writes_the_schemas_and_notices_stale_ones(tmp_path: Path) -> None:
    with pytest.raises(
        CommandError, match=r"tracks\.schema\.json, confusables\.schema\.json: out of date"
    ):
        output_of("contentschema", tmp_path, "--check")

    written = "topic.schema.json, tracks.schema.json, confusables.schema.json"
    assert output_of("contentschema", tmp_path) == f"Wrote {written}.\n"
    assert output_of("contentschema", tmp_path, "--check") == "Up to date.\n"
    (tmp_path / "tracks.schema.json").write_text("{}")
    assert output_of("contentschema", tmp_path) == "Wrote tracks.schema.json.\n"


def test_contentschema_says_when_it_cannot_write(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"topic.schema.json cannot be written: No such file"):
        output_of("contentschema", tmp_path / "nowhere")
