"""How often somebody may try. The count is kept where all processes see it."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quizapp.teams.models import User
from tests.account.guessing import sign_in_at_once
from tests.account.people import PASSWORD, member, sign_in, signed_in, start_as_guest
from tests.processes import manage


@pytest.mark.django_db
def test_guessing_a_password_is_stopped_for_one_account_and_not_for_others(
    client: Client, time_machine: Any
) -> None:
    alice = member()
    member("bob@example.com")
    time_machine.move_to("2026-03-02T09:00:00Z", tick=False)
    for number in range(5):
        assert "is wrong" in sign_in(Client(), password=f"guess {number}").content.decode()
    assert "Wait five minutes" in sign_in(client).content.decode()
    assert signed_in(client) is None
    assert sign_in(Client(), "bob@example.com").wsgi_request.user.is_authenticated
    time_machine.move_to("2026-03-02T09:05:01Z", tick=False)
    assert sign_in(client).wsgi_request.user == alice


@pytest.mark.django_db
def test_one_address_of_the_network_has_only_so_many_tries_at_all_accounts(client: Client) -> None:
    alice = member()
    for number in range(10):
        sign_in(Client(), f"somebody{number}@example.com")
    assert "Wait five minutes" in sign_in(client).content.decode()
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert sign_in(elsewhere).wsgi_request.user == alice


@pytest.mark.django_db
def test_asking_for_another_port_gives_no_further_tries(client: Client) -> None:
    member()
    for number in range(5):
        sign_in(Client(SERVER_PORT=str(8000 + number)), password="guess")
    assert "Wait five minutes" in sign_in(client).content.decode()


@pytest.mark.django_db
def test_signing_in_rightly_counts_for_nothing(client: Client) -> None:
    member()
    for _ in range(12):
        assert sign_in(Client()).wsgi_request.user.is_authenticated


@pytest.mark.django_db
def test_signing_up_over_and_over_is_stopped_with_a_page_of_ours(client: Client) -> None:
    for _ in range(20):
        assert client.post("/account/signup/", {"email": "x"}).status_code == 200
    response = client.post("/account/signup/", {"email": "x"})
    assert response.status_code == 429
    assert "Too many tries" in response.content.decode()
    assert not User.objects.exists()


@pytest.mark.django_db
def test_nobody_is_flooded_with_links(client: Client) -> None:
    member()
    for number in range(7):
        visitor = Client(REMOTE_ADDR=f"192.0.2.{number}")
        visitor.post("/account/password/reset/", {"email": "alice@example.com"})
    assert len(mail.outbox) == 5


@pytest.mark.django_db
@pytest.mark.parametrize(("proxies", "stopped"), [(0, True), (1, False)])
def test_the_word_of_a_proxy_counts_only_behind_one(
    settings: Any, proxies: int, *, stopped: bool
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    member()
    for number in range(10):
        visitor = Client(HTTP_X_FORWARDED_FOR=f"203.0.113.9, 192.0.2.{number}")
        sign_in(visitor, f"somebody{number}@example.com")
    last = Client(HTTP_X_FORWARDED_FOR="203.0.113.9, 192.0.2.99")
    assert ("Wait five minutes" in sign_in(last).content.decode()) is stopped


@pytest.mark.django_db
def test_no_page_of_a_learner_reads_the_count(client: Client) -> None:
    start_as_guest(client)
    with CaptureQueriesContext(connection) as queries:
        for page in ("/", "/review/", "/keys/"):
            client.get(page)
    assert queries
    assert not [query for query in queries if "quizapp_cache" in query["sql"]]
    with CaptureQueriesContext(connection) as queries:
        sign_in(client)
    assert [query for query in queries if "quizapp_cache" in query["sql"]]


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process on the database of this one, where others sign in."""
    listen = "from tests.account import guessing; guessing.answer_lines()"
    arguments = ("shell", "--verbosity", "0", "-c", listen)
    with manage(tmp_path, *arguments, settings="tests.account.apart") as process:
        yield process
        process.communicate(timeout=300)
    cache.clear()


def tell(process: subprocess.Popen[str], passwords: list[str]) -> None:
    assert process.stdin
    process.stdin.write(json.dumps(passwords) + "\n")
    process.stdin.flush()


def next_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline() or process.communicate()[1]


@pytest.mark.django_db(transaction=True)
def test_tries_are_counted_across_processes_even_at_once(
    elsewhere: subprocess.Popen[str],
) -> None:
    member()
    assert next_line(elsewhere) == "listening\n"
    tell(elsewhere, ["guess"] * 4)
    here = sign_in_at_once(["guess"] * 4)
    there = json.loads(next_line(elsewhere))
    assert here + Counter(there) == {"is wrong": 5, "Wait five minutes": 3}
    tell(elsewhere, [PASSWORD])
    assert json.loads(next_line(elsewhere))["Wait five minutes"] == 1
    assert sign_in_at_once([PASSWORD])["Wait five minutes"] == 1
