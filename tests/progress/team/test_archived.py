"""What is still shown of a team that is archived: who was in it, and that nothing is counted."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from quizapp.scheduling.goals.syncing import sync
from quizapp.teams.models import Team, User
from tests.progress.team.people import NOW, assignment_of, member_of
from tests.study.browsing import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def archived(platform: Team, alice: User) -> Team:
    """Alice was to know a track by a date."""
    assignment_of(platform, due_on=date(2027, 3, 12))
    member_of(platform, alice)
    platform.archived_at = NOW
    platform.save()
    sync(platform)
    return platform


def test_the_lead_reads_that_nothing_is_counted(as_dora: Client, archived: Team) -> None:
    page = text_of(as_dora.get(reverse("team", args=[archived.pk])))
    assert "Nothing is counted while the team is archived." in page
    assert page.count("Not counted") == 1
    assert "No assignment yet" not in page


def test_an_assignment_is_not_said_to_concern_nobody(as_dora: Client, archived: Team) -> None:
    page = text_of(as_dora.get(reverse("assignments", args=[archived.pk])))
    assert "Not counted while the team is archived." in page
    assert "It concerns nobody" not in page


def test_a_member_is_not_told_that_nobody_has_said_what_to_know(
    as_alice: Client, alice: User, archived: Team
) -> None:
    page = text_of(as_alice.get(reverse("member", args=[archived.pk, alice.pk])))
    assert "Nothing is asked of anybody while the team is archived." in page
    assert "Nobody has said" not in page
