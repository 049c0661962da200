"""What holds for every kind, and the pieces all kinds are made of."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from quizapp.grading import KINDS, Grade, ResponseError, Spec, parse_spec
from quizapp.grading.base import opaque_id, shuffled
from tests.kinds import SAMPLES

CANARY = "canary"

RAW: dict[str, dict[str, Any]] = {
    "flashcard": {"back": CANARY},
    "single_choice": {
        "options": [
            {"text": "ClusterIP", "correct": True, "feedback": CANARY},
            {"text": "NodePort", "feedback": CANARY},
            {"text": "LoadBalancer"},
        ]
    },
    "multiple_choice": {
        "options": [
            {"text": "its cluster IP", "correct": True, "feedback": CANARY},
            {"text": "a node port", "correct": True},
            {"text": "its external name", "feedback": CANARY},
        ]
    },
    "short_answer": {
        "accept": [CANARY],
        "pattern": f"the {CANARY}",
        "wrong": [{"text": "wrong canary", "feedback": CANARY}],
    },
    "ordering": {"steps": ["claim", "provision", "bind", "mount"]},
    "matching": {
        "pairs": [
            {"left": "inside", "right": "ClusterIP", "feedback": CANARY},
            {"left": "alias", "right": "ExternalName"},
        ],
        "distractors": ["NodePort"],
    },
    "cloze": {
        "text": "port: {{canary-port}}\ntargetPort: {{canary-target}}",
        "blanks": {
            "canary-port": {"accept": [CANARY], "feedback": CANARY, "pattern": CANARY},
            "canary-target": {"accept": ["8080", CANARY], "choices": ["80", "8080", "443"]},
        },
    },
}

every_kind = pytest.mark.parametrize("spec", [parse_spec(kind, RAW[kind]) for kind in RAW])

json_data = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
    max_leaves=5,
)


def test_each_kind_is_registered_under_its_own_name() -> None:
    assert {kind: spec.kind for kind, spec in KINDS.items()} == {kind: kind for kind in KINDS}
    assert set(RAW) | {"manifest"} == set(KINDS)


@every_kind
@given(seed=st.integers())
def test_the_page_never_holds_a_key_or_a_feedback(spec: Spec, seed: int) -> None:
    shown = json.dumps(spec.present(seed))

    assert CANARY not in shown
    assert "correct" not in shown
    assert "null" not in shown


@every_kind
@given(seed=st.integers())
def test_the_same_seed_shows_the_same(spec: Spec, seed: int) -> None:
    assert spec.present(seed) == spec.present(seed)


@every_kind
def test_an_empty_form_is_no_response(spec: Spec) -> None:
    assert spec.read({}) is None
    assert spec.read({"unknown": ["1"], "option": [], "match-0": ["x"]}) is None


@every_kind
def test_no_response_scores_0_and_still_gets_notes(spec: Spec) -> None:
    grade = spec.grade(None)

    assert grade.score == 0
    assert grade.notes
    assert not any(note.is_right for note in grade.notes)


@every_kind
@given(response=json_data)
def test_any_data_is_graded_or_refused(spec: Spec, response: Any) -> None:
    try:
        grade = spec.grade(response)
    except ResponseError:
        return
    assert 0 <= grade.score <= 1
    assert grade.is_correct == (grade.score == 1)


@every_kind
@given(text=st.text(st.characters()))
def test_no_text_breaks_a_spec(spec: Spec, text: str) -> None:
    fields = {name: [text] for name in ("option", "text", "recalled")}
    shown = spec.present(0)
    fields |= {f"position-{step['id']}": [text] for step in shown.get("steps", ())}
    fields |= {f"match-{left['id']}": [text] for left in shown.get("lefts", ())}
    fields |= {f"blank-{blank['id']}": [text] for blank in shown.get("blanks", ())}
    try:
        response = spec.read(fields)
    except ResponseError:
        return
    assert json.loads(json.dumps(response)) == response
    assert spec.grade(response).score <= 1


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_page_is_told_of_a_kind_fits_its_form(kind: str) -> None:
    spec, fields = KINDS[kind], SAMPLES[kind].right
    is_written = any(name.startswith(spec.written_fields) for name in fields)

    assert spec.layout in {"answer", "options", "places", "pairs", "checks"}
    assert is_written == (kind in {"short_answer", "cloze", "manifest"})
    assert spec.takes_focus == (kind in {"short_answer", "cloze"})
    assert spec.is_self_rated == (kind == "flashcard")


@every_kind
def test_a_field_that_a_kind_does_not_have_is_an_error(spec: Spec) -> None:
    with pytest.raises(ValidationError, match="colour"):
        parse_spec(spec.kind, RAW[spec.kind] | {"colour": "red"})


@every_kind
def test_fields_that_all_questions_have_are_passed_over(spec: Spec) -> None:
    question = RAW[spec.kind] | {"id": "a", "kind": spec.kind, "stem": "Which?", "bloom": "apply"}

    assert parse_spec(spec.kind, question) == spec


@pytest.mark.parametrize("score", [-0.1, 1.1, float("nan")])
def test_a_score_outside_0_to_1_is_refused(score: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        Grade(score=score)


@pytest.mark.parametrize(("score", "is_correct"), [(0, False), (0.99, False), (1, True)])
def test_only_a_full_score_is_correct(score: float, *, is_correct: bool) -> None:
    assert Grade(score=score).is_correct is is_correct


@given(items=st.lists(st.integers()), seed=st.integers(), pins=st.lists(st.booleans()))
def test_shuffling_keeps_all_items_and_the_places_of_pinned_ones(
    items: list[int], seed: int, pins: list[bool]
) -> None:
    order = shuffled(items, seed, pins)

    assert sorted(order) == sorted(items)
    for item, place, is_pinned in zip(items, order, pins, strict=False):
        assert place == item or not is_pinned


def test_seeds_give_every_order() -> None:
    orders = {tuple(shuffled("abc", seed)) for seed in range(100)}

    assert len(orders) == 6


def test_an_opaque_id_is_eight_hex_digits_of_the_text_alone() -> None:
    assert opaque_id("ClusterIP") == opaque_id("ClusterIP")
    assert opaque_id("ClusterIP") != opaque_id("NodePort")
    assert len(bytes.fromhex(opaque_id("ClusterIP"))) == 4


@pytest.mark.parametrize(
    ("kind", "raw", "sentence"),
    [
        ("flashcard", {"back": 80}, 'write "80" in quotes: without them YAML reads a number'),
        ("flashcard", {"back": 1.5}, 'write "1.5" in quotes: without them YAML reads a number'),
        ("flashcard", {"back": True}, "in quotes: without them YAML reads true or false"),
        ("flashcard", {"back": None}, "write a text here, it is empty"),
        ("flashcard", {"back": "  "}, "write a text here, it is empty"),
        ("flashcard", {"back": ["x"]}, "write a text here, not a list or a mapping"),
        ("flashcard", {"back": "x" * 10_001}, "shorten this to 10000 characters, it has 10001"),
        ("flashcard", {"back": "a\0b"}, "remove the control character U\\+0000"),
        ("flashcard", {"back": "a\ud800b"}, "remove the control character U\\+D800"),
        ("short_answer", {"accept": [80]}, 'write "80" in quotes'),
        ("ordering", {"steps": "abc"}, "write a list of steps here"),
        ("ordering", {"steps": ["a", 2, "c"]}, 'write "2" in quotes'),
        (
            "single_choice",
            {"options": [{"text": "a", "correct": "yes"}, {"text": "b"}]},
            "write true or false here, without quotes",
        ),
    ],
)
def test_a_value_of_a_wrong_type_is_told_in_a_sentence(
    kind: str, raw: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ValidationError, match=sentence):
        parse_spec(kind, raw)


def test_the_json_schema_knows_the_bounds_of_texts_and_lists() -> None:
    steps = KINDS["ordering"].model_json_schema()["properties"]["steps"]

    assert (steps["minItems"], steps["maxItems"]) == (3, 6)
    assert (steps["items"]["minLength"], steps["items"]["maxLength"]) == (1, 10_000)
