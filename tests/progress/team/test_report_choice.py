"""Which assignment the tabs of a team's report show until another one is chosen."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from quizapp.teams.models import Membership, Team
from tests.factories import QuestionFactory
from tests.progress.team.onboarded import assign, join
from tests.scheduling.studying import MORNING
from tests.study.browsing import text_of

pytestmark = pytest.mark.django_db

TODAY = MORNING.date()
TABS = ("team", "team-topics", "team-weeks", "team-questions")


def options(page: str) -> list[str]:
    """Titles in the list of assignments or tracks, the chosen one first of all."""
    shown = page.partition("</select>")[0].rpartition("<select")[2]
    found = [
        (" selected" in option.partition(">")[0], option.partition(">")[2].partition("<")[0])
        for option in shown.split("<option")[1:]
    ]
    titles = [title.partition(",")[0].strip() for _, title in found if title != "All questions"]
    chosen = [title.partition(",")[0].strip() for is_chosen, title in found if is_chosen]
    return [*chosen, *titles]


def test_all_tabs_list_assignments_alike_and_begin_with_the_same(
    as_dora: Client, platform: Team, time_machine: Any
) -> None:
    time_machine.move_to(MORNING, tick=False)
    ann, _ = join(platform, "Ann", "Ben")
    for title, days, name in (
        ("Late", 40, None),
        ("Over", -3, None),
        ("Ann alone", 5, ann),
        ("Soon", 20, None),
    ):
        membership = name and Membership.objects.get(user=name)
        assign(
            platform,
            QuestionFactory().topic,
            title=title,
            due_on=TODAY + timedelta(days=days),
            membership=membership,
        )
    for tab in TABS:
        page = text_of(as_dora.get(reverse(tab, args=[platform.pk])))
        assert options(page) == ["Soon", "Soon", "Late", "Over", "Ann alone"], tab
