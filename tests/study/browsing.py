"""A learner at the client: shows the next question, answers it, reads the page."""

from __future__ import annotations

from typing import Any

from django.test import Client


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def respond(client: Client, fields: dict[str, Any], action: str = "check", **extra: Any) -> Any:
    """Show the next question and submit the fields with its form."""
    token = client.get("/review/").context["token"]
    return client.post("/review/", {"token": token, "action": action, **fields}, **extra)
