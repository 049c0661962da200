from __future__ import annotations

from django.db import models

from quizapp.content.models.fact import Fact
from quizapp.content.models.sourced import Sourced


class Confusable(Sourced):
    """Two or three things that people mix up, and how to tell them apart.

    `sides` holds their names. Each row of `contrast` is a mapping: the `aspect`, and what each
    side `says`, in the order of the sides.
    """

    sides = models.JSONField()
    contrast = models.JSONField()

    class Meta:
        ordering = ("position", "slug")


class ConfusableFact(models.Model):
    """A fact about one side, which is counted from 0."""

    confusable = models.ForeignKey(Confusable, on_delete=models.CASCADE)
    fact = models.ForeignKey(Fact, on_delete=models.CASCADE)
    side = models.PositiveSmallIntegerField()
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("side", "position")
        constraints = (
            models.UniqueConstraint(
                fields=("confusable", "side", "fact"), name="one_fact_once_per_side"
            ),
        )

    def __str__(self) -> str:
        return f"{self.confusable_id}, side {self.side}: {self.fact_id}"
