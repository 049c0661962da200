"""Making a quiz: which questions are drawn, and in which order they are asked."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, zip_longest
from typing import Any

from django.db import transaction
from django.db.models import FilteredRelation, Q

from quizapp.content.models import Question, Topic
from quizapp.content.models.question import covered
from quizapp.scheduling.memory import State
from quizapp.study.models import Quiz, QuizQuestion
from quizapp.teams.models import User

FEWEST, MOST = 5, 50
DOUBLE_CLICK = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Drawable:
    """A question that a quiz could ask. `is_new` tells that the learner has never answered it."""

    question_id: int
    topic_id: int
    is_new: bool
    facts: frozenset[int]


def make(
    user: User,
    *,
    title: str,
    question_ids: Sequence[int],
    now: datetime,
    feedback: str = Quiz.Feedback.AT_ONCE,
    minutes: int | None = None,
    pretest_of: Topic | None = None,
) -> Quiz:
    """A quiz of these questions in this order: the first fifty, without any that are retired.

    Raises ValueError when there are none.
    """
    active = set(Question.objects.active().filter(pk__in=question_ids).values_list("pk", flat=True))
    placed = [pk for pk in dict.fromkeys(question_ids) if pk in active][:MOST]
    if not placed:
        raise ValueError("A quiz needs at least one question.")
    with transaction.atomic():
        quiz = Quiz.objects.create(
            user=user,
            title=title[:200],
            feedback=feedback,
            minutes=minutes,
            pretest_of=pretest_of,
            started_at=now,
        )
        QuizQuestion.objects.bulk_create(
            QuizQuestion(quiz=quiz, position=position, question_id=pk)
            for position, pk in enumerate(placed, start=1)
        )
    return quiz


def make_once(
    user: User,
    *,
    title: str,
    question_ids: Sequence[int],
    now: datetime,
    is_drawn: bool = False,
    **wish: Any,
) -> Quiz:
    """The quiz of `make`; when a form is sent a second time, the one that it has just made.

    `is_drawn` says that the questions come at random, so that the second time brings others.
    """
    ids = list(dict.fromkeys(question_ids))[:MOST]
    made = Quiz.objects.of(user).unfinished().filter(title=title[:200], **wish)
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=user.pk)  # the second form waits here
        for twin in made.filter(started_at__gt=now - DOUBLE_CLICK).newest_first()[:1]:
            asked = list(twin.places.values_list("question", flat=True))
            if asked == ids or (is_drawn and len(asked) == len(ids)):
                return twin
        return make(user, title=title, question_ids=ids, now=now, **wish)


def draw(
    user: User,
    topic_ids: Collection[int],
    number: int,
    rng: random.Random | None = None,
    *,
    extensions: bool | None = None,
) -> list[int]:
    """Up to `number` questions of these topics, in the order to ask them. One query.

    `extensions` says which of them, as `covered` takes it. Suspended questions are left out.
    """
    return [
        each.question_id
        for each in drawn(_drawable(user, topic_ids, extensions=extensions), number, rng)
    ]


def drawn(
    pool: Iterable[Drawable], number: int, rng: random.Random | None = None
) -> list[Drawable]:
    """Up to `number` of the pool, at random but fair, in random order.

    No two share a fact while there are others that do not. Each topic gets its share, to the
    next whole number up or down, and within a topic new questions and known ones take turns.
    """
    rng = rng or random.SystemRandom()
    chosen: list[Drawable] = []
    rest = _taking_turns(pool, rng)
    while rest and len(chosen) < number:
        apart, rest = _apart(rest)
        chosen += _spread(apart, min(number - len(chosen), len(apart)), rng)
    rng.shuffle(chosen)
    return chosen


def _apart(pool: Iterable[Drawable]) -> tuple[list[Drawable], list[Drawable]]:
    """As many as share no fact with an earlier one, and the rest."""
    facts: set[int] = set()
    apart, rest = [], []
    for each in pool:
        if facts.isdisjoint(each.facts):
            facts |= each.facts
            apart.append(each)
        else:
            rest.append(each)
    return apart, rest


def _spread(pool: Collection[Drawable], number: int, rng: random.Random) -> list[Drawable]:
    """`number` of the pool, each topic in proportion: systematic sampling from a random start."""
    by_topic: defaultdict[int, list[Drawable]] = defaultdict(list)
    for each in pool:
        by_topic[each.topic_id].append(each)
    topics = list(by_topic.values())
    rng.shuffle(topics)
    chosen: list[Drawable] = []
    place = rng.randrange(len(pool))
    for topic in topics:
        share, place = divmod(place + number * len(topic), len(pool))
        chosen += _taking_turns(topic, rng)[:share]
    return chosen


def _taking_turns(pool: Iterable[Drawable], rng: random.Random) -> list[Drawable]:
    """In random order, a new one after a known one as long as there are both."""
    shuffled = list(pool)
    rng.shuffle(shuffled)
    sides = (
        [each for each in shuffled if each.is_new],
        [each for each in shuffled if not each.is_new],
    )
    turns = zip_longest(*(sides if rng.random() < 0.5 else reversed(sides)))
    return [each for turn in turns for each in turn if each is not None]


def _drawable(user: User, topic_ids: Collection[int], *, extensions: bool | None) -> list[Drawable]:
    questions: Any = (
        Question.objects.active()
        .filter(covered(extensions=extensions))
        .annotate(card=FilteredRelation("cards", condition=Q(cards__user=user)))
    )
    rows = (
        questions.filter(Q(card=None) | Q(card__is_suspended=False), topic__in=topic_ids)
        .order_by("pk")
        .values_list("pk", "topic_id", "card__state", "questionfact__fact_id")
    )
    return [
        Drawable(
            question_id=pk,
            topic_id=topic_id,
            is_new=(state or State.NEW) == State.NEW,
            facts=frozenset(row[-1] for row in group if row[-1] is not None),
        )
        for (pk, topic_id, state), group in groupby(rows, key=lambda row: row[:3])
    ]
