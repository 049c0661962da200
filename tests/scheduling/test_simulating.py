from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.content.models import Question
from quizapp.scheduling import memory
from quizapp.scheduling.cards import bury, suspend
from quizapp.scheduling.formulas import Formulas
from quizapp.scheduling.memory import (
    DEFAULT_PARAMETERS,
    Rating,
    Schedule,
    State,
    fuzz_range,
    unseen,
)
from quizapp.scheduling.simulating import DAYS, Course, Habits, Workload, answered, simulate
from quizapp.scheduling.workload import ENOUGH, basis_of
from quizapp.teams.models import User
from tests.factories import QuestionFactory, TopicFactory, UserFactory
from tests.scheduling.studying import DAY, MORNING, answer, card_of, learn
from tests.scheduling.test_memory import UTC_DAY

AGAIN, HARD, GOOD, EASY = Rating
HABITS = Habits(
    first=(0.3, 0.1, 0.55, 0.05),
    steps=(0.1, 0.1, 0.75, 0.05),
    recalled=(0.2, 0.75, 0.05),
    seconds=dict.fromkeys(State, (18.0, 12.0)),
)
NEVER_WRONG = Habits(
    first=(0.0, 0.0, 1.0, 0.0),
    steps=(0.0, 0.0, 1.0, 0.0),
    recalled=(0.0, 1.0, 0.0),
    seconds=dict.fromkeys(State, (60.0, 60.0)),
)
FITTED = tuple(
    value * (0.8 if index in (0, 1, 2, 3, 8, 11) else 1.1)
    for index, value in enumerate(DEFAULT_PARAMETERS)
)


def simulated(
    cards: Sequence[Course] = (),
    *,
    new_per_day: int = 0,
    new_left: int = 0,
    retention: float = 0.9,
    habits: Habits = HABITS,
) -> Workload:
    return simulate(
        cards,
        new_per_day=new_per_day,
        new_left=new_left,
        retention=retention,
        parameters=DEFAULT_PARAMETERS,
        habits=habits,
    )


def known(stability: float, *, last: int = 0, due: int = 0) -> Course:
    return Course(State.REVIEW, 0, stability, 5.0, last=last, due=due)


def deck(size: int, *, median_days: float = 12, seed: int = 1) -> list[Course]:
    """Cards as they are after months: some overdue, most due within their stability."""
    chance = random.Random(seed)
    cards = []
    for _ in range(size):
        stability = median_days * chance.lognormvariate(0, 1.2)
        elapsed = chance.randrange(round(stability) + 2)
        due = max(0, round(stability) - elapsed)
        cards.append(
            Course(State.REVIEW, 0, stability, chance.uniform(1, 10), last=-elapsed, due=due)
        )
    return cards


@given(
    history=st.lists(
        st.tuples(st.sampled_from(Rating), st.integers(0, 400)), min_size=1, max_size=10
    ),
    retention=st.sampled_from([0.7, 0.8, 0.9, 0.97]),
    parameters=st.sampled_from([DEFAULT_PARAMETERS, FITTED]),
)
def test_each_answer_does_what_the_memory_model_does(
    history: list[tuple[Rating, int]], retention: float, parameters: tuple[float, ...]
) -> None:
    """Whatever is answered, and so many days after it was due; all but the fuzz."""
    formulas = Formulas(parameters)
    interval = formulas.intervals(retention)
    schedule = Schedule(UTC_DAY, retention, parameters)
    known, card = unseen(MORNING), Course(State.LEARNING, 0, None, None, last=0, due=0)
    with patch.object(memory, "fuzz_range", lambda days: (days, days)):
        for rating, late in history:
            day = card.due + late
            now = MORNING + timedelta(days=day)
            if card.stability is not None and day > card.last:
                chance = formulas.recall(day - card.last, card.stability)
                assert chance == pytest.approx(memory.retrievability(known, now, schedule))
            known = memory.review(known, rating, now, schedule, seed="1:1")
            card = answered(card, rating, day, formulas, interval)
            assert (card.state, card.step) == (known.state, known.step or 0)
            assert card.stability == pytest.approx(known.stability, rel=1e-9)
            assert card.difficulty == pytest.approx(known.difficulty, rel=1e-9)
            assert card.due == (UTC_DAY.date_of(known.due) - UTC_DAY.date_of(MORNING)).days


def test_the_same_arguments_always_give_the_same() -> None:
    cards = deck(50)
    assert simulated(cards, new_per_day=5, new_left=40) == simulated(
        cards, new_per_day=5, new_left=40
    )


def test_nothing_to_learn_costs_nothing() -> None:
    assert simulated() == Workload(0, 0, 0, 0, known=None)
    assert simulated(new_per_day=10) == Workload(0, 0, 0, 0, known=None)
    assert simulated(new_left=10) == Workload(0, 0, 0, 0, known=None)


def test_somebody_never_wrong_is_counted_by_hand() -> None:
    """With the least of luck, each interval is the shortest that fuzz allows."""
    formulas = Formulas(DEFAULT_PARAMETERS)
    interval = formulas.intervals(0.9)
    days: list[int] = []
    card = Course(State.LEARNING, 0, None, None, last=0, due=0)
    while card.due < DAYS:
        days.append(card.due)
        card = answered(card, GOOD, card.due, formulas, lambda s: fuzz_range(interval(s))[0])
    assert days == [0, 0, 2, 11, 48]
    with luck_of(0.0):
        found = simulated(new_per_day=1, new_left=1, habits=NEVER_WRONG)
    assert found.reviews == pytest.approx(4 / 30)
    assert found.minutes == pytest.approx(4 / 30)  # each answer takes a minute
    assert found.later_reviews == 0


def luck_of(luck: float) -> Any:
    class Lucky:
        def __init__(self, _: int) -> None: ...

        def random(self) -> float:
            return luck

    return patch("quizapp.scheduling.simulating.random.Random", Lucky)


def test_a_card_that_is_not_due_within_the_days_costs_nothing_and_fades() -> None:
    found = simulated([known(365, due=DAYS)])
    assert (found.reviews, found.later_reviews) == (0, 0)
    assert found.known is not None
    assert 0.9 < found.known < 1


def test_what_is_overdue_comes_at_once() -> None:
    now, later = simulated([known(400, last=-500)]), simulated([known(400, due=30)])
    assert now.reviews > later.reviews == 0


def test_many_cards_stand_for_more() -> None:
    """Of ten thousand cards some are followed, and the result is that of all of them."""
    one, many = simulated(deck(400)), simulated(deck(400) * 25)
    assert many.reviews == pytest.approx(25 * one.reviews, rel=0.1)
    assert many.minutes == pytest.approx(25 * one.minutes, rel=0.1)
    assert many.known == pytest.approx(one.known, abs=0.02)


def test_new_questions_come_at_their_pace_until_there_are_no_more() -> None:
    slow = simulated(new_per_day=1, new_left=30)
    fast = simulated(new_per_day=10, new_left=30)
    assert fast.reviews > slow.reviews
    most = simulated(new_per_day=10, new_left=10_000)
    assert most == simulated(new_per_day=10, new_left=10 * DAYS)
    assert most.later_reviews > fast.later_reviews


DECKS = [
    pytest.param(deck(30), 10, 300, id="beginner"),
    pytest.param([], 10, 100, id="first day"),
    pytest.param(deck(400), 10, 200, id="a year"),
    pytest.param(deck(400, median_days=60), 0, 0, id="old deck"),
    pytest.param(deck(3000), 20, 1000, id="large"),
]


@pytest.mark.parametrize(("cards", "new_per_day", "new_left"), DECKS)
def test_more_retention_means_more_reviews_and_more_known(
    cards: list[Course], new_per_day: int, new_left: int
) -> None:
    found = [
        simulated(cards, new_per_day=new_per_day, new_left=new_left, retention=retention)
        for retention in (0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.97)
    ]
    for attribute in ("reviews", "minutes", "known"):
        values = [getattr(each, attribute) for each in found]
        assert values == sorted(set(values))
    assert found[0].later_reviews < found[3].later_reviews < found[-1].later_reviews
    assert found[0].later_minutes < found[3].later_minutes < found[-1].later_minutes


@pytest.mark.parametrize("retention", [0.8, 0.9, 0.95])
def test_what_is_known_lies_above_what_is_desired(retention: float) -> None:
    """Recall is at the desired retention when a question comes back, and higher before."""
    found = simulated(deck(400), retention=retention).known
    assert found is not None
    assert retention - 0.02 < found < 1


def test_habits_with_which_nobody_gets_done_are_refused() -> None:
    with pytest.raises(ValueError, match="never get done"):
        Habits((1, 0, 0, 0), (0.5, 0.5, 0, 0), (1, 0, 0), {})


# The loader


@pytest.fixture
def alice() -> User:
    return UserFactory(name="Alice", timezone="Asia/Tokyo")


def questions(number: int) -> list[Question]:
    topic = TopicFactory()
    return [QuestionFactory(topic=topic) for _ in range(number)]


@pytest.mark.django_db
def test_cards_start_from_where_they_are_in_the_learners_days(alice: User) -> None:
    first, second, *_ = questions(5)
    learn(alice, first, MORNING)
    answer(alice, second, AGAIN, MORNING + 2 * DAY)
    basis = basis_of(alice, MORNING + 3 * DAY)
    card = card_of(alice, first)
    assert card
    days_until = (card.due - (MORNING + 3 * DAY)).total_seconds() / 86400
    assert [(each.state, each.last, each.due) for each in basis.cards] == [
        (State.REVIEW, -3, round(days_until + 0.5)),
        (State.LEARNING, -1, 0),
    ]
    assert basis.cards[0].stability == card.stability
    assert basis.new_left == 3


@pytest.mark.django_db
def test_what_will_not_be_shown_costs_nothing(alice: User, django_assert_num_queries: Any) -> None:
    learned, retired, suspended_new, buried_new, _new = questions(5)
    learn(alice, learned)
    suspend(alice, learned, MORNING)
    learn(alice, retired)
    Question.objects.filter(pk=retired.pk).update(retired_at=MORNING)
    suspend(alice, suspended_new, MORNING)
    bury(alice, buried_new, MORNING)
    learn(UserFactory(), buried_new)
    with django_assert_num_queries(5):
        basis = basis_of(alice, MORNING)
    assert basis.cards == ()
    assert basis.new_left == 2


@pytest.mark.django_db
def test_habits_become_the_learners_own(alice: User) -> None:
    asked = questions(ENOUGH)
    nobody = basis_of(UserFactory(), MORNING)
    assert (nobody.reviews, nobody.is_own) == (0, False)
    assert nobody.habits.first == pytest.approx((0.24, 0.09, 0.62, 0.05))
    for question in asked:
        answer(alice, question, AGAIN, MORNING)
    basis = basis_of(alice, MORNING)
    assert (basis.reviews, basis.is_own) == (ENOUGH, True)
    assert basis.habits.first[0] == pytest.approx((100 + 0.24 * 20) / 120)
    assert sum(basis.habits.first) == pytest.approx(1)
    assert basis.habits.seconds[State.NEW][0] < basis.habits.seconds[State.NEW][1]


@pytest.mark.django_db
def test_a_learner_who_is_wrong_more_often_works_more(alice: User) -> None:
    bob = UserFactory(name="Bob")
    asked = questions(50)
    for question in asked[:20]:
        answer(alice, question, AGAIN, MORNING)
        answer(bob, question, GOOD, MORNING)
    of_alice = basis_of(alice, MORNING).workload(0.9, 10)
    of_bob = basis_of(bob, MORNING).workload(0.9, 10)
    assert of_alice.reviews > of_bob.reviews
