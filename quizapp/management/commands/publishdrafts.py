"""Puts drafts live whose time has come. Meant for cron, every few minutes."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from quizapp.authoring.edit.drafts import publish_due
from quizapp.web.words import count


class Command(BaseCommand):
    help = "Put drafts live whose time has come. One that no longer fits is left and reported."

    def handle(self, *args: Any, **options: Any) -> None:
        outcomes = publish_due(timezone.now())
        for outcome in outcomes:
            for reason in outcome.reasons:
                self.stderr.write(f"{outcome.slug}: {reason}")
        live = sum(outcome.is_live for outcome in outcomes)
        left = f", {count(len(outcomes) - live, 'draft')} left" if live < len(outcomes) else ""
        self.stdout.write(f"{count(live, 'draft')} put live{left}.")
