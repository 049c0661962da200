"""Which questions a team gets wrong: counted in the database, and never told of one person.

Those who lead are not counted: with themselves among two, they would know of the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Avg, Count, Exists, F, OuterRef, Q, Sum, TextField
from django.db.models.functions import Cast

from quizapp.content.models import Question, Track
from quizapp.grading import KINDS
from quizapp.progress.team.beliefs import Given
from quizapp.scheduling.goals.track import questions_of
from quizapp.scheduling.memory import State
from quizapp.scheduling.models import Card, Review
from quizapp.scheduling.models.review import ReviewQuerySet
from quizapp.teams.models import Membership, Team, User

FEWEST = 2
"""From how many members on it is told what they have in common."""
FEWEST_MET = 3
"""From how many members on a question can be hard for the team."""
LISTED = 5
"""Of each list: enough for a stand-up."""
RECENT_DAYS = 60
"""Beliefs from before are not brought up again."""

_ERROR = Q(is_sure=True, score__lt=1)
# When it is repeated in the steps until it sits, almost everybody is right: what they believe shows
# in the first response to a question, or to its new meaning, which rests on no memory, and in
# reviews. Within a day of the last one, of which they know everything yet, they do not count.
_SPACED = Q(retrievability=None) | Q(state_before=State.REVIEW, retrievability__lt=1)
_TOLD = Review.objects.standing().told()


class SureAndWrong(NamedTuple):
    """Members whose latest spaced response was wrong though sure, of those who were sure in it.

    A response is spaced if it is the first one, or a review on a later day than the one before.
    """

    question: int
    wrong: int
    sure: int


class HardAtFirst(NamedTuple):
    """`facility` is the mean score, from 0 to 1, of the first responses of so many members."""

    question: int
    met: int
    right: int
    facility: float


class Slipping(NamedTuple):
    """How often a question that was known has slipped, with how many of those who met it."""

    question: int
    met: int
    slips: int
    members: int


class TeamLog:
    """What the members of a team now have responded to questions as they are now.

    Of one track, or of all questions. Each method is one query or two, of bounded rows.
    """

    def __init__(self, team: Team, track: Track | None, now: datetime) -> None:
        self._members = Membership.objects.members().filter(team=team).values("user")
        active = questions_of(track) if track else Question.objects.active()
        self._questions = active.order_by().values("pk")
        self._recently = now - timedelta(days=RECENT_DAYS)

    def sure_and_wrong(self) -> Sequence[SureAndWrong]:
        """Those that most members got wrong though sure come first. Two queries."""
        rows = self._latest(_ERROR).values("question").annotate(wrong=Count("pk"))
        ranked = rows.filter(wrong__gte=FEWEST).order_by("-wrong", "question")
        wrong = dict(ranked.values_list("question", "wrong")[:LISTED])
        sure = _counts(self._latest(Q(is_sure=True, asked__in=list(wrong))))
        return [SureAndWrong(pk, number, sure[pk]) for pk, number in wrong.items()]

    def wrong_responses(self, question_ids: Collection[int]) -> Mapping[int, list[Given]]:
        """What was given by those who were sure and wrong, and by how many. One query.

        Without manifests, which are long and never quite alike.
        """
        written = [kind for kind, spec in KINDS.items() if spec.layout != "checks"]
        asked = Q(asked__in=question_ids, question__kind__in=written, response__isnull=False)
        errors = self._latest(_ERROR & asked)
        rows = errors.annotate(given=Cast("response", TextField())).values_list("question", "given")
        found: dict[int, list[Given]] = defaultdict(list)
        for pk, given, members in rows.annotate(Count("pk")).order_by("question", "given"):
            found[pk].append(Given(given, members))
        return found

    def hard_at_first(self) -> Sequence[HardAtFirst]:
        """Those that fewest members got right at first. One query."""
        earlier = _TOLD.filter(
            user=OuterRef("user"),
            question=OuterRef("question"),
            question_version=OuterRef("question_version"),
            pk__lt=OuterRef("pk"),
        )
        rows = self._log.filter(~Exists(earlier)).values("question")
        counted = rows.annotate(
            met=Count("pk"), right=Count("pk", filter=Q(score=1)), facility=Avg("score")
        ).filter(met__gte=FEWEST_MET, right__lte=F("met") - FEWEST)
        ranked = counted.order_by("facility", "-met", "question")
        return [HardAtFirst(*row) for row in ranked.values_list(*HardAtFirst._fields)[:LISTED]]

    def slipping(self) -> Sequence[Slipping]:
        """Those that slipped most often after they were known. One query."""
        cards = Card.objects.filter(
            user__in=self._members,
            question__in=self._questions,
            question_version=F("question__version"),
            reps__gt=0,
        )
        counted = cards.values("question").annotate(
            met=Count("pk"), slips=Sum("lapses"), members=Count("pk", filter=Q(lapses__gt=0))
        )
        enough = counted.filter(met__gte=FEWEST_MET, members__gte=FEWEST)
        ranked = enough.order_by("-slips", "-members", "question")
        return [Slipping(*row) for row in ranked.values_list(*Slipping._fields)[:LISTED]]

    @property
    def _log(self) -> ReviewQuerySet:
        """Found by its members. By its questions, as SQLite would rather have it, it would take
        the log of everybody there is: a sum keeps it from looking there."""
        reviews = _TOLD.order_by().alias(asked=F("question_id") + 0)
        return reviews.filter(
            user__in=self._members,
            asked__in=self._questions,
            question_version=F("question__version"),
        )

    def _latest(self, condition: Q) -> ReviewQuerySet:
        """The latest spaced response of each member to each question, where it is of late and
        fulfils the condition."""
        later = _TOLD.filter(
            _SPACED, user=OuterRef("user"), question=OuterRef("question"), pk__gt=OuterRef("pk")
        )
        recent = self._log.since(self._recently).filter(_SPACED, condition)
        return recent.filter(~Exists(later))


def open_to(user: User, question_ids: Collection[int]) -> set[int]:
    """Those of the questions that the person has responded to, and so may see the key of.

    Not while a quiz is under way that has yet to tell. One query.
    """
    reviews: Any = Review.objects.of(user).standing().with_untold()
    rows = reviews.filter(question__in=question_ids, question_version=F("question__version"))
    seen = set(rows.order_by().values_list("question", "is_untold").distinct())
    return {pk for pk, is_untold in seen if not is_untold and (pk, True) not in seen}


def _counts(reviews: ReviewQuerySet) -> dict[int, int]:
    return dict(reviews.values_list("question").annotate(Count("pk")))
