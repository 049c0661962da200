"""Which questions a form of the list is about: those ticked, or all that match the filters."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.http import HttpRequest

from quizapp.authoring.bank.found import Found
from quizapp.authoring.bank.search import read_search
from quizapp.authoring.bulk.planning import MOST

_LARGEST_ID = 2**63


def chosen(request: HttpRequest) -> list[int]:
    """Primary keys from `question`, or with `all=1` what the filters in the address match.

    Both may stand in the form or in the address. Drafts of new questions are not among them.
    """
    values = request.POST or request.GET
    if values.get("all") == "1":
        search, _ = read_search(request.GET)
        return Found(search).ids[:MOST]
    return ids_in(values.getlist("question"))


def ids_in(values: Iterable[str]) -> list[int]:
    """Those of the values that may be primary keys, each once, in their order."""
    ids = (int(value[:19]) for value in values if value.isdecimal())
    return list(dict.fromkeys(key for key in ids if key < _LARGEST_ID))[:MOST]


def batch_in(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None
