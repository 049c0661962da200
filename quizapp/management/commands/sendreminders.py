"""Reminds learners of what is due, sends leads digests. Meant for cron, every 15 minutes."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from quizapp.onboarding.reminders.mailing import FAILED, MailServerAwayError, send_due
from quizapp.onboarding.reminders.recipients import Kind
from quizapp.web.words import count


class Command(BaseCommand):
    help = "Send reminders and weekly digests to those who want them now. Nobody gets one twice."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.QUIZAPP_URL:
            raise CommandError(
                "Set QUIZAPP_URL to the address of the installation, such as "
                "https://quiz.example.com: the links in the mails lead there."
            )
        try:
            done = send_due(timezone.now(), settings.QUIZAPP_URL)
        except MailServerAwayError as error:
            raise CommandError(
                f"The mail server cannot be reached ({error}). {_summary(error.done)} What is left "
                "goes out with the next run."
            ) from error
        self.stdout.write(_summary(done))


def _summary(done: Counter[str]) -> str:
    sent = f"{count(done[Kind.REMINDER], 'reminder')} and {count(done[Kind.DIGEST], 'digest')}"
    failed = f" {count(done[FAILED], 'mail')} could not be sent." if done[FAILED] else ""
    return f"Sent {sent}.{failed}"
