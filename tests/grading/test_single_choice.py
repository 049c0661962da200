from typing import Any

import pytest
from pydantic import ValidationError

from quizapp.grading import ResponseError, parse_spec
from quizapp.grading.base import opaque_id

DEFAULT_TYPE = parse_spec(
    "single_choice",
    {
        "options": [
            {"text": "`ClusterIP`", "correct": True},
            {"text": "`NodePort`", "feedback": "It has to be asked for."},
            {"text": "`LoadBalancer`", "feedback": "That would cost money."},
        ]
    },
)
CLUSTER_IP, NODE_PORT = opaque_id("`ClusterIP`"), opaque_id("`NodePort`")


def test_the_right_option_scores_1_and_the_others_0() -> None:
    assert DEFAULT_TYPE.grade(CLUSTER_IP).is_correct
    assert DEFAULT_TYPE.grade(NODE_PORT).score == 0


def test_the_form_holds_the_id_of_the_chosen_option() -> None:
    assert DEFAULT_TYPE.read({"option": [NODE_PORT]}) == NODE_PORT


def test_options_the_question_no_longer_has_are_ignored() -> None:
    assert DEFAULT_TYPE.read({"option": ["00000000"]}) is None
    assert DEFAULT_TYPE.grade("00000000").score == 0


def test_two_options_at_once_are_refused() -> None:
    with pytest.raises(ResponseError, match="Choose only one option"):
        DEFAULT_TYPE.read({"option": [CLUSTER_IP, NODE_PORT]})


def test_notes_tell_of_every_option_in_the_authors_order() -> None:
    right, chosen, left_out = DEFAULT_TYPE.grade(NODE_PORT).notes

    assert (right.part, right.is_right, right.given, right.expected) == (
        "`ClusterIP`",
        False,
        "",
        "right",
    )
    assert (chosen.is_right, chosen.given, chosen.expected) == (False, "chosen", "")
    assert chosen.text == "It has to be asked for."
    assert (left_out.is_right, left_out.given, left_out.expected) == (None, "", "")


def test_a_right_choice_is_noted_as_right() -> None:
    right, *others = DEFAULT_TYPE.grade(CLUSTER_IP).notes

    assert (right.is_right, right.given) == (True, "chosen")
    assert [note.is_right for note in others] == [None, None]


def test_pinned_options_keep_their_places_and_the_others_do_not() -> None:
    raw = {
        "options": [
            {"text": "a", "correct": True},
            {"text": "b"},
            {"text": "c"},
            {"text": "it depends", "pinned": True},
        ]
    }
    spec = parse_spec("single_choice", raw)
    orders = {tuple(option["text"] for option in spec.present(n)["options"]) for n in range(50)}

    assert {order[-1] for order in orders} == {"it depends"}
    assert len(orders) == 6


def test_the_order_lists_the_ids_as_shown() -> None:
    shown = DEFAULT_TYPE.present(7)

    assert shown["order"] == [option["id"] for option in shown["options"]]
    assert {"id": CLUSTER_IP, "text": "`ClusterIP`"} in shown["options"]


def test_true_and_false_pinned_are_always_shown_in_that_order() -> None:
    raw = {
        "options": [
            {"text": "True", "pinned": True},
            {"text": "False", "pinned": True, "correct": True},
        ]
    }
    spec = parse_spec("single_choice", raw)

    assert {spec.present(seed)["options"][0]["text"] for seed in range(20)} == {"True"}


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ([("a", False), ("b", False)], "mark exactly one option with correct: true"),
        ([("a", True), ("b", True)], "mark exactly one option with correct: true"),
        ([("a", True)], "give 2 to 9 options, not 1"),
        ([(str(n), n == 0) for n in range(10)], "give 2 to 9 options, not 10"),
        ([("`a`", True), ("A ", False)], "the option A is given twice"),
    ],
)
def test_options_that_make_no_question_are_refused(
    options: list[tuple[str, bool]], sentence: str
) -> None:
    raw = {"options": [{"text": text, "correct": correct} for text, correct in options]}

    with pytest.raises(ValidationError, match=sentence):
        parse_spec("single_choice", raw)


def test_quotes_tell_two_options_apart() -> None:
    raw: dict[str, Any] = {"options": [{"text": '`"true"`', "correct": True}, {"text": "`true`"}]}

    assert parse_spec("single_choice", raw).grade(opaque_id('`"true"`')).is_correct
