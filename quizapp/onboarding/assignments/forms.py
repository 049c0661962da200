"""The form of an assignment: which track, who, by when, how well, in how many minutes a day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import Count, Q
from django.forms.boundfield import BoundWidget

from quizapp.content.models import Question, Track
from quizapp.content.models.question import covered
from quizapp.onboarding.assignments.assigning import Terms
from quizapp.teams.models import Assignment, Membership, Team

ON, AFTER = "on", "after"
LEAST_PERCENT, MOST_PERCENT = 50, 95
MOST_MINUTES, MOST_DAYS = 240, 730
USUAL_DAYS, USUAL_PERCENT, USUAL_MINUTES = 56, 85, 10

_NUMBER = {"class": "text-input is-number", "inputmode": "numeric"}


@dataclass(frozen=True, slots=True)
class TrackChoice:
    track: Track
    number: int


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be assigned to whom: tracks that have questions, and who is in the team now."""

    tracks: Sequence[TrackChoice]
    memberships: Sequence[Membership]


def choices(team: Team) -> Choices:
    """Two queries."""
    members = Membership.objects.current().filter(team=team).select_related("user")
    return Choices(tracks(), sorted(members, key=lambda each: str(each.user).casefold()))


def tracks() -> list[TrackChoice]:
    """Each with its number of questions, as `track.questions_of` would find them. One query."""
    is_asked = Q(topics__questions__retired_at=None, topics__questions__isnull=False)
    beyond = Question.objects.filter(covered(extensions=True)).values("pk")
    listed: Any = Track.objects.active().annotate(
        asked=Count("topics__questions", filter=is_asked),
        beyond=Count("topics__questions", filter=is_asked & Q(topics__questions__in=beyond)),
    )
    found = [TrackChoice(track, _number(track)) for track in listed]
    return [choice for choice in found if choice.number]


def _number(track: Any) -> int:
    within: int = track.asked - track.beyond
    by_extensions: dict[bool | None, int] = {None: track.asked, True: track.beyond, False: within}
    return by_extensions[track.covers_extensions]


class AssignmentForm(forms.Form):
    """`today` is the lead's. Of an assignment that there is, the track is not asked for again:
    what was forecast and counted is about that one."""

    track = forms.ChoiceField(
        label="Which track?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose the track to learn.",
            "invalid_choice": "That track is not there any more. Choose again.",
        },
    )
    whom = forms.ChoiceField(
        label="Who learns it?",
        required=False,
        error_messages={"invalid_choice": "That person is not in the team. Choose again."},
    )
    due = forms.ChoiceField(
        label="By when?",
        widget=forms.RadioSelect,
        choices=[(ON, "On a date"), (AFTER, "Some days after joining")],
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), "Choose a date, or a number of days after joining."
        ),
    )
    due_on = forms.DateField(
        label="Date",
        required=False,
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": "Give the date as year-month-day, such as 2027-03-12."},
        widget=forms.DateInput({"class": "text-input", "type": "date"}, format="%Y-%m-%d"),
    )
    due_days = forms.IntegerField(
        label="Days after joining",
        required=False,
        min_value=1,
        max_value=MOST_DAYS,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), f"Give from 1 to {MOST_DAYS} days."
        ),
        widget=forms.NumberInput(_NUMBER),
    )
    target = forms.IntegerField(
        label="Target, in percent",
        help_text=(
            "How much of the track is to be known on that day: the expected share of its "
            f"questions that would be recalled. {LEAST_PERCENT} to {MOST_PERCENT}."
        ),
        min_value=LEAST_PERCENT,
        max_value=MOST_PERCENT,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            f"Give a target from {LEAST_PERCENT} to {MOST_PERCENT} percent.",
        ),
        widget=forms.NumberInput(_NUMBER),
    )
    minutes = forms.IntegerField(
        label="Minutes a day",
        help_text=f"How much of each day it may take. 1 to {MOST_MINUTES}.",
        min_value=1,
        max_value=MOST_MINUTES,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            f"Give from 1 to {MOST_MINUTES} minutes a day.",
        ),
        widget=forms.NumberInput(_NUMBER),
    )

    def __init__(
        self,
        choices: Choices,
        today: date,
        data: Mapping[str, Any] | None,
        assignment: Assignment | None,
    ) -> None:
        super().__init__(data, initial=_initial(choices, today, assignment), label_suffix="")
        self.today = today
        self.fixed_track = assignment.track if assignment else None
        self.of_slug = {choice.track.slug: choice for choice in choices.tracks}
        self.of_membership = {str(each.pk): each for each in choices.memberships}
        if assignment and assignment.membership:  # who may have left
            self.of_membership.setdefault(str(assignment.membership_id), assignment.membership)
        if assignment:
            del self.fields["track"]
        else:
            self._fill("track", [(slug, each.track.title) for slug, each in self.of_slug.items()])
        self._fill("whom", [("", "Everybody"), *self._people()])
        first, last = today + timedelta(days=1), today + timedelta(days=MOST_DAYS)
        self.fields["due_on"].widget.attrs |= {"min": first.isoformat(), "max": last.isoformat()}

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        is_after = given.get("due") == AFTER
        wanted, other = ("due_days", "due_on") if is_after else ("due_on", "due_days")
        # What the other way was left at does not matter.
        self.errors.pop(other, None)
        given[other] = None
        if wanted not in self.errors and "due" in given:
            self._check_due(wanted, given.get(wanted))
        return given

    @property
    def terms(self) -> Terms:
        """Of a form that is valid."""
        given = self.cleaned_data
        return Terms(
            track=self.fixed_track or self.of_slug[given["track"]].track,
            membership=self.of_membership.get(given["whom"]),
            due_on=given["due_on"],
            due_days=given["due_days"],
            target=given["target"] / 100,
            minutes=given["minutes"],
        )

    def listed_tracks(self) -> Iterator[tuple[BoundWidget, TrackChoice]]:
        for widget in self["track"]:
            yield widget, self.of_slug[widget.data["value"]]

    def _people(self) -> Iterator[tuple[str, str]]:
        names = Counter(str(each.user) for each in self.of_membership.values())
        for key, each in self.of_membership.items():
            name = str(each.user)
            words = name if names[name] == 1 else f"{name} ({each.user.email})"
            if each.left_at is not None:
                words = f"{words}, who has left the team"
            elif each.is_lead:
                words = f"{words}, lead"
            yield key, words

    def _fill(self, name: str, options: list[tuple[str, str]]) -> None:
        field: Any = self.fields[name]
        field.choices = options

    def _check_due(self, name: str, due: Any) -> None:
        if due is None:
            sentence = "Give the date." if name == "due_on" else "Give the number of days."
            self.add_error(name, sentence)
        elif name == "due_on" and due <= self.today:
            self.add_error(name, "That day has come already. Give one from tomorrow on.")
        elif name == "due_on" and due > self.today + timedelta(days=MOST_DAYS):
            self.add_error(name, "That is more than two years away. Give an earlier date.")


def _initial(choices: Choices, today: date, assignment: Assignment | None) -> dict[str, Any]:
    initial: dict[str, Any] = {
        "due": ON,
        "due_on": today + timedelta(days=USUAL_DAYS),
        "due_days": USUAL_DAYS,
        "target": USUAL_PERCENT,
        "minutes": USUAL_MINUTES,
    }
    if assignment is None:
        one = [choice.track.slug for choice in choices.tracks[:2]]
        return initial | ({"track": one[0]} if len(one) == 1 else {})
    if assignment.due_days is not None:
        initial |= {"due": AFTER, "due_days": assignment.due_days}
    else:
        initial["due_on"] = assignment.due_on
    return initial | {
        "whom": str(assignment.membership_id or ""),
        "target": round(assignment.target * 100),
        "minutes": assignment.minutes_per_day,
    }
