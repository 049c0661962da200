"""A learner at work, for tests: shows a question, answers it, and looks at the card."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from quizapp.content.models import Question
from quizapp.grading import Grade
from quizapp.scheduling.answers import Outcome, Verdict, record
from quizapp.scheduling.memory import Rating, State
from quizapp.scheduling.models import Card, Review
from quizapp.scheduling.showing import Showing
from quizapp.teams.models import User

MORNING = datetime(2026, 3, 2, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def card_of(user: User, question: Question) -> Card | None:
    return Card.objects.filter(user=user, question=question).first()


def show(user: User, question: Question, now: datetime = MORNING) -> Showing:
    return Showing.of(question, card_of(user, question), now)


def answer(
    user: User,
    question: Question,
    rating: Rating = Rating.GOOD,
    now: datetime = MORNING,
    showing: Showing | None = None,
) -> Outcome:
    is_right = rating is not Rating.AGAIN
    verdict = Verdict("response", Grade(float(is_right)), rating, is_sure=rating is Rating.GOOD)
    return record(
        showing or show(user, question, now),
        user=user,
        question=question,
        card=card_of(user, question),
        verdict=verdict,
        now=now,
    )


def learn(user: User, question: Question, now: datetime = MORNING) -> Card:
    """Answer until the question leaves the learning steps."""
    answer(user, question, Rating.EASY, now)
    card = card_of(user, question)
    assert card
    assert card.state == State.REVIEW
    return card


def reviews(user: User) -> int:
    return Review.objects.of(user).standing().count()
