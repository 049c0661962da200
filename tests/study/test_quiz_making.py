"""Which questions a quiz draws: random but fair."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.content.models import Question
from quizapp.scheduling import cards
from quizapp.study.quiz_making import MOST, Drawable, draw, drawn, make
from quizapp.teams.models import User
from tests.factories import FactFactory, QuestionFactory, TopicFactory
from tests.scheduling.studying import MORNING, learn

drawables = st.lists(
    st.builds(
        Drawable,
        question_id=st.integers(),
        topic_id=st.integers(1, 4),
        is_new=st.booleans(),
        facts=st.frozensets(st.integers(1, 12), max_size=2),
    ),
    max_size=40,
    unique_by=lambda each: each.question_id,
)


def apart(number: int, topic_id: int = 1, *, is_new: bool = True, first: int = 0) -> list[Drawable]:
    """Questions that share no fact."""
    places = range(first, first + number)
    return [Drawable(place, topic_id, is_new, frozenset({place})) for place in places]


@settings(deadline=None)
@given(drawables, st.integers(0, 50), st.integers())
def test_as_many_as_wanted_as_far_as_there_are(
    pool: list[Drawable], number: int, seed: int
) -> None:
    chosen = drawn(pool, number, Random(seed))
    assert len(chosen) == len(set(chosen)) == min(number, len(pool))
    assert set(chosen) <= set(pool)


@settings(deadline=None)
@given(drawables, st.integers(0, 50), st.integers())
def test_no_two_of_a_fact_while_there_are_others(
    pool: list[Drawable], number: int, seed: int
) -> None:
    chosen = drawn(pool, number, Random(seed))
    facts = Counter(fact for each in chosen for fact in each.facts)
    if any(times > 1 for times in facts.values()):
        assert all(each.facts & facts.keys() for each in set(pool) - set(chosen))


@settings(deadline=None)
@given(st.lists(st.integers(1, 12), min_size=1, max_size=6), st.data())
def test_each_topic_gets_its_share(sizes: list[int], data: Any) -> None:
    pool = [each for n, size in enumerate(sizes) for each in apart(size, n, first=100 * n)]
    number = data.draw(st.integers(0, len(pool)))
    chosen = Counter(
        each.topic_id for each in drawn(pool, number, Random(data.draw(st.integers())))
    )
    for topic_id, size in enumerate(sizes):
        exact = number * size / len(pool)
        assert abs(chosen[topic_id] - exact) < 1


@settings(deadline=None)
@given(st.integers())
def test_new_and_known_questions_are_mixed(seed: int) -> None:
    pool = apart(40) + apart(10, is_new=False, first=100)
    assert sum(each.is_new for each in drawn(pool, 10, Random(seed))) == 5


def test_a_small_topic_gets_its_turn_in_some_quizzes() -> None:
    pool = apart(30, 1) + apart(10, 2, first=100)
    drawings = [drawn(pool, 2, Random(seed)) for seed in range(200)]
    with_small = sum(any(each.topic_id == 2 for each in chosen) for chosen in drawings)
    assert 60 < with_small < 140


def test_the_same_seed_draws_the_same() -> None:
    pool = apart(30)
    assert drawn(pool, 10, Random(1)) == drawn(pool, 10, Random(1))
    assert drawn(pool, 10, Random(1)) != drawn(pool, 10, Random(2))


@pytest.mark.django_db
def test_only_what_can_be_asked_is_drawn(alice: User, charlie: User) -> None:
    topic, other = TopicFactory(), TopicFactory()
    plain, suspended, known = QuestionFactory.create_batch(3, topic=topic)
    QuestionFactory(topic=topic, retired_at=MORNING)
    QuestionFactory(topic=other)
    cards.suspend(alice, suspended, MORNING)
    cards.suspend(charlie, plain, MORNING)
    learn(alice, known)
    assert set(draw(alice, [topic.pk], 50)) == {plain.pk, known.pk}
    assert set(draw(charlie, [topic.pk, other.pk], 50)) == set(
        Question.objects.active().exclude(pk=plain.pk).values_list("pk", flat=True)
    )


@pytest.mark.django_db
def test_a_question_of_several_facts_is_drawn_once(alice: User) -> None:
    topic = TopicFactory()
    facts = FactFactory.create_batch(3, topic=topic)
    question = QuestionFactory(topic=topic, facts=facts)
    assert draw(alice, [topic.pk], 5) == [question.pk]


@pytest.mark.django_db
def test_drawing_is_one_query(alice: User, django_assert_num_queries: Any) -> None:
    topics = [QuestionFactory().topic.pk for _ in range(12)]
    with django_assert_num_queries(1):
        assert len(draw(alice, topics, 10)) == 10


@pytest.mark.django_db
class TestMaking:
    def test_the_questions_keep_their_order(self, alice: User) -> None:
        ids = [question.pk for question in QuestionFactory.create_batch(4)][::-1]
        quiz = make(alice, title="Services", question_ids=ids, now=MORNING, minutes=20)
        assert list(quiz.places.values_list("question", flat=True)) == ids
        assert list(quiz.places.values_list("position", flat=True)) == [1, 2, 3, 4]
        assert quiz.deadline == MORNING + timedelta(minutes=20)

    def test_retired_ones_and_repeats_are_passed_over(self, alice: User) -> None:
        kept, gone = QuestionFactory(), QuestionFactory(retired_at=MORNING)
        ids = [gone.pk, kept.pk, kept.pk, 0]
        quiz = make(alice, title="Services", question_ids=ids, now=MORNING)
        assert list(quiz.places.values_list("question", flat=True)) == [kept.pk]

    def test_there_are_fifty_at_most(self, alice: User) -> None:
        topic = TopicFactory()
        ids = [question.pk for question in QuestionFactory.create_batch(MOST + 1, topic=topic)]
        quiz = make(alice, title="Services", question_ids=ids, now=MORNING)
        assert list(quiz.places.values_list("question", flat=True)) == ids[:MOST]

    def test_none_at_all_is_an_error(self, alice: User) -> None:
        with pytest.raises(ValueError, match="at least one question"):
            make(alice, title="Services", question_ids=[], now=MORNING)
