"""The pretest: what of a topic is known before it is learned, and need not be asked so soon.

It asks one question for each fact that the learner has never been asked about. A response that
is right and sure is recorded as EASY at once, rather than rated anew when the quiz ends, so that
it is one review with one meaning and undo stays exact. The other questions of that fact, if they
are new still, are put off until the question that was answered comes due.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import Exists, FilteredRelation, OuterRef, Q

from quizapp.content.models import Question, QuestionFact, Topic
from quizapp.grading import KINDS
from quizapp.scheduling.cards import bury_until, unbury_new
from quizapp.scheduling.memory import Rating, State
from quizapp.scheduling.models import Card
from quizapp.study.models import Quiz, QuizQuestion
from quizapp.teams.models import User

MOST = 25


@dataclass(frozen=True, slots=True)
class Known:
    """What a pretest has shown: `facts` known, and of their questions those put off, until when."""

    facts: int
    put_off: dict[int, datetime]

    @property
    def earliest(self) -> datetime | None:
        return min(self.put_off.values(), default=None)

    @property
    def is_one_day(self) -> bool:
        return len(set(self.put_off.values())) == 1


def questions_of(user: User, topic: Topic) -> list[int]:
    """A question for each fact of the topic that the learner was never asked about. One query.

    The first 25 facts in the authors' order. A question that makes the learner produce the
    response is preferred, a manifest comes last, because it takes long.
    """
    met: set[int] = set()
    candidates: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for fact_id, question_id, kind, reps, is_suspended in _drills(user, topic):
        if reps:
            met.add(fact_id)
        elif not is_suspended:
            candidates[fact_id].append((_rank(kind), question_id))
    facts_of: dict[int, set[int]] = defaultdict(set)
    for fact_id, ranked in candidates.items():
        for _, question_id in ranked:
            facts_of[question_id].add(fact_id)
    chosen: list[int] = []
    covered = met
    for fact_id, ranked in candidates.items():
        if fact_id not in covered and len(chosen) < MOST:
            _, best = min(ranked, key=lambda each: each[0])
            chosen.append(best)
            covered |= facts_of[best]
    return chosen


def under_way(user: User, topic: Topic) -> Quiz | None:
    return Quiz.objects.of(user).unfinished().filter(pretest_of=topic).newest_first().first()


def offered(user: User) -> set[int]:
    """The topics, by id, that the learner has neither begun nor taken a pretest of. One query."""
    begun = Card.objects.of(user).filter(reps__gt=0, question__topic=OuterRef("pk"))
    taken = Quiz.objects.of(user).filter(pretest_of=OuterRef("pk"))
    questions = Question.objects.active().filter(topic=OuterRef("pk"))
    topics = Topic.objects.active().filter(Exists(questions), ~Exists(begun), ~Exists(taken))
    return set(topics.values_list("pk", flat=True))


def put_off_known(quiz: Quiz, now: datetime) -> None:
    """Bury the new questions all of whose facts are known, until the first of them is due."""
    dues = _known_facts(quiz)
    until = {
        question_id: min(dues[fact] for fact in facts)
        for question_id, facts, _ in _new_siblings(quiz.user, dues)
    }
    if until:
        bury_until(quiz.user, until, now)


def known(quiz: Quiz, now: datetime) -> Known:
    """How things stand now: what the learner has brought back since is not put off. Two queries."""
    dues = _known_facts(quiz)
    buried = {
        question_id: buried_until
        for question_id, _, buried_until in _new_siblings(quiz.user, dues)
        if buried_until and buried_until > now
    }
    return Known(len(dues), buried)


def study_all(quiz: Quiz, now: datetime) -> int:
    """Bring back what the pretest has put off; gives how many questions."""
    return unbury_new(quiz.user, known(quiz, now).put_off.keys())


def _rank(kind: str) -> int:
    spec = KINDS[kind]
    if kind == "manifest":
        return 3
    if not spec.is_production:
        return 2
    return 1 if spec.is_self_rated else 0


def _drills(user: User, topic: Topic) -> Any:
    """Which question drills which fact of the topic, and what the learner's card says of it."""
    return (
        QuestionFact.objects.filter(
            fact__topic=topic, fact__retired_at=None, question__retired_at=None
        )
        .annotate(card=FilteredRelation("question__cards", condition=Q(question__cards__user=user)))
        .order_by("fact__position", "fact", "question__position", "question")
        .values_list("fact_id", "question_id", "question__kind", "card__reps", "card__is_suspended")
    )


def _known_facts(quiz: Quiz) -> dict[int, datetime]:
    """The facts of which all that was answered is known, each with when it is asked next."""
    dues: dict[int, datetime] = {}
    open_facts: set[int] = set()
    rows = QuizQuestion.objects.answered().filter(quiz=quiz, question__facts__isnull=False)
    for fact_id, rating, after in rows.values_list(
        "question__facts", "review__rating", "review__after"
    ):
        due = datetime.fromisoformat(after["due"])
        if rating == Rating.EASY:
            dues[fact_id] = min(due, dues.get(fact_id, due))
        else:
            open_facts.add(fact_id)
    return {fact_id: due for fact_id, due in dues.items() if fact_id not in open_facts}


def _new_siblings(
    user: User, facts: Collection[int]
) -> list[tuple[int, frozenset[int], datetime | None]]:
    """The questions, new to the learner, that drill none but these facts."""
    drilling = QuestionFact.objects.filter(fact__in=facts).values("question")
    questions: Any = Question.objects.active().annotate(
        card=FilteredRelation("cards", condition=Q(cards__user=user))
    )
    rows = (
        questions.filter(Q(card=None) | Q(card__state=State.NEW), pk__in=drilling)
        .order_by("pk")
        .values_list("pk", "card__buried_until", "questionfact__fact_id")
    )
    found = [
        (pk, frozenset(row[-1] for row in group), buried_until)
        for (pk, buried_until), group in groupby(rows, key=lambda row: row[:2])
    ]
    return [each for each in found if each[1] <= set(facts)]
