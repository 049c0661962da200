"""Counts how learners fare with each question. Meant for cron, once a night."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from quizapp.authoring.statistics.counting import count_all
from quizapp.web.words import count


class Command(BaseCommand):
    help = "Count the statistics of all questions anew, for the editors."

    def handle(self, *args: Any, **options: Any) -> None:
        done = count_all(timezone.now())
        calls = "calls" if done.noticed == 1 else "call"
        self.stdout.write(
            f"Counted {done.responses:,} first response{'s' * (done.responses != 1)} to "
            f"{count(done.questions, 'question')}, of which {done.noticed:,} {calls} for a look."
        )
