"""The bank of questions as a list: searched, narrowed, sorted, and acted on in bulk."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from quizapp.authoring.bank.found import Found
from quizapp.authoring.bank.rows import FIGURES, ORDERS, ORIGINS, STANDINGS, rows_of, short
from quizapp.authoring.bank.search import Choices, Search, read_search
from quizapp.content import question_texts
from quizapp.content.models import Question
from quizapp.grading import KINDS
from quizapp.scheduling.found import LONGEST_TEXT
from quizapp.web.access import LearnerRequest, editor_required
from quizapp.web.pages import page

PER_PAGE = 50


@never_cache
@editor_required
@require_safe
def bank(request: LearnerRequest) -> HttpResponse:
    """A fixed number of queries, however many questions there are."""
    question_texts.fill_in()
    search, choices = read_search(request.GET)
    context = _list(search, choices, request.user.zone) | _form(search, choices)
    return page(request, "authoring/bank.html", "authoring/_bank.html", context)


def _list(search: Search, choices: Choices, zone: ZoneInfo) -> dict[str, Any]:
    """The page of the list that was asked for, or the last one."""
    found = Found(search)
    number = found.count()
    pages = max(1, -(-number // PER_PAGE))
    current = max(1, min(search.page, pages))
    start = (current - 1) * PER_PAGE
    new, ids = found.part(start, start + PER_PAGE) if number else ([], [])
    return {
        "rows": rows_of(new, ids, {topic.slug: topic.title for topic in choices.topics}, zone),
        "number": number,
        "total": number if search.is_everything else Question.objects.count(),
        "selectable": number - len(found.new),
        "current": current,
        "pages": pages,
        "here": search.address(page=current),
        "bulk_url": search.address("edit-bulk"),
        **_links(search, current, pages),
    }


def _links(search: Search, current: int, pages: int) -> dict[str, str]:
    """Where other pages are, empty where there is none."""
    return {
        "first_url": search.address() if current > 1 else "",
        "previous_url": search.address(page=current - 1) if current > 1 else "",
        "next_url": search.address(page=current + 1) if current < pages else "",
        "last_url": search.address(page=pages) if current < pages else "",
    }


def _form(search: Search, choices: Choices) -> dict[str, Any]:
    return {
        "search": search,
        "is_narrowed": not search.is_everything,
        "longest_text": LONGEST_TEXT,
        "topics": choices.topics,
        "topics_in_use": choices.topics_in_use,
        "facts": [(fact.slug, short(fact.fact)) for fact in choices.facts],
        "kinds": [(kind, spec.label) for kind, spec in KINDS.items()],
        "standings": STANDINGS.items(),
        "origins": ORIGINS.items(),
        "figures": FIGURES.items(),
        "orders": ORDERS.items(),
    }
