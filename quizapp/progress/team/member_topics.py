"""How much of each topic of their tracks one member has met and is expected to recall."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import IntegerField, QuerySet, Value

from quizapp.content.models import Topic, Track
from quizapp.scheduling.goals.readiness import recalled
from quizapp.scheduling.goals.track import questions_of
from quizapp.scheduling.models import Card
from quizapp.teams.models import User


@dataclass(frozen=True, slots=True)
class OfTopic:
    """Of `total` questions `met` were answered at least once, as they are now; `recalled` are those
    expected to be recalled, with what is not met as 0."""

    topic: Topic
    total: int
    met: int
    recalled: float

    @property
    def readiness(self) -> float:
        return self.recalled / self.total


Banks = Mapping[int, Mapping[int, int]]
"""By the key of a track, the topic of each of its questions, both by their keys."""


def banks_of(tracks: Collection[Track]) -> Banks:
    """One query, however many tracks."""
    banks: dict[int, dict[int, int]] = {track.pk: {} for track in tracks}
    parts: list[QuerySet[Any, Any]] = [
        questions_of(track)
        .order_by()
        .annotate(of_track=Value(track.pk, IntegerField()))
        .values_list("of_track", "topic_id", "pk")
        for track in tracks
    ]
    if parts:
        for track_id, topic_id, question_id in parts[0].union(*parts[1:], all=True):
            banks[track_id][question_id] = topic_id
    return banks


def by_topic(user: User, banks: Banks, now: datetime) -> dict[int, Sequence[OfTopic]]:
    """By the key of a track, its topics in the authors' order. Two queries."""
    cards = Card.objects.of(user).filter(stability__isnull=False)
    known = dict(cards.values_list("question_id", recalled(now)))
    topic_ids = {topic for bank in banks.values() for topic in bank.values()}
    topics = list(Topic.objects.filter(pk__in=topic_ids))
    return {track: _topics(bank, known, topics) for track, bank in banks.items()}


def _topics(
    bank: Mapping[int, int], known: Mapping[int, float], topics: Sequence[Topic]
) -> Sequence[OfTopic]:
    questions: dict[int, list[int]] = defaultdict(list)
    for question, topic in bank.items():
        questions[topic].append(question)
    return [
        OfTopic(
            topic=topic,
            total=len(questions[topic.pk]),
            met=sum(question in known for question in questions[topic.pk]),
            recalled=sum(known.get(question, 0.0) for question in questions[topic.pk]),
        )
        for topic in topics
        if topic.pk in questions
    ]
