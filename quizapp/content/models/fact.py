from __future__ import annotations

from django.db import models

from quizapp.content.models.sourced import Sourced
from quizapp.content.models.topic import Topic


class Fact(Sourced):
    """One teachable statement, with its why and its docs link; questions drill facts."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="facts")
    fact = models.TextField()
    why = models.TextField()
    docs = models.CharField(max_length=200)
    misconception = models.TextField(blank=True)
    precision = models.TextField(blank=True)
    extends = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="extensions",
        help_text="The fact that this one completes, beyond the source of the primer.",
    )

    class Meta:
        ordering = ("topic", "position")
