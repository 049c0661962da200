"""The key that signs sessions and links: generated once, kept in a private file."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.core.exceptions import ImproperlyConfigured


def kept_key(path: Path) -> str:
    """The key in the file `path`, made with 512 random bits unless there is one.

    First starts at the same time agree on one key: the file gets its name when the key is in it.

    Raises:
        ImproperlyConfigured: The file is empty, or cannot be made where it should be.
    """
    if not path.exists():
        try:
            _make(path)
        except OSError as error:
            raise ImproperlyConfigured(
                f"{path} cannot be made ({error.strerror}). Set SECRET_KEY instead."
            ) from error
    key = path.read_text().strip()
    if not key:
        raise ImproperlyConfigured(f"{path} is empty: delete it, and a new key is generated.")
    return key


def _make(path: Path) -> None:
    with NamedTemporaryFile("w", dir=path.parent) as file:
        file.write(secrets.token_urlsafe(64))
        file.flush()
        os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(file.name)
