"""The learner's pages after ten thousand reviews and after a hundred, in turns.

Both have studied day by day over the same four months, so that their pages have the same parts.
The one with the long history has answered all thousand questions of the bank ten times, the other
twenty-five of them four times: the long history has forty times the cards as well.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count

from django.urls import reverse
from django.utils import timezone

from quizapp.content.models import Question
from quizapp.scheduling import tallies
from quizapp.scheduling.memory import Rating, State
from quizapp.scheduling.models import Card, Review
from quizapp.teams.models import User
from tests.bench.databases import Database, with_content
from tests.bench.figures import Figure
from tests.bench.learning import signed_in
from tests.bench.timing import Contender, medians

TITLE = "Long histories: the yardstick is the same page after 100 reviews"
FEW, MANY = 100, 10_000
MOST = 1.3
DAYS = timedelta(days=120)
PAGES = {"home": "Home", "progress": "My progress", "history": "History", "browse": "Browse"}

_seeds = count(1)


def figures(*, is_full: bool) -> list[Figure]:
    database = Database("histories", copy_of=with_content())
    database.use()
    now = timezone.now()
    few = _learner(FEW, cards=25, now=now)
    many = _learner(MANY, cards=1_000, now=now)
    # What was read while preparing must not be at hand when the time is taken.
    database.close()
    database.connect()
    database.use()
    contenders: dict[str, Contender] = {}
    for name in PAGES:
        contenders[f"few {name}"] = _visits(few, reverse(name))
        contenders[f"many {name}"] = _visits(many, reverse(name))
    taken = medians(**contenders)
    database.close()
    return [
        Figure(
            f"{PAGES[name]}: {MANY:,} reviews, 1,000 questions met",
            taken[f"many {name}"],
            "ms",
            taken[f"few {name}"],
            most=MOST,
        )
        for name in PAGES
    ]


def _visits(user: User, url: str) -> Contender:
    browser = signed_in(user)
    return lambda _: browser.request(url).send


def _learner(reviews: int, *, cards: int, now: datetime) -> User:
    """Somebody who has gone through so many cards again and again, evenly over the days."""
    user = User.objects.create_user(f"{reviews}@example.com", timezone="Europe/Berlin")
    questions = list(Question.objects.order_by("slug")[:cards])
    apart = DAYS / reviews
    log = []
    for number in range(reviews):
        question, rep = questions[number % cards], number // cards
        at = now - apart * (reviews - number) - timedelta(minutes=1)
        log.append(_review(user, question, at, rep, is_right=number % 7 > 0))
    Review.objects.bulk_create(log, batch_size=500)
    last = {review.question_id: review for review in log}
    Card.objects.bulk_create(
        [_card(review, reviews // cards) for review in last.values()], batch_size=500
    )
    tallies.rebuild(user)
    return user


def _review(user: User, question: Question, at: datetime, rep: int, *, is_right: bool) -> Review:
    seed = next(_seeds)
    return Review(
        user=user,
        question=question,
        question_version=question.version,
        reviewed_at=at,
        seed=seed,
        options_order=["0a1b2c3d", "1a2b3c4d", "2a3b4c5d", "3a4b5c6d"],
        response=None,
        duration_ms=4_000 + seed % 30 * 1_000,
        is_sure=seed % 3 > 0,
        score=float(is_right),
        rating=Rating.GOOD if is_right else Rating.AGAIN,
        desired_retention=0.9,
        retrievability=0.9 if rep else None,
        state_before=State.REVIEW if rep else State.NEW,
        before={"state": 2, "stability": 12.5, "difficulty": 5.1, "reps": rep} if rep else None,
        after={"state": 2, "stability": 20.5, "difficulty": 5.1, "reps": rep + 1},
    )


def _card(review: Review, reps: int) -> Card:
    stability = 5.0 + review.question_id % 300
    return Card(
        user_id=review.user_id,
        question_id=review.question_id,
        question_version=review.question_version,
        state=State.REVIEW,
        stability=stability,
        difficulty=1.0 + review.question_id % 90 / 10,
        due=review.reviewed_at + timedelta(days=stability),
        last_review=review.reviewed_at,
        reps=reps,
        lapses=review.question_id % 4 if reps > 1 else 0,
    )
