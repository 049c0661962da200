"""What a learner has met, how much of it is likely to be recalled, and when it comes back."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Case, Exists, OuterRef, When
from django.db.models.functions import Coalesce, Greatest

from quizapp.content.models import Fact, Question, QuestionFact, Topic
from quizapp.progress.days import Epoch, dates_between
from quizapp.scheduling.cards import schedule_of
from quizapp.scheduling.formulas import Formulas
from quizapp.scheduling.models import Card, Review
from quizapp.teams.models import User

FORECAST_DAYS = 30


class Met(NamedTuple):
    """A question that the learner has answered before.

    `recall` is expected for now, and None if its meaning has changed since it was answered;
    `comes` is when it is shown again, in seconds since 1970, and None while it is suspended.
    """

    question_id: int
    topic_id: int
    recall: float | None
    comes: int | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many questions there are and were met, and the recall expected of those met, 0 to 1."""

    total: int
    met: int
    recall: float | None

    @property
    def unmet(self) -> int:
        return self.total - self.met


@dataclass(frozen=True, slots=True)
class OfTopic:
    topic: Topic
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class OfFact:
    """`is_untold` where a quiz under way has yet to tell how an answer to one of its questions
    turned out. There is no recall then and nothing that comes, since both would tell."""

    fact: Fact
    coverage: Coverage
    comes: datetime | None
    is_untold: bool


Bank = Mapping[int, int]
"""The topic of each question that can be asked, both by their keys."""


def bank(topic: Topic | None = None) -> Bank:
    """The whole bank, or the part of it on a topic. One query.

    Cards are not joined to it in the database, which would have to fetch each question's row.
    """
    questions = Question.objects.active().order_by("topic_id")
    if topic:
        questions = questions.filter(topic=topic)
    return dict(questions.values_list("pk", "topic_id"))


def met(user: User, now: datetime, bank: Bank) -> list[Met]:
    """Every question of the bank that was answered. One query."""
    schedule = schedule_of(user)
    recall = Formulas(schedule.parameters).recall
    comes_at = Case(When(is_suspended=False, then=Greatest("due", Coalesce("buried_until", "due"))))
    cards = Card.objects.of(user).filter(reps__gt=0)
    rows = list(
        cards.values_list(
            "question_id",
            "stability",
            Epoch("last_review"),
            Epoch(comes_at),
        )
    )
    at = now.timestamp()
    date_of = dates_between(schedule.day, min((row[2] or at for row in rows), default=at), at)
    today = date_of(at)
    found = []
    for question_id, stability, last_review, comes in rows:
        if question_id in bank:
            expected = None
            if stability is not None and last_review is not None:
                expected = recall(max(0, today - date_of(last_review)), stability)
            found.append(Met(question_id, bank[question_id], expected, comes))
    return found


def coverage(total: int, found: Collection[Met]) -> Coverage:
    expected = [each.recall for each in found if each.recall is not None]
    return Coverage(total, len(found), sum(expected) / len(expected) if expected else None)


def topics(bank: Bank, found: Iterable[Met]) -> list[OfTopic]:
    """Every topic that has questions, in the authors' order. One query."""
    totals = Counter(bank.values())
    by_topic: dict[int, list[Met]] = defaultdict(list)
    for each in found:
        by_topic[each.topic_id].append(each)
    return [
        OfTopic(topic, coverage(totals[topic.pk], by_topic[topic.pk]))
        for topic in Topic.objects.active()
        if totals[topic.pk]
    ]


def facts(user: User, topic: Topic, found: Iterable[Met]) -> list[OfFact]:
    """The facts of a topic that questions drill, in the authors' order. One query."""
    by_question = {each.question_id: each for each in found}
    drills: dict[Fact, list[int]] = defaultdict(list)
    untold: set[Fact] = set()
    answers: Any = Review.objects.of(user).standing().with_untold()
    waiting = answers.filter(is_untold=True, question=OuterRef("question"))
    links = (
        QuestionFact.objects.filter(
            fact__topic=topic, fact__retired_at=None, question__retired_at=None
        )
        .annotate(is_untold=Exists(waiting))
        .select_related("fact")
        .order_by("fact__position", "fact_id")
    )
    for link in links:
        drills[link.fact].append(link.question_id)
        if link.is_untold:
            untold.add(link.fact)
    standings = []
    for fact, questions in drills.items():
        known = [by_question[question] for question in questions if question in by_question]
        if fact in untold:
            known = [each._replace(recall=None, comes=None) for each in known]
        comes = [each.comes for each in known if each.comes is not None]
        standings.append(
            OfFact(
                fact,
                coverage(len(questions), known),
                datetime.fromtimestamp(min(comes), UTC) if comes else None,
                is_untold=fact in untold,
            )
        )
    return standings


def forecast(user: User, now: datetime, found: Iterable[Met]) -> list[tuple[date, int]]:
    """How many questions come back on each of thirty days. Those overdue come today."""
    day = schedule_of(user).day
    ends = [day.start(now, ahead).timestamp() for ahead in range(1, FORECAST_DAYS + 1)]
    counts = [0] * (FORECAST_DAYS + 1)
    for each in found:
        if each.comes is not None:
            counts[bisect_right(ends, each.comes)] += 1
    today = day.date_of(now)
    return [(today + timedelta(days=ahead), counts[ahead]) for ahead in range(FORECAST_DAYS)]
