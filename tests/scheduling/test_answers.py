from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core import signing
from django.db import connection

from quizapp.content.models import Question
from quizapp.grading import Grade
from quizapp.scheduling import cards
from quizapp.scheduling.answers import StaleShowing, Verdict, rate_easy, record, undo
from quizapp.scheduling.memory import Rating, State
from quizapp.scheduling.models import Card, Review
from quizapp.scheduling.showing import InvalidShowingError, Showing, _salt
from quizapp.study.models import Quiz, QuizQuestion
from tests.factories import QuestionFactory, UserFactory
from tests.scheduling.studying import DAY, MINUTE, MORNING, answer, card_of, learn, reviews, show

AGAIN, HARD, GOOD, EASY = Rating

pytestmark = pytest.mark.django_db


def test_a_card_is_made_when_its_question_is_first_answered() -> None:
    alice, question = UserFactory(), QuestionFactory()
    assert card_of(alice, question) is None
    answer(alice, question, GOOD)
    card = card_of(alice, question)
    assert card
    assert (card.state, card.reps, card.due) == (State.LEARNING, 1, MORNING + 10 * MINUTE)


def test_the_review_stores_what_was_shown_answered_and_done() -> None:
    alice, question = UserFactory(), QuestionFactory(version=3)
    showing = show(alice, question)
    answer(alice, question, GOOD, MORNING + timedelta(seconds=7), showing)
    review = Review.objects.get()
    card = card_of(alice, question)
    assert card
    assert review.question_version == card.question_version == 3
    assert review.seed == showing.seed
    assert review.options_order == question.parsed_spec.present(showing.seed)["order"]
    assert (review.response, review.score, review.rating) == ("response", 1.0, GOOD)
    assert (review.is_sure, review.duration_ms) == (True, 7000)
    assert (review.state_before, review.before) == (State.NEW, None)
    assert review.after == card.snapshot
    assert review.retrievability is None
    assert review.desired_retention == 0.9


def test_the_predicted_recall_is_stored_with_later_reviews() -> None:
    alice, question = UserFactory(), QuestionFactory()
    card = learn(alice, question)
    answer(alice, question, GOOD, card.due)
    review = Review.objects.latest("pk")
    assert review.retrievability == pytest.approx(0.9, abs=0.05)
    assert review.before == card.snapshot


def test_a_break_counts_as_ten_minutes_at_most() -> None:
    alice, question = UserFactory(), QuestionFactory()
    answer(alice, question, GOOD, MORNING + DAY, show(alice, question))
    assert Review.objects.get().duration_ms == 10 * 60 * 1000


def test_the_same_form_again_changes_nothing_and_shows_its_review() -> None:
    alice, question = UserFactory(), QuestionFactory()
    showing = show(alice, question)
    first = answer(alice, question, GOOD, showing=showing)
    card = card_of(alice, question)
    again = answer(alice, question, AGAIN, MORNING + MINUTE, showing)
    assert again.is_repeat
    assert again.review == first.review
    assert card_of(alice, question).snapshot == card.snapshot
    assert reviews(alice) == 1


def test_a_second_tab_that_has_fallen_behind_is_stale() -> None:
    alice, question = UserFactory(), QuestionFactory()
    old_tab = show(alice, question)
    answer(alice, question, GOOD)
    with pytest.raises(StaleShowing):
        answer(alice, question, GOOD, showing=old_tab)
    assert reviews(alice) == 1


def test_a_form_from_before_a_change_of_meaning_is_stale() -> None:
    alice, question = UserFactory(), QuestionFactory()
    showing = show(alice, question)
    question.version = 2
    question.save()
    with pytest.raises(StaleShowing):
        answer(alice, question, GOOD, showing=showing)
    assert reviews(alice) == 0


def test_the_same_form_after_an_undo_is_stale() -> None:
    alice, question = UserFactory(), QuestionFactory()
    showing = show(alice, question)
    review = answer(alice, question, GOOD, showing=showing).review
    undo(alice, review.pk, MORNING)
    with pytest.raises(StaleShowing):
        answer(alice, question, GOOD, showing=showing)
    assert card_of(alice, question) is None


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as pool:
        yield pool


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_known", [False, True], ids=["new question", "known question"])
def test_the_same_form_eight_ways_at_once_is_exactly_one_review(
    threads: ThreadPoolExecutor,
    is_known: bool,  # noqa: FBT001
) -> None:
    alice, question = UserFactory(), QuestionFactory()
    if is_known:
        learn(alice, question)
    known = reviews(alice)
    showing = show(alice, question)

    def submit(_: int) -> bool:
        try:
            return answer(alice, question, GOOD, MORNING + DAY, showing).is_repeat
        finally:
            connection.close()

    repeats = list(threads.map(submit, range(8)))
    assert sorted(repeats) == [False] + [True] * 7
    assert reviews(alice) == known + 1
    assert card_of(alice, question).reps == known + 1


@pytest.mark.parametrize("history", [[], [GOOD], [GOOD, GOOD], [EASY], [EASY, AGAIN], [AGAIN] * 3])
@pytest.mark.parametrize("rating", Rating)
def test_undo_restores_every_field_exactly(history: list[Rating], rating: Rating) -> None:
    alice, question = UserFactory(), QuestionFactory()
    now = MORNING
    for earlier in history:
        answer(alice, question, earlier, now)
        now = card_of(alice, question).due
    before = Card.objects.filter(user=alice).values().first()
    review = answer(alice, question, rating, now).review
    assert undo(alice, review.pk, now + MINUTE) == review
    after = Card.objects.filter(user=alice).values().first()
    if before and after:
        before.pop("id"), after.pop("id")
    assert after == before
    assert reviews(alice) == len(history)


def test_undo_takes_back_one_review_after_the_other() -> None:
    alice, question = UserFactory(), QuestionFactory()
    first = answer(alice, question, GOOD).review
    second = answer(alice, question, GOOD, MORNING + 10 * MINUTE).review
    assert undo(alice, first.pk, MORNING) is None
    assert undo(alice, second.pk, MORNING) == second
    assert undo(alice, first.pk, MORNING) == first
    assert Review.objects.filter(undone_at=MORNING).count() == 2


def test_undo_of_the_same_review_again_changes_nothing() -> None:
    alice, other, question = UserFactory(), QuestionFactory(), QuestionFactory()
    answer(alice, other)
    review = answer(alice, question).review
    for _ in range(2):
        assert undo(alice, review.pk, MORNING) == review
    assert reviews(alice) == 1


def test_undo_of_a_first_answer_leaves_a_suspended_question_suspended() -> None:
    alice, question = UserFactory(), QuestionFactory()
    review = answer(alice, question).review
    cards.suspend(alice, question, MORNING)
    undo(alice, review.pk, MORNING)
    card = card_of(alice, question)
    assert (card.state, card.reps, card.is_suspended) == (State.NEW, 0, True)


def test_undo_leaves_the_reviews_of_others_alone() -> None:
    alice, bob, question = UserFactory(), UserFactory(), QuestionFactory()
    review = answer(bob, question).review
    assert undo(alice, review.pk, MORNING) is None
    assert reviews(bob) == 1


def test_undo_does_nothing_once_the_question_means_something_else() -> None:
    alice, question = UserFactory(), QuestionFactory()
    review = answer(alice, question, EASY).review
    cards.start_anew([question.pk])
    assert undo(alice, review.pk, MORNING) is None


def test_too_easy_replaces_the_review_with_an_easy_one() -> None:
    alice, question = UserFactory(), QuestionFactory()
    review = answer(alice, question, GOOD).review
    easy = rate_easy(alice, review.pk, MORNING + MINUTE)
    assert easy.rating == EASY
    assert easy.reviewed_at == MORNING
    assert reviews(alice) == 1
    card = card_of(alice, question)
    assert (card.state, card.reps) == (State.REVIEW, 1)
    assert card.snapshot == easy.after
    twin = QuestionFactory()
    answer(alice, twin, EASY)
    assert card_of(alice, twin).stability == card.stability


def test_too_easy_logs_the_retention_that_it_was_reckoned_with() -> None:
    alice, question = UserFactory(), QuestionFactory()
    review = answer(alice, question, GOOD).review
    alice.desired_retention = 0.75
    alice.save()
    easy = rate_easy(alice, review.pk, MORNING + MINUTE)
    assert easy.desired_retention == 0.75
    assert cards.replayed(alice, question) == card_of(alice, question).memory


@pytest.mark.parametrize("rating", [AGAIN, EASY])
def test_only_a_right_answer_that_is_not_easy_yet_can_be_too_easy(rating: Rating) -> None:
    alice, question = UserFactory(), QuestionFactory()
    review = answer(alice, question, rating).review
    assert rate_easy(alice, review.pk, MORNING) is None


def test_too_easy_twice_counts_once() -> None:
    alice, question = UserFactory(), QuestionFactory()
    review = answer(alice, question, GOOD).review
    rate_easy(alice, review.pk, MORNING)
    assert rate_easy(alice, review.pk, MORNING) is None
    assert reviews(alice) == 1


def test_too_easy_tells_nothing_of_a_response_that_waits_for_the_end_of_its_quiz() -> None:
    alice, question = UserFactory(), QuestionFactory()
    review = answer(alice, question, GOOD).review
    quiz = Quiz.objects.create(user=alice, title="Pods", feedback=Quiz.Feedback.AT_END)
    QuizQuestion.objects.create(quiz=quiz, position=0, question=question, review=review)
    assert rate_easy(alice, review.pk, MORNING) is None
    Quiz.objects.update(finished_at=MORNING)
    assert rate_easy(alice, review.pk, MORNING)


def test_too_easy_that_a_change_of_meaning_outruns_changes_nothing() -> None:
    alice, question = UserFactory(), QuestionFactory()
    review = answer(alice, question, GOOD).review
    Question.objects.update(version=2)  # and the cards are about to follow
    assert rate_easy(alice, review.pk, MORNING) is None
    assert reviews(alice) == 1
    assert card_of(alice, question).reps == 1


def test_too_easy_is_for_ones_own_reviews() -> None:
    alice, charlie, question = UserFactory(), UserFactory(), QuestionFactory()
    review = answer(alice, question, GOOD).review
    assert rate_easy(charlie, review.pk, MORNING) is None
    assert card_of(alice, question).state == State.LEARNING


def test_replaying_the_log_gives_the_card() -> None:
    alice, question = UserFactory(), QuestionFactory()
    now = MORNING
    for rating in [GOOD, AGAIN, GOOD, GOOD, GOOD, AGAIN, GOOD, HARD]:
        answer(alice, question, rating, now)
        now = card_of(alice, question).due
    undo(alice, answer(alice, question, EASY, now).review.pk, now)
    alice.desired_retention = 0.8
    alice.save()
    answer(alice, question, GOOD, now)
    assert cards.replayed(alice, question) == card_of(alice, question).memory


def test_a_question_lost_eight_times_becomes_a_leech() -> None:
    alice, question = UserFactory(), QuestionFactory()
    card = learn(alice, question)
    for lapses in range(1, 9):
        answer(alice, question, AGAIN, card.due)
        card = card_of(alice, question)
        assert (card.lapses, card.is_leech) == (lapses, lapses == 8)
        answer(alice, question, GOOD, card.due)
        card = card_of(alice, question)


def test_a_changed_meaning_starts_the_question_anew_for_everybody() -> None:
    alice, bob = UserFactory(), UserFactory()
    question, other = QuestionFactory(), QuestionFactory()
    for user in (alice, bob):
        learn(user, question)
    untouched = learn(bob, other).snapshot
    question.version = 2
    question.save()
    cards.start_anew([question.pk])
    for user in (alice, bob):
        card = card_of(user, question)
        assert (card.state, card.stability, card.question_version) == (State.LEARNING, None, 2)
    assert card_of(bob, other).snapshot == untouched
    later = card_of(alice, question).due + MINUTE
    answer(alice, question, GOOD, later)
    assert cards.replayed(alice, question) == card_of(alice, question).memory


def test_a_changed_meaning_leaves_what_was_only_set_aside_new() -> None:
    alice, question = UserFactory(), QuestionFactory()
    cards.bury(alice, question, MORNING)
    question.version = 2
    question.save()
    cards.start_anew([question.pk])
    card = card_of(alice, question)
    assert (card.state, card.question_version) == (State.NEW, 2)


def test_a_first_answer_that_a_change_of_meaning_outruns_is_stale() -> None:
    alice, question = UserFactory(), QuestionFactory()
    showing = show(alice, question)
    Question.objects.update(version=2)  # behind the back of the question as read
    with pytest.raises(StaleShowing):
        answer(alice, question, GOOD, showing=showing)
    assert card_of(alice, question) is None
    assert reviews(alice) == 0


def test_an_answer_that_a_change_of_meaning_outruns_is_stale() -> None:
    alice, question = UserFactory(), QuestionFactory()
    as_read = learn(alice, question)
    showing = show(alice, question)
    Question.objects.update(version=2)
    cards.start_anew([question.pk])
    anew = card_of(alice, question).snapshot
    verdict = Verdict("response", Grade(1.0), GOOD, is_sure=True)
    with pytest.raises(StaleShowing):
        record(
            showing, user=alice, question=question, card=as_read, verdict=verdict, now=MORNING + DAY
        )
    assert card_of(alice, question).snapshot == anew
    assert reviews(alice) == 1


def test_the_seal_which_anybody_can_read_does_not_hold_the_seed() -> None:
    """With the seed one could undo the shuffle and see the authors' order, often the key."""
    alice, question = UserFactory(), QuestionFactory()
    showing = show(alice, question)
    numbers = signing.loads(showing.seal(alice), salt=_salt(alice))
    assert question.pk in numbers
    assert showing.seed not in numbers


def test_a_showing_is_sealed_for_its_learner() -> None:
    alice, charlie, question = UserFactory(), UserFactory(), QuestionFactory()
    showing = show(alice, question)
    seal = showing.seal(alice)
    assert Showing.unseal(seal, alice) == showing
    for token, user in [(seal, charlie), (seal[:-1], alice), ("", alice), ("a:b:c", alice)]:
        with pytest.raises(InvalidShowingError):
            Showing.unseal(token, user)
