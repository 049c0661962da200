"""Notes what is forecast of the members of teams, and what came of it. Meant for cron, daily."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from quizapp.scheduling.goals import notes


class Command(BaseCommand):
    help = "Count where members of teams stand, note forecasts once a week, and what came of them."

    def handle(self, *args: Any, **options: Any) -> None:
        done = notes.note_forecasts(timezone.now())
        self.stdout.write(
            f"Goals counted: {done.counted:,}. Forecasts noted: {done.noted:,}. "
            f"Outcomes of earlier ones: {done.settled:,}."
        )
