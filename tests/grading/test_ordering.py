import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from quizapp.grading import ResponseError, parse_spec
from quizapp.grading.base import opaque_id

PROVISIONING = parse_spec("ordering", {"steps": ["claim", "provision", "bind", "mount"]})


def ids(*steps: str) -> list[str]:
    return [opaque_id(step) for step in steps]


RIGHT = ids("claim", "provision", "bind", "mount")


def form(order: list[str], places: list[str]) -> dict[str, list[str]]:
    return {f"position-{step}": [place] for step, place in zip(order, places, strict=True)}


@pytest.mark.parametrize(
    ("order", "score"),
    [
        (["claim", "provision", "bind", "mount"], 1),
        (["provision", "claim", "bind", "mount"], 5 / 6),
        (["mount", "claim", "provision", "bind"], 1 / 2),
        (["mount", "bind", "provision", "claim"], 0),
        (["claim", "provision"], 1 / 6),
        ([], 0),
    ],
)
def test_the_score_is_the_share_of_pairs_in_the_right_order(order: list[str], score: float) -> None:
    assert PROVISIONING.grade(ids(*order)).score == pytest.approx(score)


def test_only_the_right_order_is_correct() -> None:
    correct = [
        order for order in itertools.permutations(RIGHT) if PROVISIONING.grade([*order]).is_correct
    ]

    assert correct == [tuple(RIGHT)]


@given(order=st.permutations(RIGHT))
def test_the_form_holds_a_place_for_each_step(order: list[str]) -> None:
    assert PROVISIONING.read(form(order, ["1", "2", "3", "4"])) == order


def test_gaps_left_by_steps_the_question_no_longer_has_are_harmless() -> None:
    places = form([*RIGHT, "00000000"], ["1", "3", "4", "5", "2"])

    assert PROVISIONING.read(places) == RIGHT
    assert PROVISIONING.grade(["00000000", *RIGHT]).is_correct


@pytest.mark.parametrize(
    "places",
    [
        ["1", "2", "3", "3"],
        ["1", "2", "3", ""],
        ["1", "2", "3", "last"],
        ["1", "2", "3", "-4"],
        ["1", "2", "3", "²"],
        ["1", "2", "3", "9" * 5000],
    ],
)
def test_steps_without_a_place_of_their_own_are_refused(places: list[str]) -> None:
    with pytest.raises(ResponseError, match=r"^Give every step a place of its own\.$"):
        PROVISIONING.read(form(RIGHT, places))


def test_no_place_at_all_is_no_response() -> None:
    assert PROVISIONING.read(form(RIGHT, ["", " ", "", ""])) is None


def test_notes_tell_the_place_of_every_step_in_the_right_order() -> None:
    notes = PROVISIONING.grade(ids("provision", "claim", "bind", "mount")).notes

    assert [note.part for note in notes] == ["claim", "provision", "bind", "mount"]
    assert [note.given for note in notes] == ["2", "1", "3", "4"]
    assert [note.expected for note in notes] == ["1", "2", "3", "4"]
    assert [note.is_right for note in notes] == [False, False, True, True]


@given(seed=st.integers())
def test_the_steps_are_never_shown_in_their_right_order(seed: int) -> None:
    spec = parse_spec("ordering", {"steps": ["a", "b", "c"]})
    shown = spec.present(seed)

    assert shown["order"] != ids("a", "b", "c")
    assert sorted(shown["order"]) == sorted(ids("a", "b", "c"))
    assert shown["order"] == [step["id"] for step in shown["steps"]]


def test_every_other_order_is_shown_by_some_seed() -> None:
    spec = parse_spec("ordering", {"steps": ["a", "b", "c"]})

    assert len({tuple(spec.present(seed)["order"]) for seed in range(100)}) == 5


@pytest.mark.parametrize(
    ("steps", "sentence"),
    [
        (["a", "b"], "give 3 to 6 steps, not 2"),
        (list("abcdefg"), "give 3 to 6 steps, not 7"),
        (["a", "b", "`A`"], "the step `A` is given twice"),
    ],
)
def test_steps_that_cannot_be_ordered_are_refused(steps: list[str], sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        parse_spec("ordering", {"steps": steps})


@pytest.mark.parametrize("response", ["a", 3, {"a": "b"}, [RIGHT[0], RIGHT[0]], [None]])
def test_data_that_is_no_order_is_refused(response: object) -> None:
    with pytest.raises(ResponseError, match="Load the page again"):
        PROVISIONING.grade(response)
