"""YAML from people: what is read, what is refused, and where the fault is said to be."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from quizapp.grading.bounded_yaml import Limits, Problem, YamlError, parse


def refusal(source: str | bytes, limits: Limits | None = None) -> list[Problem]:
    with pytest.raises(YamlError) as caught:
        parse(source, limits or Limits())
    assert caught.value.problems
    return caught.value.problems


@pytest.mark.parametrize(
    ("plain", "value"),
    [
        ("", None),
        ("~", None),
        ("Null", None),
        ("true", True),
        ("no", False),
        ("Off", False),
        ("y", True),
        ("yEs", "yEs"),
        ("0", 0),
        ("-12", -12),
        ("+7", 7),
        ("0o17", 15),
        ("0644", 420),
        ("0x1F", 31),
        ("0b11", 3),
        ("1_000", 1000),
        ("08", 8.0),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("22:22", "22:22"),
        ("2026-11-02", "2026-11-02"),
        ("1.27.0", "1.27.0"),
        ("10Gi", "10Gi"),
        ("+", "+"),
        ("18446744073709551615", 2**64 - 1),
    ],
)
def test_plain_scalars_mean_what_they_mean_to_kubernetes(plain: str, value: object) -> None:
    [document] = parse(f"a: {plain}").documents
    assert document["a"] == value
    assert type(document["a"]) is type(value)


@pytest.mark.parametrize("quoted", ["'no'", '"no"', "|-\n  no", ">-\n  no"])
def test_quoted_and_block_scalars_are_text(quoted: str) -> None:
    assert parse(f"a: {quoted}").documents == [{"a": "no"}]


def test_json_is_read_even_when_tabs_indent_it() -> None:
    source = '{\n\t"a": [\n\t\t1,\n\t\t{"b": null, "c": "\\u00e9"}\n\t]\n}'
    assert parse(source).documents == [{"a": [1, {"b": None, "c": "é"}]}]


def test_text_without_content_has_no_documents() -> None:
    assert parse("# nothing yet\n").documents == []


def test_documents_are_kept_apart() -> None:
    assert parse("a: 1\n---\n---\nb: 2\n", Limits(documents=3)).documents == [
        {"a": 1},
        None,
        {"b": 2},
    ]


def test_every_field_and_item_has_its_place() -> None:
    parsed = parse(
        "a:\n- b: 1\n  c: |\n    x\n- {d: 2}\n---\ne: {f: [1,\n 2]}\n", Limits(documents=2)
    )
    assert parsed.position(0, ("a",)) == (1, 1)
    assert parsed.position(0, ("a", 0)) == (2, 3)
    assert parsed.position(0, ("a", 0, "c")) == (3, 3)
    assert parsed.position(0, ("a", 1, "d")) == (5, 4)
    assert parsed.position(1, ("e", "f", 1)) == (8, 2)
    assert parsed.locate(1, ("e", "f")) == 7


def test_what_is_not_there_is_located_at_its_nearest_parent() -> None:
    parsed = parse("a: 1\nb:\n  c: 2\n")
    assert parsed.locate(0, ("b", "x", "y")) == 2
    assert parsed.locate(0, ("b", "c", "y")) == 3
    assert parsed.locate(0, ()) == 1
    assert parse("").locate(0, ("a",)) == 1


@pytest.mark.parametrize(
    ("source", "line", "words"),
    [
        ("a: 1\nb: &x 2", 2, "`&x` is an anchor"),
        ("a: 1\nb: *x", 2, "`*x` is an alias"),
        ("a:\n  *x : 1", 2, "`*x` is an alias"),
        ("a: !!str 1", 1, "`!!str` is a tag"),
        ("a: !secret 1", 1, "`!secret` is a tag"),
        ("- !!python/object:os.system x", 1, "is a tag"),
        ("a: 1\n<<: {b: 2}", 2, "Merge keys"),
        ("a: 1\nb: 2\na: 3", 3, "`a` is given twice, first on line 1"),
        ("a:\n  b: 1\n  'b': 2", 3, "`b` is given twice, first on line 2"),
        ("8080: web", 1, "`8080` means a number"),
        ("on: push", 1, "`on` means true or false"),
        ("~: x", 1, "name is missing"),
        ("? [a]\n: b", 1, "name has to be text"),
        ("text: {{name}}", 1, "name has to be text"),
        ("a: 99999999999999999999", 1, "too many digits"),
        ("a: " + "9" * 5000, 1, "too many digits"),
        ("a: 1e999", 1, "too large"),
        ("a: .inf", 1, "`.inf` is not a number"),
        ("a: 1\nb: \0", 2, "U+0000"),
        ('a: "\\0"', 1, "escape for a character that cannot be seen"),
        ("a: \x1b[31m", 1, "U+001B"),
        ("a: x\u2028b: y", 1, "U+2028"),
        ("a: \ud800", 1, "U+D800"),
        ("\ufeffa: 1", 1, "byte order mark"),
        (b"\xef\xbb\xbfa: 1", 1, "byte order mark"),
        (b"a: 1\nb: \xff", 2, "not UTF-8"),
        (b"\xff\xfea\0:\0", 1, "not UTF-8"),
        ("a:\n\tb: 1", 2, "indented with a tab"),
        ("a:\n  b: 1\n\tc: 2", 3, "indented with a tab"),
        ("a: |\n\tb", 2, "indented with a tab"),
        ("a: \tb: c", 1, "colon is not expected"),
        ("a: b: c", 1, "colon is not expected"),
        ("a:b\nc: d", 2, "colon of the line before it"),
        ("a: 1\nb\nc: d", 2, "needs a colon"),
        ("a:\n  b: 1\n c: 2", 3, "does not fit"),
        ("- a\nb: c", 2, "Start each item with a dash"),
        ("a: 1\nb: [c, d\n", 2, "opened here with `[`"),
        ("a: 1\nb: {c: d\n", 2, "opened here with `{`"),
        ("a: 1\nb: 'c\n\n", 2, "quote opened here is never closed"),
        ('a: "c\n---\nd: e"', 1, "before the next document"),
        ('a: "\\q"', 1, "backslash"),
        ('a: "\\ud83d\\ude00"', 1, "not a character"),
        ('a: "\\xzz"', 1, "hexadecimal"),
        ("a: ]", 1, "bracket or comma is one too many"),
        ("a: - b", 1, "list cannot start here"),
        ("a: ? b", 1, "question mark"),
        ("a: `b`", 1, "cannot start with `` ` ``"),
        ("a: @b", 1, "cannot start with `@`"),
        ("a: *.log", 1, "`*` or `&` has to be quoted"),
        ("{a: 1}}", 1, "already complete"),
        ("a: |x\n  b", 1, "Nothing may follow"),
        ("a: !<", 1, "starts with `!`"),
        ("%FOO\n---\na: 1", 1, "directive"),
        ("%YAML 3.0\n---\na: 1", 1, "directive"),
    ],
)
def test_refusals_are_located_sentences(source: str | bytes, line: int, words: str) -> None:
    problem = refusal(source)[0]
    assert (problem.line, words in problem.message) == (line, True), problem
    assert problem.message.endswith(".")


def test_all_problems_are_told_at_once_and_in_order() -> None:
    problems = refusal("a: &x 1\nb: *x\nc: 1\nc: 2\nd: [")
    assert [problem.line for problem in problems] == [1, 2, 4, 5]


def test_the_error_itself_reads_as_lines() -> None:
    with pytest.raises(YamlError, match=r"^line 2: `a` is given twice, first on line 1\.$"):
        parse("a: 1\na: 2")


@pytest.mark.parametrize(
    ("source", "limits", "words"),
    [
        ("a: " + "x" * 200, Limits(bytes=100), "too large"),
        ("é" * 60, Limits(bytes=100), "too large"),
        (b"a: " + b"x" * 200, Limits(bytes=100), "too large"),
        ("a: 1\n---\nb: 1", Limits(documents=1), "At most 1 document is"),
        ("[[[1]]]", Limits(depth=2), "at most 2 levels"),
        ("[1, 2, 3]", Limits(nodes=3), "at most 3 are read"),
        ("a: " + "x" * 200, Limits(scalar=100), "at most 100 characters"),
        ("x" * 200 + ": a", Limits(scalar=100), "at most 100 characters"),
    ],
)
def test_limits_hold(source: str | bytes, limits: Limits, words: str) -> None:
    assert words in refusal(source, limits)[0].message


def test_what_just_fits_the_limits_is_read() -> None:
    assert parse("[[1]]", Limits(depth=2, nodes=3, bytes=5, scalar=1)).documents == [[[1]]]


@pytest.mark.parametrize(
    "bomb",
    [
        "[" * 60_000,
        "{" * 60_000,
        "- " * 30_000,
        "? " * 30_000,
        "[{a: " * 12_000,
        "\n".join(" " * depth + "a:" for depth in range(300)),
        "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]",
        "a: &a {x: 1}\nb: {<<: [*a, *a, *a]}",
        "*a\n" * 20_000,
        "&a " * 20_000,
        "!a " * 20_000,
        "---\n" * 15_000,
        "a: " + "1" * 60_000,
        "9" * 19_000,
    ],
    ids=lambda bomb: repr(bomb[:12]),
)
def test_bombs_are_refused(bomb: str) -> None:
    assert len(refusal(bomb)) <= 20


def read_or_refused(source: str | bytes) -> tuple[list[object], list[Problem]]:
    try:
        return parse(source, Limits(documents=99)).documents, []
    except YamlError as error:
        return [], error.problems


@given(st.one_of(st.text(), st.binary()))
def test_anything_is_either_read_or_refused(source: str | bytes) -> None:
    documents, problems = read_or_refused(source)
    assert not (documents and problems)
    assert all(problem.line >= 1 and problem.column >= 1 for problem in problems)


@given(st.text(alphabet=" \n\t-:[]{}?&*!|>'\"%#,ab~", max_size=60))
def test_anything_that_looks_like_yaml_is_read_as_it_should_be_or_refused(source: str) -> None:
    documents, problems = read_or_refused(source)
    if problems:
        assert all(1 <= problem.line <= source.count("\n") + 1 for problem in problems)
    else:
        assert documents == list(yaml.load_all(source, Loader=yaml.CSafeLoader))


keys = st.text(alphabet="abcäß .:-_/", min_size=1).map(lambda text: f"k{text}")
scalars = (
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.text("ab01 #:-\n'\"", max_size=9)
)
trees = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3)
)


@given(trees, st.booleans())
def test_what_was_written_as_yaml_is_read_back(tree: object, flow: bool) -> None:  # noqa: FBT001
    written = yaml.safe_dump(tree, default_flow_style=flow, allow_unicode=True)
    assert parse(written).documents == [tree]
