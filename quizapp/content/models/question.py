from __future__ import annotations

from django.db import models
from django.db.models import Q

from quizapp.content.models.fact import Fact
from quizapp.content.models.sourced import Sourced
from quizapp.content.models.topic import Topic
from quizapp.grading import Spec
from quizapp.grading.specs import cached_spec


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
        permissions = (("edit_content", "Can edit the content"),)
        indexes = (
            # All that the editor's list looks at before it knows which rows to read.
            models.Index(
                fields=("topic", "position", "kind", "retired_at", "version", "source_digest"),
                name="bank_list",
            ),
        )

    @property
    def parsed_spec(self) -> Spec:
        return cached_spec(self.kind, self.spec)


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


def covered(*, extensions: bool | None) -> Q:
    """The condition for questions that drill an extension, that drill none, or for all.

    One that drills an extension among other facts goes beyond the primer's source, too.
    """
    if extensions is None:
        return Q()
    beyond = QuestionFact.objects.filter(fact__extends__isnull=False)
    condition = Q(pk__in=beyond.values("question"))
    return condition if extensions else ~condition
