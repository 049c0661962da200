"""The production server, as a process of its own with a data directory of its own."""

from __future__ import annotations

import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command

from quizapp.management.listening import host_address, url_of, warning_for
from tests.content.banks import write_bank

ROOT = Path(__file__).parent.parent.parent

PATIENCE = 300
"""Seconds, on a computer that is busy with other things."""

Serve = Callable[..., subprocess.Popen[str]]


def manage(folder: Path, command: str, **settings: str) -> subprocess.Popen[str]:
    unset = ("DATABASE_URL", "ALLOWED_HOSTS", "HOST", "PORT", "WORKERS", "DJANGO_SETTINGS_MODULE")
    inherited = {name: value for name, value in os.environ.items() if name not in unset}
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "manage.py", command],
        cwd=ROOT,
        env=inherited | {"QUIZAPP_DATA_DIR": str(folder)} | settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("served")
    content = write_bank(tmp_path_factory.mktemp("content"))
    _, errors = manage(path, "prepare", QUIZAPP_CONTENT_DIR=str(content)).communicate()
    assert not errors
    return path


@pytest.fixture(scope="module")
def serve(folder: Path) -> Iterator[Serve]:
    started = []

    def start(**settings: str) -> subprocess.Popen[str]:
        started.append(manage(folder, "serve", **settings))
        return started[-1]

    yield start
    for process in started:
        stop(process)


@dataclass(frozen=True)
class Served:
    process: subprocess.Popen[str]
    port: str
    link: str


@pytest.fixture(scope="module")
def served(serve: Serve) -> Served:
    """A server that listens everywhere and answers."""
    port = free_port()
    process = serve(HOST="0.0.0.0", PORT=port)  # noqa: S104
    link = link_of(process)
    assert status(link) == 200
    return Served(process, port, link)


def stop(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE)


def free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return str(probe.getsockname()[1])


def link_of(process: subprocess.Popen[str]) -> str:
    """Where the administrator is created, as the server prints it last before it serves."""
    assert process.stdout
    for line in process.stdout:
        if found := re.search(r"once, at (\S+)", line):
            return found[1]
    raise AssertionError(process.communicate()[1])


def status(url: str) -> int:
    """What a browser gets there, once the server is up; the server is the one to hang up."""
    place = urlsplit(url)
    assert place.hostname
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        connection = HTTPConnection(place.hostname, place.port, timeout=PATIENCE)
        try:
            connection.request("GET", place.path, headers={"Connection": "close"})
            response = connection.getresponse()
            response.read()
        except ConnectionRefusedError:
            time.sleep(0.05)
        else:
            return response.status
        finally:
            connection.close()
    raise AssertionError(f"nobody answers at {url}")


def test_the_printed_link_works_where_the_server_listens_everywhere(served: Served) -> None:
    assert served.link.startswith(f"http://localhost:{served.port}/")


def test_only_the_owner_may_read_the_database_and_the_files_beside_it(
    served: Served, folder: Path
) -> None:
    assert status(served.link) == 200
    files = [path for path in folder.iterdir() if path.is_file()]
    assert {"quizapp.sqlite3", "secret_key"} <= {path.name for path in files}
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_a_taken_port_is_refused_and_the_first_server_keeps_its_link(
    serve: Serve, served: Served
) -> None:
    out, errors = serve(PORT=served.port).communicate(timeout=PATIENCE)
    assert errors.startswith(f"CommandError: Port {served.port} is taken: stop the other server, ")
    assert f"with PORT={int(served.port) + 1} make run." in errors
    assert not out
    assert status(served.link) == 200


def test_a_server_starts_on_the_port_of_one_that_has_just_stopped(
    serve: Serve, served: Served
) -> None:
    assert status(served.link) == 200
    stop(served.process)
    assert status(link_of(serve(PORT=served.port))) == 200


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "::"])  # noqa: S104
def test_any_listener_takes_a_port(host: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(CommandError, match=f"Port {port} is taken"):
            call_command("serve", host=host, port=str(port))


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"port": "x"}, "PORT has to be a number from 1 to 65535, not “x”."),
        ({"port": "65536"}, "PORT has to be a number from 1 to 65535, not “65536”."),
        ({"workers": "x"}, "WORKERS has to be a number from 1 to 256, not “x”."),
        ({"workers": "0"}, "WORKERS has to be a number from 1 to 256, not “0”."),
        ({"host": "localhost"}, "HOST has to be an IP address, such as 127.0.0.1"),
        ({"host": "192.0.2.1"}, "Cannot listen on 192.0.2.1, port 8000: "),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(options: dict[str, str], sentence: str) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("serve", **{"port": "8000", **options})
    assert str(refused.value).startswith(sentence)


def test_workers_from_the_environment_are_looked_at_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKERS", "many")
    with pytest.raises(CommandError) as refused:
        call_command("serve", port="8000")
    assert str(refused.value) == "WORKERS has to be a number from 1 to 256, not “many”."


LOCAL = ["localhost", "127.0.0.1", "[::1]"]


@pytest.mark.parametrize(
    ("host", "allowed", "url"),
    [
        ("127.0.0.1", LOCAL, "http://127.0.0.1:8000"),
        ("::1", LOCAL, "http://[::1]:8000"),
        ("192.0.2.1", LOCAL, "http://192.0.2.1:8000"),
        ("0.0.0.0", LOCAL, "http://localhost:8000"),  # noqa: S104
        ("::", LOCAL, "http://localhost:8000"),
        ("::", ["*"], "http://localhost:8000"),
        ("0.0.0.0", [".example.com", "quiz.example.com"], "http://quiz.example.com:8000"),  # noqa: S104
    ],
)
def test_the_address_that_is_printed_can_be_opened(
    settings: Any, host: str, allowed: list[str], url: str
) -> None:
    settings.ALLOWED_HOSTS = allowed
    assert url_of(host_address(host), 8000) == url


@pytest.mark.parametrize(
    ("host", "allowed", "example"),
    [
        ("0.0.0.0", LOCAL, "ALLOWED_HOSTS=localhost,quiz.example.com"),  # noqa: S104
        ("::", ["localhost"], "ALLOWED_HOSTS=localhost,quiz.example.com"),
        ("192.0.2.1", LOCAL, "ALLOWED_HOSTS=localhost,192.0.2.1"),
        ("0.0.0.0", [*LOCAL, "quiz.example.com"], None),  # noqa: S104
        ("0.0.0.0", ["*"], None),  # noqa: S104
        ("127.0.0.1", LOCAL, None),
        ("::1", LOCAL, None),
    ],
)
def test_who_listens_to_others_and_refuses_them_is_told_what_to_set(
    settings: Any, host: str, allowed: list[str], example: str | None
) -> None:
    settings.ALLOWED_HOSTS = allowed
    warning = warning_for(host_address(host))
    assert warning is None if example is None else example in str(warning)
