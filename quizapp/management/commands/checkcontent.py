"""Shows everything that is wrong with the content files."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError

from quizapp.content.checking import check
from quizapp.content.checking.figures import coverage_lines
from quizapp.content.parsing import parse_bank
from quizapp.content.problems import Severity
from quizapp.management.content import ContentCommand


class Command(ContentCommand):
    help = "Check the content files and say what they cover. Errors fail the command."

    def handle(self, *args: Any, **options: Any) -> None:
        bank = parse_bank(self.folder(options))
        problems = check(bank)
        for problem in problems:
            self.stdout.write(str(problem))
        for line in coverage_lines(bank):
            self.stdout.write(line)
        errors = sum(problem.severity is Severity.ERROR for problem in problems)
        counts = (
            _counted(errors, "error"),
            _counted(len(problems) - errors, "warning"),
            _counted(len(bank.questions), "question"),
        )
        summary = "{} and {} in {}.".format(*counts)
        if errors:
            raise CommandError(summary)
        self.stdout.write(summary)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
