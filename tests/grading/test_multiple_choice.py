import itertools
import json

import pytest
from pydantic import ValidationError

from quizapp.grading import ResponseError, parse_spec
from quizapp.grading.base import opaque_id


def options(key: str) -> list[dict[str, object]]:
    """Options a, b, c, d, of which those named in the key are right."""
    return [{"text": text, "correct": text in key, "feedback": f"So {text}."} for text in "abcd"]


def ids(texts: str) -> list[str]:
    return sorted(opaque_id(text) for text in texts)


@pytest.mark.parametrize(
    ("key", "chosen", "score"),
    [
        ("ab", "ab", 1),
        ("ab", "a", 0.5),
        ("ab", "abc", 0.5),
        ("ab", "abcd", 0),
        ("ab", "ac", 0),
        ("ab", "cd", 0),
        ("ab", "", 0),
        ("abc", "ab", 2 / 3),
        ("abc", "abcd", 2 / 3),
        ("a", "a", 1),
        ("a", "ab", 0),
    ],
)
def test_the_score_is_right_choices_less_wrong_ones(key: str, chosen: str, score: float) -> None:
    spec = parse_spec("multiple_choice", {"options": options(key)})

    assert spec.grade(ids(chosen)).score == pytest.approx(score)


def test_only_the_whole_key_is_correct() -> None:
    spec = parse_spec("multiple_choice", {"options": options("bd")})
    subsets = itertools.chain.from_iterable(itertools.combinations("abcd", n) for n in range(5))

    correct = ["".join(chosen) for chosen in subsets if spec.grade(ids("".join(chosen))).is_correct]

    assert correct == ["bd"]


def test_the_form_holds_the_ticked_options_in_any_order() -> None:
    spec = parse_spec("multiple_choice", {"options": options("ab")})
    ticked = [opaque_id("b"), opaque_id("a"), opaque_id("b"), "00000000"]

    response = spec.read({"option": ticked})

    assert response == ids("ab")
    assert spec.grade(json.loads(json.dumps(response))).is_correct
    assert spec.read({"option": ["00000000"]}) is None


def test_options_the_question_no_longer_has_do_not_count() -> None:
    spec = parse_spec("multiple_choice", {"options": options("ab")})

    assert spec.grade([*ids("ab"), "00000000"]).is_correct


def test_each_option_gets_a_note_with_its_feedback() -> None:
    spec = parse_spec("multiple_choice", {"options": options("ab")})

    notes = spec.grade(ids("ac")).notes

    assert [note.part for note in notes] == ["a", "b", "c", "d"]
    assert [note.is_right for note in notes] == [True, False, False, None]
    assert [note.given for note in notes] == ["chosen", "", "chosen", ""]
    assert [note.expected for note in notes] == ["right", "right", "", ""]
    assert notes[2].text == "So c."


def test_the_page_does_not_tell_how_many_are_right() -> None:
    one = parse_spec("multiple_choice", {"options": options("a")})
    three = parse_spec("multiple_choice", {"options": options("abd")})

    assert one.present(3) == three.present(3)


@pytest.mark.parametrize(
    ("key", "sentence"),
    [("", "mark at least one option"), ("abcd", "add at least one option that is not correct")],
)
def test_there_must_be_something_to_choose(key: str, sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        parse_spec("multiple_choice", {"options": options(key)})


@pytest.mark.parametrize("response", ["a", {"a": "b"}, [1], [["a"]], ["a", "a"], 1, True])
def test_data_that_is_no_list_of_ids_is_refused(response: object) -> None:
    spec = parse_spec("multiple_choice", {"options": options("a")})

    with pytest.raises(ResponseError, match="Load the page again"):
        spec.grade(response)
