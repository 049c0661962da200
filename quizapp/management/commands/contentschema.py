"""Writes the JSON Schemas with which editors complete and check content files."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser

from quizapp.content.parsing.json_schemas import stale_files
from quizapp.management.content import ContentCommand


class Command(ContentCommand):
    help = "Write the JSON Schemas of topics, tracks and confusables into the content's folder."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--check", action="store_true", help="write nothing, fail if a file is out of date"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder = self.folder(options)
        stale = stale_files(folder)
        names = ", ".join(path.name for path in stale)
        if options["check"] and stale:
            raise CommandError(f"{names}: out of date. Run `manage.py contentschema`.")
        try:
            for path, text in stale.items():
                path.write_text(text, encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be written: {error.strerror}") from None
        self.stdout.write(f"Wrote {names}." if stale else "Up to date.")
