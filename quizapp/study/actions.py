"""What a learner can do beside answering: undo, correct a rating, set aside, flag."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST
from django_htmx.http import reswap, retarget

from quizapp.content.models import Question
from quizapp.scheduling import cards
from quizapp.scheduling.answers import rate_easy, undo_last
from quizapp.scheduling.models import Card, Flag
from quizapp.study.access import LearnerRequest, learner_required
from quizapp.study.scopes import ask_for_more_new, next_url
from quizapp.study.words import until


@require_POST
@learner_required
def undo(request: LearnerRequest) -> HttpResponse:
    """Take the latest review back and show its question again."""
    undone = undo_last(request.user, timezone.now())
    if undone is None:
        messages.info(request, "There is nothing left to undo.")
        return redirect(next_url(request))
    messages.info(request, "Undone. Here is the question again.")
    return redirect(f"{next_url(request)}?question={undone.question_id}")


@require_POST
@learner_required
def too_easy(request: LearnerRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    rated = rate_easy(request.user, pk, now)
    if rated is None:
        messages.info(request, "That review can no longer be changed.")
    else:
        due = Card.objects.of(request.user).get(question_id=rated.question_id).due
        words = until(due, now, cards.schedule_of(request.user).day)
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
    return redirect(f"{next_url(request)}?question={pk}")


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
    return redirect(f"{next_url(request)}?question={pk}")


@require_POST
@learner_required
def flag(request: LearnerRequest, pk: int) -> HttpResponse:
    """Tell the editors that something is wrong with the question."""
    question = get_object_or_404(Question, pk=pk)
    reason = request.POST.get("reason", "")
    if reason in Flag.Reason.values:
        Flag.objects.create(
            user=request.user,
            question=question,
            question_version=question.version,
            reason=reason,
            comment=request.POST.get("comment", "").strip()[:1000],
        )
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
def more_new(request: LearnerRequest) -> HttpResponse:
    """Go on with new questions beyond today's limit."""
    ask_for_more_new(request, timezone.now())
    return redirect(next_url(request))


def _notice(request: LearnerRequest, text: str, undo: str, question_id: int) -> None:
    """A notice whose tag is the address that takes the action back."""
    messages.info(request, text, extra_tags=reverse(undo, args=[question_id]))
