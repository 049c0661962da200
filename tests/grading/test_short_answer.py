from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from quizapp.grading import ResponseError, parse_spec

RAW: dict[str, Any] = {
    "accept": ["ClusterIP", "cluster IP"],
    "pattern": "(type )?cluster ?ip",
    "wrong": [
        {"text": "NodePort", "feedback": "It has to be asked for."},
        {"text": "CluserIP", "feedback": "That is a slip."},
    ],
}
DEFAULT_TYPE = parse_spec("short_answer", RAW)


@pytest.mark.parametrize(
    "response",
    ["ClusterIP", "clusterip", "CLUSTER  IP.", "`ClusterIP`", "Type ClusterIP", "type cluster ip!"],
)
def test_accepted_texts_and_whatever_the_pattern_takes_are_right(response: str) -> None:
    assert DEFAULT_TYPE.grade(response).is_correct


@pytest.mark.parametrize("response", ["", " ", "NodePort", "a ClusterIP", "ClusterIP or not", "."])
def test_other_texts_are_wrong(response: str) -> None:
    assert DEFAULT_TYPE.grade(response).score == 0


@given(
    spaces=st.text(" \t\n"), quote=st.sampled_from(["", '"', "'", "`"]), end=st.sampled_from(".!,")
)
def test_the_key_is_right_however_it_is_dressed(spaces: str, quote: str, end: str) -> None:
    form = {"text": [f"{spaces}{quote}ClusterIP{quote}{end}{spaces}"]}

    assert DEFAULT_TYPE.grade(DEFAULT_TYPE.read(form)).is_correct


def test_a_near_miss_is_told_and_not_marked_right() -> None:
    grade = DEFAULT_TYPE.grade("ClustrIP")

    assert grade.hint == "Almost: check the spelling."
    assert not grade.is_correct


@pytest.mark.parametrize("response", ["ClusterIP", "NodePort", "Ingress", ""])
def test_other_responses_get_no_spelling_hint(response: str) -> None:
    assert DEFAULT_TYPE.grade(response).hint == ""


def test_a_response_that_is_often_given_gets_its_feedback() -> None:
    (note,) = DEFAULT_TYPE.grade("nodeport.").notes

    assert (note.is_right, note.given) == (False, "nodeport.")
    assert (note.expected, note.text) == ("ClusterIP", "It has to be asked for.")


def test_feedback_on_an_expected_mistake_stands_in_for_the_spelling_hint() -> None:
    grade = DEFAULT_TYPE.grade("cluserip")

    assert (grade.hint, grade.notes[0].text) == ("", "That is a slip.")


def test_a_right_response_needs_no_feedback() -> None:
    (note,) = DEFAULT_TYPE.grade("cluster ip").notes

    assert (note.is_right, note.given, note.text) == (True, "cluster ip", "")


def test_markup_in_a_response_is_shown_as_typed() -> None:
    (note,) = DEFAULT_TYPE.grade("![x](https://example.com)").notes

    assert note.given == r"!\[x\](https://example.com)"


@pytest.mark.parametrize(
    ("response", "is_correct"),
    [("apiVersion", True), ("`apiVersion`", True), ("apiversion", False), ("APIVersion", False)],
)
def test_case_matters_where_the_author_says_so(response: str, *, is_correct: bool) -> None:
    spec = parse_spec(
        "short_answer",
        {"accept": ["apiVersion"], "pattern": "apiVersio[n]", "case_sensitive": True},
    )

    assert spec.grade(response).is_correct is is_correct


@pytest.mark.parametrize("response", ["apiversion", "`APIVersion`.", "API GROUP"])
def test_wrong_capitals_are_told_and_not_marked_right(response: str) -> None:
    raw = {"accept": ["apiVersion"], "pattern": "api ?Group", "case_sensitive": True}
    grade = parse_spec("short_answer", raw).grade(response)

    assert (grade.score, grade.hint) == (0, "Almost: check the capitals.")


def test_a_pattern_ignores_case_unless_told_otherwise() -> None:
    spec = parse_spec("short_answer", {"accept": ["x"], "pattern": "Persistent ?Volumes?"})

    assert spec.grade("PERSISTENTVOLUME").is_correct


def test_an_accepted_text_may_be_punctuation_only() -> None:
    spec = parse_spec("short_answer", {"accept": ["---"], "pattern": "--- ?"})

    assert spec.grade("---").is_correct
    assert spec.grade("...").score == 0


@pytest.mark.parametrize("pattern", [".*", "a?"])
def test_nothing_is_never_right_whatever_the_pattern(pattern: str) -> None:
    spec = parse_spec("short_answer", {"accept": ["x"], "pattern": pattern})

    assert spec.grade(" \u200b").score == 0


def test_a_slow_pattern_is_no_danger() -> None:
    spec = parse_spec("short_answer", {"accept": ["x"], "pattern": "(a+)+b"})

    assert spec.grade("a" * 1000).score == 0


def test_the_form_holds_the_text() -> None:
    assert DEFAULT_TYPE.read({"text": [" Cluster\0\ud800IP "]}) == "ClusterIP"
    assert DEFAULT_TYPE.read({"text": ["  "]}) is None


def test_a_text_of_over_1000_characters_is_refused() -> None:
    assert DEFAULT_TYPE.read({"text": ["x" * 1000]}) == "x" * 1000
    with pytest.raises(ResponseError, match="at most 1000 characters"):
        DEFAULT_TYPE.read({"text": ["x" * 1001]})
    with pytest.raises(ResponseError, match="at most 1000 characters"):
        DEFAULT_TYPE.grade("x" * 1001)


@pytest.mark.parametrize("response", [1, True, ["ClusterIP"], {"text": "ClusterIP"}])
def test_data_that_is_no_text_is_refused(response: object) -> None:
    with pytest.raises(ResponseError, match="Load the page again"):
        DEFAULT_TYPE.grade(response)


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        ({"accept": []}, "give 1 to 50 accepted texts, not 0"),
        ({"accept": ["x" * 1001]}, "shorten this to 1000 characters"),
        ({"accept": ["x"], "pattern": "("}, "the pattern is not valid RE2: missing \\)"),
        ({"accept": ["x"], "pattern": "(?=x)"}, "the pattern is not valid RE2"),
        ({"accept": ["x"], "pattern": r"(x)\1"}, "the pattern is not valid RE2"),
        ({"accept": ["x"], "pattern": "x" * 501}, "shorten this to 500 characters"),
        (
            {"accept": ["Pod"], "wrong": [{"text": "`pod`.", "feedback": "No."}]},
            "`pod`. is listed as wrong, but is accepted",
        ),
    ],
)
def test_a_key_that_cannot_work_is_refused(raw: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        parse_spec("short_answer", raw)
