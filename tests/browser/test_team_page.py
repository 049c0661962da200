"""The lead's page in a browser: narrowed while typing, sorted by its heads, and gone back."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from quizapp.teams.models import Team, User
from tests.browser.test_pages import LONG, assert_sound
from tests.factories import UserFactory
from tests.progress.team.people import AT_RISK, READY, assignment_of, member_of

MARGIN = dict.fromkeys(("top", "right", "bottom", "left"), "10mm")


@pytest.fixture(autouse=True)
def counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Members stand as the tests say, as if they had just been counted."""
    monkeypatch.setattr("quizapp.progress.team.members.refresh", lambda *_: 0)
    monkeypatch.setattr("quizapp.progress.team.member.refresh_member", lambda *_: 0)


@pytest.fixture
def lead(page: Page, as_dora: Client, live_server: Any) -> Page:
    """Dora's browser."""
    session = as_dora.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    return page


@pytest.fixture
def team(platform: Team) -> Team:
    """Anna on course, Ben at risk with a long name, Carla ready."""
    due: date = timezone.now().date() + timedelta(days=30)
    assignment_of(platform, due_on=due)
    member_of(platform, "Anna")
    member_of(platform, UserFactory(name=f"Ben {LONG[:140]}"), **AT_RISK)
    member_of(platform, "Carla", **READY)
    return platform


def names(page: Page) -> Any:
    return page.locator("tbody .is-name a")


def test_the_pages_are_sound(lead: Page, team: Team) -> None:
    url = reverse("team", args=[team.pk])
    for address in (url, f"{url}?text=nobody", f"{url}?status=at-risk&sort=-name"):
        lead.goto(address)
        assert_sound(lead)
    ben = User.objects.get(name__startswith="Ben")
    lead.goto(reverse("member", args=[team.pk, ben.pk]))
    assert_sound(lead)


def test_going_back_leads_through_what_was_chosen(lead: Page, team: Team) -> None:
    lead.goto(reverse("team", args=[team.pk]))
    expect(names(lead).first).to_contain_text("Ben")
    lead.get_by_role("link", name="Member", exact=True).click()
    expect(names(lead).first).to_have_text("Anna")
    lead.get_by_role("link", name="Ready 1").click()
    expect(names(lead)).to_have_text(["Carla"])
    expect(lead.get_by_role("link", name="Ready 1")).to_be_focused()
    lead.go_back()
    expect(names(lead)).to_have_count(3)
    expect(names(lead).first).to_have_text("Anna")
    lead.go_back()
    expect(names(lead).first).to_contain_text("Ben")
    expect(lead.locator("main")).to_have_count(1)


def test_the_list_follows_what_is_typed(lead: Page, team: Team) -> None:
    lead.goto(reverse("team", args=[team.pk]))
    lead.get_by_role("searchbox", name="Name").fill("car")
    expect(names(lead)).to_have_text(["Carla"])
    expect(lead.locator("#standing-said")).to_contain_text("1 found, of 3 members")
    expect(lead).to_have_url(re.compile("text=car"))
    names(lead).click()
    expect(lead.locator("h2").first).to_have_text("Carla")
    lead.go_back()
    expect(names(lead)).to_have_text(["Carla"])


def test_a_team_of_eight_is_printed_on_one_page(lead: Page, team: Team) -> None:
    for name in ("Dana", "Emre", "Fritz", "Gita", "Hugo"):
        member_of(team, name, **AT_RISK)
    lead.goto(reverse("team", args=[team.pk]))
    assert pages_of(lead.pdf(format="A4", margin=MARGIN)) == 1


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))
