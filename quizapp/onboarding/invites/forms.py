"""What a lead fills in to invite people: by a link, or by e-mail."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms

from quizapp.onboarding.invites import addresses
from quizapp.onboarding.invites.addresses import Addresses, UnreadableError
from quizapp.teams.domains import is_welcome
from quizapp.web.moments import instant
from quizapp.web.words import count

DAYS = (1, 7, 14, 30)
DEFAULT_DAYS = 14
DEFAULT_USES = 10
MOST_USES = 1000

MOST_REQUEST = 2 * addresses.MOST_BYTES + 20_000
"""Bytes of a form with a text and a file."""


def _days() -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label="Good for",
        choices=[(days, count(days, "day")) for days in DAYS],
        coerce=int,
        initial=DEFAULT_DAYS,
        error_messages={"invalid_choice": "Choose for how long it is to be good."},
    )


_NUMBER_OF_USES = f"Give a number from 1 to {MOST_USES:,}, or set no limit."


class LinkForm(forms.Form):
    days = _days()
    max_uses = forms.IntegerField(
        label="For how many people",
        min_value=1,
        max_value=MOST_USES,
        initial=DEFAULT_USES,
        required=False,
        widget=forms.NumberInput({"class": "text-input", "inputmode": "numeric"}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), _NUMBER_OF_USES),
    )
    is_unlimited = forms.BooleanField(label="Without limit", required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, label_suffix="", auto_id="link-%s")

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("is_unlimited"):
            self.errors.pop("max_uses", None)
            data["max_uses"] = None
        elif "max_uses" in data and data["max_uses"] is None:
            self.add_error("max_uses", _NUMBER_OF_USES)
        return data


class MailForm(forms.Form):
    """`addresses` and `problems` say what was found in the text and the file together."""

    emails = forms.CharField(
        label="Addresses",
        required=False,
        strip=False,
        widget=forms.Textarea(
            {"class": "text-input", "rows": 5, "spellcheck": "false", "autocapitalize": "off"}
        ),
    )
    file = forms.FileField(
        label="Or a CSV or text file",
        required=False,
        allow_empty_file=True,
        max_length=255,
        widget=forms.FileInput(
            {"class": "text-input", "accept": ".csv,.tsv,.txt,text/csv,text/plain"}
        ),
        error_messages={"max_length": "Give the file a shorter name."},
    )
    days = _days()
    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, files: Any = None, **initial: Any) -> None:
        super().__init__(data, files, initial=initial, label_suffix="", auto_id="mail-%s")
        self.addresses: tuple[str, ...] = ()
        self.problems: list[str] = []

    @property
    def shown_at(self) -> datetime | None:
        """When the page with the form was made."""
        return instant(self.cleaned_data["shown"])

    def look(self, domains: list[str], most: int) -> bool:
        """Read everything, and say whether a mail to all the addresses may be sent.

        `most` is how many mails the lead may send today.
        """
        if not self.is_valid():
            self.problems = [str(message) for each in self.errors.values() for message in each]
            return False
        found: dict[str, None] = {}
        for name, text in self._texts():
            read = addresses.read(text)
            self.problems += _problems(read, domains, name)
            found |= dict.fromkeys(read.found)
        self.addresses = tuple(found)
        if not self.problems:
            self.problems = list(_too_many(len(found), most))
        return not self.problems

    def _texts(self) -> list[tuple[str, str]]:
        """The text, and the file with its name."""
        texts = [("", self.cleaned_data["emails"])]
        if len(texts[0][1].encode()) > addresses.MOST_BYTES:
            self.problems.append(addresses.too_large())
            return []
        file = self.cleaned_data["file"]
        if file is not None:
            data = file.read(addresses.MOST_BYTES + 1)
            try:
                texts.append((file.name, addresses.text_of(data)))
            except UnreadableError as error:
                self.problems.append(f"{file.name}: {error}")
        return texts


def _problems(read: Addresses, domains: list[str], name: str) -> list[str]:
    """What is wrong with each line, in the order of lines."""
    wrong = [
        (fault.line, f"“{fault.text}” is not an address" if fault.text else "there is no address")
        for fault in read.faults
    ]
    wrong += [
        (line, f"{address} is not at {' or '.join(domains)}")
        for address, line in read.found.items()
        if not is_welcome(address, domains)
    ]
    place = f"{name}, line" if name else "Line"
    return [f"{place} {line}: {message}." for line, message in sorted(wrong)]


def _too_many(number: int, most: int) -> list[str]:
    if not number:
        return ["Give an address first, or choose a file."]
    if number > addresses.MOST_ADDRESSES:
        at_once = addresses.MOST_ADDRESSES
        return [f"These are {number} addresses. Send to at most {at_once} at once."]
    if number > most:
        left = f"You can send {count(most, 'more invite')} today, and these are {number}."
        none = "You have sent as many invites as one person can in a day."
        return [f"{left if most else none} Send the rest tomorrow, or make a link."]
    return []
