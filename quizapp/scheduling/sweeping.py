"""Guests who have gone: with nothing to sign in by, they come back in the same browser or never."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef

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
    while keys := list(gone.values_list("pk", flat=True)[:BATCH]):
        _, deleted = gone.filter(pk__in=keys).delete()
        total += deleted.get(settings.AUTH_USER_MODEL, 0)
    return total
