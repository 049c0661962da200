from __future__ import annotations

from django.db import models

from quizapp.content.models.fact import Fact
from quizapp.content.models.question import Question
from quizapp.content.models.sourced import Sourced
from quizapp.content.models.topic import Topic


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
