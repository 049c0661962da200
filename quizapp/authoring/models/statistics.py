from __future__ import annotations

from dataclasses import fields

from django.db import models

from quizapp.authoring.statistics.attention import LEAST_RESPONSES, Figures
from quizapp.authoring.statistics.shown import OptionShown, Row, options_of, rows_of
from quizapp.content.models import Question


class ItemStatistics(models.Model):
    """How learners fare with a question, over first responses to its present version.

    Counted anew by `manage.py itemstatistics`, for all questions together. What the figures are
    and what each rests on stands at `attention.Figures`. `options` has, by the opaque id of an
    option as it is worded now, how often it was `[shown, chosen]`. `attention` is greater the more
    the question calls for a look, and `reasons` say why, the gravest first.
    """

    LEAST_RESPONSES = LEAST_RESPONSES

    question = models.OneToOneField(Question, models.CASCADE, related_name="statistics")
    version = models.PositiveIntegerField()

    responses = models.PositiveIntegerField(default=0)
    facility = models.FloatField(null=True)
    facility_low = models.FloatField(null=True)
    facility_high = models.FloatField(null=True)
    compared = models.PositiveIntegerField(default=0)
    discrimination = models.FloatField(null=True)
    discrimination_low = models.FloatField(null=True)
    discrimination_high = models.FloatField(null=True)
    efficiency = models.FloatField(null=True)
    median_ms = models.PositiveIntegerField(null=True)
    sure = models.PositiveIntegerField(default=0)
    confidently_wrong = models.FloatField(null=True)
    known = models.PositiveIntegerField(default=0)
    lapse_share = models.FloatField(null=True)
    options = models.JSONField(default=dict)

    attention = models.FloatField(default=0, db_index=True)
    reasons = models.JSONField(default=list)
    counted_at = models.DateTimeField()

    class Meta:
        # To sort the bank without reading the rest.
        indexes = (
            models.Index(
                fields=(
                    "question",
                    "version",
                    "attention",
                    "facility",
                    "discrimination",
                    "responses",
                ),
                name="bank_figures",
            ),
        )

    def __str__(self) -> str:
        return f"{self.question_id}: {self.responses} responses"

    @property
    def figures(self) -> Figures:
        return Figures(**{field.name: getattr(self, field.name) for field in fields(Figures)})

    @property
    def is_outdated(self) -> bool:
        """Whether the question has come to mean something else since it was counted."""
        return self.version != self.question.version

    @property
    def is_enough(self) -> bool:
        """Whether there are responses enough to judge by."""
        return self.responses >= LEAST_RESPONSES

    @property
    def rows(self) -> list[Row]:
        """The figures as a page shows them."""
        return rows_of(self.figures, is_self_rated=self.question.parsed_spec.is_self_rated)

    @property
    def option_shares(self) -> list[OptionShown]:
        """How often each option was chosen, beside its text; empty for kinds without options."""
        return options_of(self.question.parsed_spec, self.options)
