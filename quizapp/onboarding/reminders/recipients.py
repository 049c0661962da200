"""Who may be sent mail now: who wants it, can be reached, and is at the hour for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from allauth.account.models import EmailAddress
from django.db.models import Exists, OuterRef, Q, QuerySet

from quizapp.onboarding.reminders.hours import MONDAY, USUAL_HOUR, WORKDAYS, Hours
from quizapp.scheduling.cards import day_of
from quizapp.teams.models import Mailing, Membership, User

Kind = Mailing.Kind

CHUNK = 500
"""So many people are looked at in one go."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """`on` is the date, the person's own, whose mail it is; `teams` are the names of theirs."""

    user: User
    on: date
    teams: Sequence[str]


def wanting(kind: str) -> QuerySet[User]:
    """Those who want such mail: whoever has not chosen wants reminders if in a team now.

    Digests are for leads.
    """
    field = "wants_reminders" if kind == Kind.REMINDER else "wants_digest"
    role = Q() if kind == Kind.REMINDER else Q(role=Membership.Role.LEAD)
    current = Membership.objects.current().filter(role, team__archived_at=None)
    people = User.objects.filter(is_active=True, is_guest=False)
    # Written as keys and not as a join, so that whoever has not chosen is found by memberships.
    in_a_team = Q(pk__in=current.values("user"))
    if kind == Kind.DIGEST:
        return people.filter(in_a_team).exclude(**{field: False})
    return people.filter(Q(**{field: True}) | Q(**{field: None}) & in_a_team)


def wants(user: User, kind: str) -> bool:
    return wanting(kind).filter(pk=user.pk).exists()


def is_reachable(user: User) -> bool:
    return User.objects.filter(_reachable(), pk=user.pk).exists()


def _reachable() -> Exists:
    """Whether the address of a user is proven to be theirs."""
    return Exists(
        EmailAddress.objects.filter(
            user=OuterRef("pk"), verified=True, email__iexact=OuterRef("email")
        )
    )


def hours_of(user: User, kind: str = Kind.REMINDER) -> Hours:
    """Digests come at the hour of reminders, and always on a Monday."""
    hour = USUAL_HOUR if user.reminder_hour is None else user.reminder_hour
    if kind == Kind.DIGEST:
        return Hours(day_of(user), hour, MONDAY)
    chosen = user.reminder_days
    days = WORKDAYS if chosen is None else frozenset(chosen)
    return Hours(day_of(user), hour, days)


def recipients(kind: str, now: datetime) -> Iterator[list[Recipient]]:
    """In chunks, those for whom it is the hour, who are not away and have had none for the day.

    One query for so many people as a chunk holds, and three more where anybody is at the hour.
    """
    for chunk in _at_their_hour(kind, now):
        had = Mailing.objects.filter(user__in=chunk, kind=kind, day__in=set(chunk.values()))
        for user, day in had.values_list("user", "day"):
            if chunk[user] == day:
                del chunk[user]
        teams = _teams_present_for(chunk)
        users = User.objects.in_bulk([pk for pk in chunk if teams.get(pk) != []])
        found = [Recipient(users[pk], chunk[pk], teams.get(pk, ())) for pk in chunk if pk in users]
        if found:
            yield found


def _at_their_hour(kind: str, now: datetime) -> Iterator[dict[int, date]]:
    """The keys of the people, each with the date whose mail may come now."""
    rows = wanting(kind).filter(_reachable()).order_by("pk")
    rows = rows.only("timezone", "rollover_hour", "reminder_hour", "reminder_days")
    last = 0
    while chunk := list(rows.filter(pk__gt=last)[:CHUNK]):
        last = chunk[-1].pk
        days = {user.pk: hours_of(user, kind).date_for(now) for user in chunk}
        if at_hour := {pk: day for pk, day in days.items() if day}:
            yield at_hour


def is_away(user: User, on: date) -> bool:
    """Whether the person is on leave from every team that they are in."""
    return _teams_present_for({user.pk: on}).get(user.pk) == []


def teams_of(user: User, on: date) -> Sequence[str]:
    return _teams_present_for({user.pk: on}).get(user.pk, ())


def _teams_present_for(dates: dict[int, date]) -> dict[int, list[str]]:
    """The names of the teams in which a person is not on leave on the date, by the person.

    A person in no team is missing; one who is on leave from all has an empty list.
    """
    rows = (
        Membership.objects.current()
        .filter(user__in=dates, team__archived_at=None)
        .order_by("team__name", "pk")
        .values_list("user", "team__name", "pk", "absences__first_day", "absences__last_day")
    )
    names: dict[int, dict[int, str]] = defaultdict(dict)
    away: set[int] = set()
    for user, team, pk, first, last in rows:
        names[user][pk] = team
        if first is not None and first <= dates[user] <= last:
            away.add(pk)
    return {
        user: [name for pk, name in theirs.items() if pk not in away]
        for user, theirs in names.items()
    }
