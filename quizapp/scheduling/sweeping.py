"""Guests who have gone: with nothing to sign in by, they come back in the same browser or never."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from quizapp.scheduling.cards import hold
from quizapp.scheduling.models import Review
from quizapp.teams.models import User

BATCH = 200
"""Guests deleted at once, so that learners who answer meanwhile wait for moments only."""


def sweep_guests(now: datetime, idle: timedelta) -> int:
    """Delete the guests without a review for that long, and their progress. Returns how many."""
    start = now - idle
    later_reviews = Review.objects.filter(user=OuterRef("pk")).since(start)
    gone = User.objects.filter(~Exists(later_reviews), is_guest=True, date_joined__lt=start)
    total = 0
    while number := _delete_some(gone):
        total += number
    return total


def _delete_some(gone: QuerySet[User]) -> int:
    """Locked, or who signs up this very moment would be deleted as the guest they were."""
    with transaction.atomic():
        some = list(gone.values_list("pk", flat=True)[:BATCH])
        hold(some)
        locked = gone.select_for_update().filter(pk__in=some).order_by("pk")
        keys = list(locked.values_list("pk", flat=True))
        _, deleted = User.objects.filter(pk__in=keys).delete()
    return deleted.get(settings.AUTH_USER_MODEL, 0)
