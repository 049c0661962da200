"""A learner who takes a quiz at the client."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.test import Client
from django.urls import reverse

from quizapp.content.models import Question
from quizapp.study.models import Quiz
from quizapp.study.quiz_making import make
from quizapp.teams.models import User
from tests.factories import QuestionFactory
from tests.kinds import SAMPLES
from tests.scheduling.studying import MORNING

AT_END = Quiz.Feedback.AT_END


def quiz_of(
    user: User, questions: Sequence[Question] | int = 3, *, title: str = "Services", **options: Any
) -> Quiz:
    """A quiz begun this morning, of these questions or of so many new ones."""
    if isinstance(questions, int):
        questions = QuestionFactory.create_batch(questions)
    ids = [question.pk for question in questions]
    return make(user, title=title, question_ids=ids, **{"now": MORNING} | options)


def url_of(quiz: Quiz, name: str = "quiz") -> str:
    return reverse(name, args=[quiz.pk])


def respond(
    client: Client, quiz: Quiz, *, is_right: bool = True, action: str = "check", **extra: Any
) -> Any:
    """Show the next question of the quiz and submit a response of its kind with its form."""
    asked = client.get(url_of(quiz)).context
    sample = SAMPLES[asked["question"].kind]
    fields = sample.right if is_right else sample.wrong
    data = {"token": asked["token"], "action": action, **fields}
    return client.post(url_of(quiz), data, **extra)


def take(client: Client, quiz: Quiz, responses: str) -> None:
    """Respond to so many questions, rightly (r) or wrongly (w), and see what comes then."""
    for each in responses:
        respond(client, quiz, is_right=each == "r")
    client.get(url_of(quiz))


def result(client: Client, quiz: Quiz) -> Any:
    return client.get(url_of(quiz, "quiz-result"))


def answered(quiz: Quiz) -> list[int]:
    """The questions that have a response, in the order of their places."""
    return list(quiz.places.answered().values_list("question", flat=True))
