from __future__ import annotations

import difflib
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from quizapp.content import editing
from quizapp.content.exporting import files as export_files
from quizapp.content.history import Act, Change
from quizapp.content.models import Confusable, Fact, Question, Revision, Topic, Track
from quizapp.content.parsing import parse_bank, question_from
from quizapp.content.yaml_text.editing import changed
from quizapp.scheduling.cards import start_anew
from tests.content.banks import confusable, load_from, write_chapter, write_confusables
from tests.factories import FactFactory, QuestionFactory, TopicFactory
from tests.scheduling.studying import MORNING

pytestmark = pytest.mark.django_db

SERVICES = """\
# yaml-language-server: $schema=../topic.schema.json
title: Services   # shown in the list
summary: How to reach Pods.

facts:
  - id: pods-come-and-go
    fact: Pods come and go.
    why: 'Nodes fail.'
    docs: docs/concepts/workloads/

# Everything below is asked from the second day on.
questions:
  # The first one that anybody meets.
  - id: what-stays
    kind: flashcard
    facts: [pods-come-and-go]   # only one
    bloom: "apply"
    stem: What stays when Pods go?
    # The shorter, the better.
    back: A stable   address.   # said twice in the primer
    explanation: >-
      The Service keeps its address,
      whatever happens.

  # ---- choices ----

  - id: which-default
    version: 1
    kind: single_choice
    facts: [pods-come-and-go]
    bloom: remember
    stem: "Which type is the default?"
    options:
      - text: "`ClusterIP`"
        correct: true

      # Nobody believes this.
      - text: "`NodePort`"
        feedback: |
          It opens a port
          on each node.
      - {text: "`LoadBalancer`", feedback: It asks the cloud.}
    explanation: It opens nothing.

  # The last word.
  - id: last-one
    kind: flashcard
    facts: [pods-come-and-go]
    bloom: apply
    stem: Which comes last?
    back: This one.
    explanation: It stands last.
    # to be written: a second one
"""
NODES = """\
title: Nodes
summary: Where Pods run.
facts: []
questions: []
"""
TRACKS = """\
tracks:
- id: essentials
  title: Essentials
  summary: For all.
  topics: [services, nodes]  # in this order
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A bank in a hand of its own, loaded."""
    (tmp_path / "topics").mkdir()
    (tmp_path / "topics/services.yaml").write_text(SERVICES)
    (tmp_path / "topics/nodes.yaml").write_text(NODES)
    (tmp_path / "tracks.yaml").write_text(TRACKS)
    load_from(tmp_path)
    return tmp_path


def edit(slug: str, **fields: Any) -> Question:
    """What an editor does: some fields of a question get other values; None takes one out."""
    row = Question.objects.get(slug=slug)
    source = {**editing.source_of(row), **fields}
    raw = {name: value for name, value in source.items() if value is not None}
    entry = question_from(raw, raw.pop("topic"))
    return editing.save(entry, Change(None, MORNING, Act.EDITED), on_new_version=start_anew)


def retire(slug: str) -> None:
    editing.retire(Question.objects.filter(slug=slug), Change(None, MORNING, Act.RETIRED))


def run(command: str, *arguments: Any) -> str:
    out = StringIO()
    call_command(command, *map(str, arguments), stdout=out)
    return out.getvalue()


def refused(command: str, *arguments: Any) -> tuple[str, str]:
    """What a command says that fails, and why it fails."""
    out = StringIO()
    with pytest.raises(CommandError) as failure:
        call_command(command, *map(str, arguments), stdout=out)
    return out.getvalue(), str(failure.value)


def text_of(folder: Path, name: str = "services") -> str:
    return (folder / f"topics/{name}.yaml").read_bytes().decode()


def changes(before: str, after: str) -> list[str]:
    """The lines that went and came, without their surroundings."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


def exported(folder: Path, before: str = SERVICES, name: str = "services") -> list[str]:
    """What exporting changes in a file, once it is clear that everybody agrees afterwards."""
    run("exportcontent", folder)
    assert run("exportcontent", folder, "--check") == "Files and database agree.\n"
    assert run("loadcontent", folder).endswith("Nothing changed.\n")
    return changes(before, text_of(folder, name))


def test_nothing_changed_leaves_every_byte(folder: Path) -> None:
    assert run("exportcontent", folder) == "Nothing to write.\n"
    assert text_of(folder) == SERVICES


@pytest.mark.parametrize(
    ("slug", "fields", "diff"),
    [
        (
            "what-stays",
            {"stem": "What is left when Pods go?"},
            ["-    stem: What stays when Pods go?", "+    stem: What is left when Pods go?"],
        ),
        (
            "what-stays",
            {"back": "An address.", "bloom": "analyse"},
            [
                '-    bloom: "apply"',
                '+    bloom: "analyse"',
                "-    back: A stable   address.   # said twice in the primer",
                "+    back: An address.   # said twice in the primer",
            ],
        ),
        (
            "which-default",
            {"version": 2},
            ["-    version: 1", "+    version: 2"],
        ),
        (
            "last-one",
            {"version": 2, "scenario": True},
            ["+    version: 2", "+    scenario: true"],
        ),
        (
            "which-default",
            {
                "options": [
                    {"text": "`ClusterIP`", "correct": True},
                    {"text": "`NodePort`", "feedback": "It opens\na port."},
                    {"text": "`LoadBalancer`", "feedback": "It asks the cloud."},
                    {"text": "`ExternalName`", "feedback": "It is an alias."},
                ]
            },
            [
                "-          It opens a port",
                "-          on each node.",
                "+          It opens",
                "+          a port.",
                "+",
                '+      - text: "`ExternalName`"',
                "+        feedback: It is an alias.",
            ],
        ),
        (
            "which-default",
            {
                "options": [
                    {"text": "`ClusterIP`", "correct": True},
                    {"text": "`LoadBalancer`", "feedback": "It asks the cloud."},
                ]
            },
            [
                "-      # Nobody believes this.",
                '-      - text: "`NodePort`"',
                "-        feedback: |",
                "-          It opens a port",
                "-          on each node.",
            ],
        ),
    ],
)
def test_only_the_lines_of_what_was_edited_change(
    folder: Path, slug: str, fields: dict[str, Any], diff: list[str]
) -> None:
    edit(slug, **fields)

    assert exported(folder) == diff


def test_a_text_that_needs_quotes_or_lines_gets_them_and_reads_the_same(folder: Path) -> None:
    stems = ["yes?", "a: b?", "# no?", "`x` [y]?", "one\ntwo?", "x " * 90 + "?", "1e3:", "'\"?"]
    for stem in stems:
        edit("what-stays", stem=stem)
        exported(folder)
        questions = parse_bank(folder).questions
        assert questions[0].stem == stem


def test_a_comment_below_a_text_never_becomes_part_of_it(folder: Path) -> None:
    before = SERVICES.replace("Pods go?\n", "Pods go?\n      # Many ask that.\n")
    (folder / "topics/services.yaml").write_text(before)
    edit("what-stays", stem="What stays?\n\nThink of Pods.")

    assert exported(folder, before) == [
        "-    stem: What stays when Pods go?",
        '+    stem: "What stays?\\n\\nThink of Pods."',
    ]


def test_a_new_question_comes_last_and_reads_as_an_author_writes(folder: Path) -> None:
    raw = {
        "explanation": "So it is.",
        "stem": "Which one is new?",
        "facts": ["pods-come-and-go"],
        "bloom": "apply",
        "kind": "flashcard",
        "id": "new-one",
        "back": "This: the new one.",
    }
    change = Change(None, MORNING, Act.ADDED)
    editing.save(question_from(raw, "services"), change, on_new_version=start_anew)

    assert exported(folder) == [
        "+",
        "+  - id: new-one",
        "+    kind: flashcard",
        "+    facts: [pods-come-and-go]",
        "+    bloom: apply",
        "+    stem: Which one is new?",
        '+    back: "This: the new one."',
        "+    explanation: So it is.",
    ]


def test_a_question_moves_with_its_comments(folder: Path) -> None:
    edit("what-stays", topic="nodes", stem="What stays, by the way?")

    gone = exported(folder)
    first, last = SERVICES.index("  # The first"), SERVICES.index("  # ---- choices")
    moved = SERVICES[first:last].replace("What stays when Pods go?", "What stays, by the way?")
    assert [line.removeprefix("-") for line in gone] == SERVICES[first:last].splitlines()
    assert text_of(folder, "nodes") == NODES.replace("questions: []\n", "questions:\n") + (
        moved.rstrip("\n") + "\n"
    )


def test_a_question_moves_back_to_the_end(folder: Path) -> None:
    edit("last-one", topic="nodes")
    exported(folder)
    edit("last-one", topic="services")
    run("exportcontent", folder)

    assert text_of(folder) == SERVICES
    assert text_of(folder, "nodes") == NODES


def test_retired_questions_leave_and_take_only_their_own_comments(folder: Path) -> None:
    retire("what-stays")
    retire("last-one")

    lines = exported(folder)
    assert all(line.startswith("-") for line in lines)
    rest = text_of(folder)
    assert "# ---- choices ----" in rest
    assert "# Everything below" in rest
    assert "# The first one" not in rest
    assert rest.endswith("explanation: It opens nothing.\n")


def test_a_list_may_become_empty_and_full_again(folder: Path) -> None:
    for slug in ("what-stays", "which-default", "last-one"):
        retire(slug)
    run("exportcontent", folder)
    assert "questions: []\n" in text_of(folder)
    assert run("loadcontent", folder).endswith("Nothing changed.\n")

    editing.restore(Question.objects.all(), Change(None, MORNING, Act.RESTORED))
    run("exportcontent", folder)
    assert len(parse_bank(folder).questions) == 3
    assert run("loadcontent", folder).endswith("Nothing changed.\n")


def test_what_only_the_files_say_is_left_for_loading(folder: Path) -> None:
    path = folder / "topics/services.yaml"
    path.write_text(SERVICES.replace("Which comes last?", "Which one comes last?"))
    edit("what-stays", stem="What is left?")

    assert "not loaded yet: 1" in run("exportcontent", folder)
    assert "Which one comes last?" in path.read_text()
    assert run("loadcontent", folder).endswith("Loaded.\n")
    assert Question.objects.get(slug="last-one").stem == "Which one comes last?"
    assert Question.objects.get(slug="what-stays").stem == "What is left?"


def in_conflict(folder: Path) -> str:
    """Lets files and browser both change a question, and gives the text of its file."""
    edit("what-stays", stem="What does the browser say?")
    text = SERVICES.replace("What stays when Pods go?", "What does the file say?")
    (folder / "topics/services.yaml").write_text(text)
    return text


def test_a_conflict_is_left_alone_and_everything_else_is_written(folder: Path) -> None:
    text = in_conflict(folder)
    edit("last-one", back="The other one.")

    out, error = refused("exportcontent", folder)

    assert "the question what-stays was changed both in the files and in the browser" in out
    assert error.startswith("Left alone: 1.")
    assert text_of(folder) == text.replace("This one.", "The other one.")
    assert Question.objects.get(slug="what-stays").stem == "What does the browser say?"


def test_ours_writes_the_row_and_keeps_the_words_of_the_file(folder: Path) -> None:
    text = in_conflict(folder)

    run("exportcontent", folder, "--ours")

    assert changes(text, text_of(folder)) == [
        "-    stem: What does the file say?",
        "+    stem: What does the browser say?",
    ]
    assert run("loadcontent", folder).endswith("Nothing changed.\n")
    stems = [each.source.get("stem") for each in Revision.objects.of("question", "what-stays")]
    assert "What does the file say?" in stems


def test_theirs_takes_the_file_and_keeps_the_words_of_the_row(folder: Path) -> None:
    text = in_conflict(folder)

    run("exportcontent", folder, "--theirs")

    assert text_of(folder) == text
    assert Question.objects.get(slug="what-stays").stem == "What does the file say?"
    assert run("loadcontent", folder).endswith("Nothing changed.\n")
    stems = [each.source.get("stem") for each in Revision.objects.of("question", "what-stays")]
    assert stems[0] == "What does the file say?"
    assert "What does the browser say?" in stems


@pytest.mark.parametrize("settle", ["--ours", "--theirs"])
def test_loading_keeps_the_words_of_whoever_loses(folder: Path, settle: str) -> None:
    in_conflict(folder)

    run("loadcontent", folder, settle)

    stems = {each.source.get("stem") for each in Revision.objects.of("question", "what-stays")}
    assert {"What does the file say?", "What does the browser say?"} <= stems


def test_check_writes_nothing_and_shows_the_difference(folder: Path) -> None:
    edit("what-stays", stem="What is left?")

    out, error = refused("exportcontent", folder, "--check")

    assert error == "Files and database differ."
    assert f"--- {folder}/topics/services.yaml\n" in out
    assert "-    stem: What stays when Pods go?\n+    stem: What is left?\n" in out
    assert text_of(folder) == SERVICES


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text.replace("comes last", "is last"), "the question last-one is not loaded"),
        (lambda text: text[: text.index("  # The last word.")], "the question last-one is not lo"),
    ],
)
def test_check_notices_what_is_not_loaded(
    folder: Path, change: Callable[[str], str], said: str
) -> None:
    (folder / "topics/services.yaml").write_text(change(SERVICES))

    assert said in refused("exportcontent", folder, "--check")[0]


def test_check_shows_conflicts(folder: Path) -> None:
    in_conflict(folder)

    assert "was changed both" in refused("exportcontent", folder, "--check")[0]


def test_check_and_settling_do_not_go_together(folder: Path) -> None:
    with pytest.raises(CommandError, match="not allowed with"):
        run("exportcontent", folder, "--check", "--ours")


def test_a_topic_that_only_the_database_has_gets_a_file(folder: Path) -> None:
    topic = TopicFactory(slug="dns", title="DNS: names", position=9)
    known = FactFactory(slug="names-resolve", topic=topic)
    QuestionFactory(slug="a-name", topic=topic, kind="flashcard", facts=[known])
    QuestionFactory(slug="b-name", topic=topic, kind="single_choice", facts=[known])

    run("exportcontent", folder)

    lines = text_of(folder, "dns").splitlines()
    assert lines[:6] == [
        "# yaml-language-server: $schema=../topic.schema.json",
        'title: "DNS: names"',
        "summary: What it is about.",
        "facts:",
        "  - id: names-resolve",
        "    fact: Pods are replaceable.",
    ]
    assert run("loadcontent", folder).endswith("Nothing changed.\n")


def test_facts_topics_tracks_and_confusables_are_written_too(folder: Path) -> None:
    write_confusables(folder, confusable())
    load_from(folder)
    Fact.objects.filter(slug="pods-come-and-go").update(why="Nodes fail, too.")
    Topic.objects.filter(slug="services").update(title="All Services")
    Track.objects.update(summary="For everybody.")
    Confusable.objects.update(contrast=[{"aspect": "What it is", "says": ["one", "two"]}])

    assert exported(folder) == [
        "-title: Services   # shown in the list",
        "+title: All Services   # shown in the list",
        "-    why: 'Nodes fail.'",
        "+    why: 'Nodes fail, too.'",
    ]
    assert "# in this order" in (folder / "tracks.yaml").read_text()


def test_what_cannot_be_written_is_told_and_nothing_of_it_is_lost(folder: Path) -> None:
    path = write_chapter(folder)
    load_from(folder)
    text = path.read_text()
    row = Topic.objects.get(slug="services").chapters.get()
    row.title = "Another title"
    row.save()

    out, error = refused("exportcontent", folder)

    assert "Change primer/reaching-pods.md by hand." in out
    assert error.startswith("Left alone: 1.")
    assert path.read_text() == text
    run("loadcontent", folder)
    row.refresh_from_db()
    assert row.title == "Another title"


def test_a_retired_question_that_a_chapter_asks_stops_everything(folder: Path) -> None:
    write_chapter(folder)
    load_from(folder)
    retire("what-stays")

    _, error = refused("exportcontent", folder)

    assert f"{folder}/primer/reaching-pods.md:" in error
    assert error.endswith("Nothing was written.")
    assert text_of(folder) == SERVICES


def test_a_text_that_no_file_can_hold_stops_only_its_own_question(folder: Path) -> None:
    """Nobody can save one in the browser, but a row may be older than that rule."""
    Question.objects.filter(slug="last-one").update(explanation="It stands\u2028last.")
    edit("what-stays", back="An address.")

    out, error = refused("exportcontent", folder)

    assert "The question last-one has errors: " in out
    assert error.startswith("Left alone: 1.")
    assert "back: An address." in text_of(folder)


def test_the_lock_of_a_text_editor_is_no_obstacle(folder: Path) -> None:
    write_chapter(folder)
    load_from(folder)
    (folder / "primer" / ".#notes.txt").symlink_to("eve@laptop.4711")
    edit("what-stays", back="An address.")

    run("exportcontent", folder)

    assert "back: An address." in text_of(folder)


def test_files_with_errors_are_refused(folder: Path) -> None:
    (folder / "topics/nodes.yaml").write_text("title: Nodes\n")

    _, error = refused("exportcontent", folder)
    assert f"{folder}/topics/nodes.yaml:1: " in error


def test_files_are_written_all_or_none(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edit("what-stays", topic="nodes")
    replace = Path.replace

    def fail(self: Path, target: Path) -> Path:
        if target.name == "services.yaml":
            raise OSError(28, "No space left on device")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", fail)
    _, error = refused("exportcontent", folder)
    monkeypatch.undo()

    assert "services.yaml cannot be written: No space left on device" in error
    assert (text_of(folder), text_of(folder, "nodes")) == (SERVICES, NODES)
    assert [path.name for path in (folder / "topics").iterdir() if path.suffix != ".yaml"] == []
    assert exported(folder)


def test_a_file_that_changes_while_it_is_read_is_not_overwritten(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit("what-stays", stem="What is left?")
    beside = export_files._written_beside

    def late(path: Path, data: bytes) -> Path:
        path.write_text(SERVICES + "# a late word\n")
        return beside(path, data)

    monkeypatch.setattr(export_files, "_written_beside", late)
    _, error = refused("exportcontent", folder)

    assert "was changed while it was read" in error
    assert text_of(folder).endswith("# a late word\n")


def test_line_ends_of_windows_are_kept(folder: Path) -> None:
    path = folder / "topics/services.yaml"
    path.write_bytes(SERVICES.replace("\n", "\r\n").encode())
    edit("what-stays", stem="What is left?")

    run("exportcontent", folder)

    assert path.read_bytes().decode() == SERVICES.replace(
        "What stays when Pods go?", "What is left?"
    ).replace("\n", "\r\n")


def test_the_last_line_needs_no_end(folder: Path) -> None:
    path = folder / "topics/services.yaml"
    path.write_text(SERVICES[: SERVICES.index("\n    # to be written")])
    run("loadcontent", folder)
    edit("last-one", explanation="It is the last.", docs="docs/concepts/")

    run("exportcontent", folder)

    assert text_of(folder).endswith("    explanation: It is the last.")


def test_a_list_with_a_comment_may_become_a_text() -> None:
    text = "name: # of both\n  - one\n  - two  # the other\n"
    new = {"name": "one\ntwo"}
    assert changed(text, {"name": ["one", "two"]}, new) == "name: |- # of both\n  one\n  two\n"
