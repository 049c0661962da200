"""Learners who are about to respond: signed in, with a question before them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from quizapp.content.models import Question
from quizapp.grading.single_choice import SingleChoice
from quizapp.scheduling.memory import State
from quizapp.scheduling.models import Card
from quizapp.scheduling.showing import Showing
from quizapp.teams.models import User
from tests.bench.browser import Browser, Request


@dataclass(frozen=True, slots=True)
class Answer:
    """A right response to a single-choice question, filled in and not yet sent."""

    user: User
    question: Question
    browser: Browser
    form: dict[str, str]

    def request(self, *, htmx: bool) -> Request:
        headers = {"HX_REQUEST": "true"} if htmx else {}
        return self.browser.request("/review/", self.form, **headers)


def answers(number: int) -> list[Answer]:
    """So many answers on different cards, by learners spread over all that there are."""
    apart = max(1, User.objects.count() // number)
    users = [user for user in User.objects.order_by("pk") if user.pk % apart == 0][:number]
    browsers = [signed_in(user) for user in users]
    prepared = []
    for turn in range(number):
        nth, learner = divmod(turn, len(users))
        card = _card(users[learner], nth)
        prepared.append(_answer(users[learner], browsers[learner], card.question, card))
    _render_once({answer.question for answer in prepared})
    return prepared


def signed_in(user: User) -> Browser:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return Browser(sessionid=session.session_key)


def _card(user: User, nth: int) -> Card:
    cards = Card.objects.of(user).filter(state=State.REVIEW, question__kind=SingleChoice.kind)
    return cards.select_related("question").order_by("due")[nth]


def _answer(user: User, browser: Browser, question: Question, card: Card | None) -> Answer:
    page = browser.get(f"/review/?question={question.pk}").body.decode()
    form = {
        "csrfmiddlewaretoken": re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[0],
        "token": Showing.of(question, card, timezone.now()).seal(user),
        "option": next(each.id for each in question.parsed_spec.options if each.correct),
        "action": "check",
    }
    return Answer(user, question, browser, form)


def _render_once(questions: Iterable[Question]) -> None:
    """Let somebody answer them first, so that their texts are rendered and kept in memory."""
    somebody = User.objects.create_guest()
    browser = signed_in(somebody)
    for question in questions:
        _answer(somebody, browser, question, None).request(htmx=True).send()
