"""Nobody gets two, with processes that are killed, and with two at once. By the real clock."""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Callable
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from quizapp.teams.models import Mailing, Team
from tests.factories import TeamFactory
from tests.onboarding.dying import KILLED
from tests.onboarding.mailed import SITE, member, send
from tests.processes import manage

PEOPLE = 7

pytestmark = pytest.mark.django_db(transaction=True)

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def mail_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Path:
    """What the mail server has sent, for this process as for others."""
    settings.EMAIL_BACKEND = "tests.onboarding.dying.DyingBackend"
    settings.QUIZAPP_URL = SITE
    path = tmp_path / "mail.txt"
    monkeypatch.setenv("MAIL_FILE", str(path))
    return path


@pytest.fixture
def start(tmp_path: Path, mail_file: Path) -> Start:
    """Starts `sendreminders` in a process of its own."""

    def started(**variables: str) -> subprocess.Popen[str]:
        settings = "tests.onboarding.dying"
        return manage(tmp_path, "sendreminders", settings=settings, QUIZAPP_URL=SITE, **variables)

    return started


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


def test_killed_after_a_mail_it_sends_everybody_one(start: Start, mail_file: Path) -> None:
    people_at_their_hour()
    killed = start(DIES_AFTER="3")
    _, errors = killed.communicate(timeout=300)
    assert killed.returncode == KILLED, errors
    assert len(addresses(mail_file)) == 3
    assert send() == "Sent 4 reminders and 0 digests.\n"
    assert addresses(mail_file) == Counter(f"bob{n}@example.com" for n in range(PEOPLE))
    assert Mailing.objects.count() == PEOPLE


def test_killed_before_a_mail_it_sends_that_one_no_more(start: Start, mail_file: Path) -> None:
    people_at_their_hour()
    killed = start(DIES_BEFORE="3")
    _, errors = killed.communicate(timeout=300)
    assert killed.returncode == KILLED, errors
    assert send() == "Sent 4 reminders and 0 digests.\n"
    assert set(addresses(mail_file).values()) == {1}
    assert len(addresses(mail_file)) == PEOPLE - 1
    lost = Mailing.objects.get(sent_at=None)
    assert timezone.now() - lost.claimed_at < timedelta(minutes=2)


def test_two_at_once_send_everybody_one(start: Start, mail_file: Path) -> None:
    people_at_their_hour()
    both = [start(), start()]
    sent = 0
    for process in both:
        out, errors = process.communicate(timeout=300)
        assert process.returncode == 0, errors
        sent += int(out.split()[1])
    assert sent == PEOPLE
    assert addresses(mail_file) == Counter(f"bob{n}@example.com" for n in range(PEOPLE))
