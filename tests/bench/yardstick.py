"""What an answer is measured against: the least that any page of this stack does."""

from __future__ import annotations

from django.contrib.auth import SESSION_KEY
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from quizapp.content.models import Question


def with_user(request: HttpRequest, pk: int) -> HttpResponse:
    """Check who asks, read one row, render a small template."""
    if not request.user.is_authenticated:
        raise PermissionDenied
    return _row(request, pk)


def without_user(request: HttpRequest, pk: int) -> HttpResponse:
    """The same, taking the session's word for it, without loading the user."""
    if SESSION_KEY not in request.session:
        raise PermissionDenied
    return _row(request, pk)


def _row(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "bench/yardstick.html", {"question": Question.objects.get(pk=pk)})
