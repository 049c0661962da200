"""Flags by question, a page at a time: a fixed number of queries, however many flags there are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Max, QuerySet, Window
from django.db.models.functions import RowNumber

from quizapp.authoring.flags.search import FlagSearch, Order, State
from quizapp.content.models import Question, Revision
from quizapp.scheduling.models import Flag
from quizapp.teams.models import User

PER_PAGE = 25
MOST_OF_A_QUESTION = 10
MOST_OF_THE_ONLY_QUESTION = 200


@dataclass(frozen=True, slots=True)
class Group:
    """The flags on a question, the latest first: `number` in all, of which some are in `flags`.

    `newest` is when the last of them all was raised. `changed_at` is when the question was last
    changed, as far as its history knows.
    """

    question: Question
    people: int
    number: int
    newest: datetime
    changed_at: datetime | None
    flags: list[Flag] = field(default_factory=list)

    @property
    def has_new_meaning(self) -> bool:
        """Whether a flag shown is about an earlier version."""
        return any(each.question_version != self.question.version for each in self.flags)

    @property
    def has_changed(self) -> bool:
        """Whether anything was changed since a flag shown was raised."""
        at = self.changed_at
        return self.has_new_meaning or (
            at is not None and any(each.created_at < at for each in self.flags)
        )


@dataclass(frozen=True, slots=True)
class GroupPage:
    """`total` is the number of questions on all pages; `search` names the page that is shown."""

    groups: list[Group]
    total: int
    search: FlagSearch

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PER_PAGE))


def page_of(search: FlagSearch) -> GroupPage:
    """The page that was asked for, or the last one. At most five queries."""
    rows = _rows(search)
    total = rows.count()
    search = replace(search, page=min(search.page, max(1, -(-total // PER_PAGE))))
    start = (search.page - 1) * PER_PAGE
    shown = list(rows[start : start + PER_PAGE]) if total else []
    return GroupPage(_groups(shown, search) if shown else [], total, search)


def settled_so(
    question: Question, outcome: str, reply: str, by: User, seen: datetime
) -> datetime | None:
    """When the editor has settled in just this way what was seen: the form was sent twice."""
    flags = Flag.objects.settled().filter(
        question=question, outcome=outcome, reply=reply, resolved_by=by, resolved_at__gte=seen
    )
    return flags.order_by("-resolved_at").values_list("resolved_at", flat=True).first()


def _flags(search: FlagSearch) -> QuerySet[Flag]:
    flags = Flag.objects.open() if search.state is State.OPEN else Flag.objects.settled()
    return flags.filter(question__slug=search.question) if search.question else flags


def _rows(search: FlagSearch) -> QuerySet[Any, Any]:
    """A row for each question."""
    latest = "-latest" if search.state is State.SETTLED else "-newest"
    keys = ("-people", latest) if search.order is Order.MOST else (latest,)
    return (
        _flags(search)
        .values("question")
        .annotate(
            people=Count("user", distinct=True),
            number=Count("pk"),
            newest=Max("created_at"),
            latest=Max("resolved_at"),
        )
        .order_by(*keys, "question")
    )


def _groups(rows: list[dict[str, Any]], search: FlagSearch) -> list[Group]:
    keys = [row["question"] for row in rows]
    questions = Question.objects.select_related("topic").in_bulk(keys)
    changed = _changed([question.slug for question in questions.values()])
    groups = {
        row["question"]: Group(
            question=questions[row["question"]],
            people=row["people"],
            number=row["number"],
            newest=row["newest"],
            changed_at=changed.get(questions[row["question"]].slug),
        )
        for row in rows
    }
    for flag in _latest_of_each(keys, search):
        group = groups[flag.question_id]
        flag.question = group.question
        group.flags.append(flag)
    return list(groups.values())


def _latest_of_each(keys: Collection[int], search: FlagSearch) -> QuerySet[Flag]:
    """The latest flags on each question, with the responses and who settled them."""
    order = ("-resolved_at", "-created_at", "-pk")  # the first is null for all that are open
    most = MOST_OF_THE_ONLY_QUESTION if search.question else MOST_OF_A_QUESTION
    place = Window(RowNumber(), partition_by=F("question"), order_by=order)
    return (
        _flags(search)
        .filter(question__in=keys)
        .annotate(place=place)
        .filter(place__lte=most)
        .select_related("review", "resolved_by")
        .defer("review__before", "review__after", "review__options_order")
        .order_by("question", *order)
    )


def _changed(slugs: Collection[str]) -> dict[str, datetime]:
    """When each question last came to say something else, as far as the act tells."""
    acts = Revision.Act
    changes = Revision.objects.filter(noun="question", slug__in=slugs).exclude(
        act__in=(acts.FOUND, acts.MOVED, acts.RETIRED)
    )
    latest = changes.order_by().values("slug").annotate(last=Max("at"))
    return dict(latest.values_list("slug", "last"))
