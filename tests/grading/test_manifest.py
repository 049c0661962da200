"""The manifest kind: the grade of whatever people type, and what makes an exercise sound."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from pydantic import ValidationError

from quizapp.grading import ResponseError, parse_spec
from quizapp.grading.manifest import SCHEMA, Manifest

STARTER = """\
apiVersion: apps/v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    name: nginx
    image: nginx:1.27
"""
SOLUTION = """\
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
  - name: nginx
    image: nginx:1.27
"""
WANTED = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata.name": "web",
    "spec.containers[name=nginx].image": "nginx:1.27",
}
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "nginx:1.27"}]}
"""
SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
"""
PAIR: dict[str, Any] = {
    "solution": f"{DEPLOYMENT}---\n{SERVICE}",
    "checks": [
        {
            "document": "Deployment/web",
            "path": "spec.template.metadata.labels.app",
            "equals": "web",
            "hint": "The Pods are labelled app=web.",
        },
        {
            "document": "Service",
            "path": "spec.selector.app",
            "equals": "web",
            "hint": "The Service selects app=web.",
        },
        {
            "document": "Service",
            "path": "spec.type",
            "one_of": ["ClusterIP", None],
            "hint": "It stays inside the cluster.",
        },
    ],
}


def manifest(exercise: dict[str, Any]) -> Manifest:
    spec = parse_spec("manifest", exercise)
    assert isinstance(spec, Manifest)
    return spec


def exercise(**changes: Any) -> dict[str, Any]:
    check = {"path": "kind", "equals": "Pod", "hint": "It is a Pod."}
    return {"solution": SOLUTION, "checks": [check], **changes}


POD = manifest(
    {
        "starter": STARTER,
        "solution": SOLUTION,
        "checks": [
            {"path": path, "equals": value, "hint": f"Write {value}."}
            for path, value in WANTED.items()
        ],
    }
)


def test_a_starter_that_was_left_as_it_is_is_graded_like_any_response() -> None:
    grade = POD.grade(STARTER)
    assert grade.score == 0.5
    assert [(note.line, note.part) for note in grade.notes if note.is_right is False] == [
        (1, "There is no `Pod` in `apps/v1`; `Pod` is in `v1`."),
        (6, "`spec.containers` must be a list, but is a mapping."),
        (1, "`apiVersion`"),
        (None, "`spec.containers[name=nginx].image`"),
    ]


def test_a_failed_check_tells_what_was_given_what_is_wanted_and_how_to_get_there() -> None:
    grade = POD.grade(SOLUTION.replace("1.27", "1.26"))
    note = grade.notes[-1]
    assert (note.line, note.given, note.expected) == (8, "`nginx:1.26`", "`nginx:1.27`")
    assert note.text == "Write nginx:1.27."
    assert all(not note.text for note in grade.notes[:-1])
    assert "-    image: nginx:1.26\n+    image: nginx:1.27" in grade.diff
    assert grade.score == 0.75


def test_a_wrong_structure_costs_a_part_even_when_all_checks_hold() -> None:
    text = SOLUTION + "  hostNet: true\n"
    assert POD.failing(text) == [SCHEMA]
    assert POD.grade(text).score == 4 / 5


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("kind: Pod\nspec: [a", 2, "opened here with `[`"),
        ("kind: Pod\n\tspec: x", 2, "tab"),
        ("kind: Pod\nkind: Pod", 2, "`kind` is given twice"),
        ("kind: Pod\nspec: \0", 2, "U+0000"),
        ("kind: Pod\n\ufeff", 2, "byte order mark"),
        ("metadata: {labels: {80: x}}", 1, "The name `80` means a number in YAML; quote it."),
        ("kind: \ud800", 1, "U+D800"),
        ("a: &a [x]\nb: *a", 1, "anchor"),
        ("a: 1\n<<: {b: 1}", 2, "Merge keys"),
        ("[" * 60_000, 1, "too deeply"),
        ("\n".join(" " * depth + "a:" for depth in range(300)), 41, "too deeply"),
        ("[" + "1," * 20_000, 1, "too many values"),
        ("a: " + "9" * 15_000, 1, "too many digits"),
        ("a: 1\n---\n" * 11, 20, "At most 10 documents"),
        ("#" * 64_001, 1, "too large"),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_what_cannot_be_parsed_scores_0_with_a_located_sentence(
    text: str, line: int, words: str
) -> None:
    grade = POD.grade(text)
    assert (grade.score, grade.notes[0].line) == (0, line)
    assert words in grade.notes[0].part
    assert POD.failing(text) == [*WANTED, SCHEMA]


@pytest.mark.parametrize("response", [None, "", " \n", "# later\n", "---\n"])
def test_nothing_scores_0_and_is_told_what_was_asked_for(response: str | None) -> None:
    grade = POD.grade(response)
    assert grade.score == 0
    assert grade.notes[0].part == "There is no manifest here."
    assert [note.text for note in grade.notes[1:]] == [f"Write {each}." for each in WANTED.values()]
    assert "+kind: Pod" in grade.diff


@pytest.mark.parametrize("text", ["hello", "[1, 2]", "42", "no"])
def test_what_is_no_mapping_satisfies_no_check(text: str) -> None:
    check = {"path": "spec.hostNetwork", "exists": False, "hint": "Leave it out."}
    assert manifest(exercise(checks=[check])).grade(text).score == 0


@pytest.mark.parametrize("response", [1, ["kind: Pod"], {"manifest": "kind: Pod"}, b"kind: Pod"])
def test_data_that_is_no_text_is_refused(response: Any) -> None:
    with pytest.raises(ResponseError, match="does not belong"):
        POD.grade(response)


@given(st.text() | st.text(alphabet="apiVersonkdPd:{}[]-,\n \t'\"|v1*&!#", max_size=80))
def test_any_text_gets_a_grade(text: str) -> None:
    grade = POD.grade(text)
    assert 0 <= grade.score < 1
    assert grade.notes


@given(
    st.lists(st.sampled_from(SOLUTION.splitlines()), max_size=12),
    st.sampled_from(["\n", "\n  ", "\n\n"]),
)
def test_any_mixture_of_right_lines_gets_a_grade(lines: list[str], separator: str) -> None:
    text = separator.join(lines)
    grade = POD.grade(text)
    assert grade.is_correct == (POD.failing(text) == [])


def test_parts_scattered_over_several_objects_do_not_add_up() -> None:
    half = SOLUTION.replace("nginx:1.27", "nginx")
    other_half = SOLUTION.replace("name: web", "name: other")
    assert POD.grade(f"{half}---\n{other_half}").score == 0.75


def test_one_right_object_is_enough_beside_another_sound_one() -> None:
    assert POD.grade(f"{SERVICE}---\n{SOLUTION}").score == 1
    assert POD.failing(f"{SERVICE}  oops: 1\n---\n{SOLUTION}") == [*WANTED, SCHEMA]


def test_an_object_beside_the_right_one_has_to_be_sound_too() -> None:
    assert POD.failing(f"{SOLUTION}---\n{SERVICE.replace('port: 80', 'prot: 80')}") == [SCHEMA]


@pytest.mark.parametrize("text", [PAIR["solution"], f"{SERVICE}---\n{DEPLOYMENT}"])
def test_several_objects_may_come_in_any_order(text: str) -> None:
    assert manifest(PAIR).grade(text).score == 1


def test_checks_look_only_at_the_object_they_are_about() -> None:
    spec = manifest(PAIR)
    assert spec.failing(DEPLOYMENT) == ["spec.selector.app", "spec.type"]
    assert spec.failing(SERVICE) == ["spec.template.metadata.labels.app"]
    renamed = PAIR["solution"].replace("metadata: {name: web}", "metadata: {name: api}")
    assert spec.failing(renamed) == ["spec.template.metadata.labels.app"]


def test_faults_in_a_later_document_are_on_their_own_line() -> None:
    text = PAIR["solution"].replace("port: 80", "port: http")
    [fault] = [note for note in manifest(PAIR).grade(text).notes if note.is_right is False]
    assert (fault.line, fault.part[:20]) == (13, "`spec.ports[0].port`")


def test_faults_in_a_list_are_on_their_own_line() -> None:
    items = "".join(f"- {json.dumps(yaml.safe_load(each))}\n" for each in (DEPLOYMENT, SERVICE))
    text = f"apiVersion: v1\nkind: List\nitems:\n{items}".replace('"port": 80', '"port": "80"')
    [fault] = [note for note in manifest(PAIR).grade(text).notes if note.is_right is False]
    assert (fault.line, fault.part[:20]) == (5, "`spec.ports[0].port`")


def test_the_page_shows_the_starter_and_nothing_of_the_key() -> None:
    assert POD.present(1) == {"starter": STARTER, "order": []}
    assert manifest(PAIR).present(1) == {"starter": "", "order": []}


@pytest.mark.parametrize(
    ("form", "response"),
    [
        ({}, None),
        ({"manifest": []}, None),
        ({"manifest": [" \r\n "]}, None),
        ({"manifest": ["a: 1\r\nb: 2\rc: 3\n"]}, "a: 1\nb: 2\nc: 3\n"),
        ({"manifest": ["  a: 1"], "other": ["x"]}, "  a: 1"),
        ({"manifest": ["a:\0 1"]}, "a: 1"),
        ({"manifest": ["\ufeffa: 1"]}, "a: 1"),
        ({"manifest": ["\ufeff\n"]}, None),
        ({"manifest": ["\n" * 60_000]}, None),
        ({"manifest": [STARTER]}, STARTER),
    ],
)
def test_a_form_is_read(form: dict[str, list[str]], response: str | None) -> None:
    assert POD.read(form) == response


def test_a_form_with_too_much_text_is_refused() -> None:
    assert POD.read({"manifest": ["#" * 64_000]})
    with pytest.raises(ResponseError, match="Shorten the manifest to 64 KB"):
        POD.read({"manifest": ["é" * 32_001]})


def test_what_no_database_takes_is_left_out() -> None:
    assert POD.read({"manifest": ["a: \ud8001"]}) == "a: 1"


def test_a_form_with_too_many_lines_is_refused() -> None:
    assert POD.read({"manifest": ["a:\n" * 500]})
    with pytest.raises(ResponseError, match="Shorten the manifest to 500 lines"):
        POD.read({"manifest": ["a:\n" * 501]})
    with pytest.raises(ResponseError, match="Shorten the manifest to 500 lines"):
        POD.read({"manifest": ["a: 1" + "\r" * 500 + "b: 1"]})


def test_a_byte_order_mark_before_a_manifest_does_not_matter() -> None:
    assert POD.grade(f"\ufeff{SOLUTION}").is_correct


@pytest.mark.parametrize("text", ["a:\n" * 10_000, "a\u2028" * 10_000, "x" * 64_001])
def test_what_no_form_could_hold_gets_no_diff(text: str) -> None:
    assert POD.grade(text).diff == ""


def test_a_long_diff_is_cut() -> None:
    assert len(POD.grade("- name\n" * 500).diff.splitlines()) == 400


def test_a_flood_of_faulty_objects_is_cut() -> None:
    flood = "{apiVersion: v1, kind: List, items: [" + "1," * 2_000 + "]}"
    assert len(POD.grade(flood).notes) == 25 + len(WANTED)


@pytest.mark.parametrize(
    "text",
    [
        "`[a](https://example.com)`: 1\n`[a](https://example.com)`: 2",
        "? '`[a](https://example.com)'\n: 1\n? '`[a](https://example.com)'\n: 2",
        "kind: Pod\napiVersion: v1\n'`[a](https://example.com)': 1",
        "kind: '`[a](https://example.com)'\napiVersion: v1",
        "kind: Pod\napiVersion: '`[a](https://example.com)'",
        "kind: !<%60[a](https://example.com)> Pod",
        "kind: Pod\nspec: {nodeSelector: {'`[a](https://example.com)': 1}}",
        DEPLOYMENT.replace("{app: web}}\n  t", "{'`[a](https://example.com)': web}}\n  t"),
        "- `[a](https://example.com)",
        SOLUTION.replace("nginx:1.27", "'`[a](https://example.com)'"),
    ],
)
def test_nothing_that_a_learner_writes_becomes_a_link(text: str) -> None:
    for note in POD.grade(text).notes:
        for part in (note.part, note.given, note.expected, note.text):
            assert "<a " not in MarkdownIt("commonmark").renderInline(part)


def test_a_selector_that_the_template_does_not_match_is_a_fault() -> None:
    text = DEPLOYMENT.replace("matchLabels: {app: web}", "matchLabels: {app: web, tier: x}")
    check = {"path": "spec.selector.matchLabels.app", "equals": "web", "hint": "Select app=web."}
    spec = manifest(exercise(solution=DEPLOYMENT, checks=[check]))

    assert spec.failing(text) == [SCHEMA]
    [fault] = [note for note in spec.grade(text).notes if note.is_right is False]
    assert (fault.line, fault.part) == (
        5,
        "`spec.selector.matchLabels`: `tier=x` is missing in the labels of the template.",
    )


def test_what_a_failed_check_tells_of_a_field_is_not_told_again() -> None:
    text = DEPLOYMENT.replace("matchLabels: {app: web}", "matchLabels: {app: front}")
    check = {"path": "spec.selector.matchLabels.app", "equals": "web", "hint": "Select app=web."}
    spec = manifest(exercise(solution=DEPLOYMENT, checks=[check]))

    assert spec.failing(text) == ["spec.selector.matchLabels.app"]


def test_space_at_the_beginning_of_a_starter_is_kept() -> None:
    assert manifest(exercise(starter="  kind: Pod\n")).starter == "  kind: Pod\n"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"solution": "kind: [Pod"}, "cannot be read: line 1: The list opened"),
        ({"solution": "# soon"}, "it is empty"),
        ({"checks": []}, "give 1 to 40 checks"),
        ({"hints": []}, "Extra inputs"),
        ({"solution": PAIR["solution"]}, "say in each check which `document`"),
        (
            {"wrong": [{"manifest": "a: 1", "message": "No.", "fails": ["spec"]}]},
            "fails names spec, but no check has that path",
        ),
        ({"wrong": [{"manifest": "a: 1", "message": "No.", "fails": []}]}, "give 1 to 41 paths"),
    ],
)
def test_an_exercise_that_makes_no_sense_is_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        manifest(exercise(**changes))


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        (
            {"solution": SOLUTION.replace("kind: Pod", "kind: Pot")},
            "solution fails kind, schema. Kubernetes 1.37 has no kind `Pot`; did you mean `Pod`?",
        ),
        ({"also_correct": [SERVICE]}, "also_correct[0] fails kind."),
        ({"also_correct": ["kind: [Pod"]}, "also_correct[0] fails kind, schema. The list opened"),
        ({"starter": SOLUTION}, "starter is already right."),
        (
            {"wrong": [{"manifest": SOLUTION, "message": "No.", "fails": ["kind"]}]},
            "wrong[0] fails nothing, but lists kind.",
        ),
        (
            {"wrong": [{"manifest": SERVICE, "message": "No.", "fails": ["kind", "schema"]}]},
            "wrong[0] fails kind, but lists kind, schema.",
        ),
    ],
)
def test_what_speaks_against_an_exercise_is_told(changes: dict[str, Any], problem: str) -> None:
    [found] = manifest(exercise(**changes)).problems()
    assert found.startswith(problem)
