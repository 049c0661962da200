"""How well the memory model fits a learner, and the parameters that fit best."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from quizapp.teams.models import User


class MemoryFit(models.Model):
    """The latest fit of a learner, or of the installation as a whole where `user` is null.

    The losses are LogLoss over the held-out last fifth of the reviews: of these parameters, of
    those in use before, and of two baselines. `bins` holds, for each bin of the predictions
    made when the questions were asked, `[reviews, sum of predictions, recalled]`.
    """

    user = models.OneToOneField(User, models.CASCADE, null=True, related_name="memory_fit")
    fitted_at = models.DateTimeField(default=timezone.now)
    reviews = models.PositiveIntegerField()
    parameters = models.JSONField()
    is_adopted = models.BooleanField()
    log_loss = models.FloatField()
    log_loss_before = models.FloatField()
    log_loss_constant = models.FloatField()
    log_loss_moving_average = models.FloatField()
    bins = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.user_id or 'everybody'}: {self.reviews} reviews"
