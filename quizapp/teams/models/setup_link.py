"""The one-time link on which the first administrator is created."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from quizapp.teams.models.user import administrator_exists
from quizapp.teams.tokens import hash_of, new_token


class SetupLink(models.Model):
    """The one-time link on which the first administrator is created. Only its hash is kept."""

    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"issued {self.created_at:%Y-%m-%d %H:%M}"

    @classmethod
    def issue(cls) -> str:
        """A new token, which makes all earlier ones void."""
        token = new_token()
        cls.objects.all().delete()
        cls.objects.create(token_hash=hash_of(token))
        return token

    @classmethod
    def is_valid(cls, token: str) -> bool:
        return not administrator_exists() and cls.objects.filter(token_hash=hash_of(token)).exists()

    @classmethod
    def redeem(cls, token: str) -> bool:
        """Use the link up. True for exactly one of many who try at once."""
        deleted, _ = cls.objects.filter(token_hash=hash_of(token)).delete()
        return deleted == 1
