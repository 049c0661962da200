"""The content that is shipped, and what is said about it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from django.conf import settings

from quizapp.content.checking.chapters import chapters_state_every_fact
from quizapp.content.parsing import parse_bank, parse_topic
from quizapp.content.parsing.chapters import read_chapter
from quizapp.content.parsing.json_schemas import (
    JsonSchema,
    confusables_schema,
    stale_files,
    topic_schema,
    tracks_schema,
)
from quizapp.content.primer.diagrams import CLASSES
from quizapp.content.schema import ConfusablesFile
from quizapp.grading import KINDS, bounded_yaml
from quizapp.grading.manifest import Manifest
from tests.content.banks import write_chapter, write_diagram

FOLDER = Path(settings.BASE_DIR / "content")
README = (FOLDER / "README.md").read_text(encoding="utf-8")
EXAMPLES = {
    heading: re.findall(r"^```yaml\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    for heading, section in re.findall(
        r"^#+ (.+?)$(.*?)(?=^#+ |\Z)", README, re.MULTILINE | re.DOTALL
    )
}


def facts_for(example: str) -> str:
    """The head of a topic file in which an example of a question can stand."""
    slugs = {slug for raw in yaml.safe_load(example) for slug in raw["facts"]}
    facts = "".join(
        f"  - {{id: {slug}, fact: f, why: w, docs: docs/concepts/}}\n" for slug in sorted(slugs)
    )
    return f"title: t\nsummary: s\nfacts:\n{facts}questions:\n"


def test_the_readme_has_an_example_of_every_kind() -> None:
    assert [heading for heading in EXAMPLES if heading in KINDS] == list(KINDS)
    assert all(len(EXAMPLES[kind]) == 1 for kind in KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_of_a_kind_can_be_parsed(kind: str) -> None:
    (example,) = EXAMPLES[kind]

    (question,) = parse_topic(facts_for(example) + example, "example").questions
    assert question.kind == kind
    assert not isinstance(question.spec, Manifest) or question.spec.problems() == []


def test_the_other_examples_fit_the_schemas() -> None:
    (tracks,) = EXAMPLES["Tracks"]
    (topic,) = EXAMPLES["A topic"]
    (confusables,) = EXAMPLES["What people mix up"]

    jsonschema.validate(yaml.safe_load(tracks), tracks_schema())
    jsonschema.validate(yaml.safe_load(confusables), confusables_schema())
    ConfusablesFile.model_validate(yaml.safe_load(confusables))
    parse_topic(topic.replace("questions:\n  - ...", "questions: []"), "service-types")


def test_the_schema_files_are_up_to_date() -> None:
    assert stale_files(FOLDER) == {}


def read(path: Path) -> Any:
    return bounded_yaml.parse(path.read_bytes()).documents[0]


@pytest.mark.parametrize("path", sorted(FOLDER.glob("topics/*.yaml")), ids=lambda path: path.stem)
def test_editors_find_nothing_wrong_with_a_topic(path: Path) -> None:
    jsonschema.Draft202012Validator.check_schema(topic_schema())
    jsonschema.validate(read(path), topic_schema())


@pytest.mark.parametrize("kind", KINDS)
def test_editors_find_what_is_wrong_with_a_question(kind: str) -> None:
    (example,) = EXAMPLES[kind]
    raw = yaml.safe_load(facts_for(example) + example)
    validator = jsonschema.Draft202012Validator(topic_schema())
    assert validator.is_valid(raw)

    raw["questions"][0]["unknown"] = 1
    assert not validator.is_valid(raw)


@pytest.mark.parametrize(
    ("name", "schema"),
    [("tracks.yaml", tracks_schema()), ("confusables.yaml", confusables_schema())],
)
def test_editors_find_nothing_wrong_with_the_other_files(name: str, schema: JsonSchema) -> None:
    jsonschema.validate(read(FOLDER / name), json.loads(json.dumps(schema)))


def test_the_example_of_a_chapter_can_be_read(tmp_path: Path) -> None:
    (example,) = re.findall(r"^```markdown\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    text = example.replace("diagrams/service.svg", "diagrams/way.svg")
    path = write_chapter(tmp_path, text, front="")
    write_diagram(tmp_path)

    assert read_chapter(path).problems == []


def test_the_readme_names_every_class_of_diagrams() -> None:
    assert [name for name in CLASSES if f"`{name}`" not in README] == []


def test_every_topic_has_a_chapter_that_states_all_of_its_facts() -> None:
    bank = parse_bank(FOLDER)

    assert {chapter.topic for chapter in bank.chapters} == {topic.slug for topic in bank.topics}
    assert list(chapters_state_every_fact(bank)) == []
