"""Where a question stands with the learner, in plain words."""

from __future__ import annotations

from datetime import datetime

from quizapp.scheduling.found import Order, Standing
from quizapp.scheduling.memory import Schedule, State, retrievability
from quizapp.scheduling.models import Card
from quizapp.web.words import count, until

STANDINGS = {
    Standing.DUE: "Due now",
    Standing.LEARNING: "Being learned",
    Standing.KNOWN: "Known",
    Standing.SLIPPED: "Slipped, being relearned",
    Standing.LEECH: "Keeps slipping",
    Standing.PUT_OFF: "Put off until a day",
    Standing.SUSPENDED: "Suspended",
}
ORDERS = {
    Order.SOONEST: "Soonest due",
    Order.WEAKEST: "Weakest first",
    Order.LAPSES: "Slipped most often",
    Order.LATEST: "Answered last",
}

_STATES = {
    State.NEW: "Not answered yet",
    State.LEARNING: STANDINGS[Standing.LEARNING],
    State.REVIEW: STANDINGS[Standing.KNOWN],
    State.RELEARNING: STANDINGS[Standing.SLIPPED],
}


def standing_words(card: Card, now: datetime, schedule: Schedule) -> list[str]:
    """What to say of a card, the standing itself first: `Known`, `comes back in 4 days`."""
    return [word for word in (_standing(card, now), *_details(card, now, schedule)) if word]


def standing_sentence(card: Card, now: datetime, schedule: Schedule) -> str:
    """The same in one piece: `Known: expected recall 87%, due now`."""
    standing, *details = standing_words(card, now, schedule)
    return f"{standing}: {', '.join(details)}" if details else standing


def is_put_off(card: Card, now: datetime) -> bool:
    return card.buried_until is not None and card.buried_until > now


def _standing(card: Card, now: datetime) -> str:
    if card.is_suspended:
        return STANDINGS[Standing.SUSPENDED]
    if is_put_off(card, now):
        return "Put off"
    return _STATES[State(card.state)]


def _details(card: Card, now: datetime, schedule: Schedule) -> list[str]:
    return [
        _recall(card, now, schedule),
        _return(card, now, schedule),
        f"slipped {times(card.lapses)}" if card.lapses else "",
    ]


def _recall(card: Card, now: datetime, schedule: Schedule) -> str:
    """How likely a known question is to be recalled: on the day of its review, not worth saying."""
    chance = retrievability(card.memory, now, schedule)
    if chance is None or chance == 1 or card.state != State.REVIEW:
        return ""
    return f"expected recall {round(100 * chance)}%"


def _return(card: Card, now: datetime, schedule: Schedule) -> str:
    if card.is_suspended:
        return ""
    comes = card.due
    if card.buried_until is not None and is_put_off(card, now):
        comes = max(comes, card.buried_until)
    words = until(comes, now, schedule.day)
    return "due now" if words == "now" else f"comes back {words}"


def times(number: int) -> str:
    """`once`, `twice`, `3 times`."""
    return {1: "once", 2: "twice"}.get(number) or count(number, "time")
