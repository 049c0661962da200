"""Flags: raised by learners, settled by editors, and the learners told what came of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from quizapp.content.models import Question
from quizapp.grading.responses import storable
from quizapp.scheduling.models import Flag, Review
from quizapp.teams.models import User

LONGEST_COMMENT = 1000
LONGEST_REPLY = 1000
MOST_NEWS = 20
"""So many flags are told of at once; the rest follow once these have been read."""


@dataclass(frozen=True, slots=True)
class News:
    """What came of a learner's flags on a question. `outcome` is one of `Flag.Outcome`."""

    question: Question
    outcome: str
    reply: str
    flag_ids: tuple[int, ...]


def flag(user: User, question: Question, reason: str, comment: str, now: datetime) -> None:
    """Flag the question, or change the learner's flag on it that is still open."""
    reviews = Review.objects.of(user).standing().filter(question=question)
    values = {
        "question_version": question.version,
        "review": reviews.order_by("-reviewed_at", "-pk").first(),
        "reason": reason,
        "comment": storable(comment).strip()[:LONGEST_COMMENT],
        "created_at": now,
    }
    with transaction.atomic():
        _lock([user.pk])
        if not Flag.objects.of(user).open().filter(question=question).update(**values):
            Flag.objects.create(user=user, question=question, **values)


def number_open(question: Question) -> int:
    """How many learners have flagged the question and wait for an answer."""
    return Flag.objects.open().filter(question=question).values("user").distinct().count()


def settle(
    question: Question,
    outcome: str,
    reply: str,
    by: User,
    now: datetime,
    *,
    seen: datetime | None = None,
) -> int:
    """Settle the open flags on a question, and tell those who raised them: how many they are.

    `outcome` is one of `Flag.Outcome`. The reply goes to the learners, who see it as Markdown;
    it may be empty. With `seen`, flags raised after that moment stay open, since the editor
    does not know of them. 0 if there is none, such as when somebody else has been faster: then
    nothing is changed.
    """
    wanted = Flag.objects.open().filter(question=question)
    if seen is not None:
        wanted = wanted.filter(created_at__lte=seen)
    with transaction.atomic():
        people = _lock(wanted.values_list("user", flat=True))
        settled = wanted.filter(user__in=people).update(
            resolved_at=now,
            resolved_by=by,
            outcome=Flag.Outcome(outcome),
            reply=clean_reply(reply)[:LONGEST_REPLY],
            told_at=None,
        )
        _count_news(people)
    return len(people) if settled else 0


def reopen(question: Question, settled_at: datetime) -> int:
    """Take back what was settled at that moment, told or not. Returns how many flags.

    Where the learner has flagged the question anew since, the earlier flag stays settled.
    """
    anew = Flag.objects.open().filter(user=OuterRef("user"), question=OuterRef("question"))
    wanted = Flag.objects.filter(~Exists(anew), question=question, resolved_at=settled_at)
    with transaction.atomic():
        people = _lock(wanted.values_list("user", flat=True))
        reopened = wanted.filter(user__in=people).update(
            resolved_at=None, resolved_by=None, outcome=None, reply=None, told_at=None
        )
        _count_news(people)
    return reopened


def clean_reply(reply: str) -> str:
    """As it is kept: with one kind of line ends, which a browser counts as one character."""
    return storable(reply).replace("\r\n", "\n").replace("\r", "\n").strip()


def news(user: User) -> list[News]:
    """What the learner has to be told, the latest first. No query if there is nothing."""
    if not user.has_news:
        return []
    flags = (
        Flag.objects.of(user)
        .untold()
        .select_related("question")
        .defer("question__spec", "question__explanation")
        .order_by("-resolved_at", "-pk")[:MOST_NEWS]
    )
    told: dict[tuple[int, datetime | None], News] = {}
    for each in flags:
        key = (each.question_id, each.resolved_at)
        earlier = told[key].flag_ids if key in told else ()
        told[key] = News(each.question, each.outcome or "", each.reply or "", (*earlier, each.pk))
    return list(told.values())


def note_read(user: User, flag_ids: Collection[int], now: datetime) -> None:
    """The learner has read what came of these flags. Those of others stay as they are."""
    with transaction.atomic():
        people = _lock([user.pk])
        Flag.objects.of(user).untold().filter(pk__in=flag_ids).update(told_at=now)
        _count_news(people)


def _lock(people: Collection[int]) -> list[int]:
    """Inside a transaction, and before anything is done to flags: whoever comes second waits."""
    users = User.objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk")
    return list(users.values_list("pk", flat=True))


def _count_news(people: Collection[int]) -> None:
    """Note whether there is news on the user, which every page has at hand."""
    untold = Flag.objects.untold().filter(user=OuterRef("pk"))
    User.objects.filter(pk__in=people).update(has_news=Exists(untold))
