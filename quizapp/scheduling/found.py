"""The questions that a learner has met, and what is found among them."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Greatest

from quizapp.content.models import QuestionFact
from quizapp.grading.responses import storable
from quizapp.scheduling.memory import State
from quizapp.scheduling.models import Card
from quizapp.scheduling.models.card import CardQuerySet
from quizapp.teams.models import User

LONGEST_TEXT = 200
MOST_WORDS = 8


class Standing(StrEnum):
    """Where a question stands with the learner. A question can stand in several."""

    DUE = "due"
    LEARNING = "learning"
    KNOWN = "known"
    SLIPPED = "slipped"
    LEECH = "leech"
    PUT_OFF = "put-off"
    SUSPENDED = "suspended"


class Order(StrEnum):
    SOONEST = "soonest"
    WEAKEST = "weakest"
    LAPSES = "lapses"
    LATEST = "latest"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the learner looks for. What is empty does not narrow."""

    text: str = ""
    topic_id: int | None = None
    fact_id: int | None = None
    standing: Standing | None = None

    @property
    def is_everything(self) -> bool:
        return self == Wanted()


def met(user: User, now: datetime) -> CardQuerySet:
    """Cards of questions that were answered, or set aside without an answer."""
    is_met = Q(reps__gt=0) | Q(is_suspended=True) | Q(buried_until__gt=now)
    return Card.objects.of(user).filter(is_met, question__retired_at=None)


def found(user: User, wanted: Wanted, now: datetime) -> CardQuerySet:
    """Those that the learner looks for. Each word of the text is in the stem or in a fact."""
    cards = met(user, now)
    if wanted.topic_id is not None:
        cards = cards.filter(question__topic=wanted.topic_id)
    if wanted.fact_id is not None:
        cards = cards.filter(Exists(_drilled().filter(fact=wanted.fact_id)))
    if wanted.standing is not None:
        cards = cards.filter(_stands(wanted.standing, now))
    for word in words_of(wanted.text):
        cards = cards.filter(
            _contains("question__stem", word)
            | Exists(_drilled().filter(_contains("fact__fact", word)))
        )
    return cards


def in_order(cards: CardQuerySet, order: Order, now: datetime) -> CardQuerySet:
    """The cards with question and topic, without what a list does not show."""
    keys = {
        Order.SOONEST: ("is_suspended", Greatest("due", Coalesce("buried_until", "due"))),
        # The curve falls with the time since the review in stabilities, so that orders it, too.
        Order.WEAKEST: (((Value(now) - F("last_review")) / F("stability")).desc(nulls_first=True),),
        Order.LAPSES: ("-lapses",),
        Order.LATEST: (F("last_review").desc(nulls_last=True),),
    }
    shown = cards.select_related("question__topic")
    return shown.defer("question__explanation", "question__spec").order_by(*keys[order], "pk")


def count(cards: CardQuerySet) -> tuple[int, int]:
    """How many there are, and how many of them are not suspended."""
    counts = cards.aggregate(all=Count("pk"), at_work=Count("pk", filter=Q(is_suspended=False)))
    return counts["all"], counts["at_work"]


def ids_in_order(cards: CardQuerySet, order: Order, now: datetime, most: int) -> list[int]:
    return list(in_order(cards, order, now).values_list("question", flat=True)[:most])


def at_work_among(user: User, question_ids: Sequence[int], now: datetime) -> list[int]:
    """Those of the questions, in their order, that the learner has met and not suspended."""
    cards = met(user, now).filter(question__in=question_ids, is_suspended=False)
    known = set(cards.values_list("question", flat=True))
    return [pk for pk in dict.fromkeys(question_ids) if pk in known]


def set_suspended(user: User, question_ids: Collection[int], *, suspended: bool) -> list[int]:
    """Suspend questions or bring them back; which ones that has changed.

    Those that the learner has not met stay as they are.
    """
    cards = Card.objects.of(user).filter(question__in=question_ids, is_suspended=not suspended)
    changed = list(cards.order_by("pk").values_list("question", flat=True))
    Card.objects.of(user).filter(question__in=changed).update(is_suspended=suspended)
    return changed


def words_of(text: str) -> list[str]:
    """The words to look for, in one normal form, without repeats."""
    normal = unicodedata.normalize("NFC", storable(text)[:LONGEST_TEXT])
    return list(dict.fromkeys(normal.split()))[:MOST_WORDS]


def _stands(standing: Standing, now: datetime) -> Q:
    is_put_off = Q(is_suspended=False, buried_until__gt=now)
    match standing:
        case Standing.DUE:
            return Q(is_suspended=False, reps__gt=0, due__lte=now) & ~is_put_off
        case Standing.LEECH:
            return Q(is_leech=True)
        case Standing.PUT_OFF:
            return is_put_off
        case Standing.SUSPENDED:
            return Q(is_suspended=True)
    states = {
        Standing.LEARNING: State.LEARNING,
        Standing.KNOWN: State.REVIEW,
        Standing.SLIPPED: State.RELEARNING,
    }
    return Q(is_suspended=False, state=states[standing])


def _drilled() -> QuerySet[QuestionFact]:
    return QuestionFact.objects.filter(question=OuterRef("question"))


def _contains(field: str, word: str) -> Q:
    """Whether the word occurs, however it is written. SQLite folds the case of ASCII only."""
    is_found = Q()
    for written in {word, word.lower(), word.upper(), word.capitalize()}:
        is_found |= Q(**{f"{field}__icontains": written})
    return is_found
