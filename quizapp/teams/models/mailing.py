"""What was sent to whom on which day, so that nobody gets anything twice."""

from __future__ import annotations

from django.db import models

from quizapp.teams.models.user import User


class Mailing(models.Model):
    """Claimed before it is sent: who is killed in between sends nothing, rather than it twice."""

    class Kind(models.TextChoices):
        REMINDER = "reminder", "Reminder"
        DIGEST = "digest", "Weekly digest"

    user = models.ForeignKey(User, models.CASCADE, related_name="mailings", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    day = models.DateField()
    claimed_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("user", "kind", "day"), name="one_mailing_per_day"),
        )

    def __str__(self) -> str:
        return f"{self.kind} to {self.user_id} on {self.day}"
