from __future__ import annotations

import math
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import pairwise
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from quizapp.account import bringing
from quizapp.scheduling import cards, fitting, refitting
from quizapp.scheduling.fitting import Step
from quizapp.scheduling.memory import (
    DEFAULT_PARAMETERS,
    Rating,
    Schedule,
    retrievability,
    review,
    unseen,
)
from quizapp.scheduling.models import Card, MemoryFit, Review
from quizapp.teams.models import User
from tests.factories import QuestionFactory, UserFactory
from tests.scheduling.studying import DAY, MORNING, answer, card_of, learn

FORGETFUL = (0.05, 0.3, 0.6, 2.0, *DEFAULT_PARAMETERS[4:8], 1.0, *DEFAULT_PARAMETERS[9:])
"""Of somebody with short first stabilities, which grow slowly."""


def learned(
    parameters: tuple[float, ...], cards: int, *, seed: int = 1, reviews: int = 9
) -> list[list[Step]]:
    """Histories of somebody whose memory works by the parameters and who comes on any day."""
    chance = random.Random(seed)
    schedule = Schedule(cards_day(), parameters=parameters)
    histories = []
    for number in range(cards):
        now = MORNING + timedelta(days=chance.randrange(90), minutes=number)
        memory, history = unseen(now), []
        for _ in range(reviews):
            predicted = retrievability(memory, now, schedule)
            is_recalled = chance.random() < (0.6 if predicted is None else predicted)
            rating = Rating.GOOD if is_recalled else Rating.AGAIN
            history.append(Step(rating, now.toordinal(), now.timestamp(), predicted))
            memory = review(memory, rating, now, schedule, seed=f"{seed}:{number}")
            now += timedelta(days=max(1, round((memory.stability or 1) * chance.uniform(0.5, 2))))
        histories.append(history)
    return histories


def cards_day() -> cards.LearnerDay:
    return cards.day_of(User(timezone="UTC", rollover_hour=0))


def fit(histories: list[list[Step]], **options: tuple[float, ...]) -> fitting.Fit | None:
    defaults = {"start": DEFAULT_PARAMETERS, "in_use": DEFAULT_PARAMETERS}
    return fitting.fit(histories, **{**defaults, **options})


@pytest.mark.parametrize(("reviews", "is_fitted"), [(63, False), (64, True)])
def test_a_fit_needs_64_usable_reviews(reviews: int, is_fitted: bool) -> None:  # noqa: FBT001
    histories = learned(DEFAULT_PARAMETERS, reviews, reviews=2)
    assert fitting.usable(histories) == reviews
    assert (fit(histories) is not None) == is_fitted


def test_a_review_on_the_same_day_is_not_usable() -> None:
    steps = [Step(3, day, day * 86400.0 + number) for number, day in enumerate([1, 1, 2, 2, 9])]
    assert fitting.usable([steps]) == 2


def test_the_fit_to_a_forgetful_learner_improves_on_the_published_parameters() -> None:
    found = fit(learned(FORGETFUL, 200))
    assert found
    assert found.improves
    assert found.log_loss < found.before
    assert found.log_loss < found.constant


def test_the_fit_to_a_typical_learner_does_not_claim_much() -> None:
    found = fit(learned(DEFAULT_PARAMETERS, 200))
    assert found
    assert abs(found.log_loss - found.before) < 0.01


def test_with_few_reviews_the_fit_stays_near_where_it_starts() -> None:
    """What the pool knows already is not given up for the noise in a few reviews."""
    few = learned(FORGETFUL, 12, reviews=7)
    from_pool, from_published = fit(few, start=FORGETFUL), fit(few)
    assert from_pool
    assert from_published
    assert from_pool.log_loss <= from_published.log_loss


def test_the_held_out_fifth_is_not_fitted_to() -> None:
    """Whatever happens in the last fifth, the parameters stay the same."""
    histories = learned(FORGETFUL, 60)
    times = sorted(
        later.at
        for history in histories
        for earlier, later in pairwise(history)
        if later.day > earlier.day
    )
    boundary = times[math.floor(len(times) * 0.8)]
    turned = [
        [replace(step, rating=4 - step.rating) if step.at >= boundary else step for step in history]
        for history in histories
    ]
    as_it_was, with_other_outcomes = fit(histories), fit(turned)
    assert as_it_was
    assert with_other_outcomes
    assert as_it_was.parameters == with_other_outcomes.parameters
    assert as_it_was.log_loss != with_other_outcomes.log_loss


def test_predictions_are_those_of_the_memory_model() -> None:
    """The losses come from the library that fits; reviews are predicted by the one that steps."""
    histories = learned(FORGETFUL, 30)
    predicted = fitting._predictions(histories, FORGETFUL, boundary=0)
    expected = [
        later.predicted
        for history in histories
        for earlier, later in pairwise(history)
        if later.day > earlier.day
    ]
    assert [p for p, _ in predicted] == pytest.approx(expected, abs=1e-5)


def test_what_is_found_at_the_edge_is_what_the_memory_model_takes() -> None:
    """The library fits in single precision, in which 0.8 is a little more than 0.8."""
    gaps, histories = (1, 2, 3, 4, 5, 7), []
    for card in range(1200):
        day, history = card, [Step(3, card, card * 86400.0)]
        for number in range(6):
            gap = gaps[(card + number) % len(gaps)]
            day += gap
            history.append(Step(3 if gap <= 4 else 1, day, day * 86400.0))
        histories.append(history)
    found = fitting._fitted(histories)
    assert found[20] == 0.8
    schedule = Schedule(cards_day(), parameters=found)
    assert review(unseen(MORNING), Rating.EASY, MORNING, schedule, seed="").stability


def test_the_baselines_by_hand() -> None:
    seen, held_out = [True, True, True, False], [True, False]
    first, second = fitting._moving_average(seen, held_out)
    average = 0.75
    for outcome in seen:
        average += 0.05 * (outcome - average)
    assert first == (pytest.approx(average), True)
    assert second == (pytest.approx(average + 0.05 * (1 - average)), False)


@pytest.mark.parametrize(
    ("predictions", "loss"),
    [
        ([(0.5, True)], math.log(2)),
        ([(0.9, True), (0.9, False)], -(math.log(0.9) + math.log(0.1)) / 2),
        ([(1.0, False)], -math.log(1e-4)),
        ([], math.inf),
    ],
)
def test_log_loss_by_hand(predictions: list[tuple[float, bool]], loss: float) -> None:
    assert fitting._log_loss(predictions) == pytest.approx(loss)


def test_calibration_counts_by_what_was_predicted() -> None:
    history = [
        Step(3, 1, 1.0),
        Step(3, 2, 2.0, 0.92),
        Step(1, 3, 3.0, 0.93),
        Step(3, 3, 3.5, 1.0),  # on the same day: no prediction worth the name
        Step(3, 9, 4.0, 0.3),
    ]
    bins = fitting.calibration([history])
    assert bins[7] == (2, pytest.approx(1.85), 1)
    assert bins[0] == (1, pytest.approx(0.3), 1)
    assert sum(count for count, *_ in bins) == 3


# With the database


def live(user: User, parameters: tuple[float, ...], questions: int, days: int, seed: int) -> None:
    """Answer what is due each day, recalled with the chance that the parameters give.

    The keys are given, since the fuzz of intervals hangs on them and the outcome on that.
    """
    chance = random.Random(seed)
    truth = Schedule(cards.day_of(user), parameters=parameters)
    real = {}
    for number in range(questions):
        question = QuestionFactory(pk=1_000_000 + 1_000 * seed + number)
        now = MORNING + number % 5 * DAY
        learn(user, question, now)
        real[question] = review(unseen(now), Rating.EASY, now, truth, seed="")
    for day in range(1, days):
        now = MORNING + day * DAY
        due = Card.objects.filter(user=user, due__lte=now).order_by("question")
        for card in due.select_related("question"):
            memory = real[card.question]
            recall = retrievability(memory, now, truth) or 0
            rating = Rating.GOOD if chance.random() < recall else Rating.AGAIN
            answer(user, card.question, rating, now)
            real[card.question] = review(memory, rating, now, truth, seed="")


@pytest.fixture
def alice() -> User:
    return UserFactory(pk=1_000_000, email="alice@example.com")


pytestmark = pytest.mark.django_db


@pytest.fixture
def forgetful_alice(alice: User) -> User:
    live(alice, (0.1, 0.3, 0.5, 1.5, *DEFAULT_PARAMETERS[4:]), questions=30, days=60, seed=5)
    return alice


NIGHT = MORNING + 61 * DAY


def test_a_learner_gets_parameters_that_improve_and_cards_are_replayed(
    forgetful_alice: User,
) -> None:
    before = {card.pk: card.memory for card in Card.objects.all()}
    row = refitting.refit(forgetful_alice, DEFAULT_PARAMETERS, NIGHT)
    assert row
    assert row.is_adopted
    assert row.log_loss < row.log_loss_before
    forgetful_alice.refresh_from_db()
    assert cards.parameters_of(forgetful_alice) == tuple(row.parameters["values"])
    assert cards.schedule_of(forgetful_alice).parameters == tuple(row.parameters["values"])
    assert {card.pk: card.memory for card in Card.objects.all()} != before
    assert_replayed(forgetful_alice)


def assert_replayed(user: User) -> None:
    for card in Card.objects.of(user).select_related("question"):
        assert cards.replayed(user, card.question) == card.memory


def test_answers_after_a_fit_stay_exact_replays(forgetful_alice: User) -> None:
    refitting.refit(forgetful_alice, DEFAULT_PARAMETERS, NIGHT)
    for card in Card.objects.select_related("question")[:5]:
        answer(forgetful_alice, card.question, Rating.GOOD, NIGHT)
    assert_replayed(forgetful_alice)


def test_a_reset_gives_the_cards_back_as_they_were(forgetful_alice: User) -> None:
    before = {card.pk: card.memory for card in Card.objects.all()}
    refitting.refit(forgetful_alice, DEFAULT_PARAMETERS, NIGHT)
    refitting.reset(forgetful_alice)
    assert {card.pk: card.memory for card in Card.objects.all()} == before
    assert cards.parameters_of(forgetful_alice) == DEFAULT_PARAMETERS
    assert not MemoryFit.objects.exists()


def test_a_second_night_without_reviews_changes_nothing(forgetful_alice: User) -> None:
    refitting.refit(forgetful_alice, DEFAULT_PARAMETERS, NIGHT)
    first = {card.pk: card.memory for card in Card.objects.all()}
    row = refitting.refit(forgetful_alice, DEFAULT_PARAMETERS, NIGHT + DAY)
    assert row
    assert not row.is_adopted
    assert {card.pk: card.memory for card in Card.objects.all()} == first


def test_somebody_with_few_reviews_is_left_alone(alice: User) -> None:
    learn(alice, QuestionFactory())
    assert refitting.refit(alice, DEFAULT_PARAMETERS, NIGHT) is None
    assert alice.memory_parameters is None


def test_a_question_with_a_new_meaning_is_not_replayed_from_its_old_log(alice: User) -> None:
    question = QuestionFactory()
    learn(alice, question)
    type(question).objects.update(version=2)
    cards.start_anew([question.pk])
    anew = card_of(alice, question)
    assert refitting.reschedule(alice) == 0
    assert anew
    assert card_of(alice, question).memory == anew.memory  # type: ignore[union-attr]


def test_undone_and_superseded_reviews_are_not_fitted_to(forgetful_alice: User) -> None:
    usable = fitting.usable(list(refitting._histories(forgetful_alice)))
    last = Review.objects.latest("pk")
    Review.objects.filter(pk=last.pk).update(undone_at=NIGHT)
    assert fitting.usable(list(refitting._histories(forgetful_alice))) == usable - 1
    Review.objects.update(superseded_at=NIGHT)
    assert list(refitting._histories(forgetful_alice)) == []


def test_a_history_without_its_beginning_is_not_fitted_to(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a log too long for a night the latest reviews are taken, which begin anywhere."""
    question, whole = QuestionFactory(), QuestionFactory()
    for number in range(3):
        answer(alice, question, now=MORNING + number * DAY)
    for number in range(3, 5):
        answer(alice, whole, now=MORNING + number * DAY)
    assert [len(history) for history in refitting._histories()] == [3, 2]
    monkeypatch.setattr(refitting, "MOST_POOLED_REVIEWS", 4)
    assert [len(history) for history in refitting._histories()] == [2]


def test_a_question_learned_anew_begins_another_history(alice: User) -> None:
    question = QuestionFactory()
    for version in (1, 2):
        question.version = version
        question.save()
        cards.start_anew([question.pk])
        for number in range(2):
            answer(alice, question, now=MORNING + (10 * version + number) * DAY)
    assert [len(history) for history in refitting._histories(alice)] == [2, 2]


BETTER = fitting.Fit(FORGETFUL, 100, log_loss=0.2, before=0.3, constant=0.4, moving_average=0.4)


def test_somebody_who_leaves_meanwhile_does_not_stop_the_others(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A night's work takes a while, in which accounts are deleted and guests swept."""
    bob = UserFactory(pk=alice.pk - 1)
    for user in (alice, bob):
        learn(user, QuestionFactory())

    def fit_while_bob_leaves(*_: Any, **__: Any) -> fitting.Fit:
        User.objects.filter(pk=bob.pk).delete()
        return BETTER

    monkeypatch.setattr(refitting, "fit_pool", lambda _now: (DEFAULT_PARAMETERS, 0))
    monkeypatch.setattr(fitting, "fit", fit_while_bob_leaves)
    done = refitting.refit_everybody(NIGHT)
    assert (done.learners, done.fitted, done.adopted) == (2, 1, 1)
    assert MemoryFit.objects.get().user == alice


def test_somebody_may_leave_while_the_log_is_read() -> None:
    for user in UserFactory.create_batch(2):
        learn(user, QuestionFactory())
    histories = refitting._histories()
    next(histories)
    User.objects.all().delete()
    assert len(list(histories)) == 1


def test_cards_are_replayed_by_the_settings_of_the_moment(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not by those that the learner had when the night's work began."""
    learn(alice, QuestionFactory())
    User.objects.filter(pk=alice.pk).update(timezone="Asia/Tokyo")
    monkeypatch.setattr(fitting, "fit", lambda *_, **__: BETTER)
    refitting.refit(alice, DEFAULT_PARAMETERS, NIGHT)
    assert_replayed(User.objects.get(pk=alice.pk))


def test_the_command_fits_everybody_and_says_so(
    forgetful_alice: User, capsys: pytest.CaptureFixture[str]
) -> None:
    bob = UserFactory()
    learn(bob, QuestionFactory())
    call_command("fitmemory")
    said = capsys.readouterr().out
    assert "Of 2 learners 1 had enough of their own, and 1 got new parameters." in said
    assert MemoryFit.objects.filter(user=None).count() == 1
    assert MemoryFit.objects.get(user=forgetful_alice).is_adopted
    bob.refresh_from_db()
    assert bob.memory_parameters is None


def test_two_fits_for_everybody_become_one(forgetful_alice: User) -> None:
    refitting.fit_pool(NIGHT)
    first = MemoryFit.objects.get(user=None)
    first.pk = None
    first.save()
    refitting.fit_pool(NIGHT)
    assert MemoryFit.objects.filter(user=None).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_reset_and_a_guest_who_is_brought_along_do_not_wait_for_each_other(alice: User) -> None:
    def in_a_thread(act: Callable[[], object]) -> None:
        try:
            act()
        finally:
            connection.close()

    questions = QuestionFactory.create_batch(8)
    for question in questions:
        learn(alice, question)
    for _ in range(2):
        guest = User.objects.create_guest()
        learn(guest, questions[0])
        Card.objects.of(alice).update(stability=1)  # so that there is something to replay
        acts = (
            partial(refitting.reset, alice),
            partial(bringing.bring, guest, alice, NIGHT),
        )
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(in_a_thread, acts))
    assert_replayed(alice)


def test_the_command_resets_one_learner(forgetful_alice: User) -> None:
    call_command("fitmemory")
    call_command("fitmemory", "--reset", "Alice@example.com")
    forgetful_alice.refresh_from_db()
    assert forgetful_alice.memory_parameters is None


def test_the_command_says_when_there_is_nobody_to_reset() -> None:
    with pytest.raises(CommandError, match="Nobody has an account"):
        call_command("fitmemory", "--reset", "nobody@example.com")


def test_an_installation_without_reviews_is_fine(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("fitmemory")
    assert "Pooled 0 usable reviews. Of 0 learners 0 had enough" in capsys.readouterr().out
