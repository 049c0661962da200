"""Taking a quiz: one question after the other, until all are answered or the time is up."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect, reswap, retarget

from quizapp.content.models import Question
from quizapp.grading import ResponseError
from quizapp.scheduling.answers import StaleShowing
from quizapp.scheduling.cards import day_of, question_and_card
from quizapp.scheduling.showing import Showing
from quizapp.study import quizzes
from quizapp.study.answering import (
    Asked,
    GoneError,
    asking,
    asking_back,
    grade_and_record,
    read_asked,
)
from quizapp.study.feedback import feedback
from quizapp.study.models import Quiz
from quizapp.study.quizzes import Standing
from quizapp.study.review import STALE
from quizapp.study.scopes import StudyScope
from quizapp.web.access import LearnerRequest, learner_required
from quizapp.web.pages import page

PAGE = "study/quiz.html"
TIME_UP = "The time is up."
TOO_LATE = "The time was up, so your last response was not counted."
OVER = "This quiz had ended already, so nothing was changed."


@never_cache
@learner_required
@require_http_methods(["GET", "HEAD", "POST"])
def quiz(request: LearnerRequest, pk: int) -> HttpResponse:
    taken, now = quizzes.quiz_of(request.user, pk), timezone.now()
    if taken.finished_at:
        if request.method == "POST":
            messages.info(request, OVER)
        return _result(request, taken)
    if request.method == "POST":
        return _respond(request, taken, now)
    return _next(request, taken, now)


@require_POST
@learner_required
def end(request: LearnerRequest, pk: int) -> HttpResponse:
    """End the quiz before its last question. One without any response leaves no trace."""
    taken = quizzes.quiz_of(request.user, pk)
    if quizzes.drop_untouched(taken):
        messages.info(request, "The quiz is gone: you had not answered anything.")
        return redirect("quiz-new")
    quizzes.finish(taken, timezone.now())
    return _result(request, taken)


def _next(request: LearnerRequest, taken: Quiz, now: datetime) -> HttpResponse:
    if quizzes.is_time_up(taken, now):
        quizzes.finish(taken, now)
        messages.info(request, TIME_UP)
        return _result(request, taken)
    standing = quizzes.standing(taken)
    if standing.next_question_id is None:
        quizzes.finish(taken, now)
        return _result(request, taken)
    try:
        question, card = question_and_card(request.user, standing.next_question_id)
    except Question.DoesNotExist:  # it was retired this very moment
        return redirect("quiz", pk=taken.pk)
    asked = Asked(question, card, Showing.of(question, card, now), form={})
    context = asking(request.user, asked) | _place(taken, standing, now)
    return page(request, PAGE, "study/_quiz_question.html", context)


def _respond(request: LearnerRequest, taken: Quiz, now: datetime) -> HttpResponse:
    if quizzes.is_time_up(taken, now, quizzes.GRACE):
        quizzes.finish(taken, now)
        messages.info(request, TOO_LATE)
        return _result(request, taken)
    standing = quizzes.standing(taken)
    try:
        asked = read_asked(request)
    except GoneError:
        return _stale(request, taken)
    if not standing.has(asked.question.pk):
        return _stale(request, taken)
    if asked.wants_reveal:
        context = asking_back(request.user, asked, now) | _place(taken, standing, now)
        return page(request, PAGE, "study/_quiz_question.html", context)
    return _record(request, taken, standing, asked, now)


def _record(
    request: LearnerRequest, taken: Quiz, standing: Standing, asked: Asked, now: datetime
) -> HttpResponse:
    is_pretest = taken.pretest_of_id is not None and asked.showing.reps == 0
    try:
        outcome = grade_and_record(request.user, asked, now, known_is_easy=is_pretest)
    except ResponseError as error:
        context = asking(request.user, asked) | _place(taken, standing, now)
        return _problem(request, context, str(error))
    except StaleShowing:
        return _stale(request, taken)
    if outcome.review.reviewed_at < taken.started_at:  # a form from before, sent here
        return _stale(request, taken)
    quizzes.put_in_place(taken, outcome.review)
    if taken.feedback == Quiz.Feedback.AT_END or asked.question.parsed_spec.is_self_rated:
        return redirect("quiz", pk=taken.pk)
    standing = standing.with_answered(asked.question.pk)
    context = feedback(outcome, day_of(request.user), now) | _place(taken, standing, now)
    return page(request, PAGE, "study/_quiz_feedback.html", context)


def _place(taken: Quiz, standing: Standing, now: datetime) -> dict[str, Any]:
    """What surrounds the question: how far the quiz is, and the time that is left."""
    url = reverse("quiz", args=[taken.pk])
    return {
        "scope": StudyScope(taken.title, url, None),
        "quiz": taken,
        "standing": standing,
        "time": _time_left(taken, now),
    }


def _time_left(taken: Quiz, now: datetime) -> dict[str, int] | None:
    if taken.deadline is None:
        return None
    seconds = max(0, round((taken.deadline - now).total_seconds()))
    return {
        "seconds": seconds,
        "minutes": max(1, -(-seconds // 60)),
    }


def _result(request: LearnerRequest, taken: Quiz) -> HttpResponse:
    """Off to the result, with its own address even when htmx asked for a fragment."""
    url = reverse("quiz-result", args=[taken.pk])
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)


def _problem(request: LearnerRequest, context: dict[str, Any], problem: str) -> HttpResponse:
    """The question again with what was given, and a sentence about what is missing."""
    if request.htmx:
        response = render(request, "study/_problem.html", {"problem": problem}, status=422)
        return reswap(retarget(response, "#problem"), "innerHTML")
    context |= {"problem": problem}
    return page(request, PAGE, "study/_quiz_question.html", context, status=422)


def _stale(request: LearnerRequest, taken: Quiz) -> HttpResponse:
    messages.info(request, STALE)
    return redirect("quiz", pk=taken.pk)
