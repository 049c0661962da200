"""Paths into a manifest, and the operators that judge what they lead to."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from quizapp.grading.manifest_checks import Check, judged
from quizapp.grading.manifest_paths import compile_path, path_code

POD: dict[str, Any] = {
    "kind": "Pod",
    "metadata": {"name": "web", "labels": {"app.kubernetes.io/name": "web", "tier": None}},
    "spec": {
        "containers": [
            {"name": "web", "image": "nginx:1.27", "ports": [{"port": 80}, {"port": 443}]},
            {"name": "log", "image": "fluent-bit", "meta": {"zone": "eu/a.1"}, "tty": True},
        ],
        "volumes": [],
    },
}


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("kind", ["Pod"]),
        ("metadata.name", ["web"]),
        ('metadata.labels["app.kubernetes.io/name"]', ["web"]),
        ('metadata["name"]', ["web"]),
        ("metadata.labels.tier", []),
        ("metadata.labels.tier.deeper", []),
        ("spec.containers[0].name", ["web"]),
        ("spec.containers[2].name", []),
        ("spec.containers[*].name", ["web", "log"]),
        ("spec.containers[*].ports[*].port", [80, 443]),
        ("spec.containers[name=log].image", ["fluent-bit"]),
        ("spec.containers[name=log].ports[*]", []),
        ("spec.containers[meta.zone=eu/a.1].name", ["log"]),
        ("spec.containers[tty=true].name", ["log"]),
        ("spec.containers[*].ports[port=443].port", [443]),
        ("spec.containers[meta=x]", []),
        ("spec.containers[image=nginx:1.27].name", ["web"]),
        ("spec.containers.name", []),
        ("spec[0]", []),
        ("spec[*]", []),
        ("spec[name=web]", []),
        ("kind.name", []),
        ("spec.volumes", [[]]),
        ("spec.volumes[*]", []),
    ],
)
def test_a_path_leads_to_values(path: str, values: list[object]) -> None:
    assert [value for _, value in compile_path(path).resolve(POD)] == values


def test_a_path_tells_where_each_value_stands() -> None:
    found = compile_path("spec.containers[*].ports[port=443].port").resolve(POD)
    assert found == [(("spec", "containers", 0, "ports", 1, "port"), 443)]


@pytest.mark.parametrize(
    ("path", "rest"),
    [
        ("", "empty"),
        (".kind", "'.kind'"),
        ("spec.", "'.'"),
        ("spec..type", "'..type'"),
        ("spec.ports[", "'['"),
        ("spec.ports[]", "'[]'"),
        ("spec.ports[-1]", "'[-1]'"),
        ("spec.ports[*]port", "'port'"),
        ("spec.ports.[0]", "'.[0]'"),
        ("spec.ports[name=]", "'[name=]'"),
        ("spec.ports[.name=x]", "'[.name=x]'"),
        ('labels[""]', "'[\"\"]'"),
        ("spec. type", "'. type'"),
        ("spec type", "' type'"),
    ],
)
def test_a_path_that_cannot_be_read_says_from_where_on(path: str, rest: str) -> None:
    with pytest.raises(ValueError, match="write a path such as") as caught:
        compile_path(path)
    assert rest in str(caught.value)


@given(st.text(alphabet='ab.[]*="0 ', max_size=20))
def test_any_text_is_a_path_or_a_sentence(text: str) -> None:
    try:
        compile_path(text).resolve(POD)
    except ValueError as error:
        assert str(error).startswith("write a path")  # noqa: PT017 - most texts are no path


def test_a_place_is_shown_as_the_path_to_it() -> None:
    place = ("metadata", "labels", "app.kubernetes.io/name", 0, "x")
    assert path_code(place) == '`metadata.labels["app.kubernetes.io/name"][0].x`'


def test_a_place_cannot_break_out_of_the_code_it_is_shown_in() -> None:
    assert path_code(("a`b\n*c*",)) == '`` ["a`b *c*"] ``'


def check(**fields: Any) -> Check:
    return Check.model_validate({"path": "a", "hint": "Look again.", **fields})


@pytest.mark.parametrize(
    ("operator", "document", "holds"),
    [
        ({"equals": 80}, {"a": 80}, True),
        ({"equals": 80}, {"a": "80"}, False),
        ({"equals": 80}, {"a": 80.0}, False),
        ({"equals": 1}, {"a": True}, False),
        ({"equals": [1, {"b": 2}]}, {"a": [1, {"b": 2}]}, True),
        ({"equals": [1, {"b": 2}]}, {"a": [{"b": 2}, 1]}, False),
        ({"equals": [1]}, {"a": [True]}, False),
        ({"equals": {"b": 1, "c": 2}}, {"a": {"c": 2, "b": 1}}, True),
        ({"equals": {"b": 1}}, {"a": {"b": 1, "c": 2}}, False),
        ({"equals": 80}, {}, False),
        ({"equals": 80}, {"a": None}, False),
        ({"equals": False}, {"a": False}, True),
        ({"exists": True}, {"a": {}}, True),
        ({"exists": True}, {"a": None}, False),
        ({"exists": True}, {}, False),
        ({"exists": False}, {}, True),
        ({"exists": False}, {"a": None}, True),
        ({"exists": False}, {"a": 0}, False),
        ({"contains": "x"}, {"a": ["y", "x"]}, True),
        ({"contains": 1}, {"a": [True, "1"]}, False),
        ({"contains": "x"}, {"a": "xyz"}, False),
        ({"contains": {"b": 1}}, {"a": {"b": 1, "c": 2}}, True),
        ({"contains": {"b": 1}}, {"a": {"c": 1}}, False),
        ({"contains": {"b": 1}}, {"a": [{"b": 1}]}, True),
        ({"contains": "x"}, {}, False),
        ({"one_of": ["x", "y"]}, {"a": "y"}, True),
        ({"one_of": ["x", "y"]}, {"a": "z"}, False),
        ({"one_of": ["x", "y"]}, {}, False),
        ({"one_of": ["x", None]}, {}, True),
        ({"one_of": ["x", None]}, {"a": None}, True),
        ({"one_of": ["x", None]}, {"a": "z"}, False),
        ({"one_of": [1, "1"]}, {"a": "1"}, True),
        ({"one_of": [1]}, {"a": True}, False),
        ({"matches": "/data/?"}, {"a": "/data/"}, True),
        ({"matches": "/data/?"}, {"a": "/data/x"}, False),
        ({"matches": "data"}, {"a": "/data"}, False),
        ({"matches": r"\s*x\s*"}, {"a": " x "}, True),
        ({"matches": "[0-9]+"}, {"a": 80}, True),
        ({"matches": ".*"}, {"a": ["x"]}, False),
        ({"matches": ".*"}, {}, False),
    ],
)
def test_operators(operator: dict[str, Any], document: dict[str, Any], holds: bool) -> None:  # noqa: FBT001
    assert check(**operator).holds(document) is holds


def test_one_right_value_among_several_is_enough() -> None:
    assert check(path="a[*]", equals=2).holds({"a": [1, 2]})
    assert not check(path="a[*]", exists=False).holds({"a": [None, 2]})


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "give exactly one of equals, exists, contains, one_of, matches"),
        ({"equals": 1, "exists": True}, "give exactly one of"),
        ({"equals": None}, "equals needs a value"),
        ({"matches": "("}, "not valid RE2"),
        ({"matches": r"(?=x)"}, "not valid RE2"),
        ({"exists": "yes"}, "write true or false"),
        ({"equals": 1, "path": "a..b"}, "write a path such as"),
        ({"equals": 1, "hint": ""}, "it is empty"),
        ({"equals": 1, "document": "/web"}, "write a kind such as Service"),
        ({"equals": 1, "document": "Service/"}, "write a kind such as Service"),
        ({"equals": 1, "expect": 2}, "Extra inputs"),
    ],
)
def test_a_check_that_makes_no_sense_is_refused(fields: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        check(**fields)


@pytest.mark.parametrize(
    ("operator", "wanted"),
    [
        ({"equals": 80}, "`80`"),
        ({"equals": "80"}, '`"80"`'),
        ({"equals": "no"}, '`"no"`'),
        ({"equals": ""}, '`""`'),
        ({"equals": ["a", 1]}, '`["a", 1]`'),
        ({"exists": True}, "given"),
        ({"exists": False}, "left out"),
        ({"contains": "x"}, "with `x`"),
        ({"one_of": ["ClusterIP", None]}, "`ClusterIP` or left out"),
        ({"matches": "x+"}, ""),
    ],
)
def test_what_is_wanted_can_be_shown(operator: dict[str, Any], wanted: str) -> None:
    assert check(**operator).wanted() == wanted


@pytest.mark.parametrize(
    ("about", "documents", "index"),
    [
        (None, [{"a": 1}], 0),
        (None, [], None),
        ("Service", [{"kind": "Pod", "a": 2}, {"kind": "Service"}], 1),
        ("Service/web", [{"kind": "Service", "metadata": {"name": "web"}}], 0),
        ("Service/web", [{"kind": "Service", "metadata": {"name": "api"}}], None),
        ("Service/web", [{"kind": "Service", "metadata": "web"}], None),
        ("Service/web", [{"kind": "Service"}], None),
        ("Service/web", [{"kind": ["Service"]}], None),
    ],
)
def test_a_check_is_judged_on_the_document_it_names(
    about: str | None, documents: list[dict[str, Any]], index: int | None
) -> None:
    assert judged([check(equals=2, document=about)], documents) == [index]


def test_checks_about_one_document_are_judged_on_the_one_that_fits_best() -> None:
    checks = [check(path=path, equals=1) for path in "abc"]
    assert judged(checks, [{"a": 1}, {"b": 1, "c": 1}, {"b": 1}]) == [1, 1, 1]
