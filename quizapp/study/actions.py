"""What a learner can do beside answering: undo, correct a rating, set aside, flag."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST
from django_htmx.http import reswap, retarget

from quizapp.content.models import Question
from quizapp.scheduling import answers, cards, flags
from quizapp.scheduling.models import Flag
from quizapp.study import quizzes
from quizapp.study.scopes import ask_for_more_new
from quizapp.web.access import LearnerRequest, learner_required
from quizapp.web.pages import next_url
from quizapp.web.words import until


@require_POST
@learner_required
def undo(request: LearnerRequest, pk: int) -> HttpResponse:
    """Take a review back and show its question again. Once more changes nothing."""
    undone = answers.undo(request.user, pk, timezone.now())
    if undone is None:
        messages.info(request, "That can no longer be undone.")
        return redirect(next_url(request))
    messages.info(request, "Undone. That answer no longer counts.")
    return redirect(_showing(undone.question_id, next_url(request)))


@require_POST
@learner_required
def too_easy(request: LearnerRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    with transaction.atomic():
        rated = answers.rate_easy(request.user, pk, now)
        if rated:
            quizzes.keep_place(pk, rated)
    if rated is None:
        messages.info(request, "That review can no longer be changed.")
    else:
        due = datetime.fromisoformat(rated.after["due"])
        words = until(due, now, cards.day_of(request.user))
        messages.info(request, f"Noted as easy. It comes back {words}.")
    return redirect(next_url(request))


@require_POST
@learner_required
def suspend(request: LearnerRequest, pk: int) -> HttpResponse:
    question = get_object_or_404(Question, pk=pk)
    cards.suspend(request.user, question, timezone.now())
    _notice(request, "Suspended: it stays away until you bring it back.", "unsuspend", pk)
    return redirect(next_url(request))


@require_POST
@learner_required
def unsuspend(request: LearnerRequest, pk: int) -> HttpResponse:
    cards.unsuspend(request.user, get_object_or_404(Question, pk=pk))
    messages.info(request, "The question is back.")
    return redirect(_showing(pk, next_url(request)))


@require_POST
@learner_required
def bury(request: LearnerRequest, pk: int) -> HttpResponse:
    question = get_object_or_404(Question, pk=pk)
    cards.bury(request.user, question, timezone.now())
    _notice(request, "Buried: it comes back tomorrow.", "unbury", pk)
    return redirect(next_url(request))


@require_POST
@learner_required
def unbury(request: LearnerRequest, pk: int) -> HttpResponse:
    cards.unbury(request.user, get_object_or_404(Question, pk=pk))
    messages.info(request, "The question is back.")
    return redirect(_showing(pk, next_url(request)))


@require_POST
@learner_required
def flag(request: LearnerRequest, pk: int) -> HttpResponse:
    """Tell the editors that something is wrong with the question."""
    question = get_object_or_404(Question, pk=pk)
    reason = request.POST.get("reason", "")
    if reason in Flag.Reason.values:
        comment = request.POST.get("comment", "")
        flags.flag(request.user, question, reason, comment, timezone.now())
        notice = "Thank you. The editors will look at it."
    else:
        notice = "Nothing was sent: choose what is wrong first."
    if request.htmx:
        response = render(request, "study/_notice.html", {"text": notice})
        return reswap(retarget(response, "#notice"), "innerHTML")
    messages.info(request, notice)
    return redirect(next_url(request))


@require_POST
@learner_required
def flags_read(request: LearnerRequest) -> HttpResponse:
    """The learner has read what came of the flags that the form names."""
    shown = [
        int(pk) for pk in request.POST.getlist("flag")[:100] if pk.isdecimal() and len(pk) < 19
    ]
    flags.note_read(request.user, shown, timezone.now())
    return redirect(next_url(request))


@require_POST
@learner_required
def more_new(request: LearnerRequest) -> HttpResponse:
    """Go on with new questions beyond today's limit."""
    ask_for_more_new(request, timezone.now())
    return redirect(next_url(request))


def _showing(question_id: int, url: str) -> str:
    """The address of a review that begins with the question; other pages stay as they were."""
    path = url.partition("?")[0]
    return f"{path}?question={question_id}" if _is_review(path) else url


def _is_review(path: str) -> bool:
    try:
        return resolve(path).url_name in ("review", "review-topic")
    except Resolver404:
        return False


def _notice(request: LearnerRequest, text: str, undo: str, question_id: int) -> None:
    """A notice whose tag is the address that takes the action back."""
    messages.info(request, text, extra_tags=reverse(undo, args=[question_id]))
