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
from quizapp.scheduling.cards import schedule_of
from quizapp.scheduling.memory import Rating, suggested_rating
from quizapp.scheduling.models import Card
from quizapp.scheduling.queue import Queued, asked_for, next_card
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
    queued = _asked_for(request) or next_card(
        request.user, now, queue_scope(request, scope.topic, now)
    )
    if queued.question is None:
        return page(request, PAGE, "study/_end.html", _end(request, scope, now))
    showing = Showing.of(queued.question, queued.card, now)
    context = _question(request, scope, queued.question, showing, given={})
    context |= {"plan": queued.plan, "reason": queued.reason, "can_undo": queued.done > 0}
    return page(request, PAGE, "study/_question.html", context)


def _asked_for(request: LearnerRequest) -> Queued | None:
    """The question that the address names, such as after an undo."""
    wanted = request.GET.get("question", "")
    return asked_for(request.user, int(wanted[:18])) if wanted.isdecimal() else None


def _respond(request: LearnerRequest, scope: StudyScope, now: datetime) -> HttpResponse:
    try:
        showing = Showing.unseal(request.POST.get("token", ""), request.user)
        question, card = _question_and_card(request.user, showing.question_id)
    except (InvalidShowingError, Question.DoesNotExist):
        return _stale(request, scope)
    form: Form = dict(request.POST.lists())
    action = request.POST.get("action", "")
    if action == "reveal" and question.kind == "flashcard":
        context = _question(request, scope, question, showing, given=form)
        context["revealed"] = revealed(request.user, question, card, now)
        return page(request, PAGE, "study/_question.html", context)
    try:
        outcome = _grade_and_record(request, question, card, showing, form, now)
    except ResponseError as error:
        return _problem(request, scope, question, showing, form, str(error))
    except StaleShowing:
        return _stale(request, scope)
    if question.kind == "flashcard":
        return redirect(scope.url)
    context = {"scope": scope, **feedback(outcome, schedule_of(request.user).day, now)}
    return page(request, PAGE, "study/_feedback.html", context)


def _question_and_card(user: User, question_id: int) -> tuple[Question, Card | None]:
    """Both in one query, if there is a card. Raises Question.DoesNotExist."""
    cards = Card.objects.of(user).select_related("question").filter(question=question_id)
    for card in cards:
        return card.question, card
    return Question.objects.get(pk=question_id), None


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
    is_self_rated = question.kind == "flashcard"
    if response is None and (is_sure or is_self_rated):
        raise ResponseError("Give a response first. No idea? Choose “Not sure” to see the answer.")
    grade = spec.grade(response)
    if is_self_rated:
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
    return {
        "scope": scope,
        "question": question,
        "kind_label": question.parsed_spec.label,
        "kind_template": f"study/kinds/{question.kind}.html",
        "is_flashcard": question.kind == "flashcard",
        "stem": markdown(question.stem),
        "shown": presenting.shown(question, showing.seed, given),
        "token": showing.seal(request.user),
        "flag_reasons": flag_reasons(),
    }


def _end(request: LearnerRequest, scope: StudyScope, now: datetime) -> dict[str, Any]:
    user = request.user
    day = schedule_of(user).day
    due = overview.next_due(user, now, scope.topic)
    done = overview.day_done(user, now)
    return {
        "scope": scope,
        "done": done,
        "tomorrow": overview.week(user, now)[1][1],
        "next_due_words": until(due, now, day) if due else "",
        "waiting": due is not None and due < day.start(now, 1),
        "more_new": overview.unseen_questions(user, scope.topic),
        "set_aside": overview.suspended(user).count(),
        "can_undo": done.questions > 0,
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
