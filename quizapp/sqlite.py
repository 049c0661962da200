"""Which SQLite to use: versions before 3.51.3 can corrupt a WAL database that two write to."""

from __future__ import annotations

import contextlib
import sqlite3
import sys
from pathlib import Path

FIXED_IN = (3, 51, 3)


def prefer_fixed_sqlite() -> None:
    """Put the newer SQLite of the `pysqlite3` wheel in the place of an affected one.

    Has to run before anything else imports `sqlite3` for good, hence from the settings.
    """
    if sqlite3.sqlite_version_info >= FIXED_IN:
        return
    try:
        import pysqlite3  # noqa: PLC0415 - the wheel exists for some platforms only
    except ImportError:
        return
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2


def pragmas() -> str:
    """Durable settings: what was acknowledged survives a power cut."""
    from sqlite3 import sqlite_version_info  # noqa: PLC0415 - as swapped above

    is_fixed = sqlite_version_info >= FIXED_IN
    journal = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        if is_fixed
        else "PRAGMA journal_mode=DELETE; PRAGMA synchronous=EXTRA;"
    )
    return (
        f"{journal} PRAGMA cache_size=-8000; "
        "PRAGMA journal_size_limit=67108864; PRAGMA temp_store=MEMORY"
    )


def create_private(name: str) -> None:
    """Make an empty database, unless there is one, that only its owner may read.

    SQLite gives the files that it puts beside a database the mode of the database.
    """
    if name == ":memory:":
        return
    with contextlib.suppress(OSError):  # where it cannot be made, SQLite says why
        Path(name).touch(mode=0o600, exist_ok=False)
