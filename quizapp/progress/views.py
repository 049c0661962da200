"""My progress: what was met, what is expected to be recalled, what comes back, what was hard."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from quizapp.content.models import Topic
from quizapp.content.rendering import markdown_inline
from quizapp.progress import activity, model_fit, sections, standing, trouble
from quizapp.progress.words import comes_back, strength, title_of, wall_clock
from quizapp.scheduling.cards import day_of
from quizapp.scheduling.day import LearnerDay
from quizapp.web.access import LearnerRequest, learner_required
from quizapp.web.pages import page


@never_cache
@learner_required
@require_safe
def progress(request: LearnerRequest) -> HttpResponse:
    now, user = timezone.now(), request.user
    day = day_of(user)
    today = day.date_of(now)
    bank = standing.bank()
    found = standing.met(user, now, bank)
    topics = standing.topics(bank, found)
    tallies = activity.tallies(user, today)
    context = {
        "whole": sections.coverage(standing.coverage(len(bank), found)),
        "topics": [sections.topic(each) for each in topics],
        "week": activity.last_days(tallies, today),
        "is_new": not found and not tallies,
        "forecast": sections.forecast(standing.forecast(user, now, found)),
        "calendar": sections.calendar(tallies, today),
        "retention": sections.retention(activity.months(tallies, today), user.desired_retention),
        "hardest": [
            {"title": title_of(stem), "card": card} for card, stem in trouble.hardest(user, bank)
        ],
        "confident": [
            _confident_error(error, day) for error in trouble.confidently_wrong(user, bank)
        ],
        "fit": sections.fit(model_fit.fit_for(user), user),
        "fit_from": model_fit.FIT_FROM,
    }
    return page(request, "progress/progress.html", "progress/_progress.html", context)


@never_cache
@learner_required
@require_safe
def progress_topic(request: LearnerRequest, topic: str) -> HttpResponse:
    now, user = timezone.now(), request.user
    day = day_of(user)
    shown = get_object_or_404(Topic.objects.active(), slug=topic)
    found = standing.met(user, now, standing.bank(shown))
    context = {
        "topic": shown,
        "facts": [_fact(each, day, now) for each in standing.facts(user, shown, found)],
    }
    return page(request, "progress/topic.html", "progress/_topic.html", context)


def _fact(each: standing.OfFact, day: LearnerDay, now: datetime) -> dict[str, Any]:
    is_told = each.coverage.met and not each.is_untold
    return {
        "html": markdown_inline(each.fact.fact),
        "url": _fact_url(each.fact.slug),
        "strength": strength(each.coverage.recall) if is_told else "",
        "next": comes_back(each.comes, now, day) if each.comes else "",
        **sections.coverage(each.coverage),
    }


def _fact_url(slug: str) -> str:
    try:
        return reverse("fact", args=[slug])
    except NoReverseMatch:
        return ""


def _confident_error(error: trouble.ConfidentError, day: LearnerDay) -> dict[str, Any]:
    return {
        "question": error.question,
        "title": title_of(error.question.stem),
        "at": wall_clock(error.at, day.zone),
        "given": [markdown_inline(part) for part in error.given],
        "recalled_at": wall_clock(error.recalled_at, day.zone) if error.recalled_at else None,
    }
