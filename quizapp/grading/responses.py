"""Taking responses out of forms and checking data that claims to be a response."""

from __future__ import annotations

import re
from typing import Any

from quizapp.grading.base import Form, ResponseError

MOST_CHARACTERS = 1000
"""No text response may be longer."""

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")  # PostgreSQL takes neither

BYTE_ORDER_MARK = "\ufeff"
"""Some editors put it before a text; it says nothing."""

WRONG_SHAPE = "This response does not belong to this question. Load the page again."


def storable(text: str) -> str:
    """The text without the characters that no database takes."""
    return _UNSTORABLE.sub("", text)


def first_value(form: Form, name: str) -> str:
    """The first value of a field, or "" when the form does not have it."""
    values = form.get(name)
    return values[0] if values else ""


def as_text(response: Any) -> str:
    """A text without space around it, "" for None. Raises ResponseError if it is too long."""
    if response is None:
        return ""
    if not isinstance(response, str):
        raise ResponseError(WRONG_SHAPE)
    if len(response) > MOST_CHARACTERS:
        raise ResponseError(f"Write at most {MOST_CHARACTERS} characters.")
    return storable(response).strip()


def as_ids(response: Any) -> list[str]:
    """A list of distinct ids, empty for None. Raises ResponseError for anything else."""
    if response is None:
        return []
    if not isinstance(response, list) or not all(isinstance(item, str) for item in response):
        raise ResponseError(WRONG_SHAPE)
    if len(set(response)) != len(response):
        raise ResponseError(WRONG_SHAPE)
    return response


def as_texts_by_id(response: Any) -> dict[str, str]:
    """Texts by id, empty for None. Raises ResponseError for anything else."""
    if response is None:
        return {}
    if not isinstance(response, dict) or not all(isinstance(key, str) for key in response):
        raise ResponseError(WRONG_SHAPE)
    return {key: as_text(text) for key, text in response.items()}
