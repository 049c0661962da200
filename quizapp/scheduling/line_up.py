"""Which questions a learner can be shown now, and in which order. One notion for all pages."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, islice
from typing import Any

from django.db.models import FilteredRelation, Q

from quizapp.content.models import Question, Topic
from quizapp.scheduling.memory import State
from quizapp.scheduling.today import Today, today_of
from quizapp.teams.models import User

LEARN_AHEAD = timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question that is new to the learner, due, or in a step that is about to be due."""

    question_id: int
    topic_id: int
    card_id: int | None
    state: State
    due: datetime | None
    last_review: datetime | None
    stability: float | None
    facts: frozenset[int]

    @property
    def is_in_steps(self) -> bool:
        return self.state in (State.LEARNING, State.RELEARNING)

    def faded(self, now: datetime) -> float:
        """The time since the last review, in stabilities: how far the memory has faded."""
        if self.last_review is None or not self.stability:
            return math.inf
        return (now - self.last_review) / timedelta(days=self.stability)


@dataclass(frozen=True, slots=True)
class Plan:
    """How many questions are left to do now, by why they are shown."""

    steps: int = 0
    reviews: int = 0
    new: int = 0

    @property
    def total(self) -> int:
        return self.steps + self.reviews + self.new

    @property
    def is_empty(self) -> bool:
        return self.total == 0


@dataclass(frozen=True, slots=True)
class LineUp:
    """What there is to show, each list in its own order.

    `ahead` are steps that are due soon, `more_new` counts the new questions beyond the day's
    limit, and `held` the reviews that wait until tomorrow: for a sibling, or for the limit.
    """

    today: Today
    steps: list[Candidate]
    reviews: list[Candidate]
    new: list[Candidate]
    ahead: list[Candidate]
    more_new: int
    held: int

    @property
    def plan(self) -> Plan:
        return Plan(len(self.steps), len(self.reviews), len(self.new))

    @property
    def due_by_topic(self) -> Counter[int]:
        return Counter(candidate.topic_id for candidate in (*self.steps, *self.reviews))


def line_up(user: User, now: datetime, topic: Topic | None = None, *, extra_new: int = 0) -> LineUp:
    """Two queries. `extra_new` is how many new questions more than the limit are wanted today."""
    today = today_of(user, now)
    candidates = list(_candidates(user, now, topic))
    in_steps = sorted(
        (each for each in candidates if each.is_in_steps), key=lambda each: each.due or now
    )
    steps = [each for each in in_steps if each.due and each.due <= now]
    ahead = in_steps[len(steps) :]

    seen = set(today.facts).union(*(each.facts for each in steps))
    due = sorted(
        (each for each in candidates if each.state is State.REVIEW),
        key=lambda each: each.faded(now),
        reverse=True,
    )
    reviews_left = None
    if user.reviews_per_day is not None:
        reviews_left = max(0, user.reviews_per_day - today.reviews)
    reviews = list(islice(_one_of_a_fact(due, seen), reviews_left))
    new_left = max(0, user.new_per_day + extra_new - today.new)
    unseen = list(_one_of_a_fact((each for each in candidates if each.state is State.NEW), seen))
    return LineUp(
        today=today,
        steps=steps,
        reviews=reviews,
        new=unseen[:new_left],
        ahead=ahead,
        more_new=len(unseen[new_left:]),
        held=len(due) - len(reviews),
    )


def _one_of_a_fact(candidates: Iterable[Candidate], seen: set[int]) -> Iterator[Candidate]:
    """Those that share no fact with `seen`, which grows, so that siblings keep a day apart."""
    for candidate in candidates:
        if seen.isdisjoint(candidate.facts):
            seen |= candidate.facts
            yield candidate


def _candidates(user: User, now: datetime, topic: Topic | None) -> Iterator[Candidate]:
    """All that can be shown, siblings included, in the authors' order."""
    is_shown = Q(card__is_suspended=False) & (
        Q(card__buried_until=None) | Q(card__buried_until__lte=now)
    )
    is_wanted = (
        Q(card__state=State.NEW)
        | Q(card__state=State.REVIEW, card__due__lte=now)
        | Q(
            card__state__in=(State.LEARNING, State.RELEARNING),
            card__due__lte=now + LEARN_AHEAD,
        )
    )
    questions: Any = Question.objects.active().annotate(
        card=FilteredRelation("cards", condition=Q(cards__user=user))
    )
    if topic:
        questions = questions.filter(topic=topic)
    rows = (
        questions.filter(Q(card=None) | is_shown & is_wanted)
        .order_by("topic__position", "topic_id", "position", "pk")
        .values_list(
            "pk",
            "topic_id",
            "card__pk",
            "card__state",
            "card__due",
            "card__last_review",
            "card__stability",
            "questionfact__fact_id",
        )
    )
    for _, group in groupby(rows, key=lambda row: row[0]):
        yield _candidate(list(group))


def _candidate(rows: Collection[Any]) -> Candidate:
    """From the rows of one question, which differ in their fact."""
    pk, topic_id, card_id, state, due, last_review, stability, _ = next(iter(rows))
    return Candidate(
        question_id=pk,
        topic_id=topic_id,
        card_id=card_id,
        state=State(state or 0),
        due=due,
        last_review=last_review,
        stability=stability,
        facts=frozenset(row[-1] for row in rows if row[-1] is not None),
    )
