"""The queue of learners who have a track to know by a date, through the real database."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from quizapp.content.models import Fact, Question, Track
from quizapp.scheduling.answers import rate_easy
from quizapp.scheduling.cards import replayed
from quizapp.scheduling.goals.aims import dues
from quizapp.scheduling.goals.syncing import sync
from quizapp.scheduling.line_up import LineUp, Plan, line_up
from quizapp.scheduling.memory import Rating, State
from quizapp.scheduling.models import Card, Goal, Review
from quizapp.scheduling.queue import Reason, Scope, next_card
from quizapp.scheduling.refitting import reschedule
from quizapp.scheduling.showing import Showing
from quizapp.teams.models import Absence, Assignment, Membership, Team, User
from tests.factories import (
    AssignmentFactory,
    FactFactory,
    MembershipFactory,
    QuestionFactory,
    TopicFactory,
    TrackFactory,
)
from tests.scheduling.studying import DAY, MORNING, answer, card_of, show

AGAIN, HARD, GOOD, EASY = Rating
TODAY = MORNING.date()

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(alice: User, platform: Team) -> Membership:
    member: Membership = MembershipFactory(team=platform, user=alice)
    return member


@pytest.fixture
def track() -> Track:
    """Two topics, of which the one that comes later in the bank comes first in the track."""
    first, second = TopicFactory(position=9), TopicFactory(position=8)
    track: Track = TrackFactory(topics=[first, second])
    return track


def questions(track: Track, each: int, **fields: Any) -> list[Question]:
    """So many of each topic, in the order of the track."""
    topics = track.topics.order_by("tracktopic__position")
    return [question for topic in topics for question in batch(each, topic=topic, **fields)]


def batch(number: int, **fields: Any) -> list[Question]:
    made: list[Question] = QuestionFactory.create_batch(number, **fields)
    return made


def assign(member: Membership, track: Track, days: int, **fields: Any) -> Assignment:
    due_on = TODAY + timedelta(days=days)
    assignment: Assignment = AssignmentFactory(
        team=member.team, track=track, due_on=due_on, **{"minutes_per_day": 60} | fields
    )
    sync(member.team)
    member.user.refresh_from_db()
    return assignment


def knows(
    user: User, asked: list[Question], *, stability: float, days: int, due_in: int = 30
) -> None:
    """The questions are in REVIEW, last answered so many days ago."""
    Card.objects.bulk_create(
        Card(
            user=user,
            question=question,
            state=State.REVIEW,
            stability=stability,
            difficulty=5,
            due=MORNING + due_in * DAY,
            last_review=MORNING - days * DAY,
            reps=3,
        )
        for question in asked
    )


def lined_up(user: User, now: datetime = MORNING, **scope: Any) -> LineUp:
    return line_up(user, now, **scope)


def new_of(user: User, now: datetime = MORNING, **scope: Any) -> list[int]:
    return [each.question_id for each in lined_up(user, now, **scope).new]


class TestNewQuestions:
    def test_are_those_of_the_track_in_its_order(self, member: Membership, track: Track) -> None:
        QuestionFactory(topic=TopicFactory(position=1))
        own = questions(track, 3)
        assign(member, track, days=15)
        assert new_of(member.user) == [each.pk for each in own]

    def test_are_spread_over_the_days_whatever_the_learners_own_number(
        self, member: Membership, track: Track
    ) -> None:
        questions(track, 20)
        assign(member, track, days=14 + 25)
        member.user.new_per_day = 0
        assert len(new_of(member.user)) == 2

    def test_are_as_many_again_the_next_day(self, member: Membership, track: Track) -> None:
        own = questions(track, 20)
        assign(member, track, days=14 + 25)
        for number in range(2):
            assert len(new_of(member.user)) == 2 - number
            answer(member.user, own[number], EASY)
        assert new_of(member.user) == []
        assert new_of(member.user, MORNING + DAY) == [each.pk for each in own[2:4]]

    def test_are_bounded_by_the_assignments_minutes(self, member: Membership, track: Track) -> None:
        questions(track, 20)
        assign(member, track, days=5, minutes_per_day=2)
        # Two minutes hold six answers of twenty seconds, or three new questions.
        assert len(new_of(member.user)) == 3

    @pytest.mark.parametrize(("own", "new"), [(None, 3), (1, 3), (4, 6)])
    def test_get_the_greater_of_the_assignments_and_the_learners_minutes(
        self, member: Membership, track: Track, own: int | None, new: int
    ) -> None:
        questions(track, 20)
        assign(member, track, days=5, minutes_per_day=2)
        member.user.minutes_per_day = own
        assert len(new_of(member.user)) == new

    def test_come_from_the_nearest_goal_first(self, member: Membership, track: Track) -> None:
        nearer = TrackFactory(topics=[TopicFactory(position=99)])
        own, urgent = questions(track, 5), questions(nearer, 5)
        assign(member, track, days=14 + 50)
        assign(member, nearer, days=15)
        assert new_of(member.user) == [each.pk for each in (*urgent, own[0])]

    def test_of_other_topics_wait_until_all_of_the_track_are_met(
        self, member: Membership, track: Track
    ) -> None:
        other, later = QuestionFactory(), QuestionFactory()
        own = questions(track, 1)
        assign(member, track, days=60)
        member.user.new_per_day = 3
        assert new_of(member.user) == [own[0].pk]
        answer(member.user, own[0], EASY)
        assert new_of(member.user) == []
        answer(member.user, own[1], EASY, MORNING + DAY)
        assert new_of(member.user, MORNING + DAY) == [other.pk, later.pk]
        member.user.new_per_day = 2
        assert new_of(member.user, MORNING + DAY) == [other.pk]

    def test_of_another_topic_come_if_it_is_studied_on_purpose(
        self, member: Membership, track: Track
    ) -> None:
        other = QuestionFactory()
        questions(track, 3)
        assign(member, track, days=60)
        assert new_of(member.user, topic=other.topic) == [other.pk]

    def test_can_be_asked_for_beyond_the_days_share(self, member: Membership, track: Track) -> None:
        QuestionFactory()
        own = questions(track, 5)
        assign(member, track, days=60)
        assert new_of(member.user, extra_new=3) == [each.pk for each in own[:4]]
        assert lined_up(member.user).more_new == 9

    def test_do_not_come_on_leave(self, member: Membership, track: Track) -> None:
        QuestionFactory()
        questions(track, 5)
        assign(member, track, days=60)
        tomorrow = TODAY + timedelta(days=1)
        Absence.objects.create(membership=member, first_day=tomorrow, last_day=tomorrow)
        numbers = [len(new_of(member.user, MORNING + days * DAY)) for days in range(3)]
        assert numbers == [1, 0, 1]

    def test_are_those_that_the_track_covers(self, member: Membership, track: Track) -> None:
        topic = track.topics.order_by("tracktopic__position")[0]
        basic = FactFactory(topic=topic)
        beyond = FactFactory(topic=topic, extends=basic)
        both = QuestionFactory(topic=topic, facts=[basic, beyond])
        plain = QuestionFactory(topic=topic)
        for covers, expected in ((True, both), (False, plain)):
            Track.objects.filter(pk=track.pk).update(covers_extensions=covers)
            Assignment.objects.all().delete()
            assign(member, track, days=15)
            assert new_of(member.user) == [expected.pk]

    def test_are_the_plain_queues_from_the_date_on_and_when_the_goal_ends(
        self, member: Membership, track: Track
    ) -> None:
        other = QuestionFactory(topic=TopicFactory(position=1))
        own = questions(track, 1)
        assignment = assign(member, track, days=2)
        everything = [other.pk, own[1].pk, own[0].pk]
        assert new_of(member.user, MORNING + DAY) == [each.pk for each in own]
        assert new_of(member.user, MORNING + 2 * DAY) == everything
        Assignment.objects.filter(pk=assignment.pk).update(ended_at=MORNING)
        sync(member.team)
        member.user.refresh_from_db()
        assert new_of(member.user) == everything


class TestReviews:
    def test_leave_room_for_the_new_ones_that_the_date_asks_for(
        self, member: Membership, track: Track
    ) -> None:
        own = questions(track, 20)
        knows(member.user, own[:20], stability=10, days=10, due_in=0)
        assign(member, track, days=14 + 25, minutes_per_day=3)
        # One of the nine answers goes to each review, nearly, and two to the question to be met.
        assert lined_up(member.user).plan == Plan(reviews=6, new=1)

    def test_that_are_worth_most_on_the_date_come_first_where_not_all_fit(
        self, member: Membership, track: Track
    ) -> None:
        own = questions(track, 2)
        knows(member.user, own[:1], stability=300, days=20, due_in=0)
        knows(member.user, own[1:], stability=6, days=8, due_in=0)
        assign(member, track, days=30, minutes_per_day=1)
        assert {each.question_id for each in lined_up(member.user).reviews} <= {
            each.pk for each in own[1:]
        }


class TestTheLastDays:
    @pytest.fixture
    def faded(self, member: Membership, track: Track) -> list[Question]:
        """All met, none due, but recalled by the date at less than the target."""
        own = questions(track, 5)
        knows(member.user, own[:8], stability=30, days=20)
        knows(member.user, own[8:], stability=0.5, days=10)
        return own

    def test_refresh_what_is_weakest_as_a_part_of_the_days_work(
        self, member: Membership, track: Track, faded: list[Question]
    ) -> None:
        assign(member, track, days=3, target=0.9)
        found = lined_up(member.user)
        early = [each.question_id for each in found.early]
        assert set(early[:2]) == {each.pk for each in faded[8:]}
        assert found.plan == Plan(early=len(early))
        queued = next_card(member.user, MORNING, Scope())
        assert (queued.question, queued.reason) == (faded[8], Reason.EARLY)

    def test_come_to_an_end_when_the_target_is_in_reach(
        self, member: Membership, track: Track, faded: list[Question]
    ) -> None:
        assign(member, track, days=3, target=0.92)
        shown = []
        while (queued := next_card(member.user, MORNING, Scope())).question:
            assert queued.reason in (Reason.EARLY, Reason.AHEAD)
            shown.append(queued.question)
            answer(member.user, queued.question, GOOD)
        assert 2 <= len(shown) < 10
        assert len(set(shown)) == len(shown)

    def test_do_not_begin_before(
        self, member: Membership, track: Track, faded: list[Question]
    ) -> None:
        assign(member, track, days=11)
        assert lined_up(member.user).plan.is_empty

    def test_ask_for_nothing_where_the_target_is_in_reach(
        self, member: Membership, track: Track
    ) -> None:
        knows(member.user, questions(track, 5), stability=100, days=5)
        assign(member, track, days=3)
        assert lined_up(member.user).plan.is_empty

    def test_keep_within_the_days_minutes(
        self, member: Membership, track: Track, faded: list[Question]
    ) -> None:
        assign(member, track, days=3, minutes_per_day=1, target=0.95)
        # Three answers, of which a review that may be missed takes more than one.
        assert lined_up(member.user).plan == Plan(early=2)

    def test_keep_siblings_a_day_apart(self, member: Membership, track: Track) -> None:
        topic = track.topics.all()[0]
        fact: Fact = FactFactory(topic=topic)
        knows(member.user, batch(3, topic=topic, facts=[fact]), stability=4, days=10)
        assign(member, track, days=3)
        assert lined_up(member.user).plan == Plan(early=1)

    def test_leave_other_topics_alone(self, member: Membership, track: Track) -> None:
        knows(member.user, [QuestionFactory()], stability=4, days=10)
        knows(member.user, questions(track, 1), stability=400, days=10)
        assign(member, track, days=3)
        assert lined_up(member.user).plan.is_empty

    def test_are_over_on_the_date(
        self, member: Membership, track: Track, faded: list[Question]
    ) -> None:
        assign(member, track, days=3)
        assert lined_up(member.user, MORNING + 3 * DAY).plan.is_empty

    def test_show_on_the_home_page_even_where_the_review_is_far_off(
        self, member: Membership, track: Track, as_alice: Any, time_machine: Any
    ) -> None:
        time_machine.move_to(MORNING)
        knows(member.user, questions(track, 3), stability=4, days=10, due_in=200)
        assign(member, track, days=3, target=0.95)
        assert "6 ahead of time" in as_alice.get("/").text


class TestRetention:
    @pytest.fixture
    def question(self, member: Membership, track: Track) -> Question:
        """To be asked today, and by the learner's own retention not again before the date."""
        (question, *_) = questions(track, 1)
        knows(member.user, [question], stability=5, days=9, due_in=0)
        User.objects.update(desired_retention=0.7)
        member.user.refresh_from_db()
        return question

    def test_is_raised_where_the_question_would_fall_below_the_target(
        self, member: Membership, track: Track, question: Question
    ) -> None:
        assign(member, track, days=40, target=0.9)
        answer(member.user, question, GOOD)
        card = card_of(member.user, question)
        assert card
        assert card.due < MORNING + 40 * DAY
        assert Review.objects.get().desired_retention == 0.9

    def test_is_what_the_card_is_replayed_by(
        self, member: Membership, track: Track, question: Question
    ) -> None:
        Card.objects.all().delete()
        assignment = assign(member, track, days=40, target=0.9)
        for days in (0, 3, 9, 20):
            answer(member.user, question, EASY, MORNING + days * DAY)
        Assignment.objects.filter(pk=assignment.pk).delete()
        sync(member.team)
        member.user.refresh_from_db()
        assert set(Review.objects.values_list("desired_retention", flat=True)) == {0.7, 0.9}
        card = card_of(member.user, question)
        assert card
        assert replayed(member.user, question) == card.memory
        assert reschedule(member.user) == 0

    def test_is_raised_for_what_turned_out_too_easy(
        self, member: Membership, track: Track, question: Question
    ) -> None:
        assign(member, track, days=60, target=0.95)
        outcome = answer(member.user, question, GOOD)
        log = rate_easy(member.user, outcome.review.pk, MORNING)
        assert log
        card = card_of(member.user, question)
        assert card
        assert log.desired_retention == 0.95
        assert card.due < MORNING + 60 * DAY

    @pytest.mark.parametrize("rating", Rating)
    def test_brings_it_back_when_it_was_said_that_it_would(
        self, member: Membership, track: Track, question: Question, rating: Rating
    ) -> None:
        card = card_of(member.user, question)
        assert card
        own = dues(member.user, question, card.memory, MORNING)
        assign(member, track, days=40, target=0.9)
        told = dues(member.user, question, card.memory, MORNING)
        answer(member.user, question, rating)
        card = card_of(member.user, question)
        assert card
        assert card.due == told[rating]
        assert told[GOOD] < own[GOOD]

    @pytest.mark.parametrize("days", [0, 2, 300])
    def test_is_the_learners_own_where_the_date_is_over_near_or_far(
        self, member: Membership, track: Track, question: Question, days: int
    ) -> None:
        assign(member, track, days=days, target=0.85)
        answer(member.user, question, GOOD)
        assert Review.objects.get().desired_retention == 0.7

    def test_is_the_learners_own_outside_the_track(
        self, member: Membership, track: Track, question: Question
    ) -> None:
        other = QuestionFactory()
        knows(member.user, [other], stability=5, days=9, due_in=0)
        assign(member, track, days=40, target=0.9)
        answer(member.user, other, GOOD)
        assert Review.objects.get().desired_retention == 0.7

    @pytest.mark.parametrize(("covers", "retention"), [(True, 0.7), (False, 0.9), (None, 0.9)])
    def test_looks_at_what_the_track_covers(
        self,
        member: Membership,
        track: Track,
        question: Question,
        covers: Any,
        retention: float,
    ) -> None:
        Track.objects.update(covers_extensions=covers)
        assign(member, track, days=40, target=0.9)
        answer(member.user, question, GOOD)
        assert Review.objects.get().desired_retention == retention


class TestQueries:
    @pytest.mark.parametrize("goals", [0, 1, 3])
    def test_goals_take_one_more_however_many_there_are(
        self,
        member: Membership,
        track: Track,
        goals: int,
        django_assert_num_queries: Any,
    ) -> None:
        own = questions(track, 5)
        knows(member.user, own[:5], stability=5, days=9, due_in=0)
        for number in range(goals):
            assign(member, track, days=5 + number)
            Absence.objects.create(membership=member, first_day=TODAY, last_day=TODAY + 2 * DAY)
        for scope in (Scope(), Scope(own[0].topic), Scope(ahead_days=3)):
            with django_assert_num_queries(4 if goals else 3):
                assert next_card(member.user, MORNING, scope).question

    @pytest.mark.parametrize("goals", [0, 2])
    def test_saying_when_each_rating_brings_it_back_takes_one_more(
        self, member: Membership, track: Track, goals: int, django_assert_num_queries: Any
    ) -> None:
        (question, *_) = questions(track, 1)
        knows(member.user, [question], stability=5, days=9, due_in=0)
        for number in range(goals):
            assign(member, track, days=30 + number)
        card = card_of(member.user, question)
        assert card
        with django_assert_num_queries(1 if goals else 0):
            dues(member.user, question, card.memory, MORNING)

    @pytest.mark.parametrize("goals", [0, 2])
    def test_an_answer_takes_one_more(
        self, member: Membership, track: Track, goals: int, django_assert_num_queries: Any
    ) -> None:
        own = questions(track, 1)
        knows(member.user, own, stability=5, days=9, due_in=0)
        for number in range(goals):
            assign(member, track, days=30 + number)
        showing: Showing = show(member.user, own[0])
        assert Goal.objects.count() == goals
        with django_assert_num_queries(7 if goals else 6):
            answer(member.user, own[0], GOOD, showing=showing)
