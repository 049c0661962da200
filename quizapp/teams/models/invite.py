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
    def unspent(self, now: datetime) -> Self:
        """Those that can still be followed, as far as their own rows say."""
        has_uses = Q(max_uses=None) | Q(uses__lt=F("max_uses"))
        return self.filter(has_uses, revoked_at=None, expires_at__gt=now)

    def open(self, now: datetime) -> Self:
        """Those that can still be followed."""
        return self.unspent(now).filter(team__archived_at=None)

    def spent(self, now: datetime) -> Self:
        """Those that nobody can follow any more."""
        used_up = Q(uses__gte=F("max_uses"))
        return self.filter(used_up | Q(revoked_at__isnull=False) | Q(expires_at__lte=now))

    def revoke(self, now: datetime) -> int:
        """Once more changes nothing."""
        return self.filter(revoked_at=None).update(revoked_at=now)


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

    def use_up(self, now: datetime) -> bool:
        """Take one use, if there is one left. Of many who try at once, no more than that have it.

        The condition is on the one row only, so it is looked at anew after waiting for another.
        """
        there = Invite.objects.unspent(now).filter(pk=self.pk)
        return there.update(uses=F("uses") + 1) == 1
