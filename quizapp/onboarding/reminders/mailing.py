"""Sends what is due now, to nobody twice: each mail is claimed for its day before it goes out.

Whoever is killed in between sends one mail too few and none too many. Several processes may run at
once, since only one of them gets each claim.
"""

from __future__ import annotations

import contextlib
import logging
import smtplib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial

from django.core.mail import get_connection
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from quizapp.onboarding.reminders.digesting import Weeks, digested
from quizapp.onboarding.reminders.letters import Letter, digest_letter, reminder_letter
from quizapp.onboarding.reminders.recipients import Kind, Recipient
from quizapp.onboarding.reminders.reminding import reminded, reminder
from quizapp.teams.models import Mailing, Team

KEPT = timedelta(days=90)
"""How long it is known what was sent."""

FAILED = "failed"

logger = logging.getLogger(__name__)


_SILENCE = (smtplib.SMTPServerDisconnected, ConnectionError, TimeoutError)


class MailServerAwayError(Exception):
    """The mail server cannot be reached, or is silent: nothing more can be sent now.

    `done` is what `send_due` would have given.
    """

    def __init__(self, why: OSError, done: Counter[str]) -> None:
        super().__init__(str(why))
        self.done = done


def send_due(now: datetime, site: str) -> Counter[str]:
    """How many of each kind were sent, and how many FAILED. `site` is the address for the links."""
    weeks = Weeks(now)
    with Outbox() as outbox:
        for recipient in reminded(now):
            outbox.send(recipient, Kind.REMINDER, partial(_reminder, now, site))
        for recipient, teams in digested(now):
            outbox.send(recipient, Kind.DIGEST, partial(_digest, weeks, teams, site))
    Mailing.objects.filter(day__lt=(now - KEPT).date()).delete()
    return outbox.done


class Outbox:
    """One connection to the mail server, opened when there is something to send."""

    def __init__(self) -> None:
        self.done: Counter[str] = Counter()
        self._connection = get_connection()
        self._is_open = False

    def __enter__(self) -> Outbox:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def send(self, to: Recipient, kind: Kind, write: Callable[[Recipient], Letter | None]) -> None:
        """Unless there is nothing to write, or another process sends it."""
        with self._logging_what_fails(to, kind):
            letter = write(to)
            if letter is None:
                return
            self._open()
            claim = _claim(to, kind)
            if claim is None:
                return
            try:
                self._connection.send_messages([letter.message(to.user)])
            except Exception as error:
                self._close()
                if _is_for_later(error):
                    claim.delete()
                raise
            Mailing.objects.filter(pk=claim.pk).update(sent_at=timezone.now())
            self.done[kind] += 1

    @contextlib.contextmanager
    def _logging_what_fails(self, to: Recipient, kind: Kind) -> Iterator[None]:
        """One who cannot be sent anything does not stop the others, but a silent server does.

        What it was given may have arrived, so each more would be one that is lost.
        """
        try:
            yield
        except (MailServerAwayError, OperationalError, InterfaceError):
            raise
        except Exception as error:
            logger.exception("The %s for %s was not sent.", kind, to.user.email)
            self.done[FAILED] += 1
            if isinstance(error, _SILENCE):
                raise MailServerAwayError(error, self.done) from error

    def _open(self) -> None:
        """Before anything is claimed, so that nothing is lost where there is no server."""
        if self._is_open:
            return
        try:
            self._connection.open()
        except OSError as error:  # as are the errors of SMTP
            raise MailServerAwayError(error, self.done) from error
        self._is_open = True

    def _close(self) -> None:
        self._is_open = False
        with contextlib.suppress(OSError):
            self._connection.close()


def _reminder(now: datetime, site: str, to: Recipient) -> Letter | None:
    found = reminder(to.user, now)
    return reminder_letter(to.user, found, to.teams, site) if found else None


def _digest(weeks: Weeks, teams: Sequence[Team], site: str, to: Recipient) -> Letter | None:
    return digest_letter(to.user, weeks.of(teams), site)


def _claim(to: Recipient, kind: Kind) -> Mailing | None:
    """The day's mail for this process alone; None where it is another's. Committed at once."""
    with transaction.atomic(durable=True):
        claim, is_ours = Mailing.objects.get_or_create(
            user=to.user, kind=kind, day=to.on, defaults={"claimed_at": timezone.now()}
        )
    return claim if is_ours else None


def _is_for_later(error: Exception) -> bool:
    """Whether the server has certainly not taken the mail, and may do so another time."""
    if isinstance(error, smtplib.SMTPSenderRefused):
        return True  # whoever it is for, so an administrator will mend it
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(400 <= code < 500 for code, _ in error.recipients.values())
    return isinstance(error, smtplib.SMTPResponseException) and 400 <= error.smtp_code < 500
