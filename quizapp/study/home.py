"""The way in: for a visitor one button, for a learner what is due now."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from quizapp.content.rendering import markdown
from quizapp.scheduling import flags, outlook, overview
from quizapp.scheduling.cards import day_of
from quizapp.scheduling.line_up import LineUp
from quizapp.study import goals, pretest, quizzes, reading
from quizapp.study.browse_rows import in_short
from quizapp.study.scopes import MOST_DAYS_AHEAD, ask_to_study_ahead, queue_scope
from quizapp.teams.models import User
from quizapp.web.access import LearnerRequest, Request, learner_required
from quizapp.web.pages import next_url, page
from quizapp.web.words import count, until

LONG_MINUTES = 25
"""Whoever has more to do in a day, and has set no limit, is told how to."""


@never_cache
@require_safe
def home(request: LearnerRequest) -> HttpResponse:
    now = timezone.now()
    user = request.user if request.user.is_authenticated else None
    scope = queue_scope(request, None, now) if user else None
    lined_up = scope.line_up(request.user, now) if scope else None
    standings = overview.topics(user, lined_up)
    pretests = pretest.offered(user) if user else set()
    context = {
        "visitor": user is None,
        "guests_allowed": settings.QUIZAPP_GUESTS,
        "has_content": bool(standings),
        "topics": [_topic(standing, pretests) for standing in standings],
    }
    if user and scope and lined_up:
        context |= _standing(user, now, lined_up) | _begun(user) | {"now": now}
        context |= {"ahead_days": scope.ahead_days, "news": _news(user)}
        context |= {"goals": goals.cards(user, now), "led_teams": goals.led_teams(user)}
        if context["is_long"]:
            context["asked_by_goals"] = goals.asked_for(user, now)
    return page(request, "study/home.html", "study/_home.html", context)


@require_POST
def start(request: Request) -> HttpResponse:
    """Make the visitor a learner without asking for anything."""
    if request.user.is_authenticated:
        return redirect(next_url(request))
    if not settings.QUIZAPP_GUESTS:
        return redirect("home")
    guest = User.objects.create_guest(timezone_name=request.POST.get("timezone", ""))
    login(request, guest, backend="django.contrib.auth.backends.ModelBackend")
    return redirect(next_url(request))


@require_safe
def shortcuts(request: Request) -> HttpResponse:
    return render(request, "study/keys.html")


@require_POST
@learner_required
def study_ahead(request: LearnerRequest) -> HttpResponse:
    """Take reviews of the days to come today, such as before a journey. 0 days ends it."""
    now = timezone.now()
    days = request.POST.get("days", "")[:3]
    if not days.isdecimal() or int(days) > MOST_DAYS_AHEAD:
        messages.info(request, f"Choose from 1 to {MOST_DAYS_AHEAD} days.")
        return redirect(next_url(request))
    ask_to_study_ahead(request, int(days), now)
    lined_up = queue_scope(request, None, now).line_up(request.user, now)
    if int(days) and not (lined_up.early or lined_up.reviews):
        messages.info(request, f"Nothing more comes back within {count(int(days), 'day')}.")
        ask_to_study_ahead(request, 0, now)
        return redirect(next_url(request))
    return redirect("review" if int(days) else next_url(request))


def _standing(user: User, now: datetime, lined_up: LineUp) -> dict[str, Any]:
    plan, minutes = lined_up.plan, overview.minutes_left(user, now, lined_up)
    coming = outlook.forecast(user, now)
    due = outlook.next_due(user, now, lined_up, coming)
    return {
        "plan": plan,
        "minutes": minutes,
        "is_long": minutes > LONG_MINUTES and user.minutes_per_day is None,
        "next_due_words": until(due, now, day_of(user)) if due else "",
        "has_history": due is not None or plan.steps > 0 or plan.reviews > 0,
        "catch_up": outlook.catch_up(user, now, lined_up, coming),
        "week": _week(outlook.week(user, now, lined_up, coming)),
        "ahead": len(lined_up.ahead),
        "more_new": lined_up.more_new,
    }


def _news(user: User) -> list[dict[str, Any]]:
    """What came of the learner's flags, until it has been read."""
    return [
        {
            "question": each.question,
            "stem": in_short(each.question.stem),
            "outcome": each.outcome,
            "reply": markdown(each.reply),
            "flag_ids": each.flag_ids,
        }
        for each in flags.news(user)
    ]


def _begun(user: User) -> dict[str, Any]:
    """What the learner could go on with, beside reviewing."""
    return {"quiz": quizzes.unfinished(user), "reading": reading.last_read(user)}


def _week(week: list[tuple[date, int]]) -> list[dict[str, Any]]:
    most = max((number for _, number in week), default=0)
    return [
        {
            "day_label": "Today" if index == 0 else f"{day:%a}",
            "count": number,
            "percent": round(100 * number / most) if most else 0,
        }
        for index, (day, number) in enumerate(week)
    ]


def _topic(standing: overview.TopicStanding, pretests: Collection[int]) -> dict[str, Any]:
    return {
        "slug": standing.topic.slug,
        "has_pretest": standing.topic.pk in pretests,
        "title": standing.topic.title,
        "summary": standing.topic.summary,
        "url": reverse("review-topic", args=[standing.topic.slug]),
        "total": standing.total,
        "seen": standing.seen,
        "learned": standing.learned,
        "due": standing.due,
        "percent_seen": round(100 * standing.seen / standing.total),
    }
