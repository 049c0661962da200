"""Everything between an update of the files and serving them."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from quizapp.scheduling.tallies import rebuild_missing
from quizapp.teams.addresses import vouch_for_all


class Command(BaseCommand):
    help = "Migrate the database, load the content and collect the static files."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0, stdout=self.stdout)
        call_command("createcachetable", verbosity=0, stdout=self.stdout)
        vouch_for_all()
        try:
            call_command("loadcontent", stdout=self.stdout, stderr=self.stderr)
        except CommandError as error:
            # Learners go on with the content there is: a slip in a file must not close the house.
            self.stderr.write(f"{error}\nThe content was left as it was.")
        rebuild_missing()
        self._collect_static()

    def _collect_static(self) -> None:
        """Compressing every file takes seconds, so it is only done when one has changed."""
        stamp = Path(settings.STATIC_ROOT) / "collected"
        digest = _digest_of_static_files()
        if stamp.exists() and stamp.read_text() == digest:
            return
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(digest)


def _digest_of_static_files() -> str:
    known = hashlib.sha256(django.__version__.encode())
    for finder in finders.get_finders():
        for path, storage in finder.list(ignore_patterns=[]):
            known.update(f"{path} {storage.size(path)} {storage.get_modified_time(path)}".encode())
    return known.hexdigest()
