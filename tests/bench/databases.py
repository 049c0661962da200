"""Database files: copies of one that is migrated, each with its own open connection."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections

from quizapp.content.loading import load
from quizapp.content.parsing import parse_bank
from quizapp.scheduling.cards import start_anew
from tests.bench.bank import thousand_questions


class Database:
    """A file with the settings of the product's database, and a connection to it."""

    def __init__(self, name: str, *, copy_of: Path | None = None) -> None:
        self.path = Path(settings.DATA_DIR) / f"{name}.sqlite3"
        if copy_of:
            shutil.copyfile(copy_of, self.path)
        self.connect()

    def connect(self) -> None:
        """A new connection, whose cache of pages is empty."""
        self.connection = connections.create_connection(DEFAULT_DB_ALIAS)
        self.connection.settings_dict = {
            **self.connection.settings_dict,
            "NAME": str(self.path),
        }

    def use(self) -> None:
        """From now on the product works with this file."""
        connections[DEFAULT_DB_ALIAS] = self.connection

    def close(self) -> None:
        self.connection.close()


def journal() -> str:
    """How the database is kept safe, as SQLite itself says: journal mode and synchronous level."""
    database = Database("journal", copy_of=migrated())
    with database.connection.cursor() as cursor:
        mode = cursor.execute("PRAGMA journal_mode").fetchone()[0]
        level = cursor.execute("PRAGMA synchronous").fetchone()[0]
    database.close()
    return f"journal {mode}, synchronous {level}"


@cache
def migrated() -> Path:
    """A closed file with all tables and no content."""
    database = Database("migrated")
    database.use()
    call_command("migrate", verbosity=0)
    database.close()
    return database.path


@cache
def with_content() -> Path:
    """A closed file with a thousand questions and no learner."""
    database = Database("content", copy_of=migrated())
    database.use()
    load(parse_bank(thousand_questions()), on_new_version=start_anew)
    database.close()
    return database.path
