"""An upload that an editor is looking at, until it is brought in: one each, for an hour."""

from __future__ import annotations

import secrets
from dataclasses import asdict

from django.core.cache import cache

from quizapp.content.importing.uploads import Upload
from quizapp.teams.models import User

SECONDS = 60 * 60


def keep(user: User, upload: Upload) -> str:
    """Keeps the upload in the place of the user's last one; gives the name to ask for it by."""
    name = secrets.token_urlsafe(12)
    cache.set(_key(user), {"look": name, "upload": asdict(upload)}, SECONDS)
    return name


def kept(user: User, name: str) -> Upload | None:
    """The user's upload of that name, unless another has come since or its time is over."""
    held = cache.get(_key(user))
    return Upload(**held["upload"]) if held and held["look"] == name else None


def _key(user: User) -> str:
    return f"import:{user.pk}"
