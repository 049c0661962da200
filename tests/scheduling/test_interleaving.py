"""What people mix up is asked close together."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from quizapp.content.models import Confusable, Question
from quizapp.scheduling.interleaving import Sides, contrasting_first, contrasts
from quizapp.scheduling.memory import Rating
from quizapp.scheduling.queue import Reason
from quizapp.teams.models import User
from tests.factories import ConfusableFactory, FactFactory, QuestionFactory, UserFactory
from tests.scheduling.studying import DAY, MORNING, answer
from tests.scheduling.test_queue import day_of_study, known, upcoming


@dataclass(frozen=True)
class Asked:
    number: int
    sides: Sides


def sides(*pairs: tuple[int, int]) -> Sides:
    return frozenset(pairs)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (sides(), sides(), False),
        (sides((1, 0)), sides(), False),
        (sides((1, 0)), sides((1, 0)), False),
        (sides((1, 0)), sides((1, 1)), True),
        (sides((1, 0)), sides((2, 1)), False),
        (sides((1, 0), (2, 0)), sides((2, 1)), True),
        (sides((1, 0), (1, 1)), sides((1, 1)), False),
        (sides((1, 0), (1, 1)), sides((1, 2)), True),
    ],
)
def test_two_sides_contrast(one: Sides, other: Sides, expected: bool) -> None:  # noqa: FBT001
    assert contrasts(one, other) is expected
    assert contrasts(other, one) is expected


SIDES = st.frozensets(st.tuples(st.integers(1, 3), st.integers(0, 2)), max_size=3)


@given(st.lists(SIDES, max_size=8), SIDES)
def test_contrasting_ones_come_first_and_nothing_else_moves(each: list[Sides], last: Sides) -> None:
    asked = [Asked(number, one) for number, one in enumerate(each)]
    found = contrasting_first(asked, last)
    assert found == sorted(found, key=lambda a: (not contrasts(a.sides, last), a.number))
    assert sorted(a.number for a in found) == list(range(len(each)))


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
