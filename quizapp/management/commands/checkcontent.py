"""Shows everything that is wrong with the content files."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError

from quizapp.content.checking import check
from quizapp.content.parsing import parse_bank
from quizapp.content.problems import Severity
from quizapp.management.content import ContentCommand


class Command(ContentCommand):
    help = "Check the content files. Errors fail the command, warnings do not."

    def handle(self, *args: Any, **options: Any) -> None:
        bank = parse_bank(self.folder(options))
        problems = check(bank)
        for problem in problems:
            self.stdout.write(str(problem))
        errors = sum(problem.severity is Severity.ERROR for problem in problems)
        warnings = len(problems) - errors
        summary = f"{errors} errors and {warnings} warnings in {len(bank.questions)} questions."
        if errors:
            raise CommandError(summary)
        self.stdout.write(summary)
