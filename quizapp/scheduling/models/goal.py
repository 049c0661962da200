"""What one member is to know by when, where they stand on the way, and how that went so far."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.utils import timezone

from quizapp.teams.models import Assignment, Membership, User


class GoalQuerySet(models.QuerySet["Goal"]):
    def of(self, user: User) -> Self:
        return self.filter(user=user)

    def with_minutes_elsewhere(self, today: date) -> Self:
        """Each with `minutes_elsewhere`: those a day that the user's goals for other tracks ask
        for whose date is ahead. None where there are none."""
        others = (
            Goal.objects.filter(user=models.OuterRef("user"), due_on__gt=today)
            .exclude(assignment__track=models.OuterRef("assignment__track"))
            .order_by()
            .values("user")
            .annotate(minutes=models.Sum("assignment__minutes_per_day"))
        )
        return self.annotate(minutes_elsewhere=models.Subquery(others.values("minutes")))


class Goal(models.Model):
    """One member's share in an assignment that runs: `goals.syncing` makes and deletes them.

    The rest is where the member stood when it was last counted, null before that. `readiness` is
    for that moment and `forecast` for the date, both from 0 to 1 with their intervals.
    `minutes_needed` are those a day that reach the target, null where none would.
    """

    class Status(models.TextChoices):
        READY = "ready", "Ready"
        ON_COURSE = "on-course", "On course"
        AT_RISK = "at-risk", "At risk"
        OVERDUE = "overdue", "Overdue"

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="goals", db_index=False)
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="goals")
    user = models.ForeignKey(User, models.CASCADE, related_name="goals")
    due_on = models.DateField()
    created_at = models.DateTimeField(default=timezone.now)

    counted_at = models.DateTimeField(null=True)
    total = models.PositiveIntegerField(null=True)
    seen = models.PositiveIntegerField(null=True)
    answers = models.PositiveIntegerField(null=True)
    readiness = models.FloatField(null=True)
    readiness_low = models.FloatField(null=True)
    readiness_high = models.FloatField(null=True)
    forecast = models.FloatField(null=True)
    forecast_low = models.FloatField(null=True)
    forecast_high = models.FloatField(null=True)
    minutes_needed = models.FloatField(null=True)
    minutes_this_week = models.PositiveIntegerField(null=True)
    last_answer_at = models.DateTimeField(null=True)
    status = models.CharField(max_length=10, blank=True, choices=Status.choices)
    reason = models.CharField(max_length=300, blank=True)

    objects = GoalQuerySet.as_manager()
    minutes_elsewhere: int | None  # there after `with_minutes_elsewhere` alone

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("assignment", "membership"), name="one_goal_per_member"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user_id} by {self.due_on}"


class ReadinessNote(models.Model):
    """What was expected of a member on a day of the past, and what came of it.

    `outcome` is the readiness on the due date, null until then.
    """

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="notes", db_index=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="readiness_notes")
    noted_on = models.DateField()
    due_on = models.DateField()
    readiness = models.FloatField()
    forecast = models.FloatField()
    forecast_low = models.FloatField()
    forecast_high = models.FloatField()
    outcome = models.FloatField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("assignment", "user", "noted_on"), name="one_note_per_day"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user_id} on {self.noted_on}"
