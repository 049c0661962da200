"""When the database cannot take a response: the learner is told, and the response is kept."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.defaults import server_error as plain_server_error
from django_htmx.http import reswap, retarget

from quizapp.grading import KINDS

RETRY_AFTER_SECONDS = "5"

_MOST_LINES = 500
_WRITTEN = tuple(prefix for spec in KINDS.values() for prefix in spec.written_fields)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler for uncaught exceptions: 503 for storage that is locked, full or away."""
    if not isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return plain_server_error(request)
    if request.headers.get("HX-Request"):
        response = render(request, "study/_not_saved.html", status=503)
        response = reswap(retarget(response, "#problem"), "innerHTML")
    else:
        response = render(request, "study/503.html", _form_again(request), status=503)
    response["Retry-After"] = RETRY_AFTER_SECONDS
    return response


def _form_again(request: HttpRequest) -> dict[str, object]:
    """Everything that was posted, to be posted once more, and to be read meanwhile."""
    fields = [(name, value) for name, values in request.POST.lists() for value in values]
    written = [value for name, value in fields if name.startswith(_WRITTEN)]
    return {
        "is_response": request.method == "POST",
        "action": request.get_full_path(),
        "fields": fields,
        "response_lines": [line for text in written for line in text.splitlines()][:_MOST_LINES],
    }
