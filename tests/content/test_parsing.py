from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from quizapp.content.parsing import parse_bank, parse_topic, question_from
from quizapp.content.problems import ContentError
from quizapp.content.schema import Question, Topic
from quizapp.grading import COMMON_FIELDS, KINDS, parse_spec
from tests.content.banks import (
    fact,
    problems_in,
    question,
    topic,
    track,
    write_bank,
    write_questions,
)

TOPIC = """\
title: Services
summary: How to reach Pods.
facts:
  - {id: svc-default, fact: ClusterIP is the default., why: It is safe., docs: docs/concepts/}
questions:
  - id: svc-default-card
    kind: flashcard
    stem: Which type is the default?
    facts: [svc-default]
    bloom: remember
    explanation: It opens nothing.
    back: ClusterIP
"""


def test_a_bank_holds_its_tracks_topics_facts_and_questions(tmp_path: Path) -> None:
    bank = parse_bank(write_bank(tmp_path))

    assert bank.problems == ()
    assert [each.slug for each in bank.tracks] == ["essentials"]
    assert [each.slug for each in bank.topics] == ["services"]
    assert [each.slug for each in bank.facts] == ["pods-come-and-go"]
    assert [each.slug for each in bank.questions] == ["what-stays"]


def test_grading_knows_which_fields_all_questions_have() -> None:
    assert set(Question.model_fields) - {"spec"} <= COMMON_FIELDS


def test_topics_follow_the_tracks_and_then_the_alphabet(tmp_path: Path) -> None:
    topics = {slug: topic([], []) for slug in ("access", "dns", "volumes", "zones")}
    write_bank(tmp_path, topics, [track(topics=["zones", "dns"])])

    assert [each.slug for each in parse_bank(tmp_path).topics] == [
        "zones",
        "dns",
        "access",
        "volumes",
    ]


def test_files_that_are_not_topics_are_passed_over(tmp_path: Path) -> None:
    write_bank(tmp_path)
    (tmp_path / "topics" / "README.md").write_text("# Not a topic")
    (tmp_path / "topics" / "notes").mkdir()

    assert parse_bank(tmp_path).problems == ()


@pytest.mark.parametrize("kind", KINDS)
def test_the_source_of_a_question_gives_its_spec_again(tmp_path: Path, kind: str) -> None:
    (parsed,) = parse_bank(
        write_bank(tmp_path, {"services": topic([question(kind=kind)])})
    ).questions

    assert isinstance(parsed.spec, KINDS[kind])
    assert parse_spec(kind, parsed.spec_source()) == parsed.spec


def test_comments_key_order_and_defaults_do_not_change_a_digest() -> None:
    plain = parse_topic(TOPIC, "services")
    head, questions = TOPIC.split("questions:\n")
    lines = questions.replace("- ", "  ", 1).splitlines()
    turned = "\n".join(
        ["  -", *reversed(lines), "    version: 1 # the first", "    scenario: false"]
    )
    same = parse_topic(f"{head}questions:\n{turned}\n", "services")

    assert same.questions[0].digest == plain.questions[0].digest


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("ClusterIP\n", "NodePort\n"),
        ("Which type is", "What is"),
        ("bloom: remember", "bloom: apply"),
        ("kind: flashcard", "version: 2\n    kind: flashcard"),
        ("kind: flashcard", "scenario: true\n    kind: flashcard"),
        ("kind: flashcard", "docs: docs/concepts/\n    kind: flashcard"),
    ],
)
def test_whatever_a_question_says_is_in_its_digest(old: str, new: str) -> None:
    changed = parse_topic(TOPIC.replace(old, new), "services")

    assert changed.questions[0].digest != parse_topic(TOPIC, "services").questions[0].digest
    assert changed.facts[0].digest == parse_topic(TOPIC, "services").facts[0].digest


def test_a_question_in_another_topic_has_another_digest() -> None:
    here, there = (parse_topic(TOPIC, slug).questions[0] for slug in ("services", "networking"))

    assert here.digest != there.digest


def test_the_text_of_one_topic_can_be_parsed_on_its_own() -> None:
    parsed = parse_topic(TOPIC, "services")

    assert isinstance(parsed, Topic)
    assert parsed.slug == parsed.questions[0].topic == "services"
    assert parsed.questions[0].place.at("back").line == 12
    with pytest.raises(ContentError) as refused:
        parse_topic(TOPIC.replace("title", "titel"), "services")
    assert [str(problem) for problem in refused.value.problems] == [
        "topics/services.yaml:1: titel: is not a field of a topic; did you mean `title`?",
        "topics/services.yaml:1: title: is missing",
    ]


BAD_TOPIC = """\
title: yes
facts:
  - id: a
    fact: [text]
    why: w
    docs: docs/concepts/
    wy: m
  - text
questions:
  - id: q
    kind: single_choice
    facts: [a, a, b]
    stem: What?
    bloom: apply
    explanation: e
    optons: []
    options:
      - {text: 80, corect: true}
      - text
      - {}
  - id: q
    kind: single
  - kind: cloze
    id: c
    facts: [a]
    stem: What?
    bloom: apply
    explanation: e
    text: "{{port}}"
    blanks:
      port: {accept: [x], acept: [x]}
"""


def test_every_problem_is_reported_at_once_and_in_its_line(tmp_path: Path) -> None:
    write_bank(tmp_path, {})
    (tmp_path / "tracks.yaml").write_text("tracks:\n- {id: All, title: 1, topics: [servces]}\n")
    (tmp_path / "topics" / "services.yaml").write_text(BAD_TOPIC)

    file = "topics/services.yaml"
    assert problems_in(tmp_path) == [
        f"{file}:1: summary: is missing",
        f"{file}:1: title: write it in quotes: without them YAML reads true or false",
        f"{file}:4: facts[0].fact: write a text here, not a list or a mapping",
        f"{file}:7: facts[0].wy: is not a field of a fact; did you mean `why`?",
        f"{file}:8: facts[1]: write fields here, such as `name: value`",
        f"{file}:12: questions[0].facts[1]: name a only once",
        f"{file}:12: questions[0].facts[2]: there is no fact b",
        (
            f"{file}:16: questions[0].optons: is not a field of a single_choice question;"
            " did you mean `options`?"
        ),
        f"{file}:18: questions[0].options[0].corect: is not a field here; did you mean `correct`?",
        (
            f'{file}:18: questions[0].options[0].text: write "80" in quotes:'
            " without them YAML reads a number"
        ),
        f"{file}:19: questions[0].options[1]: write fields here, such as `name: value`",
        f"{file}:20: questions[0].options[2].text: is missing",
        f"{file}:21: questions[1].bloom: is missing",
        f"{file}:21: questions[1].explanation: is missing",
        f"{file}:21: questions[1].facts: is missing",
        f"{file}:21: questions[1].id: choose another id: q is taken by {tmp_path}/{file}:10",
        f"{file}:21: questions[1].stem: is missing",
        (
            f"{file}:22: questions[1].kind: write one of flashcard, single_choice, multiple_choice,"
            " short_answer, ordering, matching, cloze, manifest"
        ),
        f"{file}:31: questions[2].blanks.port.acept: is not a field here; did you mean `accept`?",
        (
            "tracks.yaml:2: tracks[0].id: write lower-case words and numbers joined by hyphens,"
            " such as svc-types"
        ),
        "tracks.yaml:2: tracks[0].summary: is missing",
        'tracks.yaml:2: tracks[0].title: write "1" in quotes: without them YAML reads a number',
        "tracks.yaml:2: tracks[0].topics[0]: there is no topic servces; did you mean services?",
    ]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"stem": True}, "stem: write it in quotes: without them YAML reads true or false"),
        ({"stem": 80}, 'stem: write "80" in quotes: without them YAML reads a number'),
        ({"stem": None}, "stem: write a text here, it is empty"),
        ({"stem": "  "}, "stem: write a text here, it is empty"),
        ({"stem": ["a"]}, "stem: write a text here, not a list or a mapping"),
        ({"stem": "x" * 10_001}, "stem: shorten this to 10000 characters, it has 10001"),
        ({"version": "2"}, "version: write a whole number here, without quotes"),
        ({"version": True}, "version: write a whole number here, without quotes"),
        ({"version": 0}, "version: write 1 or more"),
        ({"version": 10_000}, "version: write 9999 or less"),
        ({"scenario": "yes"}, "scenario: write true or false here, without quotes"),
        ({"bloom": "know"}, "bloom: write 'remember', 'understand', 'apply' or 'analyse'"),
        ({"facts": "a"}, "facts: write a list of fact ids here"),
        ({"facts": []}, "facts: give 1 to 20 fact ids, not 0"),
        (
            {"docs": "docs/../x"},
            "docs: write a path on kubernetes.io, such as docs/concepts/workloads/pods/",
        ),
        (
            {"docs": "https://x/"},
            "docs: write a path on kubernetes.io, such as docs/concepts/workloads/pods/",
        ),
        (
            {"id": "Not One"},
            "id: write lower-case words and numbers joined by hyphens, such as svc-types",
        ),
        ({"id": "a" * 81}, "id: shorten this to 80 characters, it has 81"),
        ({"bakc": 1}, "bakc: is not a field of a flashcard question; did you mean `back`?"),
        ({"spec": {}}, "spec: is not a field of a flashcard question"),
        ({"difficulty": 3}, "difficulty: is not a field of a flashcard question"),
        ({"kind": "essay"}, "kind: write one of flashcard, single_choice, multiple_choice"),
        ({"kind": ["cloze"]}, "kind: write a text here, not a list or a mapping"),
        (
            {"facts": ["pods-come"]},
            "facts[0]: there is no fact pods-come; did you mean pods-come-and-go?",
        ),
        ({"facts": ["zzz"]}, "facts[0]: there is no fact zzz"),
        ({"facts": ["pods-come-and-go"] * 2}, "facts[1]: name pods-come-and-go only once"),
    ],
)
def test_a_problem_says_what_to_do(tmp_path: Path, changes: dict[str, Any], problem: str) -> None:
    write_bank(tmp_path, {"services": topic([question() | changes])})

    (found,) = problems_in(tmp_path)
    assert found.startswith("topics/services.yaml:")
    assert f": questions[0].{problem}" in found


@pytest.mark.parametrize("wrong", [None, True, 7, 1.5, "text", [], [3], [None], {}, {"x": 1}])
@pytest.mark.parametrize("kind", KINDS)
def test_no_kind_answers_an_author_in_the_words_of_a_programmer(
    tmp_path: Path, kind: str, wrong: Any
) -> None:
    fields = [*KINDS[kind].model_fields, "stem", "facts", "version", "unknown"]
    bad = [question(f"q-{index}", kind, **{name: wrong}) for index, name in enumerate(fields)]
    found = problems_in(write_bank(tmp_path, {"services": topic(bad)}))

    assert any("unknown: is not a field of" in each for each in found)
    for each in found:
        assert not any(word in each for word in ("Input", "valid ", "instance", "NoneType"))


def test_ids_are_taken_once_in_the_whole_bank(tmp_path: Path) -> None:
    other = topic([question()], [fact()])
    write_bank(tmp_path, {"access": other, "services": topic()}, [track(), track()])

    taken = f"is taken by {tmp_path}/topics/access.yaml"
    track_taken = f"essentials is taken by {tmp_path}/tracks.yaml:2"
    assert problems_in(tmp_path) == [
        f"topics/services.yaml:4: facts[0].id: choose another id: pods-come-and-go {taken}:4",
        f"topics/services.yaml:9: questions[0].id: choose another id: what-stays {taken}:9",
        f"tracks.yaml:7: tracks[1].id: choose another id: {track_taken}",
    ]


def test_a_fact_and_a_question_may_share_an_id(tmp_path: Path) -> None:
    bank = parse_bank(write_bank(tmp_path, {"services": topic([question("pods-come-and-go")])}))

    assert bank.problems == ()


def test_a_fact_may_stand_in_another_topic_even_if_that_has_errors(tmp_path: Path) -> None:
    write_bank(tmp_path, {"services": topic([], title=1), "access": topic(facts=[])})

    assert problems_in(tmp_path) == [
        'topics/services.yaml:1: title: write "1" in quotes: without them YAML reads a number'
    ]


def test_a_track_names_topics_that_exist_and_each_once(tmp_path: Path) -> None:
    write_bank(tmp_path, tracks=[track(topics=["servces", "services", "services"])])

    assert problems_in(tmp_path) == [
        "tracks.yaml:6: tracks[0].topics[0]: there is no topic servces; did you mean services?",
        "tracks.yaml:8: tracks[0].topics[2]: name services only once",
    ]


@pytest.mark.parametrize(
    ("text", "where", "code"),
    [
        ("First line.\u2028Second.", "after “line.”", "U+2028"),
        ("\ufeffSo it is.", "at the beginning", "U+FEFF"),
        ("One\x85two", "after “One”", "U+0085"),
    ],
)
def test_a_text_that_no_file_could_hold_is_refused(text: str, where: str, code: str) -> None:
    with pytest.raises(ContentError) as refused:
        question_from(question(explanation=text, bloom="guess"), "services")
    assert [problem.message for problem in refused.value.problems if problem.field != "bloom"] == [
        f"delete the character {where} that cannot be seen ({code})"
    ]
    assert len(refused.value.problems) == 2


def test_two_questions_cannot_share_an_id_by_a_space(tmp_path: Path) -> None:
    write_questions(tmp_path, question("same"), question("same ", stem="Another?"))

    assert problems_in(tmp_path) == [
        "topics/services.yaml:17: questions[1].id: take away the space before or after it"
    ]
