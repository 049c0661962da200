from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.progress import standing
from quizapp.progress.days import dates_between
from quizapp.scheduling import cards
from quizapp.scheduling.cards import schedule_of
from quizapp.scheduling.day import LearnerDay
from quizapp.scheduling.memory import Rating, retrievability
from quizapp.scheduling.models import Card
from quizapp.teams.models import User
from tests.factories import FactFactory, QuestionFactory, TopicFactory, UserFactory
from tests.scheduling.studying import DAY, MINUTE, MORNING, answer, card_of, learn

ZONES = ["UTC", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu"]


@given(
    zone=st.sampled_from(ZONES),
    hour=st.integers(0, 23),
    at=st.datetimes(datetime(1990, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    before=st.timedeltas(timedelta(0), timedelta(days=1500)),
)
def test_dates_of_many_instants_are_those_of_the_learner(
    zone: str, hour: int, at: datetime, before: timedelta
) -> None:
    day = LearnerDay(ZoneInfo(zone), hour)
    first = at - before
    ordinal = dates_between(day, first.timestamp(), at.timestamp())
    for moment in (first, at):
        # A date that the zone never had, or an hour that it had twice, belongs to what began first.
        found = date.fromordinal(ordinal(moment.timestamp()))
        assert day.start_of(found) <= moment < day.start_of(found + timedelta(days=2))
        if (
            day.start_of(day.date_of(moment))
            <= moment
            < day.start_of(day.date_of(moment) + timedelta(days=1))
        ):
            assert found == day.date_of(moment)


@pytest.mark.django_db
@pytest.mark.parametrize("zone", ["UTC", "Asia/Kolkata", "America/New_York"])
def test_the_expected_recall_is_that_of_the_memory_model(zone: str) -> None:
    alice = UserFactory(timezone=zone)
    now = MORNING + 200 * DAY
    for number in range(8):
        question = QuestionFactory()
        card = learn(alice, question, MORNING + number * 17 * DAY + number * 157 * MINUTE)
        if number % 2:
            answer(alice, question, Rating.GOOD, card.due)
    expected = {
        card.question_id: retrievability(card.memory, now, schedule_of(alice))
        for card in Card.objects.of(alice)
    }
    found = {each.question_id: each.recall for each in standing.met(alice, now, standing.bank())}
    assert found == pytest.approx(expected, abs=1e-9)
    assert len({round(recall or 0, 6) for recall in found.values()}) > 4


@pytest.mark.django_db
def test_recall_follows_the_learners_own_parameters() -> None:
    alice, question = UserFactory(), QuestionFactory()
    learn(alice, question)
    later = MORNING + 100 * DAY
    before = standing.met(alice, later, standing.bank())[0].recall
    own = list(schedule_of(alice).parameters)
    own[20] *= 2
    alice.memory_parameters = {"version": 6, "values": own}
    card = card_of(alice, question)
    assert card
    after = standing.met(alice, later, standing.bank())[0].recall
    assert after == pytest.approx(retrievability(card.memory, later, schedule_of(alice)), abs=1e-9)
    assert after != before


@pytest.fixture
def alice() -> User:
    return UserFactory()


@pytest.mark.django_db
def test_coverage_counts_what_was_answered_and_is_still_there(alice: User) -> None:
    topic = TopicFactory()
    questions = QuestionFactory.create_batch(4, topic=topic)
    learn(alice, questions[0], MORNING - 40 * DAY)
    learn(alice, questions[1])
    cards.suspend(alice, questions[2], MORNING)
    learn(alice, QuestionFactory(topic=topic, retired_at=MORNING))
    learn(UserFactory(), questions[3])
    found = standing.met(alice, MORNING, standing.bank())
    of_topic = standing.topics(standing.bank(), found)[0].coverage
    assert (of_topic.total, of_topic.met, of_topic.unmet) == (4, 2, 2)
    first = card_of(alice, questions[0])
    assert first
    faded = retrievability(first.memory, MORNING, schedule_of(alice))
    assert faded is not None
    assert of_topic.recall == pytest.approx((1 + faded) / 2)


@pytest.mark.django_db
def test_a_question_with_a_new_meaning_is_met_but_nothing_is_expected(alice: User) -> None:
    question = QuestionFactory()
    learn(alice, question)
    cards.start_anew([question.pk])
    coverage = standing.coverage(1, standing.met(alice, MORNING, standing.bank()))
    assert (coverage.met, coverage.recall) == (1, None)


@pytest.mark.django_db
def test_facts_have_their_questions_and_the_next_that_comes_back(alice: User) -> None:
    topic = TopicFactory()
    shared, lonely = FactFactory(topic=topic, position=1), FactFactory(topic=topic, position=0)
    first = QuestionFactory(topic=topic, facts=[shared])
    QuestionFactory(topic=topic, facts=[shared, lonely])
    FactFactory(topic=topic, position=2)
    card = learn(alice, first)
    facts = standing.facts(alice, topic, standing.met(alice, MORNING, standing.bank(topic)))
    assert [each.fact for each in facts] == [lonely, shared]
    assert (facts[0].coverage.total, facts[0].coverage.met, facts[0].comes) == (1, 0, None)
    assert (facts[1].coverage.total, facts[1].coverage.met, facts[1].comes) == (2, 1, card.due)


@pytest.mark.django_db
def test_the_forecast_counts_by_the_learners_days_and_the_overdue_today() -> None:
    alice = UserFactory(timezone="America/New_York")
    day = schedule_of(alice).day
    dues = [
        (MORNING - 40 * DAY, 0),
        (day.start(MORNING, 1) - MINUTE, 0),
        (day.start(MORNING, 1), 1),
        (day.start(MORNING, 29), 29),
        (day.start(MORNING, 30), None),
    ]
    for due, _ in dues:
        learn(alice, QuestionFactory())
        Card.objects.filter(pk=Card.objects.latest("pk").pk).update(due=due)
    buried, suspended = QuestionFactory(), QuestionFactory()
    for question in (buried, suspended):
        learn(alice, question, MORNING - 40 * DAY)
    Card.objects.filter(question=buried).update(buried_until=day.start(MORNING, 1))
    cards.suspend(alice, suspended, MORNING)
    forecast = standing.forecast(alice, MORNING, standing.met(alice, MORNING, standing.bank()))
    assert forecast[0][0] == day.date_of(MORNING)
    assert {ahead: number for ahead, (_, number) in enumerate(forecast) if number} == {
        0: 2,
        1: 2,
        29: 1,
    }
    assert len(forecast) == 30
