"""Bringing a guest's learning into an account, question by question."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

from django.db.models import Count, Max

from quizapp.scheduling.cards import logs_of, schedule_of, seed_of
from quizapp.scheduling.memory import replay
from quizapp.scheduling.models import Card, Flag, Review
from quizapp.teams.models import User

_NO_HISTORY = (0, datetime.min.replace(tzinfo=UTC))


def merge(guest: User, into: User, now: datetime) -> None:
    """Move cards, reviews and flags to the account. Needs a transaction that locks both users.

    Of each question the card with the longer history stays, or of equally long ones that with
    the later last review. The log of both is kept, the shorter history marked superseded.
    """
    theirs = {card.question_id: card for card in Card.objects.of(guest)}
    ours = {card.question_id: card for card in Card.objects.of(into).filter(question__in=theirs)}
    their_past, our_past = _histories(guest), _histories(into)
    won = {
        key
        for key in theirs
        if key not in ours or their_past.get(key, _NO_HISTORY) > our_past.get(key, _NO_HISTORY)
    }
    suspended = [key for key in ours if theirs[key].is_suspended or ours[key].is_suspended]
    _give_up(into, won & ours.keys(), now)
    _give_up(guest, theirs.keys() - won, now)
    Review.objects.of(guest).update(user=into)
    _bring_flags(guest, into)
    _adopt([theirs[key] for key in won], into)
    Card.objects.of(into).filter(question__in=suspended).update(is_suspended=True)


def _bring_flags(guest: User, into: User) -> None:
    """All of them, even where both have flagged a question: each may say something else."""
    Flag.objects.of(guest).update(user=into)
    Flag.objects.filter(resolved_by=guest).update(resolved_by=into)
    if guest.has_news:
        User.objects.filter(pk=into.pk).update(has_news=True)


def _histories(user: User) -> dict[int, tuple[int, datetime]]:
    """By question, how many reviews made the card what it is, and when the last was."""
    rows = Review.objects.of(user).shaping().values("question_id").order_by()
    return {
        row["question_id"]: (row["number"], row["last"])
        for row in rows.annotate(number=Count("pk"), last=Max("reviewed_at"))
    }


def _give_up(user: User, question_ids: Collection[int], now: datetime) -> None:
    Card.objects.of(user).filter(question__in=question_ids).delete()
    shaping = Review.objects.of(user).shaping().filter(question__in=question_ids)
    shaping.update(superseded_at=now)


def _adopt(cards: list[Card], into: User) -> None:
    """Make the cards the account's, as if it had given the responses.

    The account's time zone, wishes and parameters, and its own fuzz, give other due dates. A card
    that was started anew, because its question has changed, waits for its next review as it is.
    """
    schedule = schedule_of(into)
    reviews = Review.objects.filter(question__in=[card.question_id for card in cards])
    logs = logs_of(into, reviews)
    for card in cards:
        card.user = into
        log = logs.get(card.question_id, [])
        memory = replay(log, schedule, seed=seed_of(into.pk, card.question_id))
        if memory is not None and card.last_review is not None:
            card.memory = memory
    fields = ["user", "state", "step", "stability", "difficulty", "due", "last_review"]
    Card.objects.bulk_update(cards, [*fields, "reps", "lapses"], batch_size=200)
