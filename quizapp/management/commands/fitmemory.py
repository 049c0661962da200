"""Fits the memory model to each learner. Meant for cron, once a night."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from quizapp.scheduling import refitting
from quizapp.teams.models import User


class Command(BaseCommand):
    help = "Fit the memory model to each learner with at least 64 usable reviews."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--reset",
            metavar="EMAIL",
            help="instead, put one learner back on the published parameters and replay the cards",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["reset"]:
            self._reset(options["reset"])
            return
        done = refitting.refit_everybody(timezone.now())
        self.stdout.write(
            f"Pooled {done.pooled_reviews:,} usable reviews. Of {done.learners:,} learners "
            f"{done.fitted:,} had enough of their own, and {done.adopted:,} got new parameters."
        )

    def _reset(self, email: str) -> None:
        try:
            user = User.objects.get_by_natural_key(email)
        except User.DoesNotExist:
            raise CommandError(f"Nobody has an account with the address {email}.") from None
        refitting.reset(user)
        self.stdout.write(f"{email} is back on the published parameters.")
