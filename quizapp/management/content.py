"""What the commands about content have in common."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser


class ContentCommand(BaseCommand):
    """A command on a folder of content."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "path", nargs="?", help=f"folder of content files, {settings.CONTENT_DIR} if left out"
        )

    def folder(self, options: dict[str, Any]) -> Path:
        """The folder to work on, in a form that makes short and clickable names of files."""
        folder = Path(options["path"] or settings.CONTENT_DIR)
        here = Path.cwd()
        return folder.relative_to(here) if folder.is_relative_to(here) else folder
