"""Nobody gets two, with processes that are killed, and with two at once. By the real clock."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import UTC, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.utils import timezone

from quizapp.teams.models import Mailing, Team
from tests.factories import TeamFactory
from tests.onboarding.dying import KILLED
from tests.onboarding.mailed import SITE, member

ROOT = Path(__file__).parent.parent.parent
PEOPLE = 7

pytestmark = pytest.mark.django_db(transaction=True)

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def mail_file(tmp_path: Path) -> Path:
    return tmp_path / "mail.txt"


@pytest.fixture
def start(tmp_path: Path, mail_file: Path) -> Start:
    """Starts `sendreminders` on the tests' own database."""

    def started(**variables: str) -> subprocess.Popen[str]:
        environment = os.environ | {
            "DATABASE_URL": database_url(),
            "DJANGO_SETTINGS_MODULE": "tests.onboarding.dying",
            "MAIL_FILE": str(mail_file),
            "QUIZAPP_DATA_DIR": str(tmp_path),
            "QUIZAPP_URL": SITE,
        }
        return subprocess.Popen(
            [sys.executable, "manage.py", "sendreminders"],
            cwd=ROOT,
            env=environment | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return started


def database_url() -> str:
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


def people_at_their_hour() -> Team:
    """Whatever hour it is, for each their day has just begun with it."""
    now = timezone.now().astimezone(UTC)
    team: Team = TeamFactory()
    for number in range(PEOPLE):
        member(
            team,
            f"Bob{number}",
            rollover_hour=now.hour,
            reminder_hour=now.hour,
            reminder_days=list(range(7)),
        )
    return team


def addresses(mail_file: Path) -> Counter[str]:
    lines = mail_file.read_text().splitlines() if mail_file.exists() else []
    return Counter(line.split()[0] for line in lines)


def test_killed_after_every_third_mail_it_sends_everybody_one(
    start: Start, mail_file: Path
) -> None:
    people_at_their_hour()
    codes = []
    while not codes or codes[-1] == KILLED:
        process = start(DIES_AFTER="3")
        out, errors = process.communicate(timeout=60)
        codes.append(process.returncode)
    assert codes == [KILLED, KILLED, 0], errors
    assert out == "Sent 1 reminder and 0 digests.\n"
    assert addresses(mail_file) == Counter(f"bob{n}@example.com" for n in range(PEOPLE))
    assert Mailing.objects.count() == PEOPLE


def test_killed_before_a_mail_it_sends_that_one_no_more(start: Start, mail_file: Path) -> None:
    people_at_their_hour()
    killed = start(DIES_BEFORE="3")
    killed.communicate(timeout=60)
    assert killed.returncode == KILLED
    out, _ = start().communicate(timeout=60)
    assert out == "Sent 4 reminders and 0 digests.\n"
    assert set(addresses(mail_file).values()) == {1}
    assert len(addresses(mail_file)) == PEOPLE - 1
    lost = Mailing.objects.get(sent_at=None)
    assert timezone.now() - lost.claimed_at < timedelta(minutes=2)


def test_two_at_once_send_everybody_one(start: Start, mail_file: Path) -> None:
    people_at_their_hour()
    both = [start(), start()]
    sent = 0
    for process in both:
        out, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
        sent += int(out.split()[1])
    assert sent == PEOPLE
    assert addresses(mail_file) == Counter(f"bob{n}@example.com" for n in range(PEOPLE))
