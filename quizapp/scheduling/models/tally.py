"""What a learner did on one day, so that no report has to read the whole log."""

from __future__ import annotations

from typing import Self

from django.db import models

from quizapp.teams.models import User


class DayTallyQuerySet(models.QuerySet["DayTally"]):
    def of(self, user: User) -> Self:
        return self.filter(user=user)


class DayTally(models.Model):
    """Sums over the learner's standing reviews of one date, the learner's own.

    `known` counts reviews of questions in REVIEW and `recalled` those of them that were right:
    true retention is their quotient. `duration_ms` leaves out what breaks added.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="day_tallies", db_index=False)
    day = models.DateField()
    reviews = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    recalled = models.PositiveIntegerField(default=0)
    duration_ms = models.PositiveBigIntegerField(default=0)

    objects = DayTallyQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "day"), name="one_tally_per_day"),)

    def __str__(self) -> str:
        return f"{self.user_id} on {self.day}: {self.reviews}"
