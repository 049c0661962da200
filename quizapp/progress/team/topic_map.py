"""How much of each topic each member is expected to recall: added up in the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet, Sum

from quizapp.content.models import Question, Topic, Track
from quizapp.progress.team.member_found import BY_NAME
from quizapp.scheduling.goals.readiness import recalled
from quizapp.scheduling.goals.track import question_ids, questions_of
from quizapp.scheduling.models import Card, Goal
from quizapp.teams.models import Assignment, User

PER_PAGE = 25
LEVELS = 5


@dataclass(frozen=True, slots=True)
class Row:
    """Readiness from 0 to 1 on each topic of the map, in its order."""

    user: User
    shares: Sequence[float]


@dataclass(frozen=True, slots=True)
class TopicMap:
    """One page of members. `team` is the readiness of all members, of whom there are `members`."""

    topics: Sequence[Topic]
    rows: Sequence[Row]
    team: Sequence[float]
    members: int
    page: int
    pages: int

    @property
    def weakest(self) -> tuple[Topic, float] | None:
        """The topic of which the team as a whole recalls least, the earlier one of two alike.

        None where all are alike, as before anybody has begun.
        """
        if len(set(self.team)) < 2:
            return None
        return min(zip(self.topics, self.team, strict=True), key=lambda pair: pair[1])


def topic_map(assignment: Assignment, now: datetime, page: int) -> TopicMap:
    """Readiness at this moment, by name; a page that is not there is the last. Five queries.

    Unseen questions count as not known, and so do those whose meaning has changed since.
    """
    track = assignment.track
    sizes = _sizes(track)
    topics = list(Topic.objects.filter(pk__in=sizes, tracktopic__track=track).order_by(_PLACE))
    goals = Goal.objects.filter(assignment=assignment)
    members = goals.count()
    pages = max(1, -(-members // PER_PAGE))
    current = max(1, min(page, pages))
    start = (current - 1) * PER_PAGE
    by_name = goals.select_related("user").order_by(BY_NAME, "pk")
    users = [goal.user for goal in by_name[start : start + PER_PAGE]]
    cards = Card.objects.filter(question__in=question_ids(track), stability__isnull=False)
    known = _known_by_member(cards, users, now)
    whole = _known(cards.filter(user__in=goals.values("user")), now)
    return TopicMap(
        topics=topics,
        rows=[
            Row(user, [known[user.pk].get(topic.pk, 0.0) / sizes[topic.pk] for topic in topics])
            for user in users
        ],
        team=[
            whole.get(topic.pk, 0.0) / (sizes[topic.pk] * members) if members else 0.0
            for topic in topics
        ],
        members=members,
        page=current,
        pages=pages,
    )


def level(share: float) -> int:
    """The shade of a readiness from 0 to 1: from 0 for the lowest fifth to 4 for the highest.

    As it is shown in whole per cent, so that a cell which says 80% looks like one.
    """
    return min(LEVELS - 1, round(100 * share) * LEVELS // 100)


_PLACE = "tracktopic__position"


def _sizes(track: Track) -> dict[int, int]:
    """The number of questions of each topic that has any."""
    questions: QuerySet[Question] = questions_of(track).order_by()
    return dict(questions.values_list("topic_id").annotate(Count("pk")))


def _known(cards: QuerySet[Card], now: datetime) -> dict[int, float]:
    """How many questions of each topic are expected to be recalled."""
    return dict(cards.values_list("question__topic").annotate(known=Sum(recalled(now))))


def _known_by_member(
    cards: QuerySet[Card], users: Sequence[User], now: datetime
) -> Mapping[int, dict[int, float]]:
    found: dict[int, dict[int, float]] = defaultdict(dict)
    rows = cards.filter(user__in=users).values_list("user_id", "question__topic")
    for user_id, topic_id, known in rows.annotate(known=Sum(recalled(now))):
        found[user_id][topic_id] = known
    return found
