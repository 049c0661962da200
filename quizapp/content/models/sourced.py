"""What all rows have in common that may come from a content file."""

from __future__ import annotations

from typing import Any, Self

from django.db import models


class SourcedQuerySet(models.QuerySet[Any]):
    def active(self) -> Self:
        return self.filter(retired_at=None)


class Sourced(models.Model):
    """A row that is identified by its slug and may come from a content file."""

    slug = models.SlugField(max_length=80, unique=True)
    position = models.PositiveIntegerField(default=0)
    source_digest = models.CharField(max_length=64, blank=True, default="")
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = SourcedQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.slug

    @property
    def is_retired(self) -> bool:
        return self.retired_at is not None
