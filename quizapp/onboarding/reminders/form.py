"""The form in which somebody says when mail is welcome."""

from __future__ import annotations

from typing import Any, Self

from django import forms

from quizapp.onboarding.reminders.hours import USUAL_HOUR, WORKDAYS
from quizapp.teams.models import User

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class RemindersForm(forms.Form):
    wants_reminders = forms.BooleanField(
        label="Remind me when reviews are due and I have not come",
        help_text="One mail a day at the most, and none on days on which you are away.",
        required=False,
    )
    reminder_hour = forms.TypedChoiceField(
        label="From",
        coerce=int,
        choices=[(hour, f"{hour}:00") for hour in range(24)],
        error_messages={
            "required": "Choose an hour from the list.",
            "invalid_choice": "Choose an hour from the list.",
        },
    )
    reminder_days = forms.TypedMultipleChoiceField(
        label="On",
        required=False,
        coerce=int,
        choices=list(enumerate(WEEKDAYS)),
        error_messages={"invalid_choice": "Choose days of the week."},
        widget=forms.CheckboxSelectMultiple,
    )
    wants_digest = forms.BooleanField(
        label="Send me a digest of my teams on Mondays",
        help_text="Who is on course and who is not, from the same hour on.",
        required=False,
    )

    @classmethod
    def of(cls, user: User, data: Any = None, *, is_reminded: bool, is_lead: bool) -> Self:
        """`is_reminded` is whether the person is, having chosen or not."""
        hour, days = user.reminder_hour, user.reminder_days
        initial = {
            "wants_reminders": is_reminded,
            "reminder_hour": USUAL_HOUR if hour is None else hour,
            "reminder_days": sorted(WORKDAYS) if days is None else days,
            "wants_digest": user.wants_digest is not False,
        }
        form = cls(data, initial=initial, label_suffix="")
        if not is_lead:
            del form.fields["wants_digest"]
        return form

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = self.cleaned_data
        if data.get("wants_reminders") and not data.get("reminder_days", True):
            self.add_error("reminder_days", "Choose at least one day, or no reminders.")
        return data

    def save(self, user: User) -> None:
        data = self.cleaned_data
        values = {name: data[name] for name in self.fields}
        # None, where no reminders are wanted: started again, they come on the usual days.
        values["reminder_days"] = sorted(set(data["reminder_days"])) or None
        for field, value in values.items():
            setattr(user, field, value)
        user.save(update_fields=list(values))
