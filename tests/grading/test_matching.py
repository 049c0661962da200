import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from quizapp.grading import ResponseError, parse_spec
from quizapp.grading.base import opaque_id

KEY = {"inside": "ClusterIP", "alias": "ExternalName", "node": "NodePort"}
TYPES = parse_spec(
    "matching",
    {
        "pairs": [
            {"left": "inside", "right": "ClusterIP", "feedback": "Nothing is opened."},
            {"left": "alias", "right": "ExternalName"},
            {"left": "node", "right": "NodePort"},
        ],
        "distractors": ["LoadBalancer"],
    },
)
RIGHTS = ["ClusterIP", "ExternalName", "NodePort", "LoadBalancer"]


def form(matches: dict[str, str]) -> dict[str, list[str]]:
    return {f"match-{opaque_id(left)}": [opaque_id(right)] for left, right in matches.items()}


def test_the_form_made_from_the_key_is_correct() -> None:
    response = TYPES.read(form(KEY))

    assert TYPES.grade(json.loads(json.dumps(response))).is_correct


@given(matches=st.dictionaries(st.sampled_from(list(KEY)), st.sampled_from(RIGHTS)))
def test_the_score_is_the_share_of_lefts_matched_rightly(matches: dict[str, str]) -> None:
    right = sum(KEY[left] == chosen for left, chosen in matches.items())

    assert TYPES.grade(TYPES.read(form(matches))).score == right / 3


def test_sides_not_chosen_or_unknown_are_left_out() -> None:
    fields = form({"inside": "ClusterIP", "gone": "NodePort", "node": "gone"})
    fields[f"match-{opaque_id('alias')}"] = [""]

    assert TYPES.read(fields) == {opaque_id("inside"): opaque_id("ClusterIP")}


def test_each_left_side_gets_a_note() -> None:
    response = TYPES.read(form({"inside": "ClusterIP", "alias": "LoadBalancer"}))
    inside, alias, node = TYPES.grade(response).notes

    assert (inside.part, inside.is_right, inside.text) == ("inside", True, "Nothing is opened.")
    assert (alias.is_right, alias.given) == (False, "LoadBalancer")
    assert (node.is_right, node.given, node.expected) == (False, "", "NodePort")


def test_lefts_stand_in_order_and_rights_are_shuffled_with_the_distractors() -> None:
    shown = TYPES.present(5)

    assert [left["text"] for left in shown["lefts"]] == ["inside", "alias", "node"]
    assert sorted(right["text"] for right in shown["rights"]) == sorted(RIGHTS)
    assert shown["order"] == [right["id"] for right in shown["rights"]]
    assert len({tuple(TYPES.present(seed)["order"]) for seed in range(300)}) == 24


def test_the_page_tells_nothing_of_what_belongs_together() -> None:
    lefts, rights = ["one", "two"], ["red", "blue"]
    straight = [{"left": a, "right": b} for a, b in zip(lefts, rights, strict=True)]
    crossed = [{"left": a, "right": b} for a, b in zip(lefts, rights[::-1], strict=True)]

    def pages(pairs: list[dict[str, str]]) -> set[str]:
        spec = parse_spec("matching", {"pairs": pairs})
        return {json.dumps(spec.present(seed)) for seed in range(20)}

    assert pages(straight) == pages(crossed)


@pytest.mark.parametrize(
    ("lefts", "rights", "distractors", "sentence"),
    [
        ("a", "x", [], "give 2 to 6 pairs, not 1"),
        ("abcdefg", "tuvwxyz", [], "give 2 to 6 pairs, not 7"),
        ("aA", "xy", [], "the left side A is given twice"),
        ("ab", "xX", [], "the right side X is given twice"),
        ("ab", "xy", ["`y`"], "the right side `y` is given twice"),
        ("ab", "xy", list("1234567"), "give 0 to 6 distractors, not 7"),
    ],
)
def test_pairs_that_cannot_be_matched_are_refused(
    lefts: str, rights: str, distractors: list[str], sentence: str
) -> None:
    pairs = [{"left": left, "right": right} for left, right in zip(lefts, rights, strict=True)]
    raw: dict[str, Any] = {"pairs": pairs, "distractors": distractors}

    with pytest.raises(ValidationError, match=sentence):
        parse_spec("matching", raw)


@pytest.mark.parametrize("response", ["a", 1, ["a"], {"a": 1}, {"a": ["b"]}, {1: "a"}])
def test_data_that_is_no_matching_is_refused(response: object) -> None:
    with pytest.raises(ResponseError, match="Load the page again"):
        TYPES.grade(response)
