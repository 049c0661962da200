"""How far a learner has come in a chapter."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils import timezone

from quizapp.content.models import Chapter
from quizapp.teams.models import User


class ReadingQuerySet(models.QuerySet["Reading"]):
    def of(self, user: User) -> Self:
        """The learner's, of chapters that are there, with them."""
        return self.filter(user=user, chapter__retired_at=None).select_related("chapter")


class Reading(models.Model):
    """`anchor` is that of the section last read; empty for the head of the chapter."""

    user = models.ForeignKey(User, models.CASCADE, related_name="readings", db_index=False)
    chapter = models.ForeignKey(Chapter, models.CASCADE, related_name="readings")
    anchor = models.CharField(max_length=200, blank=True)
    read_at = models.DateTimeField(default=timezone.now)

    objects = ReadingQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("user", "chapter"), name="one_reading_per_chapter"),
        )

    def __str__(self) -> str:
        return f"{self.user_id} in {self.chapter_id}#{self.anchor}"
