"""When something fails: the learner is told in plain words, and what was sent is kept.

The pages stand alone. They are rendered without a request, so that no session, message or context
processor can fail once more, and without style where not even the style sheets are found.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers
from django_htmx.http import reselect, reswap, retarget

from quizapp.grading import KINDS

RETRY_AFTER_SECONDS = "5"

_MOST_LINES = 500
_WRITTEN = tuple(prefix for spec in KINDS.values() for prefix in spec.written_fields)
_TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)

logger = logging.getLogger(__name__)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler for uncaught exceptions: 503 for storage that is locked, full or away."""
    is_storage = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    try:
        if is_storage:
            return _storage_fault(request)
        return HttpResponse(render_to_string("500.html"), status=500)
    except Exception:  # whatever it is, there has to be a page
        logger.exception("The error page itself failed.")
        status = 503 if is_storage else 500
        return HttpResponse(render_to_string("_error_bare.html"), status=status)


def bad_request(_request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler for requests that make no sense, or are too large."""
    if isinstance(exception, _TOO_LARGE):
        return HttpResponse(render_to_string("413.html"), status=413)
    return HttpResponse(render_to_string("400.html"), status=400)


def with_words_for_405(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: a page in place of the empty one for an address that takes only forms."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not response.content:
            response.content = render_to_string("405.html")
        return response

    return middleware


def _storage_fault(request: HttpRequest) -> HttpResponse:
    is_htmx = bool(request.headers.get("HX-Request"))
    if is_htmx and request.method == "POST":
        response = HttpResponse(render_to_string("study/_not_saved.html"), status=503)
        response = reswap(retarget(response, "#problem"), "innerHTML")
    elif is_htmx:
        content = render_to_string("study/_not_available.html", _form_again(request))
        response = HttpResponse(content, status=503)
        response = reselect(reswap(retarget(response, "#main"), "innerHTML"), "unset")
    else:
        content = render_to_string("study/503.html", _form_again(request))
        response = HttpResponse(content, status=503)
    response["Retry-After"] = RETRY_AFTER_SECONDS
    add_never_cache_headers(response)
    return response


def _form_again(request: HttpRequest) -> dict[str, object]:
    """Everything that was posted, to be posted once more, and to be read meanwhile.

    A form with a password is left for the person to fill in again.
    """
    fields = [(name, value) for name, values in _posted(request) for value in values]
    written = [value for name, value in fields if name.startswith(_WRITTEN)]
    return {
        "is_response": bool(fields),
        "action": request.get_full_path(),
        "fields": fields,
        "response_lines": [line for text in written for line in text.splitlines()][:_MOST_LINES],
    }


def _posted(request: HttpRequest) -> list[tuple[str, list[str]]]:
    if request.method != "POST" or any("password" in name for name in request.POST):
        return []
    return [(name, list(values)) for name, values in request.POST.lists()]
