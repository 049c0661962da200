"""Two changes to one question, brought together field by field."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.content.editing.merging import differences, merge, put
from quizapp.grading.manifest_checks import same

BASE: dict[str, Any] = {
    "stem": "Which?",
    "explanation": "So.",
    "facts": ["one", "two"],
    "options": [{"text": "a", "correct": True}, {"text": "b"}],
    "blanks": {"port": {"accept": ["80"]}, "target": {"accept": ["8080"]}},
}


def changed(**fields: Any) -> dict[str, Any]:
    return {**deepcopy(BASE), **fields}


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in BASE.items() if key != name}


A, B = BASE["options"]


@pytest.mark.parametrize(
    ("ours", "theirs", "expected", "taken"),
    [
        (BASE, BASE, BASE, []),
        (changed(stem="X?"), BASE, changed(stem="X?"), []),
        (BASE, changed(stem="X?"), changed(stem="X?"), [("stem",)]),
        (changed(stem="X?"), changed(stem="X?"), changed(stem="X?"), []),
        (
            changed(stem="X?"),
            changed(explanation="Y."),
            changed(stem="X?", explanation="Y."),
            [("explanation",)],
        ),
        (changed(docs="docs/"), changed(version=2), changed(docs="docs/", version=2), None),
        (without("explanation"), BASE, without("explanation"), []),
        (BASE, without("explanation"), without("explanation"), [("explanation",)]),
        (without("explanation"), without("explanation"), without("explanation"), []),
        (
            changed(options=[{**A, "text": "A"}, B]),
            changed(options=[A, {**B, "feedback": "No."}]),
            changed(options=[{**A, "text": "A"}, {**B, "feedback": "No."}]),
            [("options", 1)],
        ),
        (
            changed(options=[{"text": "a"}, {**B, "correct": True}]),
            changed(options=[{**A, "feedback": "Yes."}, B]),
            changed(options=[{"text": "a", "feedback": "Yes."}, {**B, "correct": True}]),
            [("options", 0, "feedback")],  # both have changed that row
        ),
        (
            changed(blanks={"port": {"accept": ["80", "http"]}, "target": {"accept": ["8080"]}}),
            changed(blanks={"port": {"accept": ["80"]}, "target": {"accept": ["81"]}}),
            changed(blanks={"port": {"accept": ["80", "http"]}, "target": {"accept": ["81"]}}),
            [("blanks", "target")],
        ),
    ],
)
def test_what_only_one_has_changed_is_taken(
    ours: Any, theirs: Any, expected: Any, taken: list[Any] | None
) -> None:
    merged = merge(BASE, ours, theirs)
    assert merged.source == expected
    assert merged.clashes == ()
    if taken is not None:
        assert list(merged.taken) == taken


@pytest.mark.parametrize(
    ("ours", "theirs", "clash"),
    [
        (changed(stem="X?"), changed(stem="Y?"), (("stem",), "X?", "Y?")),
        (without("stem"), changed(stem="Y?"), (("stem",), None, "Y?")),
        (changed(stem="X?"), without("stem"), (("stem",), "X?", None)),
        (changed(docs="x"), changed(docs="y"), (("docs",), "x", "y")),
        (
            changed(options=[{**A, "text": "x"}, B]),
            changed(options=[{**A, "text": "y"}, B]),
            (("options", 0, "text"), "x", "y"),
        ),
        (
            changed(options=[B, A]),
            changed(options=[{**A, "feedback": "Yes."}, B]),
            (("options",), [B, A], [{**A, "feedback": "Yes."}, B]),
        ),
        (
            changed(options=[B, A]),
            changed(options=[{"text": "a"}, {**B, "correct": True}]),
            (("options",), [B, A], [{"text": "a"}, {**B, "correct": True}]),
        ),
        (
            changed(options=[A]),
            changed(options=[A, {**B, "text": "y"}]),
            (("options",), [A], [A, {**B, "text": "y"}]),
        ),
        (
            changed(facts=["one", "three"]),
            changed(facts=["one", "four"]),
            (("facts", 1), "three", "four"),
        ),
    ],
)
def test_what_both_have_changed_is_a_clash(ours: Any, theirs: Any, clash: Any) -> None:
    merged = merge(BASE, ours, theirs)
    assert [(each.path, each.ours, each.theirs) for each in merged.clashes] == [clash]
    assert merged.source == ours


values = st.sampled_from(["a", "b", "c", 1, True, 1.0, ["x"], ["x", "y"], ["y", "x"], {"k": "v"}])
rows = st.lists(st.dictionaries(st.sampled_from("tfc"), values, max_size=3), max_size=3)
sources = st.dictionaries(
    st.sampled_from(["stem", "docs", "options", "blanks"]),
    values | rows | st.dictionaries(st.sampled_from("pq"), values, max_size=2),
    max_size=4,
)


@given(sources, sources)
def test_one_who_changes_alone_gets_it_all(base: Any, ours: Any) -> None:
    assert same(merge(base, ours, base).source, ours)
    assert same(merge(base, base, ours).source, ours)
    assert same(merge(base, ours, ours).source, ours)


@given(sources, sources, sources)
def test_no_change_is_lost(base: Any, ours: Any, theirs: Any) -> None:
    """Every field says what the one changed or, if that is not told of, what the other did."""
    merged = merge(base, ours, theirs)
    clashes = {clash.path for clash in merged.clashes}
    for path, _, mine in differences(base, ours):
        assert _reaches(merged.source, path, mine) or _touches(path, clashes)
    for path, _, other in differences(base, theirs):
        assert _reaches(merged.source, path, other) or _touches(path, clashes)


@given(sources, sources, sources)
def test_both_sides_come_to_the_same_where_nothing_clashes(
    base: Any, ours: Any, theirs: Any
) -> None:
    one, other = merge(base, ours, theirs), merge(base, theirs, ours)
    assert {clash.path for clash in one.clashes} == {clash.path for clash in other.clashes}
    if not one.clashes:
        assert same(one.source, other.source)


@given(sources, sources, sources)
def test_taking_their_side_of_every_clash_is_merging_from_their_side(
    base: Any, ours: Any, theirs: Any
) -> None:
    merged = merge(base, ours, theirs)
    source = merged.source
    for clash in merged.clashes:
        source = put(source, clash.path, clash.theirs)
    assert same(source, merge(base, theirs, ours).source)


@given(sources, sources)
def test_differences_are_all_there_is_between_two(one: Any, other: Any) -> None:
    found = list(differences(one, other))
    assert (not found) == same(one, other)
    for path, _, value in found:
        one = put(one, path, value)
    assert same(one, other)


def test_values_of_other_types_are_other_values() -> None:
    base, theirs = {"checks": [{"equals": 1}]}, {"checks": [{"equals": True}]}
    assert merge(base, base, theirs).source["checks"][0]["equals"] is True
    assert list(differences(base, theirs)) == [(("checks", 0, "equals"), 1, True)]


def test_putting_leaves_the_rest_alone() -> None:
    source = deepcopy(BASE)
    assert put(source, ("options", 1, "text"), "c")["options"] == [A, {"text": "c"}]
    assert put(source, ("explanation",), None) == without("explanation")
    assert put(source, ("docs",), "x") == changed(docs="x")
    assert source == BASE
    with pytest.raises(IndexError):
        put(source, ("options", 7, "text"), "c")


def _at(source: Any, path: Any) -> Any:
    for step in path:
        try:
            source = source[step]
        except (KeyError, IndexError, TypeError):
            return None
    return source


def _reaches(source: Any, path: Any, value: Any) -> bool:
    return same(_at(source, path), value)


def _touches(path: Any, clashes: set[Any]) -> bool:
    """Whether a clash is about the field, about what it stands in, or about a part of it."""
    return any(path[: len(clash)] == clash[: len(path)] for clash in clashes)
