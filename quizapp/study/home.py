"""The way in: for a visitor one button, for a learner what is due now."""

from __future__ import annotations

import math
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from quizapp.content.rendering import markdown
from quizapp.scheduling import overview
from quizapp.scheduling.cards import day_of
from quizapp.scheduling.line_up import LineUp, Plan, line_up
from quizapp.study.scopes import queue_scope
from quizapp.teams.models import User
from quizapp.web.access import LearnerRequest, Request, learner_required
from quizapp.web.pages import page
from quizapp.web.words import until


@never_cache
@require_safe
def home(request: LearnerRequest) -> HttpResponse:
    now = timezone.now()
    user = request.user if request.user.is_authenticated else None
    lined_up = _line_up(request, now) if user else None
    standings = overview.topics(user, lined_up)
    context = {
        "visitor": user is None,
        "guests_allowed": settings.QUIZAPP_GUESTS,
        "has_content": bool(standings),
        "topics": [_topic(standing) for standing in standings],
    }
    if user and lined_up:
        context |= _standing(user, now, lined_up)
    return page(request, "study/home.html", "study/_home.html", context)


@require_POST
def start(request: Request) -> HttpResponse:
    """Make the visitor a learner without asking for anything."""
    if request.user.is_authenticated:
        return redirect("review")
    if not settings.QUIZAPP_GUESTS:
        return redirect("home")
    guest = User.objects.create_guest(timezone_name=request.POST.get("timezone", ""))
    login(request, guest, backend="django.contrib.auth.backends.ModelBackend")
    return redirect("review")


@require_safe
def shortcuts(request: Request) -> HttpResponse:
    return render(request, "study/keys.html")


@never_cache
@learner_required
@require_safe
def suspended(request: LearnerRequest) -> HttpResponse:
    cards = overview.suspended(request.user)
    questions = [(card.question, markdown(card.question.stem)) for card in cards]
    return page(request, "study/suspended.html", "study/_suspended.html", {"questions": questions})


def _line_up(request: LearnerRequest, now: datetime) -> LineUp:
    scope = queue_scope(request, None, now)
    return line_up(request.user, now, extra_new=scope.extra_new)


def _standing(user: User, now: datetime, lined_up: LineUp) -> dict[str, Any]:
    plan = lined_up.plan
    due = overview.next_due(user, now, lined_up)
    return {
        "plan": plan,
        "minutes": _minutes(plan, user),
        "next_due_words": until(due, now, day_of(user)) if due else "",
        "has_history": due is not None or plan.steps > 0 or plan.reviews > 0,
        "week": _week(overview.week(user, now, lined_up)),
        "ahead": len(lined_up.ahead),
        "more_new": lined_up.more_new,
    }


def _minutes(plan: Plan, user: User) -> int:
    return max(1, math.ceil(plan.total * overview.seconds_per_question(user) / 60))


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


def _topic(standing: overview.TopicStanding) -> dict[str, Any]:
    return {
        "title": standing.topic.title,
        "summary": standing.topic.summary,
        "url": reverse("review-topic", args=[standing.topic.slug]),
        "total": standing.total,
        "seen": standing.seen,
        "learned": standing.learned,
        "due": standing.due,
        "percent_seen": round(100 * standing.seen / standing.total),
    }
