"""Who may see the editor's pages."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import URLPattern

from quizapp.authoring.urls import urlpatterns
from quizapp.teams.models import User
from tests.factories import UserFactory

PUBLIC = {"draft-shown"}
"""Whoever has the key may look at a draft."""
ARGUMENTS = {
    "<slug:slug>": "what-stays",
    "<int:pk>": "1",
    "<int:question>": "1",
    "<uuid:batch>": "00000000-0000-0000-0000-000000000000",
    "<str:key>": "key",
}

pytestmark = pytest.mark.django_db


def address(pattern: URLPattern) -> str:
    route = str(pattern.pattern)
    for argument, value in ARGUMENTS.items():
        route = route.replace(argument, value)
    return f"/edit/{route}"


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("pattern", urlpatterns, ids=lambda pattern: pattern.name)
def test_only_editors_see_it(client: Client, pattern: URLPattern, method: str) -> None:
    if pattern.name in PUBLIC:
        return
    url = address(pattern)
    assert "<" not in url
    visitor = getattr(client, method)(url)
    assert visitor.status_code in (302, 405)
    assert visitor.status_code == 405 or visitor.url.startswith("/account/login/")
    for user in (User.objects.create_guest(), UserFactory(), UserFactory(is_staff=True)):
        client.force_login(user)
        assert getattr(client, method)(url).status_code in (404, 405)
