"""The questions of a track."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from quizapp.content.models import Question, Track
from quizapp.content.models.question import covered


def questions_of(track: Track) -> QuerySet[Question]:
    """Those that there are in its topics, as far as the track covers extensions."""
    found: QuerySet[Question] = Question.objects.active().filter(
        covered(extensions=track.covers_extensions), topic__tracktopic__track=track
    )
    return found


def question_ids(track: Track) -> QuerySet[Question, Any]:
    """Their ids: to be put into another query with `__in`, or to be gone through."""
    return questions_of(track).order_by().values_list("pk", flat=True)
