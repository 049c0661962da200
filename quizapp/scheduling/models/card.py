"""One learner's memory of one question."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any, Self

from django.db import models

from quizapp.content.models import Question
from quizapp.scheduling.memory import Memory, State, leech_threshold_met
from quizapp.teams.models import User


class CardQuerySet(models.QuerySet["Card"]):
    def of(self, user: User) -> Self:
        return self.filter(user=user)

    def at_work(self) -> Self:
        """Cards that will be shown sooner or later: not suspended, of questions that exist."""
        return self.filter(is_suspended=False, question__retired_at=None)

    def start_anew(self, now: datetime) -> None:
        """Forget what was learned, because the question now means something else."""
        version = Question.objects.filter(pk=models.OuterRef("question_id")).values("version")
        self.update(question_version=models.Subquery(version[:1]))
        self.exclude(state=State.NEW).update(
            state=State.LEARNING,
            step=0,
            stability=None,
            difficulty=None,
            due=now,
            last_review=None,
            is_leech=False,
        )


class Card(models.Model):
    """Made when its question is first answered or set aside: a new question has no row."""

    user = models.ForeignKey(User, models.CASCADE, related_name="cards", db_index=False)
    question = models.ForeignKey(Question, models.CASCADE, related_name="cards")
    question_version = models.PositiveIntegerField(default=1)

    state = models.PositiveSmallIntegerField(choices=[(s.value, s.name) for s in State])
    step = models.PositiveSmallIntegerField(null=True)
    stability = models.FloatField(null=True)
    difficulty = models.FloatField(null=True)
    due = models.DateTimeField()
    last_review = models.DateTimeField(null=True)
    reps = models.PositiveIntegerField(default=0)
    lapses = models.PositiveIntegerField(default=0)

    is_leech = models.BooleanField(default=False)
    is_suspended = models.BooleanField(default=False)
    buried_until = models.DateTimeField(null=True)

    objects = CardQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("user", "question"), name="one_card_per_question"),
        )
        indexes = (models.Index(fields=("user", "due"), name="card_user_due"),)

    def __str__(self) -> str:
        return f"{self.user_id} on {self.question_id}"

    @property
    def memory(self) -> Memory:
        return Memory(
            state=State(self.state),
            step=self.step,
            stability=self.stability,
            difficulty=self.difficulty,
            due=self.due,
            last_review=self.last_review,
            reps=self.reps,
            lapses=self.lapses,
        )

    @memory.setter
    def memory(self, memory: Memory) -> None:
        has_lapsed = memory.lapses > self.lapses
        for field in fields(memory):
            setattr(self, field.name, getattr(memory, field.name))
        if has_lapsed and leech_threshold_met(memory.lapses):
            self.is_leech = True

    @property
    def snapshot(self) -> dict[str, Any]:
        """Every field that a review changes, as JSON data."""
        return {name: _plain(getattr(self, name)) for name in SNAPSHOT_FIELDS}

    def restore(self, snapshot: dict[str, Any]) -> None:
        for name in SNAPSHOT_FIELDS:
            value = snapshot[name]
            if name in ("due", "last_review") and value is not None:
                value = datetime.fromisoformat(value)
            setattr(self, name, value)


SNAPSHOT_FIELDS = (
    "state",
    "step",
    "stability",
    "difficulty",
    "due",
    "last_review",
    "reps",
    "lapses",
    "is_leech",
    "question_version",
)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
