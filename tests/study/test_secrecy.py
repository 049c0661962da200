"""What must not reach the page before the response."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest
from django.test import Client

from quizapp.grading import KINDS
from tests.factories import FactFactory, QuestionFactory
from tests.kinds import SAMPLES
from tests.study.browsing import respond, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]

CANARY = "canary7f3a"


@pytest.mark.parametrize("kind", KINDS)
def test_the_key_is_nowhere_before_the_response(as_alice: Client, kind: str) -> None:
    """A canary in every key, feedback, explanation, hint and fact is not in page or headers."""
    fact = FactFactory(fact=CANARY, why=CANARY, misconception=CANARY, precision=CANARY)
    QuestionFactory(
        kind=kind,
        spec=with_canaries(kind),
        slug=CANARY,
        stem="Which one?",
        explanation=CANARY,
        facts=[fact],
    )
    for headers in ({}, {"HX-Request": "true"}):
        response = as_alice.get("/review/", headers=headers)
        seen = response.content.decode() + str(response.headers) + str(response.cookies)
        assert "Which one?" in seen
        assert CANARY not in seen


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "flashcard"])
def test_the_canary_is_found_after_the_response(as_alice: Client, kind: str) -> None:
    """So that the test above would notice a leak."""
    QuestionFactory(kind=kind, spec=with_canaries(kind), explanation=CANARY)
    assert CANARY in respond(as_alice, {}, "unsure").content.decode()


def with_canaries(kind: str) -> dict[str, Any]:
    """The sample's spec with a canary in all that must stay hidden."""
    spec = copy.deepcopy(SAMPLES[kind].spec)
    match kind:
        case "flashcard":
            spec["back"] = CANARY
        case "single_choice" | "multiple_choice":
            for option in spec["options"]:
                option["feedback"] = f"This is {CANARY} of the option."
        case "short_answer":
            spec |= {"accept": [CANARY], "pattern": CANARY + "x"}
            spec["wrong"] = [{"text": "other", "feedback": CANARY}]
        case "matching":
            for pair in spec["pairs"]:
                pair["feedback"] = CANARY
        case "cloze":
            spec = {
                "text": "The default is {{" + CANARY + "}}.",
                "blanks": {CANARY: {"accept": [CANARY], "feedback": CANARY}},
            }
        case "manifest":
            spec["solution"] = spec["solution"].replace("name: web", f"name: {CANARY}")
            for check in spec["checks"]:
                check["hint"] = CANARY
            spec["checks"].append({"path": "metadata.name", "equals": CANARY, "hint": CANARY})
            wrong = spec["solution"].replace("port: 80", "port: 81")
            spec["wrong"] = [
                {"manifest": wrong, "message": CANARY, "fails": ["spec.ports[*].port"]}
            ]
    return spec


def test_options_tell_nothing_of_the_authors_order(as_alice: Client) -> None:
    """The ids are the same wherever an option stands in the file."""
    spec = SAMPLES["single_choice"].spec
    turned = {"options": spec["options"][::-1]}
    first, second = QuestionFactory(spec=spec), QuestionFactory(spec=turned)
    ids = [
        set(re.findall(r'value="([0-9a-f]{8})"', text_of(as_alice.get(f"/review/?question={pk}"))))
        for pk in (first.pk, second.pk)
    ]
    assert len(ids[0]) == 3
    assert ids[0] == ids[1]
