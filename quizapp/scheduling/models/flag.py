"""A learner's word to the editors that something is wrong with a question."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils import timezone

from quizapp.content.models import Question
from quizapp.scheduling.models.review import Review
from quizapp.teams.models import User


class FlagQuerySet(models.QuerySet["Flag"]):
    def of(self, user: User) -> Self:
        return self.filter(user=user)

    def open(self) -> Self:
        return self.filter(resolved_at=None)

    def settled(self) -> Self:
        return self.exclude(resolved_at=None)

    def untold(self) -> Self:
        """Settled, and the learner has not read yet how."""
        return self.filter(outcome__isnull=False, told_at=None)


class Flag(models.Model):
    """`review` is the response that the learner had given last when the flag was raised.

    Once settled, it has `resolved_at` and, unless that was long ago, an `outcome`. All flags
    that were settled by one act share the moment. `told_at` is when the learner has read of it.
    """

    class Reason(models.TextChoices):
        WRONG_KEY = "wrong_key", "The answer is wrong"
        UNCLEAR = "unclear", "The question is unclear"
        OUTDATED = "outdated", "It is out of date"
        TYPO = "typo", "There is a typing error"
        OTHER = "other", "Something else"

    class Outcome(models.TextChoices):
        ANSWERED = "answered", "Answered"
        MENDED = "mended", "Mended"
        DISMISSED = "dismissed", "Dismissed"

    user = models.ForeignKey(User, models.CASCADE, related_name="flags")
    question = models.ForeignKey(Question, models.CASCADE, related_name="flags")
    question_version = models.PositiveIntegerField()
    review = models.ForeignKey(Review, models.SET_NULL, null=True, blank=True, related_name="flags")
    reason = models.CharField(max_length=20, choices=Reason.choices)
    comment = models.TextField(max_length=1000, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="flags_settled"
    )
    outcome = models.CharField(  # noqa: DJ001 - null while the flag is open
        max_length=10, choices=Outcome.choices, null=True, blank=True
    )
    reply = models.TextField(max_length=1000, null=True, blank=True)  # noqa: DJ001 - likewise
    told_at = models.DateTimeField(null=True, blank=True)

    objects = FlagQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(
                fields=("question",), condition=models.Q(resolved_at=None), name="open_flags"
            ),
        )

    def __str__(self) -> str:
        return f"{self.question_id}: {self.get_reason_display()}"
