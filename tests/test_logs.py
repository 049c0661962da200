"""Addresses that hold a secret are in the log without it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from io import StringIO

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from quizapp.teams.models import Team
from quizapp.teams.tokens import hash_of, new_token
from tests.factories import InviteFactory

SECRET = "s3cret0123456789"


@pytest.fixture
def log() -> Iterator[StringIO]:
    """What goes to standard error."""
    (handler,) = (each for each in logging.root.handlers if type(each) is logging.StreamHandler)
    text = StringIO()
    stream = handler.setStream(text)
    yield text
    handler.setStream(stream)


def names_with_a_secret(resolver: URLResolver) -> Iterator[tuple[str, list[str]]]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from names_with_a_secret(each)
        elif isinstance(each, URLPattern) and each.name:
            parameters = list(each.pattern.regex.groupindex)
            if {"token", "key"} & set(parameters):
                yield each.name, parameters


@pytest.mark.parametrize(("name", "parameters"), list(names_with_a_secret(get_resolver())))
def test_no_secret_of_an_address_is_logged(log: StringIO, name: str, parameters: list[str]) -> None:
    url = reverse(name, kwargs=dict.fromkeys(parameters, SECRET))
    logging.getLogger("django.request").warning("Not Found: %s", url)
    assert "WARNING django.request: Not Found: /" in log.getvalue()
    assert SECRET not in log.getvalue()


@pytest.mark.django_db
def test_an_invite_that_still_works_is_not_logged_whatever_is_wrong_with_the_request(
    log: StringIO, as_alice: Client, platform: Team
) -> None:
    Team.objects.update(domains=["platform.example"])
    token = new_token()
    InviteFactory(team=platform, token_hash=hash_of(token))
    url = reverse("join", args=[token])
    statuses = [
        as_alice.post(url).status_code,
        as_alice.put(url).status_code,
        Client(enforce_csrf_checks=True).post(url).status_code,
    ]
    assert statuses == [422, 405, 403]
    assert log.getvalue().count("/join/…/") == 3
    assert token not in log.getvalue()


def test_other_addresses_are_logged_as_they_are(log: StringIO) -> None:
    logging.getLogger("django.request").warning("Not Found: %s", "/teams/7/invites/")
    assert "Not Found: /teams/7/invites/" in log.getvalue()
