from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizapp.content.models import Question
from quizapp.scheduling.cards import PARAMETERS_VERSION
from quizapp.scheduling.formulas import Formulas
from quizapp.scheduling.goals.readiness import DECAY, recall, recalled
from quizapp.scheduling.memory import DEFAULT_PARAMETERS, State
from quizapp.scheduling.models import Card
from quizapp.teams.models import User
from tests.factories import QuestionFactory, UserFactory

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
moments = st.datetimes(datetime(2016, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
stabilities = st.floats(0.001, 40_000)
decays = st.floats(0.1, 0.8)


def with_decay(decay: float, version: int = PARAMETERS_VERSION) -> dict[str, object]:
    return {"version": version, "values": [*DEFAULT_PARAMETERS[:20], decay]}


@pytest.fixture
def question(db: None) -> Question:
    return QuestionFactory()


def test_recall_is_90_percent_once_the_stability_has_passed() -> None:
    assert recall(0, 12.5) == 1
    assert recall(12.5, 12.5) == pytest.approx(0.9)
    assert recall(12.5, 12.5, decay=0.5) == pytest.approx(0.9)
    assert recall(-3, 12.5) == 1


@given(st.integers(0, 4000), stabilities)
def test_whole_days_agree_with_the_scheduler(days: int, stability: float) -> None:
    expected = Formulas(DEFAULT_PARAMETERS).recall(days, stability)
    assert recall(days, stability) == pytest.approx(expected, rel=1e-12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(
        st.tuples(moments, stabilities, st.none() | decays | st.sampled_from([0.1, 0.8])),
        min_size=1,
        max_size=4,
    ),
    moments,
)
def test_the_database_agrees_with_the_formula(
    question: Question, cards: list[tuple[datetime, float, float | None]], now: datetime
) -> None:
    """Of people with parameters of their own and with the published ones, in one statement."""
    User.objects.all().delete()
    expected = {}
    for last_review, stability, decay in cards:
        user = UserFactory(memory_parameters=decay and with_decay(decay))
        known(user, question, stability, last_review)
        days = (now - last_review).total_seconds() / 86_400
        expected[user.pk] = recall(days, stability, decay or DECAY)
    found = dict(Card.objects.values_list("user", recalled(now)))
    assert found == {pk: pytest.approx(chance, rel=1e-9) for pk, chance in expected.items()}


def test_a_card_without_stability_has_no_chance(question: Question, alice: User) -> None:
    Card.objects.create(user=alice, question=question, state=State.LEARNING, due=NOW)
    assert list(Card.objects.values_list(recalled(NOW), flat=True)) == [None]


def test_parameters_of_another_version_are_left_alone(question: Question, alice: User) -> None:
    alice.memory_parameters = with_decay(0.7, version=PARAMETERS_VERSION + 1)
    alice.save()
    known(alice, question, 10, NOW - timedelta(days=30))
    [found] = Card.objects.values_list(recalled(NOW), flat=True)
    assert found == pytest.approx(recall(30, 10))


def known(user: User, question: Question, stability: float, last_review: datetime) -> Card:
    return Card.objects.create(
        user=user,
        question=question,
        state=State.REVIEW,
        stability=stability,
        difficulty=5,
        due=last_review,
        last_review=last_review,
        reps=3,
    )
