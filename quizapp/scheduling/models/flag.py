"""A learner's word to the editors that something is wrong with a question."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from quizapp.content.models import Question
from quizapp.teams.models import User


class Flag(models.Model):
    class Reason(models.TextChoices):
        WRONG_KEY = "wrong_key", "The answer is wrong"
        UNCLEAR = "unclear", "The question is unclear"
        OUTDATED = "outdated", "It is out of date"
        TYPO = "typo", "There is a typing error"
        OTHER = "other", "Something else"

    user = models.ForeignKey(User, models.CASCADE, related_name="flags")
    question = models.ForeignKey(Question, models.CASCADE, related_name="flags")
    question_version = models.PositiveIntegerField()
    reason = models.CharField(max_length=20, choices=Reason.choices)
    comment = models.TextField(max_length=1000, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    resolved_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.question_id}: {self.get_reason_display()}"
