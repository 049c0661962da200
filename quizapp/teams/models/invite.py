"""Invites into a team, by a link for several people or by e-mail for one."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from quizapp.teams.models.team import Team
from quizapp.teams.models.user import User


class InviteQuerySet(models.QuerySet["Invite"]):
    def open(self, now: datetime) -> Self:
        """Those that can still be followed."""
        has_uses = Q(max_uses=None) | Q(uses__lt=F("max_uses"))
        return self.filter(has_uses, revoked_at=None, expires_at__gt=now, team__archived_at=None)


class Invite(models.Model):
    """Only the token's hash is kept. `max_uses` is null for no limit, 1 for one sent by e-mail."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="invites")
    token_hash = models.CharField(max_length=64, unique=True)
    email = models.EmailField(blank=True)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="invites")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    max_uses = models.PositiveIntegerField(null=True, blank=True)
    uses = models.PositiveIntegerField(default=0)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InviteQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return self.email or f"link of {self.created_at:%Y-%m-%d %H:%M}"
