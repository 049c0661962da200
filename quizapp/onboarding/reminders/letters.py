"""Reminders and digests as mails: in plain text, in HTML, and as a part of a page for a preview."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from quizapp.onboarding.reminders.digesting import ORDER, Standing, TeamWeek
from quizapp.onboarding.reminders.reminding import GoalStanding, Reminder
from quizapp.onboarding.reminders.unsubscribing import token_of
from quizapp.scheduling.goals.words import percent
from quizapp.scheduling.models import Goal
from quizapp.teams.models import User
from quizapp.web.words import count, in_a_line

LISTED = 20
"""So many members of a team are named with one status. The page names them all."""

POINTS = 0.01


@dataclass(frozen=True, slots=True)
class Letter:
    """`body` is what `html` has within, for a page that has a style of its own."""

    subject: str
    text: str
    html: SafeString
    body: SafeString
    stop_url: str

    def message(self, user: User) -> EmailMultiAlternatives:
        """To that person, to be stopped by one click in the mail program (RFC 8058)."""
        headers = {
            "List-Unsubscribe": f"<{self.stop_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        }
        message = EmailMultiAlternatives(
            self.subject, self.text, to=[user.email or ""], headers=headers
        )
        message.attach_alternative(self.html, "text/html")
        return message


def reminder_letter(user: User, reminder: Reminder, teams: Sequence[str], site: str) -> Letter:
    return _letter(
        "reminder",
        user,
        site,
        {
            "work": work_words(reminder),
            "review_url": site + reverse("review"),
            "goals": [_goal(goal) for goal in reminder.goals],
            "why": why_reminded(user, teams),
        },
    )


def digest_letter(user: User, weeks: Sequence[TeamWeek], site: str) -> Letter | None:
    """One for all the teams that the person leads; None where there is nothing to tell."""
    if not weeks:
        return None
    return _letter(
        "digest",
        user,
        site,
        {
            "name": weeks[0].team.name if len(weeks) == 1 else "",
            "counts": ", ".join(_counts(weeks)),
            "teams": [_team(week, site) for week in weeks],
        },
    )


def work_words(reminder: Reminder) -> str:
    """`31 reviews are due, about 5 minutes`."""
    minutes = f"about {count(reminder.minutes, 'minute')}"
    reviews, new = count(reminder.reviews, "review"), count(reminder.new, "new question")
    if not reminder.new:
        return f"{reviews} {'is' if reminder.reviews == 1 else 'are'} due, {minutes}"
    if not reminder.reviews:
        return f"{new} {'is' if reminder.new == 1 else 'are'} planned for today, {minutes}"
    return f"{reviews} and {new} are for today, {minutes}"


def why_reminded(user: User, teams: Sequence[str]) -> str:
    """In the middle of a sentence."""
    if user.wants_reminders or not teams:
        return "you asked to be reminded"
    teams = [in_a_line(team) for team in teams]
    if len(teams) == 1:
        return f"you are in the team {teams[0]}"
    more = [f"{len(teams) - 2} more"] if len(teams) > 3 else teams[2:]
    *first, last = (*teams[:2], *more)
    return f"you are in the teams {', '.join(first)} and {last}"


def _letter(kind: str, user: User, site: str, context: dict[str, Any]) -> Letter:
    stop_url = site + reverse("reminders-stop", args=[token_of(user, kind)])
    context |= {
        "recipient": in_a_line(user.name),
        "site": site,
        "settings_url": site + reverse("reminders"),
        "stop_url": stop_url,
    }
    folder = "teams/email/"
    subject = render_to_string(f"{folder}{kind}_subject.txt", context)
    body = render_to_string(f"{folder}_{kind}.html", context)
    return Letter(
        subject=" ".join(subject.split()),
        text=render_to_string(f"{folder}{kind}.txt", context).strip() + "\n",
        html=render_to_string(f"{folder}{kind}.html", {"body": body}),
        body=body,
        stop_url=stop_url,
    )


def _goal(goal: GoalStanding) -> dict[str, Any]:
    return {
        "track": goal.track,
        "due_on": _date(goal.due_on),
        **_shares(goal),
    }


def _shares(of: GoalStanding | Standing) -> dict[str, str]:
    expected = "" if of.forecast is None else percent(of.forecast, of.target)
    return {"readiness": percent(of.readiness, of.target), "expected": expected}


def _counts(weeks: Sequence[TeamWeek]) -> list[str]:
    """`2 at risk`, `1 ready`, over all the teams."""
    numbers = {status: sum(len(week.having(status)) for week in weeks) for status in ORDER}
    return [f"{number} {status.label.lower()}" for status, number in numbers.items() if number]


def _team(week: TeamWeek, site: str) -> dict[str, Any]:
    return {
        "name": in_a_line(week.team.name),
        "url": site + reverse("team", args=[week.team.pk]),
        "questions_url": site + reverse("team-questions", args=[week.team.pk]),
        "counts": ", ".join(_counts([week])),
        "readiness": percent(week.readiness),
        "change": _change_words(week.change),
        "groups": [_group(status, week.having(status)) for status in ORDER if week.having(status)],
        "wrong": week.wrong,
        "wrong_words": week.wrong
        and f"{count(week.wrong.answers, 'answer')} of {week.wrong.people} people",
    }


def _group(status: Goal.Status, standings: Sequence[Standing]) -> dict[str, Any]:
    return {
        "label": status.label,
        "rows": [_row(each) for each in standings[:LISTED]],
        "more": len(standings) - len(standings[:LISTED]),
        "is_trouble": status in (Goal.Status.OVERDUE, Goal.Status.AT_RISK),
    }


def _row(each: Standing) -> dict[str, Any]:
    return {
        "name": in_a_line(each.name),
        "track": each.track,
        "due_on": _date(each.due_on),
        **_shares(each),
        "reason": each.reason,
        "change": _change_words(each.change),
        "was_on_course": each.was_on_course,
    }


def _change_words(change: float | None) -> str:
    """`7 points more than a week ago`; nothing where it is not known."""
    if change is None:
        return ""
    points = round(abs(change) / POINTS)
    if not points:
        return "as a week ago"
    return f"{count(points, 'point')} {'more' if change > 0 else 'less'} than a week ago"


def _date(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
