"""Whether what is about to be assigned can be done: by newcomers, and by those it is for."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from quizapp.onboarding.assignments.assigning import Terms
from quizapp.scheduling.cards import day_of
from quizapp.scheduling.goals import outsets, status, syncing
from quizapp.scheduling.goals.pacing import Aim
from quizapp.scheduling.goals.projecting import project
from quizapp.scheduling.goals.prospects import Outset
from quizapp.scheduling.goals.words import minutes_a_day, on_day
from quizapp.teams.models import Absence, Assignment, Membership
from quizapp.web.words import count

NAMED = 3


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who starts from nothing: what it takes, and what would do if it cannot be done."""

    is_feasible: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Failing:
    name: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Check:
    """`concerned` are the present members that it is for; of the `failing` the worst are named."""

    newcomer: Newcomer | None
    concerned: int
    failing: int
    worst: Sequence[Failing]

    @property
    def is_feasible(self) -> bool:
        return not self.failing and (self.newcomer is None or self.newcomer.is_feasible)

    @property
    def unnamed(self) -> int:
        return self.failing - len(self.worst)

    @property
    def verdict(self) -> str:
        """On the present members it is for, or on newcomers where it concerns nobody yet."""
        if not self.concerned:
            return self.newcomer.sentence if self.newcomer else ""
        if self.newcomer is None and self.worst:
            return f"{self.worst[0].name}: {self.worst[0].sentence}"
        if self.failing:
            verb = "is" if self.failing == 1 else "are"
            number = count(self.concerned, "member")
            return f"{self.failing} of {number} {verb} not expected to make it."
        if self.concerned == 1:
            return "The one member it is for can make it."
        return f"All {self.concerned} members it is for can make it."


def work_out(
    assignment: Assignment,
    terms: Terms,
    memberships: Iterable[Membership],
    *,
    now: datetime,
    today: date,
) -> Check:
    """A fixed number of queries. `assignment` need not be saved; `today` is the lead's."""
    assignment = terms.put_on(copy(assignment))
    concerned = [each for each in memberships if syncing.is_for(assignment, each)]
    users = [each.user for each in concerned]
    found = outsets.outsets_of(users, terms.track, now)
    away = _absences(assignment)
    cases = [
        _Case(assignment, each, found[each.user_id], away.get(each.pk, ()), now)
        for each in concerned
    ]
    failing = [case for case in cases if case.shortfall > 0]
    worst = heapq.nlargest(NAMED, failing, key=lambda case: case.shortfall)
    return Check(
        newcomer=None if terms.membership else _newcomer(terms, today),
        concerned=len(concerned),
        failing=len(failing),
        worst=[Failing(str(case.membership.user), case.sentence) for case in worst],
    )


class _Case:
    """One member with what would be asked of them."""

    def __init__(
        self,
        assignment: Assignment,
        membership: Membership,
        outset: Outset,
        absences: Iterable[Absence],
        now: datetime,
    ) -> None:
        self.assignment, self.membership, self.outset = assignment, membership, outset
        self.today = day_of(membership.user).date_of(now)
        away = tuple((each.first_day, each.last_day) for each in absences)
        self.aim = Aim(syncing.due_on(assignment, membership), assignment.target, away)
        self.shortfall = assignment.target - self._expected()

    @property
    def sentence(self) -> str:
        due_on = self.aim.due_on
        if due_on == self.today:
            return "Due today."
        if due_on < self.today:
            return f"Was due on {on_day(due_on, self.today)}."
        minutes = self.assignment.minutes_per_day
        return status.advice(self.outset, self.aim, today=self.today, minutes=minutes).sentence

    def _expected(self) -> float:
        """Cheaper than the advice, which looks for what would do."""
        return project(
            self.outset,
            days=self.aim.days_left(self.today),
            study_days=self.aim.study_days(self.today),
            minutes=self.assignment.minutes_per_day,
            target=self.aim.target,
        ).readiness


def span(days: int) -> str:
    """`8 weeks`, `10 days`: so long as a lead would say it."""
    if days % 7 == 0 and days >= 14:
        return count(days // 7, "week")
    return count(days, "day")


def _newcomer(terms: Terms, today: date) -> Newcomer:
    outset = outsets.fresh(terms.track)
    aim = Aim(terms.due_on or today + timedelta(days=terms.due_days or 0), terms.target)
    advice = status.advice(outset, aim, today=today, minutes=terms.minutes)
    task = f"{count(outset.total, 'question')} in {span(aim.days_left(today))}"
    if advice.is_feasible:
        return Newcomer(
            is_feasible=True,
            sentence=f"{task}: needs about {minutes_a_day(advice.minutes_needed or 1)}.",
        )
    if terms.due_on is not None:
        return Newcomer(is_feasible=False, sentence=f"{task}. {advice.sentence}")
    needs = "cannot be done in any number of minutes a day"
    if advice.minutes_needed is not None:
        needs = f"needs {minutes_a_day(advice.minutes_needed or 1)}; the limit is {terms.minutes}"
    way_out = ""
    if advice.possible_on is not None:
        way_out = f" Or give {count((advice.possible_on - today).days, 'day')}."
    return Newcomer(is_feasible=False, sentence=f"{task}: {needs}.{way_out}")


def _absences(assignment: Assignment) -> dict[int, list[Absence]]:
    found: dict[int, list[Absence]] = {}
    for absence in Absence.objects.filter(membership__team=assignment.team):
        found.setdefault(absence.membership_id, []).append(absence)
    return found
