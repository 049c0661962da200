"""The inbox of flags: what learners say is wrong, by question, and what is done about it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from quizapp.authoring.flags.groups import page_of, settled_so
from quizapp.authoring.flags.rows import group_row, undo_url
from quizapp.authoring.flags.search import FlagSearch, Order, State, read_search
from quizapp.authoring.statistics.counting import look_again
from quizapp.content.models import Question
from quizapp.scheduling import flags
from quizapp.scheduling.models import Flag
from quizapp.web.access import LearnerRequest, editor_required
from quizapp.web.moments import instant
from quizapp.web.pages import is_ours, page
from quizapp.web.words import count

STATES = {State.OPEN: "Open", State.SETTLED: "Settled"}
ORDERS = {Order.MOST: "Most flags first", Order.NEWEST: "Newest first"}

_DONE = {
    Flag.Outcome.ANSWERED: "Answered",
    Flag.Outcome.MENDED: "Noted as mended",
    Flag.Outcome.DISMISSED: "Dismissed",
}

_TOO_LATE = (
    "Nothing was changed: these flags have been settled already, or changed by those who raised "
    "them."
)


@never_cache
@editor_required
@require_safe
def inbox(request: LearnerRequest) -> HttpResponse:
    """Five queries, beside those that say who is asking."""
    return _inbox(request, read_search(request.GET))


@editor_required
@require_POST
def answer(request: LearnerRequest, question: int) -> HttpResponse:
    """Settle the flags on a question that the editor has seen, or take that back."""
    row = get_object_or_404(Question, pk=question)
    if "undo" in request.GET:
        return _reopen(request, row)
    outcome, reply = (
        request.POST.get("outcome", ""),
        flags.clean_reply(request.POST.get("reply", "")),
    )
    if problem := _problem(outcome, reply):
        return _again(request, row, problem, reply)
    now = timezone.now()
    seen = instant(request.POST.get("seen", "")) or now
    number = flags.settle(row, outcome, reply, request.user, now, seen=seen)
    if not number:
        if settled_at := settled_so(row, outcome, reply, request.user, seen):
            text = f"{_DONE[Flag.Outcome(outcome)]} already."
            messages.info(request, text, extra_tags=undo_url(row, settled_at))
            return redirect(_back(request))
        return _again(request, row, _TOO_LATE, reply)
    look_again([row.pk])
    told = count(number, "learner is", "learners are")
    text = f"{_DONE[Flag.Outcome(outcome)]}. {told} told on the next visit."
    messages.info(request, text, extra_tags=undo_url(row, now))
    return redirect(_back(request))


def _reopen(request: LearnerRequest, question: Question) -> HttpResponse:
    moment = instant(request.GET["undo"])
    number = flags.reopen(question, moment) if moment else 0
    if number:
        look_again([question.pk])
        messages.info(request, f"{count(number, 'flag is', 'flags are')} open again.")
    else:
        messages.info(request, "Nothing was changed: that has been taken back already.")
    return redirect(_back(request))


def _problem(outcome: str, reply: str) -> str:
    """What speaks against settling the flags in this way, in a sentence; mostly nothing."""
    if outcome not in Flag.Outcome.values:
        return "Choose what to do: answer, mended or dismiss."
    if len(reply) > flags.LONGEST_REPLY:
        over = len(reply) - flags.LONGEST_REPLY
        return f"Shorten the reply by {count(over, 'character')}: {flags.LONGEST_REPLY} fit."
    if outcome == Flag.Outcome.ANSWERED and not reply:
        return "Write the answer first, or dismiss the flags without one."
    return ""


def _again(request: LearnerRequest, question: Question, problem: str, reply: str) -> HttpResponse:
    """The question by itself, with the reply as it was typed, and the way back to the list."""
    context = {"scope": {"url": _back(request)}, "problem": problem, "typed": reply}
    return _inbox(request, FlagSearch(question=question.slug), context, status=422)


def _inbox(
    request: LearnerRequest,
    search: FlagSearch,
    more: dict[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    shown = page_of(search)
    search = shown.search
    context: dict[str, Any] = {
        "scope": {"url": search.address(search.page)},
        "search": search,
        "states": STATES.items(),
        "orders": ORDERS.items(),
        "groups": [group_row(group, request.user.zone) for group in shown.groups],
        "total": shown.total,
        "pages": shown.pages,
        "earlier_url": search.address(search.page - 1) if search.page > 1 else "",
        "later_url": search.address(search.page + 1) if search.page < shown.pages else "",
        "is_open": search.state is State.OPEN,
        "longest_reply": flags.LONGEST_REPLY,
        **(more or {}),
    }
    return page(request, "authoring/flags.html", "authoring/_flags.html", context, status=status)


def _back(request: LearnerRequest) -> str:
    url = request.POST.get("next", "")
    return url if is_ours(request, url) else reverse("edit-flags")
