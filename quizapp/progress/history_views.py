"""The history: every answer, page by page, and all answers to one question."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from quizapp.content.models import Topic
from quizapp.content.rendering import markdown, markdown_inline
from quizapp.grading import ResponseError
from quizapp.progress import history as log
from quizapp.progress.words import comes_back, strength, title_of, wall_clock
from quizapp.scheduling.cards import day_of, schedule_of
from quizapp.scheduling.goals.words import percent
from quizapp.scheduling.memory import retrievability
from quizapp.scheduling.models import Review
from quizapp.teams.models import User
from quizapp.web.access import LearnerRequest, learner_required
from quizapp.web.pages import page
from quizapp.web.responses import OUTCOMES, given, outcome


@never_cache
@learner_required
@require_safe
def history(request: LearnerRequest) -> HttpResponse:
    topics = list(Topic.objects.active())
    filters = _filters(request.GET, topics)
    shown = log.log_page(
        request.user, filters, after=_key(request.GET, "after"), before=_key(request.GET, "before")
    )
    context = {
        "topics": topics,
        "outcomes": [(name, label) for name, (label, _) in log.OUTCOMES.items()],
        "filters": filters,
        "is_filtered": filters != log.Filters(),
        "rows": [_row(review, request.user) for review in shown.reviews],
        "newer_url": _url(filters, before=shown.newer),
        "older_url": _url(filters, after=shown.older),
        "is_past_the_end": "after" in request.GET or "before" in request.GET,
    }
    return page(request, "progress/history.html", "progress/_history.html", context)


@never_cache
@learner_required
@require_safe
def question_history(request: LearnerRequest, pk: int) -> HttpResponse:
    now, user = timezone.now(), request.user
    reviews = log.of_question(user, pk)
    if not reviews:
        raise Http404
    question, card = log.question_and_card(user, pk)
    for review in reviews:
        review.question = question
    is_untold = any(review.is_untold for review in reviews)
    # The key of a meaning that the learner has not responded to stays hidden.
    is_open = not is_untold and any(
        review.undone_at is None and review.question_version == question.version
        for review in reviews
    )
    context = {
        "question": question,
        "title": title_of(question.stem),
        "stem": markdown(question.stem),
        "kind_label": question.parsed_spec.label,
        "is_open": is_open,
        "is_untold": is_untold,
        "is_changed": all(review.question_version != question.version for review in reviews),
        "explanation": markdown(question.explanation) if is_open else "",
        "card": card,
        "rows": [_row(review, user) | _response(review) for review in reviews],
    }
    if card and card.reps and not is_untold:
        remembered = retrievability(card.memory, now, schedule_of(user))
        context |= {
            "strength": strength(remembered),
            "recall_percent": percent(remembered) if remembered and remembered < 1 else "",
            "next": comes_back(card.due, now, day_of(user)),
        }
    return page(request, "progress/question.html", "progress/_question.html", context)


def _filters(query: QueryDict, topics: list[Topic]) -> log.Filters:
    """What is asked for, as far as there is such a thing."""
    topic, wanted = query.get("topic", ""), query.get("outcome", "")
    return log.Filters(
        topic=topic if any(each.slug == topic for each in topics) else "",
        outcome=wanted if wanted in log.OUTCOMES else "all",
    )


def _key(query: QueryDict, name: str) -> int | None:
    value = query.get(name, "")
    return int(value[:18]) if value.isascii() and value.isdecimal() else None


def _url(filters: log.Filters, **anchor: int | None) -> str:
    """The address of the neighbouring page, empty if there is none."""
    if not any(anchor.values()):
        return ""
    query = QueryDict(mutable=True)
    if filters.topic:
        query["topic"] = filters.topic
    if filters.outcome != "all":
        query["outcome"] = filters.outcome
    query.update({name: str(key) for name, key in anchor.items()})
    return f"{reverse('history')}?{query.urlencode()}"


def _row(review: Review, user: User) -> dict[str, Any]:
    turned_out = outcome(review.score, is_sure=review.is_sure)
    return {
        "review": review,
        "is_untold": review.is_untold,
        "at": wall_clock(review.reviewed_at, user.zone),
        "machine_at": review.reviewed_at.isoformat(),
        "title": title_of(review.question.stem),
        "outcome": turned_out,
        "outcome_words": OUTCOMES[turned_out],
        "rating": review.get_rating_display().capitalize(),
        "seconds": round(review.duration_ms / 1000),
    }


def _response(review: Review) -> dict[str, Any]:
    """What was responded, as far as it can still be told."""
    question = review.question
    is_text = isinstance(review.response, str) and question.parsed_spec.layout == "checks"
    if is_text:
        return {"text": review.response}
    if review.question_version != question.version:
        return {"is_outdated": True}
    if review.response is None:
        return {"is_blank": True}
    try:
        parts = given(question.parsed_spec, review.response)
    except ResponseError:
        return {"is_outdated": True}
    return {"given": [markdown_inline(part) for part in parts], "is_outdated": not parts}
