"""An editor at work on the page of a question, for tests."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

from django.test import Client
from django.urls import reverse

from quizapp.content.models import Question


class _Form(HTMLParser):
    """What a browser would send of the form `edit-form`, but for its buttons."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._inside = False
        self._select: str | None = None
        self._text: tuple[str, list[str]] | None = None

    def handle_starttag(self, tag: str, given: list[tuple[str, str | None]]) -> None:
        attributes = dict(given)
        if tag == "form":
            self._inside = attributes.get("id") == "edit-form"
        if not self._inside:
            return
        name, value = attributes.get("name"), attributes.get("value") or ""
        if tag == "input" and name:
            is_box = attributes.get("type") in ("checkbox", "radio")
            if not is_box or "checked" in attributes:
                self.fields[name] = value
        if tag == "select" and name:
            self._select = name
        if tag == "option" and self._select:
            is_chosen = "selected" in attributes or self._select not in self.fields
            self.fields |= {self._select: value} if is_chosen else {}
        if tag == "textarea" and name:
            self._text = (name, [])

    def handle_data(self, data: str) -> None:
        if self._text:
            self._text[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        if tag == "select":
            self._select = None
        if tag == "textarea" and self._text:
            name, parts = self._text
            self.fields[name] = "".join(parts).removeprefix("\n").replace("\n", "\r\n")
            self._text = None


def form_on(response: Any) -> dict[str, str]:
    """The fields of the form on a page, with what they hold."""
    form = _Form()
    form.feed(response.content.decode())
    return {name: text for name, text in form.fields.items() if name != "csrfmiddlewaretoken"}


def url_of(question: Question | str) -> str:
    return reverse("edit-question", args=[getattr(question, "slug", question)])


def opened(client: Client, question: Question | str, query: str = "") -> dict[str, str]:
    response = client.get(url_of(question) + query)
    assert response.status_code == 200
    return form_on(response)


def press(
    client: Client, question: Question | str, button: str, form: dict[str, str], **more: Any
) -> Any:
    """Sends the form with one of its buttons. Fields of rows are written `options_0_text`."""
    changed = {re.sub(r"_(\d+)_", r"-\1-", name): value for name, value in more.items()}
    return client.post(url_of(question), {**form, **changed, "do": button})


def text_of(response: Any) -> str:
    """What a page says, without its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())
