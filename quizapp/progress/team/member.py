"""One member: what the lead sees, which is all that the member sees here."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from quizapp.content.rendering import markdown_inline
from quizapp.progress import activity, plots, trouble
from quizapp.progress.team.dates import clock
from quizapp.progress.team.member_rows import leave_words, standpoint
from quizapp.progress.team.member_topics import Banks, OfTopic, banks_of, by_topic
from quizapp.progress.team.report_choice import frame
from quizapp.progress.words import title_of, wall_clock
from quizapp.scheduling.cards import day_of
from quizapp.scheduling.day import LearnerDay
from quizapp.scheduling.goals.counting import refresh_member
from quizapp.scheduling.goals.words import on_day, percent
from quizapp.scheduling.models import Goal
from quizapp.teams.access import leads, membership_seen_by
from quizapp.teams.models import Absence, Membership, Team, User
from quizapp.web.access import LearnerRequest, member_required
from quizapp.web.pages import page
from quizapp.web.words import count

WEEKS = 12


@never_cache
@member_required
@require_safe
def member(request: LearnerRequest, team: Team, user: int) -> HttpResponse:
    """A fixed number of queries, however many goals and however long the history."""
    membership = membership_seen_by(request.user, team, user)
    if membership is None:
        raise Http404
    now, day = timezone.now(), day_of(request.user)
    refresh_member(membership.user, now)
    goals = list(
        Goal.objects.filter(membership=membership)
        .select_related("assignment__track")
        .order_by("due_on", "pk")
    )
    banks = banks_of({goal.assignment.track for goal in goals})
    context = {
        **frame(request, team),
        "is_lead": leads(request.user, team),
        "member": membership.user,
        "is_own": membership.user_id == request.user.pk,
        "leads": _names_of_leads(team, membership),
        "goals": _goals(goals, banks, membership.user, day, now),
        "weeks": _weeks(membership.user, now),
        "leave": _leave(membership, day, now),
        "sees_responses": settings.QUIZAPP_LEADS_SEE_RESPONSES,
    }
    if settings.QUIZAPP_LEADS_SEE_RESPONSES:
        context["confident"] = _confidently_wrong(membership.user, banks, day)
    return page(request, "teams/member.html", "teams/_member.html", context)


def _names_of_leads(team: Team, membership: Membership) -> list[str]:
    """Those other than the member."""
    found = Membership.objects.leads().filter(team=team).exclude(pk=membership.pk)
    return [str(each.user) for each in found.select_related("user")]


def _goals(
    goals: list[Goal], banks: Banks, user: User, day: LearnerDay, now: datetime
) -> list[dict[str, Any]]:
    topics = by_topic(user, banks, now)
    today = day.date_of(now)
    return [
        {
            "key": goal.pk,
            "title": goal.assignment.track.title,
            "at": standpoint(goal, day, now),
            "minutes_per_day": goal.assignment.minutes_per_day,
            "as_of": goal.counted_at and clock(goal.counted_at, day.zone, today),
            "topics": [_topic(each) for each in topics[goal.assignment.track_id]],
        }
        for goal in goals
    ]


def _topic(each: OfTopic) -> dict[str, Any]:
    return {
        "title": each.topic.title,
        "total": each.total,
        "met": each.met,
        "recalled": round(each.recalled, 2),
        "percent": percent(each.readiness),
    }


def _weeks(user: User, now: datetime) -> dict[str, Any]:
    """By the member's own days, Monday first. One query."""
    today = day_of(user).date_of(now)
    by_week = dict(activity.weeks(activity.tallies(user, today), today))
    monday = today - timedelta(days=today.weekday())
    shown = [monday - timedelta(weeks=ago) for ago in range(WEEKS - 1, -1, -1)]
    minutes = [by_week[week].minutes if week in by_week else 0 for week in shown]
    titles = [
        f"Week of {on_day(week, today)}: {count(number, 'minute')}"
        for week, number in zip(shown, minutes, strict=True)
    ]
    labels = [f"{week.day} {week:%b}" if n % 3 == 2 else "" for n, week in enumerate(shown)]
    return {
        "rows": [
            (f"{week.day} {week:%b}", number)
            for week, number in zip(shown[::-1], minutes[::-1], strict=True)
        ],
        "total": sum(minutes),
        "plot": plots.bar_plot(minutes, titles, labels, height=110),
    }


def _leave(membership: Membership, day: LearnerDay, now: datetime) -> list[str]:
    today = day.date_of(now)
    absences = Absence.objects.not_over(today).filter(membership=membership)
    return [leave_words(absence, today) for absence in absences]


def _confidently_wrong(user: User, banks: Banks, day: LearnerDay) -> list[dict[str, Any]]:
    """Of the questions that are assigned, and no others."""
    assigned = {question for bank in banks.values() for question in bank}
    return [
        {
            "title": title_of(error.question.stem),
            "at": wall_clock(error.at, day.zone),
            "given": [markdown_inline(part) for part in error.given],
        }
        for error in trouble.confidently_wrong(user, assigned)
    ]
