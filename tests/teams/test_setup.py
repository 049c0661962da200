from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from quizapp.teams.models import SetupLink, User
from tests.factories import UserFactory

PASSWORD = "correct horse battery staple"
FIELDS = {"email": "Root@Example.com", "password": PASSWORD, "password_again": PASSWORD}
TOO_LONG = f"root@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.example.com"

pytestmark = pytest.mark.django_db


def setup_url() -> str:
    return reverse("setup", args=[SetupLink.issue()])


def test_the_link_creates_the_administrator_and_signs_in(client: Client) -> None:
    response = client.post(setup_url(), FIELDS, follow=True)
    root = User.objects.get()
    assert (root.is_superuser, root.is_staff, root.email) == (True, True, "root@example.com")
    assert root.check_password(PASSWORD)
    assert response.wsgi_request.user == root
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize(
    ("sent", "kept"), [("Asia/Tokyo", "Asia/Tokyo"), ("Middle/Earth", "UTC"), ("", "UTC")]
)
def test_the_administrator_lives_in_the_time_zone_of_the_browser(
    client: Client, sent: str, kept: str
) -> None:
    url = setup_url()
    page = client.get(url).content.decode()
    assert '<input type="hidden" name="timezone"' in page
    assert "quizapp/app.js" in page  # fills it in
    client.post(url, FIELDS | {"timezone": sent})
    assert User.objects.get().timezone == kept


def test_the_link_works_once(client: Client) -> None:
    url = setup_url()
    client.post(url, FIELDS)
    assert client.get(url).status_code == 404
    assert client.post(url, FIELDS | {"email": "second@example.com"}).status_code == 404
    assert User.objects.count() == 1


def test_a_new_link_makes_the_earlier_one_void(client: Client) -> None:
    old, new = setup_url(), setup_url()
    assert client.get(old).status_code == 404
    assert client.get(new).status_code == 200


def test_no_link_works_once_there_is_an_administrator(client: Client) -> None:
    UserFactory(is_superuser=True)
    assert client.get(setup_url()).status_code == 404


def test_a_guessed_link_is_not_found(client: Client) -> None:
    SetupLink.issue()
    assert client.get(reverse("setup", args=["guess"])).status_code == 404


def test_only_the_hash_of_the_token_is_kept() -> None:
    token = SetupLink.issue()
    assert token not in str(SetupLink.objects.values().get())


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"email": "nobody"}, "Enter a valid email address."),
        ({"email": ""}, "This field is required."),
        ({"email": TOO_LONG}, "Ensure this value has at most 254 characters"),
        ({"password": "short", "password_again": "short"}, "This password is too short."),
        (dict.fromkeys(FIELDS, FIELDS["email"]), "too similar to the email"),
        ({"password_again": "different"}, "The two passwords differ."),
    ],
)
def test_a_mistake_is_told_and_the_link_stays_good(
    client: Client, change: dict[str, str], sentence: str
) -> None:
    url = setup_url()
    assert sentence in client.post(url, FIELDS | change).content.decode()
    assert not User.objects.exists()
    client.post(url, FIELDS)
    assert User.objects.get().is_superuser


def test_an_address_that_is_taken_is_refused(client: Client) -> None:
    UserFactory(email="root@example.com")
    page = client.post(setup_url(), FIELDS).content.decode()
    assert "has an account with this address" in page


@pytest.mark.django_db(transaction=True)
def test_of_many_who_use_the_link_at_once_one_becomes_administrator() -> None:
    url = setup_url()

    def submit(number: int) -> int:
        try:
            fields = FIELDS | {"email": f"root{number}@example.com"}
            return Client().post(url, fields).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        statuses: list[Any] = sorted(pool.map(submit, range(4)))
    assert statuses == [302, 404, 404, 404]
    assert User.objects.filter(is_superuser=True).count() == 1
