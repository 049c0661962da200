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

from quizapp.content.models import Question
from quizapp.content.rendering import markdown
from quizapp.grading import ResponseError
from quizapp.grading.base import Form
from quizapp.scheduling import overview
from quizapp.scheduling.answers import Outcome, StaleShowing, Verdict, record
from quizapp.scheduling.cards import day_of, question_and_card
from quizapp.scheduling.line_up import LineUp, line_up
from quizapp.scheduling.memory import Rating, suggested_rating
from quizapp.scheduling.models import Card
from quizapp.scheduling.queue import asked_for, next_card
from quizapp.scheduling.showing import InvalidShowingError, Showing
from quizapp.study import presenting
from quizapp.study.access import LearnerRequest, learner_required
from quizapp.study.feedback import feedback, flag_reasons, revealed
from quizapp.study.pages import page
from quizapp.study.scopes import StudyScope, queue_scope, scope_of
from quizapp.study.words import until
from quizapp.teams.models import User

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
        return page(request, PAGE, "study/_end.html", context)
    showing = Showing.of(queued.question, queued.card, now)
    context = _question(request, scope, queued.question, showing, given={})
    context |= _place(queued.line_up) | {
        "reason": queued.reason,
        "is_leech": queued.card is not None and queued.card.is_leech,
    }
    return page(request, PAGE, "study/_question.html", context)


def _respond(request: LearnerRequest, scope: StudyScope, now: datetime) -> HttpResponse:
    user = request.user
    try:
        showing = Showing.unseal(request.POST.get("token", ""), user)
        question, card = question_and_card(user, showing.question_id)
    except (InvalidShowingError, Question.DoesNotExist):
        return _stale(request, scope)
    form: Form = dict(request.POST.lists())
    spec = question.parsed_spec
    if spec.is_self_rated and request.POST.get("action") == "reveal":
        context = _question(request, scope, question, showing, given=form)
        queue = queue_scope(request, scope.topic, now)
        context |= _place(line_up(user, now, queue.topic, extra_new=queue.extra_new))
        context["revealed"] = revealed(user, question, card, now)
        return page(request, PAGE, "study/_question.html", context)
    try:
        outcome = _grade_and_record(request, question, card, showing, form, now)
    except ResponseError as error:
        return _problem(request, scope, question, showing, form, str(error))
    except StaleShowing:
        return _stale(request, scope)
    if spec.is_self_rated:
        return redirect(scope.url)
    context = {"scope": scope, **feedback(outcome, day_of(user), now)}
    return page(request, PAGE, "study/_feedback.html", context)


def _grade_and_record(
    request: LearnerRequest,
    question: Question,
    card: Card | None,
    showing: Showing,
    form: Form,
    now: datetime,
) -> Outcome:
    spec = question.parsed_spec
    response = spec.read(form)
    is_sure = request.POST.get("action") != "unsure"
    if response is None and (is_sure or spec.is_self_rated):
        raise ResponseError("Give a response first. No idea? Choose “Not sure” to see the answer.")
    grade = spec.grade(response)
    if spec.is_self_rated:
        verdict = Verdict(response, grade, Rating(response), is_sure=None)
    else:
        rating = suggested_rating(grade, is_sure=is_sure)
        verdict = Verdict(response, grade, rating, is_sure)
    return record(
        showing, user=request.user, question=question, card=card, verdict=verdict, now=now
    )


def _question(
    request: LearnerRequest, scope: StudyScope, question: Question, showing: Showing, given: Form
) -> dict[str, Any]:
    spec = question.parsed_spec
    return {
        "scope": scope,
        "question": question,
        "kind_label": spec.label,
        "kind_template": f"study/kinds/{question.kind}.html",
        "is_self_rated": spec.is_self_rated,
        "takes_focus": spec.takes_focus,
        "stem": markdown(question.stem),
        "shown": presenting.shown(question, showing.seed, given),
        "token": showing.seal(request.user),
        "flag_reasons": flag_reasons(),
    }


def _place(lined_up: LineUp) -> dict[str, Any]:
    """Where the learner is in the day's work: what is left, and what could be undone."""
    return {"plan": lined_up.plan, "undo_pk": lined_up.today.last_id}


def _end(user: User, scope: StudyScope, lined_up: LineUp, now: datetime) -> dict[str, Any]:
    day = day_of(user)
    due = overview.next_due(user, now, lined_up, scope.topic)
    return {
        "scope": scope,
        "today": lined_up.today,
        "tomorrow": overview.week(user, now, lined_up, scope.topic)[1][1],
        "next_due_words": until(due, now, day) if due else "",
        "waiting": due is not None and due < day.start(now, 1),
        "more_new": lined_up.more_new,
        "set_aside": overview.suspended(user).count(),
        "undo_pk": lined_up.today.last_id,
    }


def _problem(
    request: LearnerRequest,
    scope: StudyScope,
    question: Question,
    showing: Showing,
    form: Form,
    problem: str,
) -> HttpResponse:
    """The question again with what was given, and a sentence about what is missing."""
    if request.htmx:
        response = render(request, "study/_problem.html", {"problem": problem}, status=422)
        return reswap(retarget(response, "#problem"), "innerHTML")
    context = _question(request, scope, question, showing, given=form)
    return page(request, PAGE, "study/_question.html", {**context, "problem": problem}, status=422)


def _stale(request: LearnerRequest, scope: StudyScope) -> HttpResponse:
    messages.info(request, STALE)
    return redirect(scope.url)
