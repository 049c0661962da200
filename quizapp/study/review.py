"""The review: one question at a time, then its feedback, until nothing is left for now."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_htmx.http import reswap, retarget

from quizapp.grading import ResponseError
from quizapp.scheduling import outlook, overview
from quizapp.scheduling.answers import StaleShowing
from quizapp.scheduling.cards import day_of
from quizapp.scheduling.line_up import LineUp
from quizapp.scheduling.queue import asked_for, next_card
from quizapp.scheduling.showing import Showing
from quizapp.study.answering import (
    Asked,
    GoneError,
    asking,
    asking_back,
    grade_and_tell,
    read_asked,
)
from quizapp.study.feedback import feedback
from quizapp.study.scopes import StudyScope, queue_scope, scope_of
from quizapp.teams.models import User
from quizapp.web.access import LearnerRequest, learner_required
from quizapp.web.pages import page
from quizapp.web.words import until

PAGE = "study/review.html"
STALE = "That form was out of date, so nothing was changed. This is where you stand now."


@never_cache
@learner_required
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: LearnerRequest, topic: str | None = None) -> HttpResponse:
    scope = scope_of(topic)
    if request.method == "POST":
        return _respond(request, scope, timezone.now())
    return _next(request, scope, timezone.now())


def _next(request: LearnerRequest, scope: StudyScope, now: datetime) -> HttpResponse:
    queue = queue_scope(request, scope.topic, now)
    wanted = request.GET.get("question", "")
    queued = asked_for(request.user, now, queue, int(wanted[:18])) if wanted.isdecimal() else None
    queued = queued or next_card(request.user, now, queue)
    if queued.question is None:
        context = _end(request.user, scope, queued.line_up, now)
        context["ahead_days"] = queue.ahead_days
        return page(request, PAGE, "study/_end.html", context)
    showing = Showing.of(queued.question, queued.card, now)
    asked = Asked(queued.question, queued.card, showing, form={})
    context = {"scope": scope, **asking(request.user, asked), **_place(queued.line_up)}
    context |= {
        "reason": queued.reason,
        "is_leech": queued.card is not None and queued.card.is_leech,
    }
    return page(request, PAGE, "study/_question.html", context)


def _respond(request: LearnerRequest, scope: StudyScope, now: datetime) -> HttpResponse:
    user = request.user
    try:
        asked = read_asked(request)
    except GoneError:
        return _stale(request, scope)
    if asked.wants_reveal:
        queue = queue_scope(request, scope.topic, now)
        lined_up = queue.line_up(user, now)
        context = {"scope": scope, **asking_back(user, asked, now), **_place(lined_up)}
        return page(request, PAGE, "study/_question.html", context)
    try:
        outcome = grade_and_tell(user, asked, now)
    except ResponseError as error:
        return _problem(request, scope, asked, str(error))
    except StaleShowing:
        return _stale(request, scope)
    if asked.question.parsed_spec.is_self_rated:
        return redirect(scope.url)
    context = {"scope": scope, **feedback(outcome, day_of(user), now)}
    return page(request, PAGE, "study/_feedback.html", context)


def _place(lined_up: LineUp) -> dict[str, Any]:
    """Where the learner is in the day's work: what is left, and what could be undone."""
    return {"plan": lined_up.plan, "undo_pk": lined_up.today.last_id}


def _end(user: User, scope: StudyScope, lined_up: LineUp, now: datetime) -> dict[str, Any]:
    day = day_of(user)
    coming = outlook.forecast(user, now, scope.topic)
    due = outlook.next_due(user, now, lined_up, coming)
    return {
        "scope": scope,
        "today": lined_up.today,
        "tomorrow": outlook.week(user, now, lined_up, coming)[1][1],
        "catch_up": None if scope.topic else outlook.catch_up(user, now, lined_up, coming),
        "next_due_words": until(due, now, day) if due else "",
        "waiting": due is not None and due < day.start(now, 1),
        "more_new": lined_up.more_new,
        "set_aside": overview.suspended(user).count(),
        "undo_pk": lined_up.today.last_id,
    }


def _problem(
    request: LearnerRequest, scope: StudyScope, asked: Asked, problem: str
) -> HttpResponse:
    """The question again with what was given, and a sentence about what is missing."""
    if request.htmx:
        response = render(request, "study/_problem.html", {"problem": problem}, status=422)
        return reswap(retarget(response, "#problem"), "innerHTML")
    context = {"scope": scope, **asking(request.user, asked), "problem": problem}
    return page(request, PAGE, "study/_question.html", context, status=422)


def _stale(request: LearnerRequest, scope: StudyScope) -> HttpResponse:
    messages.info(request, STALE)
    return redirect(scope.url)
