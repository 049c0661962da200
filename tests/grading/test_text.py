"""Which differences between two texts matter, and which do not."""

import html

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from quizapp.grading.text import as_code, as_markdown, is_near_miss, tidy


@pytest.mark.parametrize(
    "text",
    [
        "clusterip",
        "ClusterIP",
        "  CLUSTERIP\n",
        "`ClusterIP`",
        "``ClusterIP``",
        '"ClusterIP"',
        "'ClusterIP'",
        "“ClusterIP”",
        "»ClusterIP«",
        '" ClusterIP. "',
        '"`ClusterIP`".',
        "ClusterIP!?",
        "ＣｌｕｓｔｅｒＩＰ",
        "Cluster\u200bIP",
        "\ufeffClusterIP",
    ],
)
def test_case_spacing_form_quotes_and_closing_punctuation_do_not_matter(text: str) -> None:
    assert tidy(text) == "clusterip"


@pytest.mark.parametrize(
    ("text", "tidied"),
    [
        ("a  b\t\nc\u00a0d", "a b c d"),
        ("kubectl logs —previous", "kubectl logs --previous"),
        ("kube\u2011proxy", "kube-proxy"),
        ("Straße", "strasse"),
        ("e\u0301tat", "état"),
        ("it’s", "it's"),
        ('"a" or "b"', '"a" or "b"'),
        ("spec.replicas", "spec.replicas"),
        (".spec", ".spec"),
        ("app=web,", "app=web"),
        ("kubectl apply -f .", "kubectl apply -f ."),
        ("kubectl apply -f `.`", "kubectl apply -f `.`"),
        ("'kubectl apply -f .',", "kubectl apply -f ."),
        ("kubectl apply -f ./..", "kubectl apply -f ./.."),
        ("/data/.", "/data/."),
        ("/data/", "/data/"),
        ("/data...", "/data"),
        ("a.,.", "a"),
        ("...", "..."),
        ('"', '"'),
        ('""', '""'),
        ("/", "/"),
        ("", ""),
        (" \u200b ", ""),
    ],
)
def test_the_rest_of_a_text_stays(text: str, tidied: str) -> None:
    assert tidy(text) == tidied


def test_case_is_kept_where_it_matters() -> None:
    assert tidy("`apiVersion`", keep_case=True) == "apiVersion"


@given(text=st.text(st.characters()), keep_case=st.booleans())
@example(text="'\u0344 .", keep_case=False)
@example(text="'a .,", keep_case=False)
def test_a_tidied_text_is_tidy(text: str, *, keep_case: bool) -> None:
    tidied = tidy(text, keep_case=keep_case)

    assert tidy(tidied, keep_case=keep_case) == tidied


@pytest.mark.parametrize(
    ("given_text", "wanted"),
    [
        ("deploymnt", "deployment"),
        ("deploymentt", "deployment"),
        ("depoyment", "deployment"),
        ("deplyoment", "deployment"),
        ("edployment", "deployment"),
        ("deploymetn", "deployment"),
        ("seployment", "deployment"),
        ("perssistent volume", "persistent volume"),
        ("readwriteonse", "readwriteonce"),
        ("ingres", "ingress"),
    ],
)
def test_one_slip_in_a_long_word_is_a_near_miss(given_text: str, wanted: str) -> None:
    assert is_near_miss(given_text, wanted)


@pytest.mark.parametrize(
    ("given_text", "wanted"),
    [
        ("deployment", "deployment"),
        ("deplymnt", "deployment"),
        ("pdo", "pod"),
        ("nodes", "node"),
        ("persistent volume clain", "persistent volume claim"),
        ("persistant volumme", "persistent volume"),
        ("persistentvolume", "persistent volume"),
        ("autoscaling/v1", "autoscaling/v2"),
        ("port 8081 of the service", "port 8080 of the service"),
        ("daemonset", "statefulset"),
        ("", "deployment"),
        ("", ""),
    ],
)
def test_other_differences_are_not_near_misses(given_text: str, wanted: str) -> None:
    assert not is_near_miss(given_text, wanted)


letters = st.characters(categories=["Ll"])


@given(word=st.text(letters, min_size=6), letter=letters, data=st.data())
def test_every_single_edit_of_a_long_word_is_a_near_miss(
    word: str, letter: str, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(word) - 2))
    head, first, second, tail = word[:at], word[at], word[at + 1], word[at + 2 :]
    edits = {
        head + letter + first + second + tail,
        head + second + tail,
        head + letter + second + tail,
        head + second + first + tail,
    }
    for edited in edits - {word}:
        assert is_near_miss(edited, word)


@given(text=st.text(st.characters(categories=["L", "N", "P", "S", "Zs"])))
@example(text="*a* _b_ `c` [d](e) ![f](g) <h> &amp; \\ ~~i~~ | j")
@example(text="- a")
@example(text="# a")
@example(text="1. a")
@example(text="12) a")
@example(text="+ a")
@example(text="> a")
@example(text="---")
@example(text="===")
@example(text="~~~")
@example(text="    code\n\n    more")
def test_a_typed_text_is_shown_as_it_was_typed(text: str) -> None:
    one_line = " ".join(text.split())
    shown = MarkdownIt("commonmark").enable("strikethrough").render(as_markdown(text))

    assert html.unescape(shown) == (f"<p>{one_line}</p>\n" if one_line else "")


@given(text=st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=200))
@example(text="`")
@example(text="`` a ` b")
@example(text="`[a](https://example.com)`")
def test_nothing_breaks_out_of_code(text: str) -> None:
    one_line = " ".join(text.split())
    shown = MarkdownIt("commonmark").renderInline(f"See {as_code(text)} or {as_code(text)}.")

    code = f"<code>{one_line}</code>"
    assert html.unescape(shown) == f"See {code} or {code}." or not one_line


def test_long_code_is_cut() -> None:
    assert as_code("x" * 201) == f"`{'x' * 199}…`"
    assert as_code("x" * 11, 10) == f"`{'x' * 9}…`"


def test_ordinary_names_need_no_escapes() -> None:
    assert as_markdown("kube-proxy 1.30: spec.containers") == "kube-proxy 1.30: spec.containers"
