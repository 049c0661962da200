"""As settings, for a process of its own: the product's, as cheap as those of the tests."""

from __future__ import annotations

from quizapp.settings import *  # noqa: F403
from quizapp.settings import STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
