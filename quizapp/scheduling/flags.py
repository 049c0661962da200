"""Flagging a question for the editors."""

from __future__ import annotations

from quizapp.content.models import Question
from quizapp.grading.responses import storable
from quizapp.scheduling.models import Flag
from quizapp.teams.models import User

LONGEST_COMMENT = 1000


def flag(user: User, question: Question, reason: str, comment: str) -> None:
    """Flag the question, or change the learner's flag on it that is still open."""
    Flag.objects.update_or_create(
        user=user,
        question=question,
        resolved_at=None,
        defaults={
            "question_version": question.version,
            "reason": reason,
            "comment": storable(comment).strip()[:LONGEST_COMMENT],
        },
    )
