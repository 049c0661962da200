"""What an author is told of each check: the values its path led to, and whether it holds."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.grading.manifest_assessment import assess
from quizapp.grading.manifest_checks import Check
from quizapp.grading.manifest_traces import MOST_MATCHES, Match, Trace, traced

POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
  - name: nginx
    image: nginx:1.27
  - name: agent
    image: agent:2
"""


def check(path: str, **operator: Any) -> Check:
    return Check(path=path, hint="Look again.", **operator)


def trace(path: str, text: str = POD, **operator: Any) -> Trace:
    (found,) = traced(text, [check(path, **operator)])
    return found


def test_every_value_at_the_path_is_listed_with_its_own_verdict() -> None:
    found = trace("spec.containers[*].image", equals="agent:2")
    assert found.holds
    assert found.document == "`Pod/web`"
    assert found.matches == (
        Match("`spec.containers[0].image`", "`nginx:1.27`", holds=False),
        Match("`spec.containers[1].image`", "`agent:2`", holds=True),
    )


def test_a_path_that_leads_nowhere_matches_nothing() -> None:
    found = trace("spec.nodeName", equals="node-1")
    assert (found.holds, found.matches, found.document) == (False, (), "`Pod/web`")


def test_what_has_to_be_absent_holds_where_nothing_matches() -> None:
    assert trace("spec.nodeName", exists=False).holds
    assert not trace("spec.containers", exists=False).holds


def test_a_check_about_another_document_looks_at_none() -> None:
    found = trace("spec.ports", exists=True, document="Service")
    assert (found.holds, found.document) == (False, "")


@pytest.mark.parametrize("text", ["a: [", "\tkind: Pod", "&a a: *a"])
def test_what_cannot_be_parsed_has_no_traces(text: str) -> None:
    assert traced(text, [check("kind", equals="Pod")]) == ()


def test_a_long_list_is_cut_and_says_so() -> None:
    text = "kind: Pod\nitems: [" + ", ".join(map(str, range(MOST_MATCHES + 5))) + "]\n"
    found = trace("items[*]", text, equals=MOST_MATCHES + 1)
    assert (len(found.matches), found.more) == (MOST_MATCHES, 5)
    assert found.holds


CHECKS = [
    check("kind", equals="Pod"),
    check("spec.containers[*].name", matches="[a-z]+"),
    check("spec.nodeName", one_of=[None, "node-1"]),
    check("metadata.labels", contains={"app": "web"}),
    check("spec.ports[0].port", equals=80, document="Service/web"),
]


@given(st.text(max_size=200) | st.lists(st.sampled_from(POD.splitlines())).map("\n".join))
def test_the_verdicts_are_those_of_the_assessment(text: str) -> None:
    notes = assess(text, CHECKS).checks
    assert [each.holds for each in traced(text, CHECKS)] == [note.is_right for note in notes]
