"""What a learner is to know by when, and for leads, how their teams stand, in few words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Prefetch, Q

from quizapp.scheduling.cards import day_of
from quizapp.scheduling.goals import counting
from quizapp.scheduling.goals.aims import aims_of
from quizapp.scheduling.goals.pacing import Aim, new_today
from quizapp.scheduling.goals.words import on_day, percent
from quizapp.scheduling.models import Goal
from quizapp.teams.models import Absence, Membership, User
from quizapp.web.words import count


@dataclass(frozen=True, slots=True)
class GoalCard:
    """One goal as home shows it. `readiness` is in percent, None where nothing was counted yet."""

    title: str
    team_id: int
    status: str
    status_words: str
    reason: str
    readiness: int | None
    readiness_words: str
    forecast_words: str
    forecast_range: str
    target: int
    due_words: str
    is_due: bool
    minutes_words: str
    a_day_words: str
    """What a day holds: minutes, and how many new questions where the minutes will do."""
    is_short_of_time: bool
    leads: str
    back_words: str
    """Until when the learner is on leave, empty if they are not."""


def cards(user: User, now: datetime) -> list[GoalCard]:
    """The soonest first. No query for whoever has no goals, a fixed number for all others."""
    if not user.has_goals:
        return []
    counting.refresh_member(user, now)
    today = day_of(user).date_of(now)
    goals = list(_goals(user, today))
    leads = _leads(user, {goal.assignment.team_id for goal in goals})
    return [_card(goal, leads.get(goal.assignment.team_id, []), today) for goal in goals]


def asked_for(user: User, now: datetime) -> str:
    """What the goals ask of a day, beside the minutes that the learner has set; empty for none."""
    if not user.has_goals:
        return ""
    today = day_of(user).date_of(now)
    coming = [goal for goal in _goals(user, today) if goal.due_on > today]
    if not coming:
        return ""
    asks = [
        f"{_title(goal, today)} asks for {count(goal.assignment.minutes_per_day, 'minute')} a day"
        for goal in coming
    ]
    together = count(aims_of(user, today).minutes(None) or 0, "minute")
    if len(asks) == 1:
        asked = f"Your goal {asks[0]}"
    else:
        asked = f"Your goals: {', '.join(asks)}. Together that makes {together} a day"
    if user.minutes_per_day is None:
        return f"{asked}. While you set no limit, that is what a day holds."
    return f"{asked}; the greater of the two counts."


def led_teams(user: User) -> list[dict[str, Any]]:
    """The teams that somebody leads, with how many of the members who have goals are behind.

    One query, of teams as they were last counted; none for guests, who lead nothing.
    """
    if user.is_guest:
        return []
    people = "team__assignments__goals__user"
    status = "team__assignments__goals__status"
    led: Any = Membership.objects.leads().filter(user=user, team__archived_at=None)
    found = led.select_related("team").annotate(
        concerned=Count(people, distinct=True),
        counted=Count(people, distinct=True, filter=Q(**{f"{status}__gt": ""})),
        at_risk=Count(people, distinct=True, filter=Q(**{status: Goal.Status.AT_RISK})),
        overdue=Count(people, distinct=True, filter=Q(**{status: Goal.Status.OVERDUE})),
    )
    return [
        {"team": each.team, "words": _led_words(each), "is_behind": each.at_risk or each.overdue}
        for each in found.order_by("team__name", "team__pk")
    ]


def _goals(user: User, today: date) -> Any:
    away = Absence.objects.not_over(today)
    return (
        Goal.objects.of(user)
        .select_related("assignment__track", "assignment__team")
        .prefetch_related(Prefetch("membership__absences", away))
        .order_by("due_on", "pk")
    )


def _card(goal: Goal, leads: list[str], today: date) -> GoalCard:
    assignment = goal.assignment
    is_due = goal.due_on <= today
    needed = goal.minutes_needed
    is_short = needed is None or math.ceil(needed) > assignment.minutes_per_day
    minutes = count(assignment.minutes_per_day, "minute")
    is_behind = goal.status in {Goal.Status.AT_RISK, Goal.Status.OVERDUE}
    away = [each for each in goal.membership.absences.all() if each.first_day <= today]
    return GoalCard(
        title=f"{_title(goal, today)}, for {assignment.team.name}",
        team_id=assignment.team_id,
        status=goal.status,
        status_words=goal.get_status_display(),
        reason=goal.reason,
        readiness=None if goal.readiness is None else round(100 * goal.readiness),
        readiness_words=_share(goal.readiness, assignment.target),
        forecast_words="" if is_due else _share(goal.forecast, assignment.target),
        forecast_range=_range(goal),
        target=round(assignment.target * 100),
        due_words=on_day(goal.due_on, today),
        is_due=is_due,
        minutes_words=minutes,
        a_day_words=f"{minutes} a day{'.' if is_short else _new_words(goal, today)}",
        is_short_of_time=is_behind and is_short and not is_due,
        leads=" or ".join(leads),
        back_words=on_day(max(each.last_day for each in away), today) if away else "",
    )


def _new_words(goal: Goal, today: date) -> str:
    if goal.total is None or goal.seen is None:
        return "."
    unseen = goal.total - goal.seen
    if unseen <= 0:
        return ". You have met every question of it."
    absences = goal.membership.absences.all()
    away = tuple((each.first_day, each.last_day) for each in absences)
    aim = Aim(goal.due_on, goal.assignment.target, away)
    return f", with about {count(new_today([(aim, unseen)], 0, today), 'new question')}."


def _title(goal: Goal, today: date) -> str:
    return f"{goal.assignment.track.title} by {on_day(goal.due_on, today)}"


def _share(share: float | None, target: float) -> str:
    return "" if share is None else percent(share, target)


def _range(goal: Goal) -> str:
    if goal.forecast_low is None or goal.forecast_high is None:
        return ""
    return f"{percent(goal.forecast_low)} to {percent(goal.forecast_high)}"


def _leads(user: User, team_ids: set[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    leads = Membership.objects.leads().filter(team__in=team_ids, user__is_active=True)
    for each in leads.exclude(user=user).select_related("user"):
        found.setdefault(each.team_id, []).append(str(each.user))
    return found


def _led_words(team: Any) -> str:
    if not team.concerned:
        return "nothing is asked of anybody yet"
    if not team.counted:
        return (
            f"see how {count(team.concerned, 'member')} stand{'s' if team.concerned == 1 else ''}"
        )
    behind = [f"{team.at_risk} of {team.concerned} at risk"] if team.at_risk else []
    if team.overdue:
        behind.append(f"{team.overdue}{'' if behind else f' of {team.concerned}'} overdue")
    return ", ".join(behind) or f"nobody of {team.concerned} is at risk"
