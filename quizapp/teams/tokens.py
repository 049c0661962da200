"""Secrets in links: 256 bits of chance, of which only the hash is kept."""

from __future__ import annotations

import hashlib
import secrets


def new_token() -> str:
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """64 hexadecimal digits. The token is random as it is, so nothing slower is needed."""
    return hashlib.sha256(token.encode()).hexdigest()
