from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from quizapp.content.models import Question
from quizapp.scheduling import cards, queue
from quizapp.scheduling.answers import undo
from quizapp.scheduling.line_up import LineUp, Plan
from quizapp.scheduling.memory import Rating, State
from quizapp.scheduling.models import Card, DayTally, Review
from quizapp.scheduling.queue import Queued, Reason, Scope, next_card
from quizapp.teams.models import User
from tests.factories import FactFactory, QuestionFactory, TopicFactory, UserFactory
from tests.scheduling.studying import DAY, MINUTE, MORNING, answer, card_of, learn, show

SECOND = timedelta(seconds=1)

AGAIN, HARD, GOOD, EASY = Rating

pytestmark = pytest.mark.django_db


def upcoming(user: User, now: datetime = MORNING, **scope: Any) -> Queued:
    return next_card(user, now, Scope(**scope))


def known(user: User, *, due: datetime, stability: float = 10, **fields: Any) -> Question:
    """A question in REVIEW, last reviewed one stability before it was due."""
    question = QuestionFactory(**fields)
    Card.objects.create(
        user=user,
        question=question,
        state=State.REVIEW,
        stability=stability,
        difficulty=5,
        due=due,
        last_review=due - timedelta(days=stability),
        reps=3,
    )
    return question


def day_of_study(user: User, now: datetime, limit: int = 50) -> list[Question]:
    """What the queue shows when every question is answered right at once."""
    shown = []
    while (queued := upcoming(user, now)).question and queued.reason != Reason.AHEAD:
        shown.append(queued.question)
        answer(user, queued.question, EASY, now)
        assert len(shown) <= limit
    return shown


def test_an_empty_bank_has_nothing_to_show() -> None:
    queued = upcoming(UserFactory())
    assert (queued.question, queued.line_up.plan) == (None, Plan())


def test_new_questions_come_in_the_authors_order() -> None:
    alice, topic = UserFactory(), TopicFactory(position=5)
    later = QuestionFactory(topic=topic, position=2)
    first = QuestionFactory(topic=topic, position=1)
    earlier_topic = QuestionFactory(topic=TopicFactory(position=1), position=9)
    assert day_of_study(alice, MORNING) == [earlier_topic, first, later]


def test_new_questions_stop_at_the_days_limit_and_go_on_the_next_day() -> None:
    alice = UserFactory(new_per_day=2)
    questions = QuestionFactory.create_batch(3)
    assert day_of_study(alice, MORNING) == questions[:2]
    assert upcoming(alice, MORNING + DAY).question == questions[2]


def test_the_learner_can_ask_for_more_new_questions() -> None:
    alice = UserFactory(new_per_day=0)
    question = QuestionFactory()
    assert upcoming(alice).question is None
    assert upcoming(alice, extra_new=1).question == question


def test_due_steps_come_first_then_reviews() -> None:
    alice = UserFactory(new_per_day=0)
    review = known(alice, due=MORNING - DAY)
    step = QuestionFactory()
    answer(alice, step, AGAIN, MORNING - 2 * MINUTE)
    queued = upcoming(alice)
    assert (queued.question, queued.reason) == (step, Reason.STEP)
    assert queued.line_up.plan == Plan(steps=1, reviews=1)
    answer(alice, step, EASY)
    assert (upcoming(alice).question, upcoming(alice).reason) == (review, Reason.REVIEW)


def test_the_step_that_waits_longest_comes_first() -> None:
    alice = UserFactory(new_per_day=0)
    late, early = QuestionFactory(), QuestionFactory()
    answer(alice, late, AGAIN, MORNING - 3 * MINUTE)
    answer(alice, early, AGAIN, MORNING - 9 * MINUTE)
    assert upcoming(alice).question == early


def test_reviews_come_by_how_overdue_they_are_relative_to_their_stability() -> None:
    alice = UserFactory(new_per_day=0)
    long_known = known(alice, due=MORNING - 6 * DAY, stability=100)
    shaky = known(alice, due=MORNING - 2 * DAY, stability=2)
    fair = known(alice, due=MORNING - 5 * DAY, stability=20)
    assert day_of_study(alice, MORNING) == [shaky, fair, long_known]


def test_new_questions_are_spread_between_the_reviews() -> None:
    alice = UserFactory(new_per_day=3)
    reviews = {known(alice, due=MORNING - DAY).pk for _ in range(6)}
    QuestionFactory.create_batch(5)
    shown = ["review" if q.pk in reviews else "new" for q in day_of_study(alice, MORNING)]
    assert shown == [
        *("review", "new", "review", "review", "new"),
        *("review", "review", "new", "review"),
    ]


def test_two_questions_on_one_fact_are_not_shown_on_one_day() -> None:
    alice, fact = UserFactory(), FactFactory()
    first, sibling = QuestionFactory.create_batch(2, facts=[fact])
    other = QuestionFactory()
    assert day_of_study(alice, MORNING) == [first, other]
    assert sibling in day_of_study(alice, MORNING + DAY)


def test_a_due_sibling_waits_until_tomorrow() -> None:
    alice, fact = UserFactory(new_per_day=0), FactFactory()
    first, second = (known(alice, due=MORNING - DAY, facts=[fact]) for _ in range(2))
    shown = day_of_study(alice, MORNING)
    assert len(shown) == 1
    assert {*shown, *day_of_study(alice, MORNING + DAY)} == {first, second}


def test_the_plan_counts_one_question_of_a_fact() -> None:
    alice, fact = UserFactory(), FactFactory()
    for _ in range(3):
        known(alice, due=MORNING - DAY, facts=[fact])
    QuestionFactory.create_batch(2, facts=[fact])
    QuestionFactory.create_batch(2, facts=[FactFactory()])
    lined_up = upcoming(alice).line_up
    assert lined_up.plan == Plan(reviews=1, new=1)
    assert lined_up.held == 2
    assert len(day_of_study(alice, MORNING)) == 2


def test_the_plan_is_what_will_be_shown() -> None:
    alice = UserFactory(new_per_day=4)
    facts = FactFactory.create_batch(6)
    for number in range(9):
        known(alice, due=MORNING - DAY, facts=list({facts[number % 4], facts[(number * 2) % 5]}))
    for number in range(8):
        QuestionFactory(facts=[facts[number % 6]])
    plan = upcoming(alice).line_up.plan
    assert len(day_of_study(alice, MORNING)) == plan.total


def test_what_could_be_new_beyond_the_limit_is_counted() -> None:
    alice = UserFactory(new_per_day=1)
    fact = FactFactory()
    QuestionFactory.create_batch(2, facts=[fact])
    QuestionFactory()
    cards.bury(alice, QuestionFactory(), MORNING)
    lined_up = upcoming(alice).line_up
    assert (lined_up.plan.new, lined_up.more_new) == (1, 1)


def test_a_retry_is_shown_even_though_its_fact_was_seen() -> None:
    alice = UserFactory()
    question = QuestionFactory()
    answer(alice, question, AGAIN)
    assert upcoming(alice, MORNING + MINUTE).question == question


def test_a_question_whose_answer_is_undone_this_very_moment_is_new_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    alice, question = UserFactory(), QuestionFactory()
    review = answer(alice, question, AGAIN).review
    line_up = queue.line_up

    def undone_meanwhile(*arguments: Any, **options: Any) -> LineUp:
        found = line_up(*arguments, **options)
        undo(alice, review.pk, MORNING)
        return found

    monkeypatch.setattr(queue, "line_up", undone_meanwhile)
    queued = upcoming(alice, MORNING + MINUTE)
    assert (queued.question, queued.card) == (question, None)


def test_steps_are_shown_ahead_of_time_when_nothing_else_is_left() -> None:
    alice = UserFactory()
    wrong, other = QuestionFactory(), QuestionFactory()
    answer(alice, wrong, AGAIN)
    assert upcoming(alice).question == other
    answer(alice, other, EASY)
    queued = upcoming(alice)
    assert (queued.question, queued.reason) == (wrong, Reason.AHEAD)
    assert queued.line_up.plan.is_empty


def test_steps_further_off_than_twenty_minutes_are_waited_for() -> None:
    alice, question = UserFactory(), QuestionFactory()
    answer(alice, question, GOOD)
    Card.objects.update(due=MORNING + 21 * MINUTE)
    assert upcoming(alice).question is None
    assert upcoming(alice, MORNING + MINUTE).question == question


def test_the_limit_of_reviews_counts_the_whole_day() -> None:
    alice = UserFactory(new_per_day=0, reviews_per_day=2)
    for _ in range(4):
        known(alice, due=MORNING - DAY)
    assert upcoming(alice).line_up.plan.reviews == 2
    assert len(day_of_study(alice, MORNING)) == 2
    assert len(day_of_study(alice, MORNING + DAY)) == 2


def test_steps_go_on_when_the_limit_of_reviews_is_reached() -> None:
    alice, question = UserFactory(new_per_day=0, reviews_per_day=0), QuestionFactory()
    known(alice, due=MORNING - DAY)
    answer(alice, question, AGAIN)
    queued = upcoming(alice)
    assert (queued.question, queued.reason) == (question, Reason.AHEAD)


def pace_of(user: User, seconds: int, on: datetime = MORNING - DAY) -> None:
    """So many seconds an answer, as measured on a day of study with very many."""
    DayTally.objects.create(user=user, day=on, reviews=10_000, duration_ms=seconds * 10_000_000)


def test_a_learner_without_minutes_has_no_cap() -> None:
    alice = UserFactory(new_per_day=0)
    for _ in range(40):
        known(alice, due=MORNING - 30 * DAY)
    lined_up = upcoming(alice).line_up
    assert (lined_up.plan.reviews, lined_up.over, lined_up.held) == (40, 0, 0)


def test_the_days_minutes_hold_as_many_reviews_as_the_learners_pace_allows() -> None:
    alice, bob = UserFactory(minutes_per_day=5), UserFactory(minutes_per_day=5)
    pace_of(alice, seconds=10)
    pace_of(bob, seconds=30)
    for user in (alice, bob):
        for _ in range(40):
            known(user, due=MORNING)
        card = Card.objects.of(user)[0]
        assert card.stability == 10
    # At a chance of 0.9 a review takes 1.1 answers: 11 seconds, or 33.
    for user, reviews in ((alice, 27), (bob, 9)):
        lined_up = upcoming(user).line_up
        assert lined_up.plan.reviews == reviews
        assert lined_up.over == 40 - reviews


def test_somebody_new_is_taken_to_have_a_typical_pace() -> None:
    alice = UserFactory(minutes_per_day=2, new_per_day=50)
    QuestionFactory.create_batch(10)
    assert upcoming(alice).line_up.plan == Plan(new=3)


def test_only_the_latest_days_of_study_tell_the_pace() -> None:
    alice = UserFactory(minutes_per_day=1, new_per_day=50)
    for days in range(14):
        pace_of(alice, seconds=5, on=MORNING - days * DAY)
    pace_of(alice, seconds=60, on=MORNING - 20 * DAY)
    QuestionFactory.create_batch(10)
    assert upcoming(alice).line_up.plan.new == 6


def test_minutes_spent_today_are_used_up() -> None:
    alice = UserFactory(minutes_per_day=5, new_per_day=0)
    pace_of(alice, seconds=10)
    for _ in range(40):
        known(alice, due=MORNING)
    first = upcoming(alice).line_up.plan.reviews
    for _ in range(5):
        question = upcoming(alice).question
        assert question
        showing = show(alice, question, MORNING - 30 * SECOND)
        answer(alice, question, GOOD, MORNING, showing)
    assert upcoming(alice).line_up.plan.reviews == pytest.approx(first / 2, abs=1)
    Review.objects.update(duration_ms=60_000)
    queued = upcoming(alice)
    assert (queued.question, queued.line_up.over) == (None, 35)
    tomorrow = upcoming(alice, MORNING + DAY)
    assert tomorrow.line_up.plan.reviews > 0


def test_steps_are_asked_when_the_minutes_are_used_up() -> None:
    alice = UserFactory(minutes_per_day=1)
    known(alice, due=MORNING)
    wrong = QuestionFactory()
    answer(alice, wrong, AGAIN, MORNING - MINUTE)
    Review.objects.update(duration_ms=60_000)
    queued = upcoming(alice)
    assert (queued.question, queued.reason) == (wrong, Reason.STEP)
    assert queued.line_up.plan == Plan(steps=1)


def test_new_questions_get_the_minutes_that_reviews_leave() -> None:
    alice = UserFactory(minutes_per_day=2, new_per_day=10)
    QuestionFactory.create_batch(10)
    for _ in range(2):
        known(alice, due=MORNING)
    assert upcoming(alice).line_up.plan == Plan(reviews=2, new=2)
    for _ in range(10):
        known(alice, due=MORNING)
    plan = upcoming(alice).line_up.plan
    assert (plan.reviews, plan.new) == (5, 0)


def test_without_a_backlog_new_questions_come_up_to_their_limit() -> None:
    alice = UserFactory(minutes_per_day=60, new_per_day=4)
    QuestionFactory.create_batch(10)
    known(alice, due=MORNING)
    assert upcoming(alice).line_up.plan == Plan(reviews=1, new=4)


def test_new_questions_that_are_asked_for_are_under_no_limit() -> None:
    alice = UserFactory(minutes_per_day=1, new_per_day=0)
    pace_of(alice, seconds=60)
    QuestionFactory.create_batch(5)
    assert upcoming(alice).line_up.plan.new == 0
    assert upcoming(alice, extra_new=5).line_up.plan.new == 5


def test_the_limit_of_reviews_holds_beside_the_minutes() -> None:
    alice = UserFactory(minutes_per_day=60, reviews_per_day=3, new_per_day=0)
    for _ in range(9):
        known(alice, due=MORNING)
    lined_up = upcoming(alice).line_up
    assert (lined_up.plan.reviews, lined_up.over) == (3, 6)


def test_what_does_not_fit_is_ordered_by_what_a_review_saves() -> None:
    alice = UserFactory(new_per_day=0)
    shaky = known(alice, due=MORNING - 10 * DAY, stability=0.2)
    slipping = known(alice, due=MORNING - 80 * DAY, stability=10)
    firm = known(alice, due=MORNING, stability=300)
    assert day_of_study(alice, MORNING) == [shaky, slipping, firm]
    bob = UserFactory(new_per_day=0, reviews_per_day=2)
    Card.objects.of(alice).update(user=bob)
    for question, stability, days in ((shaky, 0.2, 10), (slipping, 10, 90), (firm, 300, 300)):
        Card.objects.filter(question=question).update(
            state=State.REVIEW,
            stability=stability,
            difficulty=5,
            due=MORNING - DAY,
            last_review=MORNING - days * DAY,
        )
    lined_up = upcoming(bob).line_up
    assert [each.question_id for each in lined_up.reviews] == [slipping.pk, shaky.pk]
    assert (lined_up.over, lined_up.held) == (1, 1)


def test_a_sibling_that_waits_is_no_backlog() -> None:
    alice, fact = UserFactory(minutes_per_day=60), FactFactory()
    for _ in range(3):
        known(alice, due=MORNING, facts=[fact])
    lined_up = upcoming(alice).line_up
    assert (lined_up.over, lined_up.held) == (0, 2)


def test_studying_ahead_takes_the_reviews_of_the_days_to_come() -> None:
    alice = UserFactory(new_per_day=0)
    due = known(alice, due=MORNING - DAY)
    tomorrow = known(alice, due=MORNING + DAY, stability=5)
    in_three_days = known(alice, due=MORNING + 3 * DAY, stability=20)
    later = known(alice, due=MORNING + 4 * DAY)
    queued = upcoming(alice, ahead_days=3)
    assert queued.line_up.plan == Plan(reviews=1, early=2)
    shown = []
    while (queued := upcoming(alice, ahead_days=3)).question:
        shown.append((queued.question, queued.reason))
        answer(alice, queued.question, GOOD)
    assert shown == [
        (due, Reason.REVIEW),
        (in_three_days, Reason.EARLY),
        (tomorrow, Reason.EARLY),
    ]
    assert upcoming(alice, MORNING + 3 * DAY).question is None
    assert upcoming(alice, MORNING + 4 * DAY).question == later


def test_studying_ahead_reaches_to_the_end_of_the_learners_last_day() -> None:
    alice = UserFactory(timezone="Europe/Berlin", new_per_day=0)
    known(alice, due=datetime.fromisoformat("2026-03-04T03:59+01:00"))
    known(alice, due=datetime.fromisoformat("2026-03-04T04:00+01:00"))
    assert upcoming(alice, ahead_days=1).line_up.plan.early == 1


def test_an_early_review_counts_the_shorter_interval() -> None:
    alice, bob = UserFactory(), UserFactory()
    stabilities = []
    for user, now in ((alice, MORNING), (bob, MORNING + 5 * DAY)):
        question = known(user, due=MORNING + 5 * DAY)
        answer(user, question, GOOD, now)
        card = card_of(user, question)
        assert card
        stabilities.append(card.stability or 0)
    assert 10 < stabilities[0] < stabilities[1]


def test_siblings_keep_a_day_apart_ahead_of_time_too() -> None:
    alice, fact = UserFactory(new_per_day=0), FactFactory()
    known(alice, due=MORNING - DAY, facts=[fact])
    known(alice, due=MORNING + DAY, facts=[fact])
    for _ in range(2):
        known(alice, due=MORNING + DAY, facts=[FactFactory()])
    assert upcoming(alice, ahead_days=1).line_up.plan == Plan(reviews=1, early=2)


def test_what_is_asked_for_ahead_is_under_no_limit() -> None:
    alice = UserFactory(minutes_per_day=1, reviews_per_day=1, new_per_day=0)
    for days in (-1, -1, 1, 2):
        known(alice, due=MORNING + days * DAY)
    assert upcoming(alice, ahead_days=2).line_up.plan == Plan(reviews=2, early=2)
    assert upcoming(alice, ahead_days=2).line_up.over == 0


def test_new_questions_are_spread_between_early_reviews() -> None:
    alice = UserFactory(new_per_day=1)
    QuestionFactory()
    for _ in range(3):
        known(alice, due=MORNING + DAY)
    reasons = []
    while (queued := upcoming(alice, ahead_days=1)).question and queued.reason != Reason.AHEAD:
        reasons.append(queued.reason)
        answer(alice, queued.question, EASY)
    assert reasons.count(Reason.NEW) == 1
    assert reasons[0] == Reason.EARLY


def test_answers_keep_clear_of_the_learners_easy_days() -> None:
    weekend = [5, 6]
    alice = UserFactory(easy_days=weekend)
    dues = [learn(alice, QuestionFactory()).due for _ in range(20)]
    assert len({due.date() for due in dues}) > 1
    assert not {due.weekday() for due in dues} & set(weekend)


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/Los_Angeles", "Pacific/Niue"])
def test_reviews_keep_their_dates_where_the_day_begins_elsewhere(zone: str) -> None:
    alice = UserFactory(timezone="Pacific/Kiritimati")
    questions = QuestionFactory.create_batch(9)
    for number, question in enumerate(questions):
        learn(alice, question, MORNING + number * DAY)
    in_steps = QuestionFactory()
    answer(alice, in_steps, GOOD)
    was = cards.day_of(alice)
    dates = {question: was.date_of(card_of(alice, question).due) for question in questions}
    alice.timezone, alice.rollover_hour = zone, 6
    cards.keep_dates(alice, was)
    day = cards.day_of(alice)
    for question, date in dates.items():
        assert card_of(alice, question).due == day.start_of(date)
    assert card_of(alice, in_steps).due == MORNING + 10 * MINUTE


def test_suspended_questions_stay_away_until_they_are_brought_back() -> None:
    alice = UserFactory()
    new, due = QuestionFactory(), known(alice, due=MORNING - DAY)
    for question in (new, due):
        cards.suspend(alice, question, MORNING)
    assert upcoming(alice, MORNING + 30 * DAY).question is None
    for question in (new, due):
        cards.unsuspend(alice, question)
    assert set(day_of_study(alice, MORNING)) == {new, due}


def test_buried_questions_stay_away_until_the_learners_tomorrow() -> None:
    alice = UserFactory(timezone="Europe/Berlin")
    new, due = QuestionFactory(), known(alice, due=MORNING - DAY)
    for question in (new, due):
        cards.bury(alice, question, MORNING)
    four_in_berlin = datetime.fromisoformat("2026-03-03T04:00+01:00")
    assert upcoming(alice, four_in_berlin - MINUTE).question is None
    assert set(day_of_study(alice, four_in_berlin)) == {new, due}


def test_retired_questions_are_not_shown_and_keep_their_cards() -> None:
    alice = UserFactory()
    new, due = QuestionFactory(), known(alice, due=MORNING - DAY)
    for question in (new, due):
        question.retired_at = MORNING
        question.save()
    assert upcoming(alice).question is None
    assert card_of(alice, due)


def test_a_scope_draws_from_its_topic_alone() -> None:
    alice, topic = UserFactory(), TopicFactory()
    QuestionFactory()
    known(alice, due=MORNING - DAY)
    new = QuestionFactory(topic=topic)
    due = known(alice, due=MORNING - DAY, topic=topic)
    queued = upcoming(alice, topic=topic)
    assert (queued.question, queued.line_up.plan) == (due, Plan(reviews=1, new=1))
    answer(alice, due, GOOD)
    assert upcoming(alice, topic=topic).question == new


def test_learners_do_not_see_each_others_cards() -> None:
    alice, bob = UserFactory(new_per_day=0), UserFactory(new_per_day=0)
    known(bob, due=MORNING - DAY)
    assert upcoming(alice).question is None


def test_a_question_learned_today_is_not_due_before_tomorrow() -> None:
    alice, question = UserFactory(), QuestionFactory()
    card = learn(alice, question)
    assert upcoming(alice).question is None
    assert upcoming(alice, card.due).question == question


def test_the_next_card_takes_three_queries_however_much_there_is(
    django_assert_num_queries: Any,
) -> None:
    alice = UserFactory()
    capped = UserFactory(minutes_per_day=1)
    topic = TopicFactory()
    for _ in range(5):
        known(alice, due=MORNING - DAY, topic=topic)
        known(capped, due=MORNING - DAY, topic=topic)
        answer(alice, QuestionFactory(topic=topic), AGAIN)
    QuestionFactory.create_batch(5, topic=topic)
    for user in (alice, capped):
        for scope in (Scope(), Scope(topic), Scope(topic, ahead_days=3)):
            with django_assert_num_queries(3):
                queued = next_card(user, MORNING + 5 * MINUTE, scope)
                assert queued.question
                assert queued.question.topic_id == topic.pk
