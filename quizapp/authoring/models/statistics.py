from __future__ import annotations

from django.db import models

from quizapp.content.models import Question


class ItemStatistics(models.Model):
    """How learners fare with a question, over first responses to its present version.

    Counted anew in one pass by `manage.py itemstatistics`. Shares are between 0 and 1, None
    where there is nothing to count. `options` maps an option's opaque id to how many chose it.
    `attention` is greater the more the question calls for a look, and `reasons` say why.
    """

    question = models.OneToOneField(Question, models.CASCADE, related_name="statistics")
    version = models.PositiveIntegerField()
    responses = models.PositiveIntegerField(default=0)
    facility = models.FloatField(null=True)
    facility_low = models.FloatField(null=True)
    facility_high = models.FloatField(null=True)
    discrimination = models.FloatField(null=True)
    median_ms = models.PositiveIntegerField(null=True)
    confidently_wrong = models.FloatField(null=True)
    lapse_share = models.FloatField(null=True)
    reviews = models.PositiveIntegerField(default=0)
    options = models.JSONField(default=dict)
    attention = models.FloatField(default=0, db_index=True)
    reasons = models.JSONField(default=list)
    counted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.question_id}: {self.responses} responses"
