"""Tracks, topics, facts, questions and chapters, as learners meet them.

Each row that comes from a file carries `source_digest`, the digest of the source that it was
last loaded from, so that loading can tell what changed: the file, the row, or both.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class FactSource:
    """Where one fact is documented, and the chapter and heading that state it, if any does."""

    docs: str
    fact: str
    chapter: str | None
    title: str | None
    heading: str | None


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

    def sources(self) -> list[FactSource]:
        """Where its facts are documented and taught, the main fact first. One query."""
        return sources_of([self.pk])[self.pk]


def sources_of(question_ids: Collection[int]) -> dict[int, list[FactSource]]:
    """The sources of each of these questions, in one query for all of them."""
    at = "fact__passages__chapter"
    rows = QuestionFact.objects.filter(question__in=question_ids)
    found = rows.order_by("position", f"{at}__position").values_list(
        "question_id",
        "fact__docs",
        "fact__slug",
        f"{at}__slug",
        f"{at}__title",
        "fact__passages__heading",
        f"{at}__retired_at",
    )
    sources: dict[int, list[FactSource]] = {pk: [] for pk in question_ids}
    for pk, docs, fact, slug, title, heading, gone in found:
        where = (slug, title, heading) if gone is None else (None,) * 3
        sources[pk].append(FactSource(docs, fact, *where))
    return sources


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
    """A part of the primer: Markdown in which facts are stated and questions set in.

    `diagrams` holds the SVG of its drawings, by the address that the body gives them.
    """

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="chapters")
    title = models.CharField(max_length=200)
    summary = models.TextField()
    body = models.TextField()
    diagrams = models.JSONField(default=dict)

    class Meta:
        ordering = ("position", "slug")

    def __str__(self) -> str:
        return self.title


class ChapterFact(models.Model):
    """Where a chapter states a fact: in the section with the anchor, and under which heading."""

    chapter = models.ForeignKey(Chapter, on_delete=models.CASCADE, related_name="passages")
    fact = models.ForeignKey(Fact, on_delete=models.CASCADE, related_name="passages")
    position = models.PositiveIntegerField(default=0)
    section = models.CharField(max_length=200, blank=True)
    heading = models.CharField(max_length=200, blank=True)

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
