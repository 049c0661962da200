from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from quizapp.scheduling.goals.trust import Bin, Forecasts, WeeksAhead, answers, forecasts
from quizapp.scheduling.memory import Rating, State
from quizapp.scheduling.models import ReadinessNote, Review
from quizapp.teams.models import User
from tests.factories import AssignmentFactory, QuestionFactory, UserFactory
from tests.scheduling.studying import DAY, MORNING

pytestmark = pytest.mark.django_db


def asked(
    expected: float | None,
    rating: Rating = Rating.GOOD,
    *,
    state: State = State.REVIEW,
    now: datetime = MORNING,
    undone_at: datetime | None = None,
) -> None:
    user, question = UserFactory(), QuestionFactory()
    Review.objects.create(
        user=user,
        question=question,
        question_version=1,
        reviewed_at=now,
        undone_at=undone_at,
        seed=1,
        duration_ms=1000,
        score=1,
        rating=rating,
        desired_retention=0.9,
        retrievability=expected,
        state_before=state,
        after={},
    )


def noted(forecast: float, outcome: float | None, *, days: int = 7, half: float = 0.1) -> None:
    ReadinessNote.objects.create(
        assignment=AssignmentFactory(),
        user=UserFactory(),
        noted_on=date(2026, 3, 2),
        due_on=date(2026, 3, 2) + timedelta(days=days),
        readiness=0.2,
        forecast=forecast,
        forecast_low=forecast - half,
        forecast_high=forecast + half,
        outcome=outcome,
    )


def test_answers_are_held_against_what_was_expected_of_them() -> None:
    asked(0.91)
    asked(0.93, Rating.HARD)
    asked(0.92, Rating.AGAIN)
    asked(0.4, Rating.AGAIN)
    low, high = answers(MORNING)
    assert low == Bin(0.4, 0.45, 1, pytest.approx(0.4), 0)
    assert high == Bin(0.9, 0.95, 3, pytest.approx(0.92), pytest.approx(2 / 3))


def test_only_answers_tell_that_were_a_question_of_memory() -> None:
    asked(0.9, now=MORNING - 366 * DAY)
    asked(0.9, state=State.LEARNING)
    asked(0.9, undone_at=MORNING)
    asked(1.0)  # on the day of the last answer
    asked(None, state=State.NEW)
    assert answers(MORNING) == []


def test_forecasts_are_held_against_what_came_of_them() -> None:
    noted(0.85, 0.95, days=7)
    noted(0.81, 0.61, days=13)
    noted(0.3, 0.3, days=3)
    noted(0.3, None)
    found = forecasts()
    assert found.cases == 3
    assert found.error == pytest.approx(0.1)
    assert found.inside == pytest.approx(2 / 3)
    assert found.bins == [
        Bin(0.3, 0.4, 1, pytest.approx(0.3), pytest.approx(0.3)),
        Bin(0.8, 0.9, 2, pytest.approx(0.83), pytest.approx(0.78)),
    ]
    assert found.by_weeks == [
        WeeksAhead(0, 1, pytest.approx(0), 1),
        WeeksAhead(1, 2, pytest.approx(0.15), 0.5),
    ]


def test_without_cases_nothing_is_said(alice: User) -> None:
    assert forecasts() == Forecasts([], 0, None, None, [])
    assert answers(MORNING) == []


@pytest.mark.parametrize(("share", "low"), [(0.0, 0.0), (0.1, 0.1), (0.999, 0.9), (1.0, 0.9)])
def test_a_bin_holds_its_lower_bound(share: float, low: float) -> None:
    noted(share, share)
    assert [each.low for each in forecasts().bins] == [low]


def test_queries_are_as_many_for_many_cases(django_assert_num_queries: object) -> None:
    for _ in range(5):
        asked(0.9)
        noted(0.9, 0.8)
    with django_assert_num_queries(2):  # type: ignore[operator]
        answers(MORNING)
    with django_assert_num_queries(1):  # type: ignore[operator]
        forecasts()
