"""After a quiz: its result, what to do with it, and what others may see of it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from quizapp.content.rendering import markdown
from quizapp.content.teaching import teaching_of
from quizapp.scheduling.cards import day_of
from quizapp.study import pretest, quiz_making, quizzes
from quizapp.study.feedback import feedback
from quizapp.study.models import Quiz
from quizapp.study.results import Answer, Result, regraded, result_of
from quizapp.teams.models import User
from quizapp.web.access import LearnerRequest, Request, learner_required
from quizapp.web.pages import page
from quizapp.web.words import count

AGAIN = "Once more: "


@never_cache
@learner_required
@require_safe
def result(request: LearnerRequest, pk: int) -> HttpResponse:
    quiz, now = quizzes.quiz_of(request.user, pk), timezone.now()
    if quiz.finished_at is None:
        return redirect("quiz", pk=pk)
    came = result_of(quiz)
    known = pretest.known(quiz, now) if quiz.pretest_of_id else None
    context = _summary(quiz, came) | {
        "wrong": _explained(quiz, came.wrong, now),
        "number_again": len(came.again),
        "right": [_listed(answer) for answer in came.right],
        "unanswered": [_listed(answer) for answer in came.unanswered],
        "known": known,
        "known_until": day_of(request.user).date_of(known.earliest)
        if known and known.earliest
        else None,
        "share_url": _share_url(request, quiz),
    }
    return page(request, "study/quiz_result.html", "study/_quiz_result.html", context)


@require_POST
@learner_required
def again(request: LearnerRequest, pk: int) -> HttpResponse:
    """A quiz of what was not right and can still be asked, with feedback at once."""
    quiz = _finished_or_404(request.user, pk)
    question_ids = [answer.question.pk for answer in result_of(quiz).again]
    if not question_ids:
        messages.info(request, "None of these can be asked again.")
        return redirect("quiz-result", pk=pk)
    title = AGAIN + quiz.title.removeprefix(AGAIN)
    made = quiz_making.make_once(
        request.user, title=title, question_ids=question_ids, now=timezone.now()
    )
    return redirect("quiz", pk=made.pk)


@require_POST
@learner_required
def share(request: LearnerRequest, pk: int) -> HttpResponse:
    """Open the score, without questions and responses, to whoever has the link."""
    quizzes.quiz_of(request.user, pk).share(secrets.token_urlsafe(24))
    return _to_share(pk)


@require_POST
@learner_required
def unshare(request: LearnerRequest, pk: int) -> HttpResponse:
    quizzes.quiz_of(request.user, pk).stop_sharing()
    messages.info(request, "The link leads nowhere any more.")
    return _to_share(pk)


@require_POST
@learner_required
def study_all(request: LearnerRequest, pk: int) -> HttpResponse:
    """Bring back the questions that a pretest has put off."""
    quiz = _finished_or_404(request.user, pk)
    back = pretest.study_all(quiz, timezone.now())
    words = f"{count(back, 'question')} {'is' if back == 1 else 'are'} back among the new ones."
    messages.info(request, words)
    return redirect("quiz-result", pk=pk)


@never_cache
@require_safe
def shared(request: Request, key: str) -> HttpResponse:
    quiz = get_object_or_404(Quiz.objects.shared(key))
    context = _summary(quiz, result_of(quiz)) | {"learner": quiz.user.name or "a learner"}
    response = render(request, "study/quiz_shared.html", context)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _finished_or_404(user: User, pk: int) -> Quiz:
    """The learner's own. Before its end nobody is told what was right."""
    quiz = quizzes.quiz_of(user, pk)
    if quiz.finished_at is None:
        raise Http404
    return quiz


def _summary(quiz: Quiz, came: Result) -> dict[str, Any]:
    minutes, seconds = divmod(came.seconds, 60)
    return {
        "quiz": quiz,
        "result": came,
        "score": came.score,
        "time_used": f"{count(minutes, 'minute')} {seconds} s" if minutes else f"{seconds} s",
    }


def _explained(quiz: Quiz, wrong: Sequence[Answer], now: datetime) -> list[dict[str, Any]]:
    """The responses that were not right, each with the feedback on it. One query.

    A question that means something else by now is listed without.
    """
    taught, day = teaching_of([answer.question.pk for answer in wrong]), day_of(quiz.user)
    explained = []
    for answer in wrong:
        outcome, html = regraded(answer), ""
        if outcome:
            context = feedback(outcome, day, now, taught[answer.question.pk])
            context |= {"dom": f"-{answer.position}", "hint": outcome.grade.hint}
            html = render_to_string("study/_verdict.html", context)
        would_be_right = outcome is not None and outcome.grade.is_correct
        explained.append(_listed(answer) | {"html": html, "would_be_right": would_be_right})
    return explained


def _listed(answer: Answer) -> dict[str, Any]:
    return {
        "position": answer.position,
        "topic": answer.question.topic.title,
        "stem": markdown(answer.question.stem),
        "is_unsure": answer.is_unsure,
        "is_suspended": answer.is_suspended,
        "is_retired": answer.question.is_retired,
    }


def _share_url(request: Request, quiz: Quiz) -> str:
    if not quiz.share_key:
        return ""
    return request.build_absolute_uri(reverse("quiz-shared", args=[quiz.share_key]))


def _to_share(pk: int) -> HttpResponse:
    return redirect(reverse("quiz-result", args=[pk]) + "#share")
