"""The forms for making a team and for changing what it is called and who may join it."""

from __future__ import annotations

from typing import Any, Self

from django import forms

from quizapp.grading.responses import storable
from quizapp.teams.domains import MOST_DOMAINS, read_domains
from quizapp.teams.models import Team

LONGEST_NAME = 100


class NameForm(forms.Form):
    """Characters that no database takes are refused by the field itself."""

    name = forms.CharField(
        max_length=LONGEST_NAME,
        error_messages={
            "required": "Give the team a name.",
            "max_length": f"Give a name of {LONGEST_NAME} letters or fewer.",
        },
        widget=forms.TextInput({"class": "text-input", "autocomplete": "off"}),
    )

    def clean_name(self) -> str:
        name = " ".join(storable(self.cleaned_data["name"]).split())
        if not any(character.isprintable() and not character.isspace() for character in name):
            raise forms.ValidationError("Give the team a name that can be read.")
        return name


class TeamForm(NameForm):
    domains = forms.CharField(
        label="Who may join",
        help_text=(
            f"Domains of e-mail addresses, one a line, {MOST_DOMAINS} at the most. "
            "Empty for anybody with an invite."
        ),
        required=False,
        max_length=10_000,
        error_messages={"max_length": "That is too long to be a list of domains."},
        widget=forms.Textarea(
            {
                "class": "text-input",
                "rows": 4,
                "spellcheck": "false",
                "autocapitalize": "off",
                "placeholder": "example.com",
            }
        ),
    )

    @classmethod
    def of(cls, team: Team, data: Any = None) -> Self:
        initial = {"name": team.name, "domains": "\n".join(team.domains)}
        return cls(data, initial=initial, label_suffix="")

    def clean_domains(self) -> list[str]:
        read = read_domains(storable(self.cleaned_data["domains"]))
        if read.problem:
            raise forms.ValidationError(read.problem)
        return list(read.domains)
