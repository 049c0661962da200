"""A page for a browser, or only its fragment for htmx; and where to go after an action."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from quizapp.web.access import Request


def page(
    request: Request, template: str, fragment: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """The fragment by itself when htmx asks for it, otherwise the page that includes it.

    When somebody goes back, htmx asks for whole pages.
    """
    context = {**context, "fragment": fragment, "notice": _notice(request)}
    is_part = request.htmx and not request.htmx.history_restore_request
    return render(request, fragment if is_part else template, context, status=status)


def next_url(request: HttpRequest) -> str:
    """Where to go after an action: the page it came from, if that is one of ours."""
    url = request.POST.get("next", "")
    return url if is_ours(request, url) else reverse("review")


def is_ours(request: HttpRequest, url: str) -> bool:
    """Whether the URL leads to one of our pages. One without a slash would be taken for a name."""
    return "/" in url and url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()})


def _notice(request: Request) -> dict[str, str] | None:
    """The latest message to the learner. Its tag, if any, is the address that undoes the action."""
    waiting = list(messages.get_messages(request))
    if not waiting:
        return None
    return {
        "text": str(waiting[-1]),
        "undo_url": waiting[-1].extra_tags or "",
        "undo_label": "Undo",
    }
