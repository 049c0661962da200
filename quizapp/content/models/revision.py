from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone


class RevisionQuerySet(models.QuerySet[Any]):
    def of(self, noun: str, slug: str) -> Self:
        """What an entry said, the latest first."""
        return self.filter(noun=noun, slug=slug).order_by("-pk")


class Revision(models.Model):
    """What an entry says since somebody's change, be it by hand, in bulk or by loading files.

    `source` is empty where the entry was retired. What was done together has one `batch`.
    """

    class Act(models.TextChoices):
        FOUND = "found", "as it was before its history began"
        LOADED = "loaded", "loaded from the files"
        ADDED = "added", "added"
        EDITED = "edited", "edited"
        MOVED = "moved", "moved to another topic"
        RETIRED = "retired", "retired"
        RESTORED = "restored", "restored"
        IMPORTED = "imported", "imported"
        SETTLED = "settled", "a conflict settled"
        UNDONE = "undone", "an act undone"

    noun = models.CharField(max_length=12)
    slug = models.CharField(max_length=80)
    source = models.JSONField()
    act = models.CharField(max_length=10, choices=Act)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="revisions"
    )
    at = models.DateTimeField(default=timezone.now)
    batch = models.UUIDField(null=True, blank=True, db_index=True)
    note = models.CharField(max_length=300, blank=True)
    position_before = models.PositiveIntegerField(
        null=True, blank=True, help_text="Its place in the topic that it was moved from."
    )

    objects = RevisionQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=("noun", "slug", "-id"), name="revisions_of_an_entry"),)

    def __str__(self) -> str:
        return f"{self.noun} {self.slug}: {self.get_act_display()}"
