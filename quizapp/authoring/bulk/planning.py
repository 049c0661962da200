"""What an act in bulk would do to each question, decided before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db import transaction

from quizapp.content import editing, question_texts
from quizapp.content.editing import batches
from quizapp.content.history import Act, Change, revisions
from quizapp.content.models import Question, QuestionFact, Topic
from quizapp.scheduling.models import Card
from quizapp.teams.models import User

MOST = 10_000
"""So many questions are acted on at once."""


class Deed(StrEnum):
    RETIRE = "retire"
    RESTORE = "restore"
    MOVE = "move"


_ACTS = {Deed.RETIRE: Act.RETIRED, Deed.RESTORE: Act.RESTORED, Deed.MOVE: Act.MOVED}


@dataclass(frozen=True, slots=True)
class Skipped:
    """Questions that stay as they are, and why."""

    why: str
    questions: list[Question]


@dataclass(frozen=True, slots=True)
class Plan:
    """`topic` is where questions are moved to, None for other deeds."""

    deed: Deed
    topic: Topic | None
    changed: list[Question]
    skipped: list[Skipped]

    @property
    def learners(self) -> int:
        """How many people have a card of what is changed."""
        cards = Card.objects.filter(question__in=[question.pk for question in self.changed])
        return cards.order_by().values("user").distinct().count()

    @property
    def number_skipped(self) -> int:
        return sum(len(each.questions) for each in self.skipped)


def plan(deed: Deed, ids: Sequence[int], topic: Topic | None) -> Plan:
    """At most two queries. Ids that lead nowhere are passed over."""
    questions = list(
        Question.objects.filter(pk__in=ids)
        .select_related("topic")
        .defer("explanation", "spec")
        .order_by("topic__position", "topic__slug", "position", "pk")
    )
    obstacle = _obstacle(deed, questions, topic)
    changed, skipped = [], dict[str, list[Question]]()
    for question in questions:
        why = obstacle(question)
        if why:
            skipped.setdefault(why, []).append(question)
        else:
            changed.append(question)
    return Plan(deed, topic, changed, [Skipped(*each) for each in skipped.items()])


def carry_out(
    deed: Deed, ids: Sequence[int], topic: Topic | None, *, by: User, at: datetime, batch: UUID
) -> Plan | None:
    """Does it to all that it can be done to, or to none. None if the batch was done before."""
    change = Change(by.pk, at, _ACTS[deed], batch=batch)
    with transaction.atomic():
        # Whoever sends the same form a second time waits here.
        list(Question.objects.select_for_update().filter(pk__in=ids).order_by("pk").values("pk"))
        if batches.is_done(batch):
            return None
        decided = plan(deed, ids, topic)
        _do(decided, change)
    return decided


def _do(decided: Plan, change: Change) -> None:
    rows = decided.changed
    if decided.topic:
        editing.move(rows, decided.topic, change)
    elif decided.deed is Deed.RESTORE:
        editing.restore(rows, change)
    elif decided.deed is Deed.RETIRE:
        # The history of a question that is gone has to know what it said.
        whole = list(
            Question.objects.filter(pk__in=[row.pk for row in rows]).select_related("topic")
        )
        said = question_texts.sources_of(whole)
        revisions.note_present({row.slug: said[row.pk] for row in whole}, change)
        editing.retire(whole, change)


def _obstacle(
    deed: Deed, questions: Sequence[Question], topic: Topic | None
) -> Callable[[Question], str]:
    """Why the deed cannot be done to a question, or is done already; empty if it can."""
    if deed is Deed.RETIRE:
        return lambda question: "retired already" if question.is_retired else ""
    if deed is Deed.MOVE:
        return lambda question: _against_moving(question, topic)
    gone = dict(
        QuestionFact.objects.filter(question__in=questions, fact__retired_at__isnull=False)
        .order_by("-position")
        .values_list("question_id", "fact__slug")
    )
    return lambda question: _against_restoring(question, gone.get(question.pk, ""))


def _against_moving(question: Question, topic: Topic | None) -> str:
    if question.is_retired:
        return "retired: restore it before you move it"
    return "in that topic already" if question.topic == topic else ""


def _against_restoring(question: Question, gone_fact: str) -> str:
    if not question.is_retired:
        return "in use already"
    if question.topic.is_retired:
        return f"its topic, {question.topic.title}, is retired"
    return f"its fact {gone_fact} is retired" if gone_fact else ""
