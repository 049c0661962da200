"""Learners who are about to respond: signed in, with a question before them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from quizapp.grading.single_choice import SingleChoice
from quizapp.scheduling.memory import State
from quizapp.scheduling.models import Card
from quizapp.scheduling.showing import Showing
from quizapp.teams.models import User
from tests.bench.browser import Browser, Request

RIGHT = b'data-verdict="right"'


@dataclass(frozen=True, slots=True)
class Answer:
    """A right response to a single-choice question, filled in and not yet sent."""

    user: User
    question_id: int
    browser: Browser
    form: dict[str, str]

    def request(self, *, htmx: bool) -> Request:
        headers = {"HX_REQUEST": "true"} if htmx else {}
        return self.browser.request("/review/", self.form, **headers)


def answers(number: int) -> list[Answer]:
    """One answer each of so many learners, who are spread over all that there are."""
    users = User.objects.order_by("pk")
    apart = users.count() // number
    return [_answer(user) for user in users.filter(pk__in=range(1, number * apart + 1, apart))]


def signed_in(user: User) -> Browser:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return Browser(sessionid=session.session_key)


def _answer(user: User) -> Answer:
    browser = signed_in(user)
    card = (
        Card.objects.of(user)
        .filter(state=State.REVIEW, question__kind=SingleChoice.kind)
        .select_related("question")
        .order_by("due")[0]
    )
    page = browser.get(f"/review/?question={card.question_id}").body.decode()
    [csrf_token] = set(re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page))
    form = {
        "csrfmiddlewaretoken": csrf_token,
        "token": Showing.of(card.question, card, timezone.now()).seal(user),
        "option": next(each.id for each in card.question.parsed_spec.options if each.correct),
        "action": "check",
    }
    return Answer(user, card.question_id, browser, form)
