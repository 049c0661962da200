"""What becomes of the memory when a guest's learning is brought into an account."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.content.models import Question
from quizapp.scheduling.answers import undo
from quizapp.scheduling.cards import bury, replayed, start_anew, suspend
from quizapp.scheduling.flags import flag, news, settle
from quizapp.scheduling.memory import Rating
from quizapp.scheduling.merging import merge
from quizapp.scheduling.models import Card, Flag, Review
from quizapp.teams.models import User
from tests.factories import QuestionFactory, UserFactory
from tests.scheduling.studying import DAY, MORNING, answer, card_of

pytestmark = pytest.mark.django_db

AGAIN, GOOD, EASY = Rating.AGAIN, Rating.GOOD, Rating.EASY
LATER = MORNING + 400 * DAY


def both() -> tuple[User, User]:
    return User.objects.create_guest(), UserFactory(timezone="Asia/Tokyo")


def study(user: User, question: Question, *ratings: Rating, since: datetime = MORNING) -> None:
    for number, rating in enumerate(ratings):
        answer(user, question, rating, since + number * DAY)


def superseded(user: User) -> int:
    return Review.objects.of(user).exclude(superseded_at=None).count()


def test_a_question_that_only_the_guest_knows_comes_along() -> None:
    guest, alice = both()
    question = QuestionFactory()
    study(guest, question, GOOD, GOOD, AGAIN)
    merge(guest, alice, LATER)
    card = card_of(alice, question)
    assert card
    assert (card.reps, card.lapses) == (3, 1)
    assert card.memory == replayed(alice, question)
    assert Review.objects.of(alice).count() == 3
    assert superseded(alice) == 0
    assert not Card.objects.of(guest)


@pytest.mark.parametrize(
    ("theirs", "ours", "later_by", "reps"),
    [
        pytest.param((GOOD, GOOD, EASY), (AGAIN, AGAIN), 0, 3, id="the guest's is longer"),
        pytest.param((GOOD, GOOD), (AGAIN, AGAIN, GOOD), 0, 3, id="the account's is longer"),
        pytest.param((GOOD, GOOD), (AGAIN,), -100, 2, id="longer counts before later"),
        pytest.param((GOOD, EASY), (AGAIN, AGAIN), 1, 2, id="as long, the guest's is later"),
        pytest.param((AGAIN, AGAIN), (GOOD, EASY), -1, 2, id="as long, the account's is later"),
        pytest.param((AGAIN, AGAIN), (GOOD, EASY), 0, 2, id="all alike, the account's"),
    ],
)
def test_of_a_question_that_both_know_the_longer_history_wins(
    theirs: tuple[Rating, ...], ours: tuple[Rating, ...], later_by: int, reps: int
) -> None:
    guest, alice = both()
    question = QuestionFactory()
    study(guest, question, *theirs, since=MORNING + later_by * DAY)
    study(alice, question, *ours)
    won_by_guest = (len(theirs), later_by) > (len(ours), 0)
    merge(guest, alice, LATER)
    card = card_of(alice, question)
    assert card
    assert card.reps == reps
    assert card.memory == replayed(alice, question)
    assert Review.objects.of(alice).count() == len(theirs) + len(ours)
    lost = Review.objects.of(alice).exclude(superseded_at=None)
    assert [Rating(r.rating) for r in lost.order_by("pk")] == list(ours if won_by_guest else theirs)
    assert {r.superseded_at for r in lost} == {LATER}


def test_undone_answers_make_no_history_longer() -> None:
    guest, alice = both()
    question = QuestionFactory()
    study(guest, question, AGAIN, AGAIN, AGAIN)
    Review.objects.of(guest).update(undone_at=MORNING)
    Card.objects.of(guest).delete()
    study(alice, question, GOOD)
    merge(guest, alice, LATER)
    card = card_of(alice, question)
    assert card
    assert card.reps == 1
    assert superseded(alice) == 0
    assert Review.objects.of(alice).standing().count() == 1


@pytest.mark.parametrize("owner", ["guest", "account"])
def test_what_either_has_suspended_stays_so(owner: str) -> None:
    guest, alice = both()
    question = QuestionFactory()
    study(guest, question, GOOD, GOOD)
    study(alice, question, GOOD)
    suspend(guest if owner == "guest" else alice, question, MORNING)
    merge(guest, alice, LATER)
    card = card_of(alice, question)
    assert card
    assert card.is_suspended
    assert card.reps == 2


def test_a_question_set_aside_before_any_answer_comes_along() -> None:
    guest, alice = both()
    suspended, buried, known = QuestionFactory.create_batch(3)
    suspend(guest, suspended, MORNING)
    bury(guest, buried, MORNING)
    suspend(guest, known, MORNING)
    study(alice, known, GOOD)
    merge(guest, alice, LATER)
    cards = {card.question: card for card in Card.objects.of(alice)}
    assert cards[suspended].is_suspended
    assert cards[buried].buried_until == MORNING.replace(hour=4) + DAY
    assert (cards[known].is_suspended, cards[known].reps) == (True, 1)


def test_a_question_that_was_started_anew_is_due_as_it_was() -> None:
    guest, alice = both()
    question = QuestionFactory()
    study(guest, question, GOOD, EASY)
    Question.objects.update(version=2)
    start_anew([question.pk])
    before = card_of(guest, question)
    merge(guest, alice, LATER)
    after = card_of(alice, question)
    assert before
    assert after
    assert after.snapshot == before.snapshot


def test_flags_come_along() -> None:
    guest, alice = both()
    Flag.objects.create(user=guest, question=QuestionFactory(), question_version=1, reason="typo")
    merge(guest, alice, LATER)
    assert Flag.objects.get().user == alice


def test_what_the_guest_has_not_been_told_comes_along() -> None:
    guest, alice = both()
    question = QuestionFactory()
    flag(guest, question, "typo", "", MORNING)
    settle(question, "mended", "Thank you.", UserFactory(), MORNING)
    guest.refresh_from_db()
    merge(guest, alice, LATER)
    alice.refresh_from_db()
    assert [each.reply for each in news(alice)] == ["Thank you."]


def test_the_number_of_queries_does_not_grow_with_what_was_learned(
    django_assert_max_num_queries: object,
) -> None:
    guest, alice = both()
    for question in QuestionFactory.create_batch(12):
        study(guest, question, GOOD, GOOD)
        study(alice, question, GOOD)
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        merge(guest, alice, LATER)


def test_a_second_guest_can_be_brought_along_too() -> None:
    guest, alice = both()
    second = User.objects.create_guest()
    question = QuestionFactory()
    study(guest, question, GOOD, GOOD)
    study(alice, question, AGAIN)
    study(second, question, GOOD, AGAIN, GOOD)
    merge(guest, alice, LATER)
    merge(second, alice, LATER + DAY)
    card = card_of(alice, question)
    assert card
    assert card.reps == 3
    assert card.memory == replayed(alice, question)
    assert (Review.objects.of(alice).count(), superseded(alice)) == (6, 3)


@pytest.mark.parametrize("last", Rating)
def test_an_answer_that_came_along_can_be_undone_or_stays_whole(last: Rating) -> None:
    guest, alice = both()
    question = QuestionFactory()
    study(guest, question, GOOD, EASY, last)
    study(alice, question, GOOD, GOOD)
    merge(guest, alice, LATER)
    latest = Review.objects.of(alice).shaping().latest("pk")
    undone = undo(alice, latest.pk, LATER)
    card = card_of(alice, question)
    assert card
    assert card.reps == (2 if undone else 3)
    assert Review.objects.of(alice).shaping().count() == card.reps
    answer(alice, question, GOOD, LATER + DAY)
    assert Review.objects.of(alice).count() == 6


HISTORY = st.lists(
    st.tuples(st.sampled_from(Rating), st.integers(min_value=0, max_value=60 * 24 * 40)), max_size=5
)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(HISTORY, HISTORY), min_size=1, max_size=3))
def test_whatever_both_have_answered(histories: list[tuple[list[tuple[Rating, int]], ...]]) -> None:
    with transaction.atomic():
        guest, alice = both()
        questions = QuestionFactory.create_batch(len(histories))
        longest = {}
        for question, pair in zip(questions, histories, strict=True):
            for user, history in zip((guest, alice), pair, strict=True):
                now = MORNING
                for rating, minutes in history:
                    now += timedelta(minutes=minutes)
                    answer(user, question, rating, now)
            longest[question] = max(len(history) for history in pair)
        log = {
            review.pk: (review.response, review.rating, review.reviewed_at, review.after)
            for review in Review.objects.all()
        }
        merge(guest, alice, LATER)
        assert log == {
            review.pk: (review.response, review.rating, review.reviewed_at, review.after)
            for review in Review.objects.of(alice)
        }
        for question, reps in longest.items():
            card = card_of(alice, question)
            assert (card.reps if card else 0) == reps
            assert (card.memory if card else None) == replayed(alice, question)
            assert Review.objects.of(alice).shaping().filter(question=question).count() == reps
        assert not Card.objects.of(guest).exists()
        transaction.set_rollback(True)
