"""What people mix up is asked close together."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from quizapp.content.models import Confusable, Question
from quizapp.scheduling.interleaving import Pairing, contrasting_first, opposites
from quizapp.scheduling.memory import Rating
from quizapp.scheduling.queue import Reason
from quizapp.teams.models import User
from tests.factories import ConfusableFactory, FactFactory, QuestionFactory, UserFactory
from tests.scheduling.studying import DAY, MORNING, answer
from tests.scheduling.test_queue import day_of_study, known, upcoming


@dataclass(frozen=True)
class Asked:
    number: int
    facts: frozenset[int]


def pairings(sides: Sequence[Collection[int]], *asked: int, confusable: int = 1) -> list[Pairing]:
    """What the database finds for the facts asked, where each side has these facts."""
    placed = [(fact, side) for side, facts in enumerate(sides) for fact in facts]
    return [
        Pairing(confusable, side, other, other_side)
        for fact, side in placed
        if fact in asked
        for other, other_side in placed
    ]


@pytest.mark.parametrize(
    ("found", "opposite"),
    [
        ([], set()),
        (pairings([[1, 2], [3, 4]], 1), {3, 4}),
        (pairings([[1, 2], [3, 4]], 4), {1, 2}),
        (pairings([[1, 2], [3, 4], [5]], 1), {3, 4, 5}),
        (pairings([[1, 2], [3, 4]], 1, 3), set()),
        (pairings([[1, 2], [3, 4], [5]], 1, 3), {5}),
        (pairings([[1, 9], [2, 9]], 9), set()),
        (pairings([[1], [2]], 1) + pairings([[1], [3]], 1, confusable=2), {2, 3}),
        (pairings([[1], [2, 9]], 1) + pairings([[1, 9], [3]], 1, confusable=2), {2, 3}),
    ],
)
def test_opposites_are_the_facts_of_other_sides(found: list[Pairing], opposite: set[int]) -> None:
    assert opposites(found) == opposite


FACTS = st.frozensets(st.integers(1, 6), max_size=3)


@given(st.lists(FACTS, max_size=8), FACTS)
def test_contrasting_ones_come_first_and_nothing_else_moves(
    each: list[frozenset[int]], opposite: frozenset[int]
) -> None:
    asked = [Asked(number, facts) for number, facts in enumerate(each)]
    found = contrasting_first(asked, opposite)
    first = [one for one in asked if one.facts & opposite]
    assert found == first + [one for one in asked if one not in first]


def two_sides_and_more(alice: User) -> tuple[Question, Question, list[Question]]:
    """Reviews on both sides, and others that have faded more than the second side."""
    volume, claim = FactFactory(), FactFactory()
    ConfusableFactory(facts=[volume, claim])
    first = known(alice, due=MORNING - 9 * DAY, facts=[volume])
    others = [known(alice, due=MORNING - days * DAY) for days in (8, 7)]
    second = known(alice, due=MORNING - 2 * DAY, facts=[claim])
    return first, second, others


@pytest.mark.django_db
def test_after_one_side_the_other_is_reviewed() -> None:
    alice = UserFactory(new_per_day=0)
    first, second, others = two_sides_and_more(alice)
    assert day_of_study(alice, MORNING) == [first, second, *others]


@pytest.mark.django_db
def test_the_other_side_comes_before_a_new_question() -> None:
    alice = UserFactory(new_per_day=5)
    first, second, _ = two_sides_and_more(alice)
    QuestionFactory.create_batch(5)
    answer(alice, first, Rating.EASY, MORNING)
    queued = upcoming(alice)
    assert (queued.question, queued.reason) == (second, Reason.REVIEW)


@pytest.mark.django_db
def test_without_a_contrast_the_order_is_as_ever() -> None:
    alice = UserFactory(new_per_day=0)
    first, second, others = two_sides_and_more(alice)
    Confusable.objects.update(retired_at=timezone.now())
    assert day_of_study(alice, MORNING) == [first, *others, second]


@pytest.mark.django_db
def test_new_questions_keep_the_authors_order() -> None:
    alice = UserFactory()
    volume, claim = FactFactory(), FactFactory()
    ConfusableFactory(facts=[volume, claim])
    asked = [QuestionFactory(facts=facts) for facts in ([volume], None, [claim])]
    assert day_of_study(alice, MORNING) == asked
