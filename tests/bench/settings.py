"""The product's settings as in production, with data that goes away and one page more."""

import os
import tempfile
from pathlib import Path

_folder = tempfile.TemporaryDirectory(prefix="quizapp-bench-")
os.environ["QUIZAPP_DATA_DIR"] = _folder.name
for _name in ("DATABASE_URL", "DEBUG", "ALLOWED_HOSTS", "QUIZAPP_HTTPS"):
    os.environ.pop(_name, None)

from quizapp.settings import *  # noqa: E402, F403
from quizapp.settings import TEMPLATES  # noqa: E402

ROOT_URLCONF = "tests.bench.urls"
TEMPLATES[0]["DIRS"].append(Path(__file__).parent / "templates")
