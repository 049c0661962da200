"""Assignments: a track for a team, or for one member, to be known by a date."""

from __future__ import annotations

from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from quizapp.content.models import Track
from quizapp.teams.models.team import Membership, Team
from quizapp.teams.models.user import User


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def running(self) -> Self:
        """Neither ended nor of a team that is archived."""
        return self.filter(ended_at=None, team__archived_at=None)


class Assignment(models.Model):
    """`membership` is null where it is the whole team's. Due on a date, or so many days after
    joining; `target` is the expected recall of the track on that date, from 0 to 1."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="assignments")
    membership = models.ForeignKey(
        Membership, models.CASCADE, null=True, blank=True, related_name="assignments"
    )
    track = models.ForeignKey(Track, models.CASCADE, related_name="assignments")
    due_on = models.DateField(null=True, blank=True)
    due_days = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(730)]
    )
    target = models.FloatField(
        default=0.85, validators=[MinValueValidator(0.5), MaxValueValidator(0.95)]
    )
    minutes_per_day = models.PositiveSmallIntegerField(
        default=10, validators=[MinValueValidator(1), MaxValueValidator(240)]
    )
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="assignments_made"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(due_on__isnull=False, due_days__isnull=True)
                | Q(due_on__isnull=True, due_days__isnull=False),
                name="assignment_is_due_in_one_way",
            ),
        )

    def __str__(self) -> str:
        return f"{self.track_id} for {self.team_id}"
