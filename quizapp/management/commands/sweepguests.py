"""Deletes guests who have gone, and sessions that have ended. Meant for cron."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from quizapp.account.sessions import forget_ended_sessions
from quizapp.scheduling.sweeping import sweep_guests


class Command(BaseCommand):
    help = "Delete guests who have not answered for long, and sessions that have ended."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--days", type=int, default=90, help="days without an answer, 90 if left out"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        days = options["days"]
        if not 1 <= days <= 36500:
            raise CommandError(f"--days has to be a number from 1 to 36500, not {days}.")
        number = sweep_guests(timezone.now(), timedelta(days=days))
        call_command("clearsessions")
        forget_ended_sessions()
        guests = "1 guest" if number == 1 else f"{number} guests"
        self.stdout.write(f"Deleted {guests} idle for over {days} days, and all ended sessions.")
