"""What came of a quiz: the score, topic by topic, and each question with its response."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import F, FilteredRelation, Q

from quizapp.content.models import Question
from quizapp.grading import ResponseError
from quizapp.scheduling.answers import Outcome
from quizapp.scheduling.models import Review
from quizapp.study.models import Quiz, QuizQuestion


@dataclass(frozen=True, slots=True)
class Answer:
    """A question of the quiz, at its place, with the response if there is one that stands."""

    position: int
    question: Question
    review: Review | None
    is_suspended: bool

    @property
    def is_right(self) -> bool:
        return self.review is not None and self.review.score == 1

    @property
    def is_wrong(self) -> bool:
        return self.review is not None and self.review.score < 1

    @property
    def is_sure(self) -> bool:
        return self.review is not None and self.review.is_sure is True

    @property
    def is_unsure(self) -> bool:
        return self.review is not None and self.review.is_sure is False


@dataclass(frozen=True, slots=True)
class Score:
    """How many of how many were right."""

    title: str
    right: int
    total: int


@dataclass(frozen=True)
class Result:
    answers: Sequence[Answer]

    @cached_property
    def score(self) -> Score:
        return _score("", self.answers)

    @cached_property
    def by_topic(self) -> list[Score]:
        """In the order of the topics."""
        topics = {answer.question.topic_id: answer.question.topic for answer in self.answers}
        ordered = sorted(topics.values(), key=lambda topic: (topic.position, topic.slug))
        return [
            _score(topic.title, [a for a in self.answers if a.question.topic_id == topic.pk])
            for topic in ordered
        ]

    @cached_property
    def sure(self) -> Score:
        return _score("", [answer for answer in self.answers if answer.is_sure])

    @cached_property
    def unsure(self) -> Score:
        return _score("", [answer for answer in self.answers if answer.is_unsure])

    @cached_property
    def wrong(self) -> list[Answer]:
        """Those that the learner was sure of come first: they surprise, and so they teach most."""
        wrong = [answer for answer in self.answers if answer.is_wrong]
        return sorted(wrong, key=lambda answer: not answer.is_sure)

    @cached_property
    def again(self) -> list[Answer]:
        """Those of the wrong that can still be asked."""
        return [a for a in self.wrong if not (a.is_suspended or a.question.is_retired)]

    @cached_property
    def confidently_wrong(self) -> int:
        return sum(answer.is_sure for answer in self.wrong)

    @cached_property
    def right(self) -> list[Answer]:
        return [answer for answer in self.answers if answer.is_right]

    @cached_property
    def unanswered(self) -> list[Answer]:
        return [answer for answer in self.answers if answer.review is None]

    @cached_property
    def seconds(self) -> int:
        """The time spent on the questions, without breaks between them."""
        return sum(a.review.duration_ms for a in self.answers if a.review) // 1000


def result_of(quiz: Quiz) -> Result:
    """One query."""
    places: Any = (
        QuizQuestion.objects.filter(quiz=quiz)
        .select_related("question__topic", "review")
        .annotate(
            card=FilteredRelation(
                "question__cards", condition=Q(question__cards__user=quiz.user_id)
            )
        )
        .annotate(is_suspended=F("card__is_suspended"))
    )
    return Result([_answer(place) for place in places])


def regraded(answer: Answer) -> Outcome | None:
    """The verdict on the response once more; None if the question means something else by now."""
    review = answer.review
    if review is None or review.question_version != answer.question.version:
        return None
    review.question = answer.question
    try:
        return Outcome(review, answer.question.parsed_spec.grade(review.response))
    except ResponseError:
        return None


def _answer(place: Any) -> Answer:
    stands = place.review is not None and place.review.undone_at is None
    return Answer(
        position=place.position,
        question=place.question,
        review=place.review if stands else None,
        is_suspended=bool(place.is_suspended),
    )


def _score(title: str, answers: Sequence[Answer]) -> Score:
    return Score(title, sum(answer.is_right for answer in answers), len(answers))
