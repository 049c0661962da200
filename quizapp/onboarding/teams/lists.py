"""The teams of a person, as the list of them shows each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, F, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce

from quizapp.scheduling.models import Goal
from quizapp.teams.models import Assignment, Membership, Team, User
from quizapp.web.words import count

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class GoalLine:
    """What one is to know by when, and where one stands, empty before it was counted."""

    track: str
    due: str
    standing: str
    status: str
    status_words: str


@dataclass(frozen=True, slots=True)
class TeamRow:
    """`badges` are pairs of a name and words."""

    team: Team
    people: str
    badges: Sequence[tuple[str, str]] = ()
    goals: Sequence[GoalLine] = ()
    next_step: str = ""
    leads: str = ""


@dataclass(frozen=True, slots=True)
class Lists:
    """`everything` is the administrators' list of all teams, None for others."""

    led: list[TeamRow] = field(default_factory=list)
    joined: list[TeamRow] = field(default_factory=list)
    archived: list[TeamRow] = field(default_factory=list)
    everything: Page[Team] | None = None
    all_rows: list[TeamRow] = field(default_factory=list)


def lists_of(user: User, page: str) -> Lists:
    """Three queries, and three more for administrators, however many teams there are."""
    memberships = Membership.objects.current().filter(user=user)
    own = {each.team_id: each for each in memberships}
    teams = _counted(Team.objects.of(user)) if own else []
    goals = _goals_of(user) if own else {}
    lists = Lists(**_everything(user, page) if user.is_superuser else {})
    for team in teams:
        membership = own.get(team.pk)
        if membership is None:  # left in between
            continue
        own_goals = goals.get(membership.pk, ())
        row = _row(team, user, own_goals, is_lead=membership.is_lead)
        if team.archived_at is not None:
            lists.archived.append(row)
        elif membership.is_lead:
            lists.led.append(row)
        else:
            lists.joined.append(row)
    return lists


def _everything(user: User, page: str) -> dict[str, Any]:
    leads = Membership.objects.leads().select_related("user")
    ordered = _counted(Team.objects.all()).order_by(
        F("archived_at").asc(nulls_first=True), "name", "pk"
    )
    found = Paginator(
        ordered.prefetch_related(Prefetch("memberships", leads, to_attr="leading")), PER_PAGE
    ).get_page(page)
    rows = [replace(_row(team, user, (), is_lead=True), next_step="") for team in found]
    return {"everything": found, "all_rows": rows}


def _counted(teams: QuerySet[Team]) -> QuerySet[Team]:
    return teams.annotate(
        members=_number(
            Membership.objects.members().filter(team=OuterRef("pk")).order_by(), "team", "pk"
        ),
        at_risk=_with_status(Goal.Status.AT_RISK),
        overdue=_with_status(Goal.Status.OVERDUE),
        is_asked=Exists(Assignment.objects.running().filter(team=OuterRef("pk"))),
    )


def _with_status(status: Goal.Status) -> Coalesce:
    """The number of members with such a goal."""
    goals = Goal.objects.filter(assignment__team=OuterRef("pk"), status=status)
    return _number(goals, "assignment__team", "membership")


def _number(rows: QuerySet[Any], by: str, counted: str) -> Coalesce:
    numbers = rows.values(by).annotate(number=Count(counted, distinct=True)).values("number")
    return Coalesce(Subquery(numbers), 0)


def _goals_of(user: User) -> dict[int, list[GoalLine]]:
    """By membership."""
    goals: dict[int, list[GoalLine]] = defaultdict(list)
    asked = Goal.objects.of(user).select_related("assignment__track")
    for goal in asked.order_by("due_on", "pk"):
        goals[goal.membership_id].append(
            GoalLine(
                track=goal.assignment.track.title,
                due=f"{goal.due_on:%-d %B %Y}",
                standing="" if goal.readiness is None else f"{goal.readiness:.0%}",
                status=goal.status,
                status_words=goal.get_status_display(),
            )
        )
    return goals


def _row(team: Any, viewer: User, goals: Sequence[GoalLine], *, is_lead: bool) -> TeamRow:
    """`team` with the numbers of `_counted`. Only its leads see them."""
    badges = []
    if team.archived_at:
        badges.append(
            ("archived", f"Archived on {team.archived_at.astimezone(viewer.zone):%-d %B %Y}")
        )
    if not is_lead:
        return TeamRow(team, "", badges, goals)
    if team.at_risk:
        badges.append(("at-risk", f"{team.at_risk} at risk"))
    if team.overdue:
        badges.append(("overdue", f"{team.overdue} overdue"))
    return TeamRow(
        team,
        people=count(team.members, "member") if team.members else "No members",
        badges=badges,
        goals=goals,
        next_step=_next_step(team),
        leads=", ".join(str(each.user) for each in getattr(team, "leading", ())),
    )


def _next_step(team: Any) -> str:
    """What a team lacks before there is anything to see."""
    if team.archived_at:
        return ""
    if not team.members:
        return "invite"
    return "" if team.is_asked else "assign"
