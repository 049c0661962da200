"""A made-up person at work: takes what the queue offers, and answers as people do.

Everything goes through the product's own queue and log, so that what is shown of it is what
would be shown of anybody.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction

from quizapp.authoring.preview.samples import samples
from quizapp.content.models import Question
from quizapp.demo.people import Habits
from quizapp.grading import Response
from quizapp.scheduling.answers import Verdict, record
from quizapp.scheduling.candidates import Candidate
from quizapp.scheduling.cards import schedule_of
from quizapp.scheduling.line_up import line_up
from quizapp.scheduling.memory import Rating, State, retrievability, suggested_rating
from quizapp.scheduling.models import Card
from quizapp.scheduling.showing import Showing
from quizapp.teams.models import User

ROUNDS = 4
"""How often somebody comes back on a day for what was missed."""

_WAIT = timedelta(minutes=11)
_MISCONCEIVED = 0.12
"""The share of questions that most who miss them miss in the same way, and for sure."""


class Learner:
    """Somebody with habits. `questions` holds those that can be asked, by key."""

    def __init__(self, user: User, habits: Habits, questions: dict[int, Question]) -> None:
        self.user = user
        self.habits = habits
        self.questions = questions
        self.chance = random.Random(f"demo {user.email}")  # noqa: S311 - chance, not secrecy

    def studies_on(self, weekday: int) -> bool:
        likely = self.habits.weekends if weekday >= 5 else self.habits.weekdays
        return self.chance.random() < likely

    def study(self, now: datetime) -> int:
        """What the day asks for, as far as the minutes go. The number of answers given."""
        minutes = self.habits.minutes * self.chance.uniform(0.6, 1.4)
        until = now + timedelta(minutes=minutes)
        given = 0
        with transaction.atomic():
            for _ in range(ROUNDS):
                lined_up = line_up(self.user, now)
                offered = (*lined_up.steps, *lined_up.reviews, *lined_up.early, *lined_up.new)
                for candidate in offered:
                    if now >= until:
                        return given
                    now += self._answer(candidate, now)
                    given += 1
                if not offered:
                    break
                now += _WAIT
                until += _WAIT
        return given

    def _answer(self, candidate: Candidate, now: datetime) -> timedelta:
        """One answer, and how long it took."""
        question = self.questions[candidate.question_id]
        card = Card.objects.filter(user=self.user, question=question).first()
        is_right = self.chance.random() < self._likely(question, card, now)
        took = timedelta(seconds=self.chance.lognormvariate(2.7 if is_right else 3.0, 0.5))
        showing = replace(Showing.of(question, card, now - took), nonce=self.chance.getrandbits(62))
        verdict = self._verdict(question, is_right=is_right)
        record(showing, user=self.user, question=question, card=card, verdict=verdict, now=now)
        return took

    def _likely(self, question: Question, card: Card | None, now: datetime) -> float:
        """The chance of a right response."""
        ease = random.Random(f"ease {question.slug}").uniform(-0.25, 0.2)  # noqa: S311
        if card is None or card.state == State.NEW or card.stability is None:
            return min(max(self.habits.knack + ease, 0.1), 0.97)
        if card.state in (State.LEARNING, State.RELEARNING):
            return 0.9
        expected = retrievability(card.memory, now, schedule_of(self.user)) or 0.9
        return float(expected ** (self.habits.fading * (1 - ease)))

    def _verdict(self, question: Question, *, is_right: bool) -> Verdict:
        spec = question.parsed_spec
        if spec.is_self_rated:
            rating = self.chance.choice((Rating.GOOD, Rating.GOOD, Rating.HARD, Rating.EASY))
            rating = rating if is_right else Rating.AGAIN
            return Verdict(int(rating), spec.grade(int(rating)), rating, is_sure=None)
        right, *wrong = (sample.response for sample in samples(spec))
        belief = random.Random(f"belief {question.slug}").random()  # noqa: S311
        response = right if is_right else next(self._picked(wrong, belief), None)
        grade = spec.grade(response)
        sure = 0.85 if grade.is_correct else 0.8 if belief < _MISCONCEIVED else 0.25
        is_sure = self.chance.random() < sure
        return Verdict(response, grade, suggested_rating(grade, is_sure=is_sure), is_sure)

    def _picked(self, wrong: list[Response], belief: float) -> Iterator[Response]:
        """Mostly what everybody picks, where many believe the same."""
        if wrong and (belief < _MISCONCEIVED or self.chance.random() < 0.5):
            yield wrong[0]
        elif wrong:
            yield self.chance.choice(wrong)
