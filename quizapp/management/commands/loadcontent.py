"""Brings the content files into the database."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser

from quizapp.content.loading import load
from quizapp.content.parsing import parse_bank
from quizapp.content.problems import ContentError
from quizapp.management.content import ContentCommand
from quizapp.scheduling.cards import start_anew


class Command(ContentCommand):
    help = "Load the content files, all of them or, if anything is wrong, none."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        settle = parser.add_mutually_exclusive_group()
        settle.add_argument(
            "--ours",
            dest="settle",
            action="store_const",
            const="ours",
            help="where files and browser both changed something, keep what the browser says",
        )
        settle.add_argument(
            "--theirs",
            dest="settle",
            action="store_const",
            const="theirs",
            help="where files and browser both changed something, take what the files say",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        bank = parse_bank(self.folder(options))
        try:
            result = load(bank, settle=options["settle"], on_new_version=start_anew)
        except ContentError as error:
            raise CommandError(f"{error}\nNothing was loaded.") from None
        for line in [*map(str, result.conflicts), *result.lines()]:
            self.stdout.write(line)
        if result.conflicts:
            raise CommandError(
                "Nothing was loaded. Settle the conflicts in the files, or load again with --ours "
                "to keep what the browser says or --theirs to take what the files say."
            )
        self.stdout.write("Loaded." if result.has_changes else "Nothing changed.")
