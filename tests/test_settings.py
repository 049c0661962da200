"""Settings that learners' data and privacy hang on."""

from __future__ import annotations

import errno
import os
import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from quizapp.environment import Environment
from quizapp.secret_key import kept_key
from quizapp.sqlite import FIXED_IN, pragmas

ROOT = Path(__file__).parent.parent
STARTS = 6


def setting(name: str, environment: dict[str, str]) -> str:
    """What it is in a process of its own."""
    return subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", f"from django.conf import settings; print(settings.{name})"],
        cwd=ROOT,
        env={
            **{other: value for other, value in os.environ.items() if other != name},
            "DJANGO_SETTINGS_MODULE": "quizapp.settings",
            **environment,
        },
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()


def secret_key(data: Path) -> str:
    return setting("SECRET_KEY", {"QUIZAPP_DATA_DIR": str(data)})


def test_the_secret_key_is_made_once_and_kept_private(tmp_path: Path) -> None:
    data = tmp_path / "data"
    key = secret_key(data)
    assert len(key) >= 64
    assert secret_key(data) == key
    assert stat.S_IMODE((data / "secret_key").stat().st_mode) == 0o600
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert secret_key(tmp_path / "other") != key


def test_first_starts_at_once_agree_on_the_secret_key(tmp_path: Path) -> None:
    together = Barrier(STARTS)

    def start(data: Path) -> str:
        together.wait(timeout=10)
        return kept_key(data / "secret_key")

    with ThreadPoolExecutor(STARTS) as pool:
        for number in range(50):
            data = tmp_path / str(number)
            data.mkdir()
            assert len(set(pool.map(start, [data] * STARTS))) == 1
            assert [path.name for path in data.iterdir()] == ["secret_key"]


def test_where_no_secret_key_can_be_made_it_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOTSUP, "Operation not supported")  # as where there are no hard links

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    with pytest.raises(ImproperlyConfigured) as error:
        kept_key(tmp_path / "secret_key")
    assert "cannot be made (Operation not supported). Set SECRET_KEY instead." in str(error.value)
    assert list(tmp_path.iterdir()) == []


def test_an_empty_secret_key_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "secret_key").touch()
    with pytest.raises(subprocess.CalledProcessError) as error:
        secret_key(tmp_path)
    assert "secret_key is empty: delete it, and a new key is generated." in error.value.stderr


def test_hosts_may_be_listed_with_spaces() -> None:
    hosts = setting("ALLOWED_HOSTS", {"ALLOWED_HOSTS": "quiz.example.com, localhost"})
    assert hosts == "['quiz.example.com', 'localhost']"


def test_what_is_empty_counts_as_not_set() -> None:
    names = ("DATABASE_URL", "EMAIL_URL", "ALLOWED_HOSTS", "QUIZAPP_GUESTS", "EMAIL_TIMEOUT")
    empty = setting("QUIZAPP_GUESTS, settings.ALLOWED_HOSTS", dict.fromkeys(names, ""))
    assert empty == "True ['127.0.0.1', '[::1]', 'localhost']"


@pytest.mark.parametrize(
    ("word", "is_on"), [("on", True), ("True", True), ("1 ", True), ("off", False), ("No", False)]
)
def test_a_switch_is_on_or_off(monkeypatch: pytest.MonkeyPatch, word: str, *, is_on: bool) -> None:
    monkeypatch.setattr(Environment, "ENVIRON", {"QUIZAPP_HTTPS": word})
    assert Environment().bool("QUIZAPP_HTTPS", default=not is_on) is is_on


def test_a_switch_that_is_neither_is_not_taken_for_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Environment, "ENVIRON", {"QUIZAPP_HTTPS": "yess"})
    with pytest.raises(ImproperlyConfigured, match="QUIZAPP_HTTPS has to be on or off, not yess"):
        Environment().bool("QUIZAPP_HTTPS")


def test_a_mail_server_that_is_dead_is_not_waited_for() -> None:
    assert setting("EMAIL_TIMEOUT", {}) == "10"
    assert setting("EMAIL_TIMEOUT", {"EMAIL_TIMEOUT": "3"}) == "3"
    with pytest.raises(subprocess.CalledProcessError) as error:
        setting("EMAIL_TIMEOUT", {"EMAIL_TIMEOUT": "0"})
    assert "EMAIL_TIMEOUT has to be 1 second or more" in error.value.stderr


def test_sqlite_is_one_that_keeps_what_it_has_acknowledged(tmp_path: Path) -> None:
    assert sqlite3.sqlite_version_info >= FIXED_IN
    database = sqlite3.connect(tmp_path / "durable.sqlite3")
    database.executescript(pragmas())
    assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert database.execute("PRAGMA synchronous").fetchone() == (2,)
    database.close()


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/keys/", "/sign-in/", "/nothing-here/"])
def test_every_page_allows_our_own_sources_only(client: Client, address: str) -> None:
    headers = client.get(address).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
