"""The log of reviews: never edited, except to mark a review undone."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models

from quizapp.content.models import Question
from quizapp.scheduling.memory import Rating, State
from quizapp.teams.models import User

UNTOLD = models.Q(quiz_place__quiz__feedback="at_end", quiz_place__quiz__finished_at=None)
"""Responses in a quiz under way that tells only at its end what was right."""


class ReviewQuerySet(models.QuerySet["Review"]):
    def of(self, user: User) -> Self:
        return self.filter(user=user)

    def standing(self) -> Self:
        """Without those that were undone."""
        return self.filter(undone_at=None)

    def shaping(self) -> Self:
        """Those that made the cards what they are, from which they can be replayed."""
        return self.standing().filter(superseded_at=None)

    def told(self) -> Self:
        """Those of which the learner may know how they turned out."""
        return self.exclude(UNTOLD)

    def with_untold(self) -> Self:
        """Each with `is_untold`, which is true where that has to wait for the end of a quiz."""
        return self.annotate(is_untold=models.Case(models.When(UNTOLD, then=True), default=False))

    def since(self, moment: datetime) -> Self:
        return self.filter(reviewed_at__gte=moment)


class Review(models.Model):
    user = models.ForeignKey(User, models.CASCADE, related_name="reviews", db_index=False)
    question = models.ForeignKey(Question, models.CASCADE, related_name="reviews")
    question_version = models.PositiveIntegerField()
    reviewed_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    # When two accounts were merged and this history was the shorter one: no part of the card.
    superseded_at = models.DateTimeField(null=True)

    # What was shown and what came back. The seed names one showing of the question, so no
    # showing is ever counted twice, and it decides the order of the options.
    seed = models.BigIntegerField()
    options_order = models.JSONField(default=list)
    response = models.JSONField(null=True)
    duration_ms = models.PositiveIntegerField()
    is_sure = models.BooleanField(null=True)

    # What it was worth.
    score = models.FloatField()
    rating = models.PositiveSmallIntegerField(choices=[(r.value, r.name) for r in Rating])

    # What it did to the card. `before` is null when it made the card.
    desired_retention = models.FloatField()
    retrievability = models.FloatField(null=True)
    state_before = models.PositiveSmallIntegerField(choices=[(s.value, s.name) for s in State])
    before = models.JSONField(null=True)
    after = models.JSONField()

    objects = ReviewQuerySet.as_manager()
    is_untold: bool  # there after `with_untold` alone

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("user", "seed"), name="one_review_per_showing"),
        )
        indexes = (
            models.Index(fields=("user", "reviewed_at"), name="review_user_time"),
            models.Index(fields=("user", "question"), name="review_user_question"),
            models.Index(
                fields=("user", "reviewed_at"),
                condition=models.Q(is_sure=True, score__lt=1),
                name="review_confidently_wrong",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user_id} on {self.question_id} at {self.reviewed_at:%Y-%m-%d %H:%M}"
