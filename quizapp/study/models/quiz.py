"""A quiz: questions drawn for one learner, answered in one go or in several."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from quizapp.content.models import Question, Topic
from quizapp.scheduling.models import Review
from quizapp.teams.models import User


class QuizQuerySet(models.QuerySet["Quiz"]):
    def of(self, user: User) -> Self:
        return self.filter(user=user)

    def unfinished(self) -> Self:
        return self.filter(finished_at=None)

    def finished(self) -> Self:
        return self.exclude(finished_at=None)

    def shared(self, key: str) -> Self:
        """The quiz whose result the key opens."""
        return self.finished().filter(share_key=key).select_related("user")

    def newest_first(self) -> Self:
        return self.order_by("-started_at", "-pk")

    def with_score(self) -> Self:
        """Each with `total`, and of these `answered` and `right`."""
        stands = models.Q(places__review__isnull=False, places__review__undone_at=None)
        return self.annotate(
            total=models.Count("places"),
            answered=models.Count("places", filter=stands),
            right=models.Count("places", filter=stands & models.Q(places__review__score=1)),
        )


class Quiz(models.Model):
    """`pretest_of` is the topic that a pretest opens; other quizzes have none.

    `share_key` opens the result to whoever has the link, until it is taken back; empty for none.
    """

    class Feedback(models.TextChoices):
        AT_ONCE = "at_once", "After each question"
        AT_END = "at_end", "At the end"

    user = models.ForeignKey(User, models.CASCADE, related_name="quizzes")
    title = models.CharField(max_length=200)
    feedback = models.CharField(max_length=10, choices=Feedback.choices, default=Feedback.AT_ONCE)
    minutes = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(180)]
    )
    pretest_of = models.ForeignKey(Topic, models.SET_NULL, null=True, related_name="pretests")
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    share_key = models.CharField(max_length=43, blank=True)

    objects = QuizQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("share_key",), condition=~models.Q(share_key=""), name="one_quiz_per_key"
            ),
        )

    def __str__(self) -> str:
        return f"{self.title}, {self.started_at:%Y-%m-%d %H:%M}"

    @property
    def deadline(self) -> datetime | None:
        """When the time is up; None without a limit."""
        return self.started_at + timedelta(minutes=self.minutes) if self.minutes else None

    def share(self, key: str) -> None:
        """Open the result to whoever has the key, unless it has one already."""
        Quiz.objects.finished().filter(pk=self.pk, share_key="").update(share_key=key)

    def stop_sharing(self) -> None:
        Quiz.objects.filter(pk=self.pk).update(share_key="")


class QuizQuestionQuerySet(models.QuerySet["QuizQuestion"]):
    def answered(self) -> Self:
        """Those with a response that stands."""
        return self.filter(review__isnull=False, review__undone_at=None)

    def unanswered(self) -> Self:
        """Those without a response, or whose response was undone."""
        return self.filter(models.Q(review=None) | models.Q(review__undone_at__isnull=False))


class QuizQuestion(models.Model):
    """One question of a quiz, at its place. `review` is the response to it, once there is one."""

    quiz = models.ForeignKey(Quiz, models.CASCADE, related_name="places", db_index=False)
    position = models.PositiveSmallIntegerField()
    question = models.ForeignKey(Question, models.CASCADE, related_name="+")
    review = models.OneToOneField(Review, models.SET_NULL, null=True, related_name="quiz_place")

    objects = QuizQuestionQuerySet.as_manager()

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("quiz", "position"), name="one_question_per_place"),
            models.UniqueConstraint(fields=("quiz", "question"), name="one_place_per_question"),
        )

    def __str__(self) -> str:
        return f"{self.quiz_id}: {self.position}"
