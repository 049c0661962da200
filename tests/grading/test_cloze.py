import json
from typing import Any

import pytest
from markdown_it import MarkdownIt
from pydantic import ValidationError
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

from quizapp.grading import ResponseError, parse_spec
from quizapp.grading.base import opaque_id

RAW: dict[str, Any] = {
    "text": "```yaml\nports:\n- port: {{port}}\n  targetPort: {{target}}\n  kind: {{kind}}\n```\n",
    "blanks": {
        "kind": {"accept": ["Deployment"]},
        "port": {"accept": ["80"], "feedback": "Clients call it."},
        "target": {"accept": ["8080", "http"], "choices": ["80", "8080", "443"]},
    },
}
PORTS = parse_spec("cloze", RAW)


ID_OF = {"port": "1", "target": "2", "kind": "3", "a": "1"}


def response(**texts: str) -> dict[str, str]:
    return {ID_OF[name]: text for name, text in texts.items()}


@pytest.mark.parametrize(
    ("texts", "score"),
    [
        ({"port": "80", "target": "8080", "kind": "Deployment"}, 1),
        ({"port": " `80` ", "target": "http", "kind": "deployment."}, 1),
        ({"port": "80", "target": "80", "kind": "Deployment"}, 2 / 3),
        ({"port": "80"}, 1 / 3),
        ({"port": "8080", "target": "80", "kind": "Pod"}, 0),
        ({}, 0),
    ],
)
def test_the_score_is_the_share_of_blanks_filled_rightly(
    texts: dict[str, str], score: float
) -> None:
    assert PORTS.grade(response(**texts)).score == pytest.approx(score)


def test_the_form_made_from_the_key_is_correct() -> None:
    key = {name: blank["accept"][0] for name, blank in RAW["blanks"].items()}
    form = {f"blank-{ID_OF[name]}": [f" {text} "] for name, text in key.items()}

    read = PORTS.read(form)

    assert read == response(**key)
    assert PORTS.grade(json.loads(json.dumps(read))).is_correct


def test_blanks_left_empty_or_unknown_are_left_out() -> None:
    form = {"blank-1": ["80"], "blank-2": [" "], "blank-4": ["x"]}

    assert PORTS.read(form) == {"1": "80"}
    assert PORTS.read({"blank-2": [""]}) is None


def test_notes_follow_the_order_of_the_text() -> None:
    port, target, kind = PORTS.grade(response(port="80", target="*80*")).notes

    assert (port.part, port.is_right, port.given) == ("Blank 1", True, "80")
    assert (port.expected, port.text) == ("80", "Clients call it.")
    assert (target.part, target.is_right, target.given) == ("Blank 2", False, r"\*80\*")
    assert (target.expected, target.text) == ("8080", "")
    assert (kind.part, kind.is_right, kind.expected) == ("Blank 3", False, "Deployment")


def test_a_near_miss_in_a_blank_is_told() -> None:
    *_, kind = PORTS.grade(response(kind="Deploymnet")).notes

    assert (kind.is_right, kind.text) == (False, "Almost: check the spelling.")


def test_a_near_miss_stands_before_the_feedback_of_the_blank() -> None:
    raw = {"text": "{{a}}", "blanks": {"a": {"accept": ["Ingress"], "feedback": "It routes."}}}
    (note,) = parse_spec("cloze", raw).grade(response(a="Ingres")).notes

    assert note.text == "Almost: check the spelling. It routes."


def test_a_chosen_text_is_never_misspelt() -> None:
    blank = {"accept": ["Ingress"], "choices": ["Ingress", "Ingresss"]}
    spec = parse_spec("cloze", {"text": "{{a}}", "blanks": {"a": blank}})

    assert spec.grade(response(a="Ingresss")).notes[0].text == ""


def test_nothing_that_is_shown_tells_the_name_of_a_blank() -> None:
    def shown(name: str) -> Any:
        raw = {"text": f"Type {{{{{name}}}}}", "blanks": {name: {"accept": ["ClusterIP"]}}}
        return parse_spec("cloze", raw).present(0)

    assert shown("ClusterIP") == shown("type")


def test_each_blank_is_shown_as_one_token_with_its_choices() -> None:
    shown = PORTS.present(4)
    port, target, kind = shown["blanks"]

    assert shown["text"].count(port["token"]) == 1
    assert "{{" not in shown["text"]
    assert [blank["id"] for blank in (port, target, kind)] == ["1", "2", "3"]
    assert [blank["label"] for blank in (port, target, kind)] == ["Blank 1", "Blank 2", "Blank 3"]
    assert (port["choices"], kind["choices"]) == ([], [])
    assert sorted(target["choices"]) == ["443", "80", "8080"]
    assert shown["order"] == [opaque_id(choice) for choice in target["choices"]]
    assert len({tuple(PORTS.present(seed)["order"]) for seed in range(60)}) == 6


@pytest.mark.parametrize("language", ["yaml", "json", "bash", "console", "dockerfile", "text"])
def test_tokens_survive_highlighting_and_markdown(language: str) -> None:
    def highlighted(code: str, name: str, _attributes: str) -> str:
        return highlight(code, get_lexer_by_name(name), HtmlFormatter())

    raw = {
        "text": f"Fill **{{{{a}}}}**, `x {{{{b}}}}`:\n\n```{language}\nk: {{{{c}}}}{{{{d}}}}\n```",
        "blanks": {name: {"accept": ["x"]} for name in "abcd"},
    }
    shown = parse_spec("cloze", raw).present(0)

    page = MarkdownIt("commonmark", {"highlight": highlighted}).render(shown["text"])

    assert [page.count(blank["token"]) for blank in shown["blanks"]] == [1, 1, 1, 1]


def test_template_braces_that_are_no_blank_stay() -> None:
    raw = {"text": "{{ .Values.port }} is {{a}}", "blanks": {"a": {"accept": ["80"]}}}
    shown = parse_spec("cloze", raw).present(0)

    assert shown["text"].startswith("{{ .Values.port }} is ")


def test_case_and_patterns_work_as_in_a_short_answer() -> None:
    blank = {"accept": ["apiVersion"], "case_sensitive": True, "pattern": "api(Group)?Version"}
    spec = parse_spec("cloze", {"text": "{{a}}", "blanks": {"a": blank}})

    assert spec.grade(response(a="apiGroupVersion")).is_correct
    (note,) = spec.grade(response(a="apiversion")).notes
    assert (note.is_right, note.text) == (False, "Almost: check the capitals.")


@pytest.mark.parametrize(
    ("text", "blanks", "sentence"),
    [
        ("no blank", {}, "give 1 to 20 blanks in the text"),
        ("{{a}} {{b}}", {"a": {"accept": ["x"]}}, "has {{b}}, which is missing under blanks"),
        ("{{a}}", {"a": {"accept": ["x"]}, "b": {"accept": ["x"]}}, "blank b is missing in the"),
        ("{{a}} {{a}}", {"a": {"accept": ["x"]}}, "use {{a}} only once"),
        ("{{a}} \ue000", {"a": {"accept": ["x"]}}, "remove the characters U\\+E000"),
        ("{{a}}", {"a": {"accept": []}}, "give 1 to 50 accepted texts"),
        ("{{a}}", {"a": {"accept": [80]}}, 'write "80" in quotes'),
        ("{{a}}", {"a": {"accept": ["x"], "choices": ["y", "z"]}}, "add the accepted text to"),
        ("{{a}}", {"a": {"accept": ["x"], "choices": ["x"]}}, "add a choice that is not accepted"),
        ("{{a}}", {"a": {"accept": ["x"], "choices": ["x", "y", "Y"]}}, "choice Y is given twice"),
        ("{{a}}", {"a": {"accept": ["x"], "pattern": "["}}, "the pattern is not valid RE2"),
    ],
)
def test_a_text_whose_blanks_do_not_fit_is_refused(
    text: str, blanks: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ValidationError, match=sentence):
        parse_spec("cloze", {"text": text, "blanks": blanks})


@pytest.mark.parametrize("data", ["80", 80, ["80"], {"a": 80}, {"a": None, 1: "x"}])
def test_data_that_is_no_texts_by_blank_is_refused(data: object) -> None:
    with pytest.raises(ResponseError, match="Load the page again"):
        PORTS.grade(data)


def test_a_text_of_over_1000_characters_is_refused() -> None:
    with pytest.raises(ResponseError, match="at most 1000 characters"):
        PORTS.read({"blank-1": ["8" * 1001]})
