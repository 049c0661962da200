"""One showing of a question to a learner, sealed into the form that comes back with the response.

The seal keeps the learner from choosing the order of the options or the time; the sequence
number in it makes a second submit of the same form harmless.
"""

from __future__ import annotations

import secrets
from dataclasses import astuple, dataclass
from datetime import datetime

from django.core import signing
from django.utils.crypto import salted_hmac

from quizapp.content.models import Question
from quizapp.scheduling.models import Card
from quizapp.teams.models import User

LONGEST_DURATION_MS = 10 * 60 * 1000


class InvalidShowingError(ValueError):
    """The form was made for somebody else, was tampered with, or lost its seal."""


@dataclass(frozen=True, slots=True)
class Showing:
    """`reps` is the card's sequence number, 0 for a new question; `shown_ms` is a Unix time.

    Anybody can read what is sealed, so it holds a `nonce` from which only the server can tell
    the seed: who knows the seed can undo the shuffle, and see the authors' order, often the key.
    """

    question_id: int
    question_version: int
    reps: int
    nonce: int
    shown_ms: int

    @property
    def seed(self) -> int:
        """Decides the order of the options; a number of 63 bits that names this showing."""
        digest = salted_hmac("quizapp.showing.seed", str(self.nonce), algorithm="sha256").digest()
        return int.from_bytes(digest[:8]) >> 1

    @classmethod
    def of(cls, question: Question, card: Card | None, now: datetime) -> Showing:
        return cls(
            question_id=question.pk,
            question_version=question.version,
            reps=card.reps if card else 0,
            nonce=secrets.randbits(63),
            shown_ms=_unix_ms(now),
        )

    def seal(self, user: User) -> str:
        return signing.dumps(astuple(self), salt=_salt(user))

    @classmethod
    def unseal(cls, token: str, user: User) -> Showing:
        try:
            return cls(*signing.loads(token, salt=_salt(user)))
        except (signing.BadSignature, TypeError) as error:
            raise InvalidShowingError from error

    def duration_ms(self, now: datetime) -> int:
        """How long the learner took, in milliseconds, never more than ten minutes."""
        return max(0, min(_unix_ms(now) - self.shown_ms, LONGEST_DURATION_MS))


def _salt(user: User) -> str:
    return f"quizapp.showing.{user.pk}"


def _unix_ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
