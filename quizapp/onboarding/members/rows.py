"""The people of a team, as its leads see them in the list: names and addresses, and no more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.paginator import Page, Paginator
from django.db.models import F

from quizapp.onboarding.members.absences import Span
from quizapp.scheduling.cards import day_of
from quizapp.scheduling.goals.syncing import due_on
from quizapp.teams.domains import is_welcome
from quizapp.teams.models import Absence, Assignment, Membership, Team, User

PER_PAGE = 100
MOST_FORMER = 200
MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class MemberRow:
    """`absences` and `assignments` are words: days of leave, and what is asked by name."""

    user: User
    is_lead: bool
    joined: str
    absences: Sequence[str] = ()
    assignments: Sequence[str] = ()
    left: str = ""


@dataclass(frozen=True, slots=True)
class People:
    page: Page[Membership]
    rows: list[MemberRow]
    former: list[MemberRow]
    former_number: int
    leads: int


def people_of(team: Team, page: str, now: datetime) -> People:
    """Seven queries at the most, however many people there are."""
    current = Membership.objects.current().filter(team=team)
    ordered = current.select_related("user").order_by(F("role"), "user__name", "user__email", "pk")
    found = Paginator(ordered, PER_PAGE).get_page(page)
    members = list(found)
    absences, assignments = _absences_of(members, now), _assignments_of(members)
    gone = Membership.objects.filter(team=team, left_at__isnull=False).select_related("user")
    return People(
        page=found,
        rows=[
            MemberRow(
                user=each.user,
                is_lead=each.is_lead,
                joined=_date(each.user, each.joined_at),
                absences=absences.get(each.pk, ()),
                assignments=assignments.get(each.pk, ()),
            )
            for each in members
        ],
        former=[
            MemberRow(
                user=each.user,
                is_lead=each.is_lead,
                joined=_date(each.user, each.joined_at),
                left=_date(each.user, each.left_at) if each.left_at else "",
            )
            for each in gone.order_by("-left_at", "-pk")[:MOST_FORMER]
        ],
        former_number=gone.count(),
        leads=Membership.objects.leads().filter(team=team).count(),
    )


def strangers(team: Team) -> list[User]:
    """Those in the team whose address is at none of the domains that may join it now."""
    if not team.domains:
        return []
    current = Membership.objects.current().filter(team=team).select_related("user")
    return [each.user for each in current if not is_welcome(each.user.email, team.domains)]


def named(users: Sequence[User]) -> str:
    """`Alice, Bob`; of many, the first few and how many more."""
    names = [str(user) for user in users[:MOST_NAMED]]
    more = len(users) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")


def _absences_of(members: Collection[Membership], now: datetime) -> dict[int, list[str]]:
    """Leave that runs or is to come, each by the days of the member. No zone is a day off."""
    by_key = {each.pk: each for each in members}
    words: dict[int, list[str]] = defaultdict(list)
    recent = Absence.objects.not_over(now.date() - timedelta(days=2))
    for absence in recent.filter(membership__in=by_key):
        today = day_of(by_key[absence.membership_id].user).date_of(now)
        if absence.last_day >= today:
            words[absence.membership_id].append(Span(absence.first_day, absence.last_day).words)
    return words


def _assignments_of(members: Collection[Membership]) -> dict[int, list[str]]:
    by_key = {each.pk: each for each in members}
    words: dict[int, list[str]] = defaultdict(list)
    running = Assignment.objects.running().filter(membership__in=by_key).select_related("track")
    for each in running:
        if each.membership_id is not None:
            due = due_on(each, by_key[each.membership_id])
            words[each.membership_id].append(f"{each.track.title} by {due:%-d %B %Y}")
    return words


def _date(user: User, moment: datetime) -> str:
    return f"{moment.astimezone(user.zone):%-d %B %Y}"
