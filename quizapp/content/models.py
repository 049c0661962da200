"""Tracks, topics, facts and questions, as learners meet them.

Each row that comes from a file carries `source_digest`, the digest of the source that it was
last loaded from, so that loading can tell what changed: the file, the row, or both.
"""

from __future__ import annotations

from typing import Any, Self

from django.db import models

from quizapp.grading import Spec
from quizapp.grading.specs import cached_spec


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


class Topic(Sourced):
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)

    class Meta:
        ordering = ("position", "slug")

    def __str__(self) -> str:
        return self.title


class Track(Sourced):
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
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


class Fact(Sourced):
    """One teachable statement, with its why and its docs link; questions drill facts."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="facts")
    fact = models.TextField()
    why = models.TextField()
    docs = models.CharField(max_length=200)
    misconception = models.TextField(blank=True)
    precision = models.TextField(blank=True)

    class Meta:
        ordering = ("topic", "position")


class Question(Sourced):
    """The authored unit. `spec` is the kind's own part, as `grading.parse_spec` takes it."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="questions")
    kind = models.CharField(max_length=20)
    version = models.PositiveIntegerField(default=1)
    stem = models.TextField()
    explanation = models.TextField()
    bloom = models.CharField(max_length=10)
    is_scenario = models.BooleanField(default=False)
    docs = models.CharField(max_length=200, blank=True)
    spec = models.JSONField()
    facts = models.ManyToManyField(Fact, through="QuestionFact", related_name="questions")

    class Meta:
        ordering = ("topic", "position")

    @property
    def parsed_spec(self) -> Spec:
        return cached_spec(self.kind, self.spec)

    def docs_paths(self) -> list[str]:
        """Where the Kubernetes documentation says so: the question's own page, or its facts'."""
        if self.docs:
            return [self.docs]
        of_facts = QuestionFact.objects.filter(question=self)
        return list(of_facts.values_list("fact__docs", flat=True))


class QuestionFact(models.Model):
    question = models.ForeignKey(Question, on_delete=models.CASCADE)
    fact = models.ForeignKey(Fact, on_delete=models.CASCADE)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("question", "fact"), name="one_fact_once_per_question"),
        )

    def __str__(self) -> str:
        return f"{self.question_id}: {self.fact_id}"


class Chapter(Sourced):
    """A part of the primer: Markdown in which facts are stated and questions set in."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="chapters")
    title = models.CharField(max_length=200)
    summary = models.TextField()
    body = models.TextField()

    class Meta:
        ordering = ("position", "slug")

    def __str__(self) -> str:
        return self.title


class ChapterFact(models.Model):
    """Where a chapter states a fact: in the section with the anchor."""

    chapter = models.ForeignKey(Chapter, on_delete=models.CASCADE, related_name="passages")
    fact = models.ForeignKey(Fact, on_delete=models.CASCADE, related_name="passages")
    position = models.PositiveIntegerField(default=0)
    section = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("chapter", "fact"), name="one_fact_once_per_chapter"),
        )

    def __str__(self) -> str:
        return f"{self.chapter_id}: {self.fact_id}"


class ChapterQuestion(models.Model):
    """Where a question is set into a chapter: in the section with the anchor."""

    chapter = models.ForeignKey(Chapter, on_delete=models.CASCADE, related_name="set_in")
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="set_in")
    position = models.PositiveIntegerField(default=0)
    section = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(
                fields=("chapter", "question"), name="one_question_once_per_chapter"
            ),
        )

    def __str__(self) -> str:
        return f"{self.chapter_id}: {self.question_id}"
