"""Writes what was changed in the browser back into the content files."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from quizapp.content.exporting import ExportResult, FileError, UnwritableError, compare, export
from quizapp.content.history import Act, Change
from quizapp.content.problems import ContentError
from quizapp.management.content import ContentCommand
from quizapp.scheduling.cards import start_anew


class Command(ContentCommand):
    help = "Write what was changed in the browser into the content files, and nothing else."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        way = parser.add_mutually_exclusive_group()
        way.add_argument(
            "--check",
            action="store_true",
            help="write nothing, show what differs, and exit 1 if anything does",
        )
        way.add_argument(
            "--ours",
            dest="settle",
            action="store_const",
            const="ours",
            help="where files and browser both changed something, write what the browser says",
        )
        way.add_argument(
            "--theirs",
            dest="settle",
            action="store_const",
            const="theirs",
            help="where files and browser both changed something, take what the files say",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder = self.folder(options)
        change = Change(None, timezone.now(), Act.SETTLED)
        try:
            if options["check"]:
                self._check(compare(folder))
                return
            settle = options["settle"]
            result = export(folder, change, settle=settle, on_new_version=start_anew)
        except (ContentError, FileError, UnwritableError) as error:
            raise CommandError(f"{error}\nNothing was written.") from None
        for line in (*map(str, result.conflicts), *result.unwritable):
            self.stdout.write(line)
        for file in result.files:
            self.stdout.write(f"wrote {file.path}")
        if result.unloaded:
            self.stdout.write(f"Changed in the files and not loaded yet: {len(result.unloaded)}.")
        if result.leaves_some:
            left = len(result.conflicts) + len(result.unwritable)
            raise CommandError(
                f"Left alone: {left}. Settle conflicts at /edit/conflicts/, or export again with "
                "--ours to keep what the browser says or --theirs to take what the files say."
            )
        self.stdout.write(_summary(result))

    def _check(self, result: ExportResult) -> None:
        for file in result.files:
            self.stdout.write(file.diff, ending="")
        for conflict in result.conflicts:
            self.stdout.write(str(conflict))
        for each in result.unloaded:
            self.stdout.write(f"{each.where}: the {each.noun} {each.slug} is not loaded")
            self.stdout.write(each.diff)
        for line in result.unwritable:
            self.stdout.write(line)
        if result.reordered:
            self.stdout.write(f"In another order than in the files: {result.reordered}.")
        if not result.agrees:
            raise CommandError("Files and database differ.")
        self.stdout.write("Files and database agree.")


def _summary(result: ExportResult) -> str:
    if not result.files:
        return "Nothing to write."
    counts = ", ".join(
        f"{number} {word}" for word, number in sorted(result.counts.items()) if number
    )
    return f"Written: {counts}."
