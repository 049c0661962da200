"""Who may do what: every address, by every role and every method. An address without a row fails.

Each row has a letter for every role, in the order of ROLES, for GET and for POST:

    +  reached       S  sent to sign in       H  sent home
    .  not there (404)                        x  not in this way (405)
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from quizapp.teams.models import User
from tests.rights.table import ROWS
from tests.rights.world import ROLES, World, everything

pytestmark = pytest.mark.django_db

ADMINISTRATION = "admin:"
"""Django's own pages, which ask for the rights of staff themselves: one rule for all of them."""

ENTRANCES = {"admin:login", "admin:logout"}

OTHERS = ("put", "patch", "delete")

OF_LIBRARIES = ("account_", "mfa_", "socialaccount_", "usersessions_", "openid_connect_")
"""Pages of libraries may take PUT for POST, under the same rights."""


def patterns(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            inner = f"{namespace}{each.namespace}:" if each.namespace else namespace
            yield from patterns(each, inner)
        elif each.name:
            yield namespace + each.name, each


PATTERNS = dict(patterns(get_resolver()))
OURS = sorted(name for name in PATTERNS if not name.startswith(ADMINISTRATION))


def address(name: str, world: World) -> str:
    parameters = PATTERNS[name].pattern.regex.groupindex
    known = {each: world.by_parameter[each] for each in parameters if each in world.by_parameter}
    return reverse(name, kwargs={**known, **world.arguments.get(name, {})})


def outcome(client: Client, method: str, url: str) -> str:
    """The letter of what comes of a request, which is taken back."""
    cookies = deepcopy(client.cookies)
    with transaction.atomic():
        response: Any = getattr(client, method)(url)
        transaction.set_rollback(True)
    client.cookies = cookies
    status, location = response.status_code, response.get("Location", "")
    if status == 302 and location.startswith(("/account/login/", "/admin/login/")):
        return "S"
    if status == 302 and location == "/":
        return "H"
    return {404: ".", 405: "x"}.get(status, "+")


def client_of(role: str, world: World) -> Client:
    client = Client()
    if role != "visitor":
        client.force_login(world.people[role])
    return client


def test_every_address_has_a_row() -> None:
    assert sorted(ROWS) == OURS


@pytest.mark.parametrize("role", ROLES)
def test_rights(role: str) -> None:
    world = everything()
    client = client_of(role, world)
    column = ROLES.index(role)
    wrong = {}
    for name in OURS:
        url = address(name, world)
        for method, expected in zip(("get", "post"), ROWS[name], strict=True):
            found = outcome(client, method, url)
            if found != expected[column]:
                wrong[f"{method} {name}"] = f"{found} instead of {expected[column]}"
    assert wrong == {}


@pytest.mark.parametrize("role", ["visitor", "administrator"])
def test_no_address_knows_other_methods(role: str) -> None:
    world = everything()
    client = client_of(role, world)
    for name in OURS:
        url = address(name, world)
        for method in OTHERS:
            found = outcome(client, method, url)
            assert found != "+" or name.startswith(OF_LIBRARIES), f"{method} {name}"


def test_the_administration_is_for_staff_alone() -> None:
    world = everything()
    for role in ("visitor", "guest", "editor", "lead"):
        client = client_of(role, world)
        for name in sorted(PATTERNS):
            if not name.startswith(ADMINISTRATION) or PATTERNS[name].pattern.regex.groups:
                continue
            found = outcome(client, "get", reverse(name))
            assert found in "S." or name in ENTRANCES, f"{role} {name}: {found}"


def test_nobody_is_forgotten() -> None:
    """A role more, and every row wants a letter more."""
    assert {len(letters) for row in ROWS.values() for letters in row} == {len(ROLES)}
    assert User.objects.count() == 0
