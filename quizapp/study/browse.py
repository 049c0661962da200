"""All questions that the learner has met: found, set aside, practised."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from quizapp.content.rendering import plain_text
from quizapp.scheduling import found
from quizapp.scheduling.cards import schedule_of
from quizapp.scheduling.found import Standing, Wanted
from quizapp.study import quiz_making
from quizapp.study.browse_rows import row, shortened
from quizapp.study.browse_search import Search, read_search
from quizapp.study.feedback import flag_reasons
from quizapp.study.scopes import StudyScope
from quizapp.teams.models import User
from quizapp.web.access import LearnerRequest, learner_required
from quizapp.web.pages import next_url, page
from quizapp.web.standings import ORDERS, STANDINGS
from quizapp.web.words import count

PER_PAGE = 25
LARGEST_ID = 2**63
NOTHING_TO_ASK = "None of these can be asked: bring back what is suspended first."


@never_cache
@learner_required
@require_safe
def browse(request: LearnerRequest) -> HttpResponse:
    """At most eight queries, whose cost grows with the questions met, not with the reviews."""
    search = read_search(request.GET)
    context = _list(request.user, search, timezone.now()) | _form(search)
    flagging = request.GET.get("flag", "")
    context["flagging"] = int(flagging[:19]) if flagging.isdecimal() else None
    return page(request, "study/browse.html", "study/_browse.html", context)


@require_safe
def suspended(_request: LearnerRequest) -> HttpResponse:
    """Where the suspended questions used to be listed."""
    return redirect(f"{reverse('browse')}?state={Standing.SUSPENDED}", permanent=True)


@require_POST
@learner_required
def practise(request: LearnerRequest) -> HttpResponse:
    """A quiz of the questions chosen, or of all that match the filters in the address."""
    user, now = request.user, timezone.now()
    search, chosen = read_search(request.GET), _chosen(request)
    if "all" in request.POST:
        at_work = found.found(user, search.wanted, now).filter(is_suspended=False)
        ids = found.ids_in_order(at_work, search.order, now, quiz_making.MOST)
    else:
        ids = found.at_work_among(user, chosen, now)
    if not ids:
        messages.info(
            request, NOTHING_TO_ASK if chosen else "Choose the questions to practise first."
        )
        return redirect(next_url(request))
    topic = f": {search.topic.title}" if search.topic else ""
    quiz = quiz_making.make_once(user, title=f"Practice{topic}", question_ids=ids, now=now)
    return redirect("quiz", quiz.pk)


@require_POST
@learner_required
def suspend_chosen(request: LearnerRequest) -> HttpResponse:
    return _set_suspended(request, suspended=True)


@require_POST
@learner_required
def unsuspend_chosen(request: LearnerRequest) -> HttpResponse:
    return _set_suspended(request, suspended=False)


def _set_suspended(request: LearnerRequest, *, suspended: bool) -> HttpResponse:
    chosen = _chosen(request)
    changed = found.set_suspended(request.user, chosen, suspended=suspended)
    if changed:
        text = f"{count(len(changed), 'question')} {'suspended' if suspended else 'brought back'}."
        name = "unsuspend-chosen" if suspended else "suspend-chosen"
        query = urlencode({"question": changed}, doseq=True)
        messages.info(request, text, extra_tags=f"{reverse(name)}?{query}")
    elif chosen:
        state = "suspended already" if suspended else "not suspended"
        messages.info(request, f"Nothing was changed: what you chose is {state}.")
    else:
        messages.info(request, "Choose some questions first.")
    return redirect(next_url(request))


def _chosen(request: LearnerRequest) -> list[int]:
    """The questions ticked in the form, or named in the address of an undo."""
    values = request.POST.getlist("question") or request.GET.getlist("question")
    ids = [int(value[:19]) for value in values if value.isdecimal()]
    return [pk for pk in ids if pk < LARGEST_ID]


def _list(user: User, search: Search, now: datetime) -> dict[str, Any]:
    """The page of the list that was asked for, or the last one."""
    wanted = search.wanted
    matching = found.found(user, wanted, now)
    number, at_work = found.count(matching)
    met = number if wanted.is_everything else found.count(found.met(user, now))[0]
    pages = max(1, -(-number // PER_PAGE))
    current = max(1, min(search.page, pages))
    start = (current - 1) * PER_PAGE
    cards = found.in_order(matching, search.order, now)[start : start + PER_PAGE]
    schedule = schedule_of(user)
    here = search.address(page=current)
    return {
        "scope": StudyScope("Questions", here, None),
        "rows": [row(card, now, schedule) for card in cards] if number else [],
        "number": number,
        "met": met,
        "practisable": min(at_work, quiz_making.MOST),
        "leaves_some": at_work > quiz_making.MOST,
        "practise_url": search.address("practise"),
        "current": current,
        "pages": pages,
        "earlier_url": search.address(page=current - 1) if current > 1 else "",
        "later_url": search.address(page=current + 1) if current < pages else "",
        "flag_url": f"{here}{'&' if '?' in here else '?'}flag=",
        "flag_reasons": flag_reasons(),
    }


def _form(search: Search) -> dict[str, Any]:
    return {
        "search": search,
        "is_narrowed": not search.wanted.is_everything,
        "wants_suspended_only": search.wanted == Wanted(standing=Standing.SUSPENDED),
        "longest_text": found.LONGEST_TEXT,
        "facts": [(fact.slug, shortened(plain_text(fact.fact), 90)) for fact in search.facts],
        "standings": STANDINGS.items(),
        "orders": ORDERS.items(),
    }
