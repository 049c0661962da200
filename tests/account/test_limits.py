"""How often somebody may try. The count is kept where all processes see it."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quizapp.teams.models import User
from tests.account.people import PASSWORD, member, sign_in, signed_in, start_as_guest

ROOT = Path(__file__).parent.parent.parent


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
def two_servers(tmp_path: Path) -> Iterator[list[str]]:
    """Two processes on one database, and no load balancer before them."""
    environment = {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        "QUIZAPP_DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "quizapp.settings",
    }

    def manage(*arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.Popen(  # noqa: S603 - our own program
            command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    assert manage("migrate").wait() == 0
    assert manage("createcachetable").wait() == 0
    create = (
        "from quizapp.teams.models import User; "
        f"User.objects.create_user('alice@example.com', '{PASSWORD}')"
    )
    assert manage("shell", "-c", create).wait() == 0
    ports = []
    for _ in range(2):
        with socket.create_server(("127.0.0.1", 0)) as probe:
            ports.append(str(probe.getsockname()[1]))
    environment["DEBUG"] = "on"
    servers = [manage("runserver", "--noreload", port) for port in ports]
    urls = [f"http://127.0.0.1:{port}/account/login/" for port in ports]
    for url in urls:
        _wait_for(url)
    yield urls
    for server in servers:
        server.terminate()
        server.wait(timeout=20)


def _wait_for(url: str) -> None:
    for _ in range(300):
        try:
            build_opener().open(url).close()
        except (URLError, ConnectionError):
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"nobody answers at {url}")


def _sign_in_at(url: str, password: str) -> str:
    """Which page a browser of its own arrives at."""
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    with browser.open(url) as page:
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.read().decode())
    assert token
    fields = {"csrfmiddlewaretoken": token[1], "login": "alice@example.com", "password": password}
    try:
        with browser.open(url, urlencode(fields).encode()) as page:
            return str(page.read().decode())
    except HTTPError as error:
        return error.read().decode()


def test_tries_are_counted_across_processes_even_at_once(two_servers: list[str]) -> None:
    urls = [two_servers[number % 2] for number in range(8)]
    with ThreadPoolExecutor(4) as pool:
        pages = list(pool.map(_sign_in_at, urls, ["guess"] * len(urls)))
    assert sum("is wrong" in page for page in pages) == 5
    assert sum("Wait five minutes" in page for page in pages) == 3
    assert "Wait five minutes" in _sign_in_at(two_servers[0], PASSWORD)
    assert "Wait five minutes" in _sign_in_at(two_servers[1], PASSWORD)
