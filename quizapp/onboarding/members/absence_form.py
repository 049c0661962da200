"""The form for days of leave."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from quizapp.onboarding.members.absences import NO_DATE, Span


class AbsenceForm(forms.Form):
    first_day = forms.DateField(
        label="First day",
        input_formats=["%Y-%m-%d"],
        error_messages=dict.fromkeys(("required", "invalid"), NO_DATE),
        widget=forms.DateInput({"class": "text-input", "type": "date"}, format="%Y-%m-%d"),
    )
    last_day = forms.DateField(
        label="Last day",
        help_text="Empty for one day.",
        required=False,
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": NO_DATE},
        widget=forms.DateInput({"class": "text-input", "type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, today: date, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        self.today = today

    def clean(self) -> None:
        first, last = self.cleaned_data.get("first_day"), self.cleaned_data.get("last_day")
        if first is None or "last_day" in self.errors:
            return
        problem = self.span.problem(self.today)
        if problem:
            self.add_error("last_day" if last else "first_day", problem)

    @property
    def span(self) -> Span:
        first = self.cleaned_data["first_day"]
        return Span(first, self.cleaned_data["last_day"] or first)
