"""The form of a learner's own settings."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Self
from zoneinfo import available_timezones

from django import forms
from django.db import transaction
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from quizapp.scheduling import tallies
from quizapp.scheduling.cards import day_of, hold, keep_dates
from quizapp.scheduling.memory import MAXIMUM_RETENTION, MINIMUM_RETENTION
from quizapp.teams.models import User, validate_timezone

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MOST_NEW, MOST_MINUTES = 100, 600
LEAST_PERCENT, MOST_PERCENT = round(MINIMUM_RETENTION * 100), round(MAXIMUM_RETENTION * 100)

_REGIONS = (
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
)


class ZoneSelect(forms.Select):
    """Five hundred options, which Django would render one template each."""

    def render(
        self,
        name: str,
        value: Any,
        attrs: Any = None,
        renderer: Any = None,  # noqa: ARG002 - as Django calls it
    ) -> SafeString:
        attributes = flatatt(self.build_attrs({**self.attrs, "name": name}, attrs))
        return format_html("<select{}>{}</select>", attributes, _zone_options(str(value or "UTC")))


class NewPerDay(forms.IntegerField):
    def __init__(self) -> None:
        super().__init__(
            label="New questions a day",
            min_value=0,
            max_value=MOST_NEW,
            error_messages={
                "required": "How many new questions a day? 0 for none.",
                "invalid": "Give a whole number.",
                "min_value": "Fewer than none is not possible: give 0 or more.",
                "max_value": f"Give {MOST_NEW} or less: each new one comes back several times.",
            },
            widget=forms.NumberInput({"class": "text-input is-number", "inputmode": "numeric"}),
        )


class Percent(forms.IntegerField):
    def __init__(self) -> None:
        sentence = f"Give a whole number from {LEAST_PERCENT} to {MOST_PERCENT}."
        super().__init__(
            label="Desired retention, in percent",
            help_text=(
                "How likely you want to be to know a question when it comes back. "
                "A change counts from the next answer to each question."
            ),
            min_value=LEAST_PERCENT,
            max_value=MOST_PERCENT,
            error_messages=dict.fromkeys(
                ("required", "invalid", "min_value", "max_value"), sentence
            ),
            widget=forms.NumberInput({"class": "text-input is-number", "inputmode": "numeric"}),
        )


class CostForm(forms.Form):
    """What a simulation is asked for."""

    new_per_day = NewPerDay()
    retention = Percent()


class SettingsForm(CostForm):
    name = forms.CharField(
        max_length=150,
        required=False,
        help_text="As others see you. You can leave it empty.",
        error_messages={"max_length": "Give a name of 150 letters or fewer."},
        widget=forms.TextInput({"class": "text-input", "autocomplete": "name"}),
    )
    timezone = forms.CharField(
        label="Time zone", validators=[validate_timezone], widget=ZoneSelect()
    )
    rollover_hour = forms.TypedChoiceField(
        label="A new day begins at",
        help_text="What you answer earlier in the night still counts for the day before.",
        coerce=int,
        choices=[(hour, f"{hour:02}:00") for hour in range(24)],
        error_messages={"invalid_choice": "Choose an hour from the list."},
    )
    minutes_per_day = forms.IntegerField(
        label="Minutes a day",
        help_text="Empty for no limit. What does not fit waits for another day.",
        required=False,
        min_value=1,
        max_value=MOST_MINUTES,
        error_messages={
            "invalid": "Give a whole number, or nothing for no limit.",
            "min_value": "Give 1 or more, or nothing for no limit.",
            "max_value": f"Give {MOST_MINUTES} or less, or nothing for no limit.",
        },
        widget=forms.NumberInput({"class": "text-input is-number", "inputmode": "numeric"}),
    )
    easy_days = forms.TypedMultipleChoiceField(
        label="Easy days",
        help_text="On these, fewer questions come back.",
        required=False,
        coerce=int,
        choices=list(enumerate(WEEKDAYS)),
        error_messages={"invalid_choice": "Choose days of the week."},
        widget=forms.CheckboxSelectMultiple,
    )

    field_order = (
        "name",
        "timezone",
        "rollover_hour",
        "new_per_day",
        "minutes_per_day",
        "easy_days",
        "retention",
    )

    @classmethod
    def of(cls, user: User, data: Any = None) -> Self:
        initial = {
            "name": user.name,
            "timezone": user.timezone,
            "rollover_hour": user.rollover_hour,
            "new_per_day": user.new_per_day,
            "minutes_per_day": user.minutes_per_day,
            "easy_days": user.easy_days or [],
            "retention": round(user.desired_retention * 100),
        }
        return cls(data, initial=initial, label_suffix="")

    def clean_easy_days(self) -> list[int]:
        days = sorted(set(self.cleaned_data["easy_days"]))
        if len(days) == len(WEEKDAYS):
            raise forms.ValidationError(
                "Leave at least one day as it is: what is spared on easy days moves to the others."
            )
        return days

    def save(self, user: User) -> None:
        """Keep the settings. Where days begin elsewhere now, the sums by day are added up anew, and
        reviews keep their dates.
        """
        data = self.cleaned_data
        day_before = day_of(user)
        values = {
            "name": data["name"],
            "timezone": data["timezone"],
            "rollover_hour": data["rollover_hour"],
            "new_per_day": data["new_per_day"],
            "minutes_per_day": data["minutes_per_day"],
            "easy_days": data["easy_days"],
            "desired_retention": data["retention"] / 100,
        }
        for field, value in values.items():
            setattr(user, field, value)
        is_moved = day_of(user) != day_before
        with transaction.atomic():
            if is_moved:
                hold([user.pk])
            user.save(update_fields=list(values))
            if is_moved:
                tallies.rebuild(user)
                keep_dates(user, day_before)


@lru_cache(maxsize=64)
def _zone_options(selected: str) -> SafeString:
    """All zones by region, with their cities in words; and the selected one, whatever it is."""
    groups: dict[str, list[tuple[str, str]]] = {region: [] for region in _REGIONS}
    for zone in sorted(available_timezones()):
        region, _, place = zone.partition("/")
        if region in groups:
            groups[region].append((zone, place.replace("_", " ").replace("/", ", ")))
    listed = {zone for zones in groups.values() for zone, _ in zones}
    first = ["UTC"] if selected in listed else sorted({"UTC", selected})
    grouped = format_html_join(
        "",
        '<optgroup label="{}">{}</optgroup>',
        ((region, _options(zones, selected)) for region, zones in groups.items()),
    )
    return format_html("{}{}", _options([(zone, zone) for zone in first], selected), grouped)


def _options(zones: list[tuple[str, str]], selected: str) -> SafeString:
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((zone, SafeString(" selected") if zone == selected else "", text) for zone, text in zones),
    )
