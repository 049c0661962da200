"""Which members a lead wants to see, in what order, as the address of the page says it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from quizapp.progress.team.report_choice import choice_of
from quizapp.scheduling.found import words_of
from quizapp.teams.models import Assignment, Team


class Standing(StrEnum):
    """Those of `Goal.Status`, and that of a member to whom nothing is assigned."""

    OVERDUE = "overdue"
    AT_RISK = "at-risk"
    NONE = "none"
    ON_COURSE = "on-course"
    READY = "ready"


class Order(StrEnum):
    NEED = "need"
    NAME = "name"
    READINESS = "readiness"
    FORECAST = "forecast"
    SEEN = "seen"
    MINUTES = "minutes"


Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Search:
    """`assignments` are those to choose from, the first of which is taken unless one is named."""

    team: Team
    assignments: Sequence[Assignment] = ()
    assignment: Assignment | None = None
    text: str = ""
    standing: Standing | None = None
    order: Order = Order.NEED
    is_reversed: bool = False
    is_all: bool = False
    page: int = 1

    @property
    def words(self) -> list[str]:
        return self.text.split()

    @property
    def is_everybody(self) -> bool:
        return not self.text and self.standing is None

    @property
    def sort(self) -> str:
        """As the address has it: empty for the usual order, with a minus if turned round."""
        sign = "-" if self.is_reversed else ""
        return "" if self.order is Order.NEED and not sign else f"{sign}{self.order}"

    @property
    def assignment_value(self) -> str:
        """As the address has it: empty for the one that is taken anyway."""
        is_usual = self.assignment is None or self.assignment == self.assignments[0]
        return "" if is_usual or self.assignment is None else str(self.assignment.pk)

    def but(self, **changes: Any) -> Search:
        """The same with other values, from the first page on."""
        return replace(self, **{"page": 1, **changes})

    def address(self, name: str = "team") -> str:
        """Where these choices lead to on the named page."""
        values = {
            "assignment": self.assignment_value,
            "text": self.text,
            "status": self.standing or "",
            "sort": self.sort,
            "all": "yes" if self.is_all else "",
            "page": str(self.page) if self.page > 1 else "",
        }
        query = urlencode({key: value for key, value in values.items() if value})
        url = reverse(name, args=[self.team.pk])
        return f"{url}?{query}" if query else url


def read_search(query: QueryDict, team: Team, today: date) -> Search:
    """One query. Values that mean nothing are passed over."""
    choice = choice_of(team, query.get("assignment", ""), today)
    sort, page = query.get("sort", ""), query.get("page", "")
    return Search(
        team=team,
        assignments=choice.assignments,
        assignment=choice.chosen,
        text=" ".join(words_of(query.get("text", ""))),
        standing=_choice(Standing, query.get("status", "")),
        order=_choice(Order, sort.removeprefix("-")) or Order.NEED,
        is_reversed=sort.startswith("-") and sort.removeprefix("-") in list(Order),
        is_all="all" in query,
        page=max(1, int(page[:6])) if page.isdecimal() else 1,
    )


def _choice(choices: type[Choice], value: str) -> Choice | None:
    return choices(value) if value in list(choices) else None
