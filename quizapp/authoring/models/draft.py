from __future__ import annotations

import secrets

from django.db import models
from django.utils import timezone

from quizapp.content.models import Revision
from quizapp.teams.models import User


def _new_key() -> str:
    return secrets.token_urlsafe(24)


class Draft(models.Model):
    """Work on a question, new or known, that learners do not see yet.

    `source` is what was typed, complete or not. `base` is the revision that the work began from,
    None for a question that is new. With `live_at`, the draft takes effect then.
    """

    slug = models.CharField(max_length=80, unique=True)
    source = models.JSONField()
    base = models.ForeignKey(Revision, models.SET_NULL, null=True, blank=True, related_name="+")
    by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="content_drafts"
    )
    changed_at = models.DateTimeField(default=timezone.now)
    changes_meaning = models.BooleanField(default=False)
    live_at = models.DateTimeField(null=True, blank=True, db_index=True)
    preview_key = models.CharField(max_length=40, unique=True, default=_new_key)

    def __str__(self) -> str:
        return self.slug
