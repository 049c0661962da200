"""What wrong responses have in common, whatever the database."""

from __future__ import annotations

import json
from typing import Any

from quizapp.grading import parse_spec
from quizapp.grading.base import opaque_id
from quizapp.progress.team.beliefs import MOST_BELIEFS, Given, shared
from tests.kinds import SAMPLES

WRITTEN = parse_spec("short_answer", SAMPLES["short_answer"].spec)
CHOSEN = parse_spec(
    "multiple_choice",
    {"options": [{"text": "a", "correct": True}, {"text": "b"}, {"text": "c"}, {"text": "d"}]},
)


def given(response: Any, members: int = 1) -> Given:
    return Given(json.dumps(response), members)


def options(*texts: str) -> list[str]:
    return sorted(opaque_id(text) for text in texts)


def test_spelling_is_not_told_apart_and_the_commonest_is_shown() -> None:
    found = shared(WRITTEN, [given("NodePort"), given("nodeport", 2), given("Node  port")], 2)
    assert found == [("nodeport", 3)]


def test_each_wrong_part_of_a_response_is_a_belief_and_a_right_one_is_none() -> None:
    responses = [given(options("a", "b"), 2), given(options("b", "c"))]
    assert shared(CHOSEN, responses, 1) == [("b", 3), ("c", 1)]
    assert shared(CHOSEN, responses, 2) == [("b", 3)]


def test_a_response_that_does_not_fit_any_more_says_nothing() -> None:
    responses = [given(["gone"], 5), given({"x": "y"}, 5), Given("no JSON", 5)]
    assert shared(CHOSEN, [*responses, given(options("d"), 2)], 2) == [("d", 2)]


def test_a_few_beliefs_are_enough() -> None:
    responses = [given(f"type {number}", 2) for number in range(MOST_BELIEFS + 1)]
    assert len(shared(WRITTEN, responses, 2)) == MOST_BELIEFS
