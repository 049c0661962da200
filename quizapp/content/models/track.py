from __future__ import annotations

from django.db import models

from quizapp.content.models.sourced import Sourced
from quizapp.content.models.topic import Topic


class Track(Sourced):
    """An ordered list of topics for a role."""

    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    covers_extensions = models.BooleanField(
        null=True,
        blank=True,
        help_text="Yes for questions on extensions alone, no for all others, unknown for both.",
    )
    topics = models.ManyToManyField(Topic, through="TrackTopic", related_name="tracks")

    class Meta:
        ordering = ("position", "slug")

    def __str__(self) -> str:
        return self.title


class TrackTopic(models.Model):
    track = models.ForeignKey(Track, on_delete=models.CASCADE)
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("track", "topic"), name="one_topic_once_per_track"),
        )

    def __str__(self) -> str:
        return f"{self.track_id}: {self.topic_id}"
