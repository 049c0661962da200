"""The members of a team beside their goals: counted, narrowed and put in order in the database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    FilteredRelation,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Lower, NullIf

from quizapp.content.question_texts import folded
from quizapp.progress.team.member_search import Order, Search, Standing
from quizapp.scheduling.models import Goal
from quizapp.teams.models import Absence, Assignment, Membership, Team

PER_PAGE = 25

Members = QuerySet[Any]
"""Of memberships, each with its `goal` joined, which their type does not say."""

_RANK = Case(
    *(When(goal__status=each, then=number) for number, each in enumerate(Standing)),
    When(goal__isnull=True, then=list(Standing).index(Standing.NONE)),
    default=len(Standing),
)
"""Most in need first; who has not been counted yet comes last."""

BY_NAME = Lower(Coalesce(NullIf("user__name", Value("")), "user__email"))
"""Orders rows that have a `user` by what they are called."""

_KEYS: dict[Order, Sequence[Any]] = {
    Order.NEED: (_RANK, F("goal__forecast")),
    Order.NAME: (BY_NAME,),
    Order.READINESS: (F("goal__readiness"),),
    Order.FORECAST: (F("goal__forecast"),),
    Order.SEEN: (F("goal__last_answer_at"),),
    Order.MINUTES: (F("goal__minutes_this_week"),),
}


@dataclass(frozen=True, slots=True)
class Found:
    """A member, their goal in the chosen assignment, and their present or next leave."""

    membership: Membership
    goal: Goal | None
    absence: Absence | None


@dataclass(frozen=True, slots=True)
class Summary:
    """How many members stand where, when they are due at the earliest and at the latest, and
    since when the oldest of the figures have stood."""

    numbers: Counter[str]
    first_due: date | None
    last_due: date | None
    counted_at: datetime | None

    @property
    def total(self) -> int:
        return self.numbers.total()


def listed(team: Team, assignment: Assignment | None) -> Members:
    """Whoever has the assignment, and members to whom nothing at all is assigned."""
    goal = FilteredRelation("goals", condition=Q(goals__assignment=assignment and assignment.pk))
    has_any = Exists(Goal.objects.filter(membership=OuterRef("pk")))
    members: Members = Membership.objects.current().filter(team=team).annotate(goal=goal)
    return members.filter(Q(goal__isnull=False) | (Q(role=Membership.Role.MEMBER) & ~has_any))


def summary(members: Members) -> Summary:
    """One query."""
    rows = list(
        members.order_by()
        .values_list("goal__status")
        .annotate(Count("pk"), Min("goal__due_on"), Max("goal__due_on"), Min("goal__counted_at"))
    )
    numbers = Counter({Standing.NONE if row[0] is None else row[0]: row[1] for row in rows})
    return Summary(
        numbers=numbers,
        first_due=min((row[2] for row in rows if row[2]), default=None),
        last_due=max((row[3] for row in rows if row[3]), default=None),
        counted_at=min((row[4] for row in rows if row[4]), default=None),
    )


def with_words(members: Members, words: Sequence[str]) -> Members:
    """Those whose name or address has all the words. One query, if there are any.

    Compared here, since SQLite knows upper and lower case of plain letters only.
    """
    if not words:
        return members
    sought = [folded(word) for word in words]
    rows = members.order_by().values_list("pk", "user__name", "user__email")
    matching = [
        key
        for key, name, email in rows
        if all(word in folded(f"{name} {email or ''}") for word in sought)
    ]
    return members.filter(pk__in=matching)


def with_standing(members: Members, standing: Standing | None) -> Members:
    if standing is None:
        return members
    if standing is Standing.NONE:
        return members.filter(goal__isnull=True)
    return members.filter(goal__status=standing)


def found(search: Search) -> Members:
    """All that the search finds, on whatever page. At most one query so far."""
    members = with_words(listed(search.team, search.assignment), search.words)
    return with_standing(members, search.standing)


def in_order(members: Members, search: Search) -> Members:
    """Who has no figure comes last either way, but for one who was never seen."""
    return members.order_by(*_order(search), BY_NAME, "pk")


def rows_of(members: Members, assignment: Assignment | None, today: date) -> list[Found]:
    """All of these members. Two queries."""
    found = list(members.select_related("user", "goal"))
    absences: dict[int, Absence] = {}
    for absence in Absence.objects.not_over(today).filter(membership__in=[m.pk for m in found]):
        absences.setdefault(absence.membership_id, absence)
    return [Found(each, _goal(each, assignment), absences.get(each.pk)) for each in found]


def _goal(member: Membership, assignment: Assignment | None) -> Goal | None:
    goal: Goal | None = getattr(member, "goal", None)  # not set where the join finds nothing
    if goal and assignment:
        goal.assignment = assignment
    return goal


def _order(search: Search) -> Iterator[Any]:
    if search.order not in (Order.NEED, Order.NAME):
        yield Case(When(goal__isnull=True, then=1), default=0)
    for key in _KEYS[search.order]:
        if search.order is Order.SEEN and not search.is_reversed:
            yield key.asc(nulls_first=True)
        elif search.is_reversed:
            yield key.desc(nulls_last=True)
        else:
            yield key.asc(nulls_last=True)
