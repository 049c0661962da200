from __future__ import annotations

from django.db import models

from quizapp.content.models.sourced import Sourced


class Topic(Sourced):
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)

    class Meta:
        ordering = ("position", "slug")

    def __str__(self) -> str:
        return self.title
