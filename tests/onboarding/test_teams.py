"""The list of one's teams; making one, its settings, archiving and restoring it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from quizapp.onboarding.members import acting
from quizapp.scheduling.goals.syncing import sync
from quizapp.scheduling.models import Goal
from quizapp.teams.models import Membership, Team, User
from tests.factories import AssignmentFactory, MembershipFactory, TeamFactory, UserFactory
from tests.scheduling.studying import MORNING

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]

TEAMS = "/teams/"


def url(name: str, team: Team, *arguments: int) -> str:
    return reverse(name, args=[team.pk, *arguments])


def admin_client() -> Client:
    client = Client()
    client.force_login(UserFactory(name="Ada", is_superuser=True, is_staff=True))
    return client


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def assigned(team: Team, **fields: Any) -> None:
    AssignmentFactory(team=team, **fields)
    sync(team)


# The list


def test_who_is_in_no_team_reads_what_one_is_for_and_can_make_one(as_alice: Client) -> None:
    page = text(as_alice.get(TEAMS))
    assert "A team learns a track together by a date" in page
    assert "Create the team" in page


def test_a_guest_and_a_visitor_are_asked_to_sign_in(client: Client) -> None:
    assert client.get(TEAMS).status_code == 302
    client.force_login(User.objects.create_guest())
    for response in (client.get(TEAMS), client.post(TEAMS, {"name": "Platform"})):
        assert response["Location"].startswith(reverse("account_login"))
    assert not Team.objects.exists()


def test_a_lead_sees_how_many_members_there_are_and_how_many_are_at_risk(
    as_dora: Client, platform: Team
) -> None:
    for _ in range(3):
        MembershipFactory(team=platform)
    # Two goals of one member are one member at risk.
    assigned(platform)
    assigned(platform)
    slow = Membership.objects.members().first()
    Goal.objects.filter(membership=slow).update(status=Goal.Status.AT_RISK)
    MembershipFactory(team=platform, left_at=MORNING)
    (row,) = as_dora.get(TEAMS).context["lists"].led
    assert row.people == "3 members"
    assert row.badges == [("at-risk", "1 at risk")]
    assert f'href="{url("team", platform)}"' in text(as_dora.get(TEAMS))


def test_a_member_sees_the_own_goal_and_nothing_about_others(
    as_alice: Client, alice: User, platform: Team
) -> None:
    MembershipFactory(team=platform, user=alice)
    MembershipFactory(team=platform)
    assigned(platform, due_on=date(2026, 5, 1))
    Goal.objects.of(alice).update(readiness=0.62, status=Goal.Status.ON_COURSE)
    Goal.objects.exclude(user=alice).update(status=Goal.Status.AT_RISK)
    response = as_alice.get(TEAMS)
    (row,) = response.context["lists"].joined
    (goal,) = row.goals
    assert (goal.due, goal.standing, goal.status_words) == ("1 May 2026", "62%", "On course")
    assert (row.people, list(row.badges)) == ("", [])
    assert "at risk" not in text(response)
    assert f'href="{url("member", platform, alice.pk)}"' in text(response)


def test_a_new_team_says_what_to_do_next(as_dora: Client, platform: Team) -> None:
    assert "Invite its people" in text(as_dora.get(TEAMS))
    MembershipFactory(team=platform)
    assert "Assign a track" in text(as_dora.get(TEAMS))
    assigned(platform)
    page = text(as_dora.get(TEAMS))
    assert "Assign a track" not in page
    assert "Invite its people" not in page


def test_archived_teams_are_folded_away_and_left_ones_are_gone(
    as_alice: Client, alice: User
) -> None:
    MembershipFactory(user=alice, team__name="Old", team__archived_at=MORNING)
    MembershipFactory(user=alice, team__name="Left", left_at=MORNING)
    response = as_alice.get(TEAMS)
    assert [row.team.name for row in response.context["lists"].archived] == ["Old"]
    assert "1 archived team" in text(response)
    assert "Left" not in text(response)


def test_only_an_administrator_sees_all_teams_page_by_page(as_dora: Client, platform: Team) -> None:
    TeamFactory.create_batch(60)
    assert "All teams" not in text(as_dora.get(TEAMS))
    ada = admin_client()
    first, last = ada.get(TEAMS), ada.get(TEAMS, {"page": "2"})
    assert "led by Dora" in text(first)
    assert "Page 1 of 2" in text(first)
    assert len(last.context["lists"].all_rows) == 11
    for odd in ("0", "-1", "9" * 5000, "x", "\0"):
        assert ada.get(TEAMS, {"page": odd}).status_code == 200


def test_the_list_takes_as_many_queries_for_many_teams_as_for_one(
    as_dora: Client, dora: User, platform: Team
) -> None:
    ada = admin_client()
    queries = []
    for _ in range(2):
        for client in (as_dora, ada):
            with CaptureQueriesContext(connection) as captured:
                client.get(TEAMS)
            queries.append(len(captured))
        for number in range(8):
            team = TeamFactory(archived_at=MORNING if number % 3 == 0 else None)
            role = Membership.Role.LEAD if number % 2 else Membership.Role.MEMBER
            MembershipFactory(team=team, user=dora, role=role)
            MembershipFactory.create_batch(3, team=team)
            assigned(team)
    assert queries[:2] == queries[2:]
    assert queries[0] <= 5  # two of them say who asks


# Making one


def test_whoever_makes_a_team_leads_it_and_is_shown_how_to_invite(
    as_alice: Client, alice: User
) -> None:
    response = as_alice.post(TEAMS, {"name": "  Platform \t team "})
    team = Team.objects.get()
    assert response["Location"] == url("team-invites", team)
    assert team.name == "Platform team"
    assert Membership.objects.leads().get().user == alice


def test_a_double_click_makes_one_team(as_alice: Client) -> None:
    first, second = (as_alice.post(TEAMS, {"name": "Platform"}) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Team.objects.count() == 1


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "a\0b", "\u200b", None])
def test_a_name_that_makes_no_sense_is_refused_with_a_sentence(
    as_alice: Client, name: str | None
) -> None:
    response = as_alice.post(TEAMS, {} if name is None else {"name": name})
    assert response.status_code == 422
    assert "errorlist" in text(response)
    assert not Team.objects.exists()


def test_a_name_is_shown_as_it_was_typed(as_alice: Client) -> None:
    as_alice.post(TEAMS, {"name": "<script>alert(1)</script>"})
    assert "&lt;script&gt;alert(1)" in text(as_alice.get(TEAMS))


def test_nobody_leads_more_teams_than_make_sense(
    as_alice: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acting, "MOST_TEAMS", 2)
    for name in ("One", "Two", "Three"):
        response = as_alice.post(TEAMS, {"name": name})
    assert response.status_code == 422
    assert "archive one of them first" in text(response)
    assert Team.objects.count() == 2
    as_alice.post(url("team-archive", Team.objects.get(name="One")))
    assert as_alice.post(TEAMS, {"name": "Three"}).status_code == 302


# Settings


def test_the_settings_are_saved_and_say_who_has_an_address_elsewhere(
    as_dora: Client, platform: Team
) -> None:
    MembershipFactory(team=platform, user__email="bob@partner.example", user__name="Bob")
    form = {"name": "Core", "domains": "@Example.com\nexample.org"}
    page = text(as_dora.post(url("team-settings", platform), form, follow=True))
    platform.refresh_from_db()
    assert (platform.name, platform.domains) == ("Core", ["example.com", "example.org"])
    assert "stays all the same: Bob." in page
    assert Membership.objects.current().count() == 2


def test_without_domains_nobody_is_a_stranger(as_dora: Client, platform: Team) -> None:
    assert as_dora.get(url("team-settings", platform)).context["strangers_number"] == 0


def test_of_many_strangers_some_are_named(as_dora: Client, platform: Team) -> None:
    platform.domains = ["example.org"]
    platform.save()
    MembershipFactory.create_batch(30, team=platform)
    page = text(as_dora.get(url("team-settings", platform)))
    assert "These people of the team have an address elsewhere and stay all the same" in page
    assert "and 11 more" in page


def test_wrong_settings_change_nothing_and_keep_what_was_typed(
    as_dora: Client, platform: Team
) -> None:
    form = {"name": "Core", "domains": "example.com\nnot a domain"}
    response = as_dora.post(url("team-settings", platform), form)
    assert response.status_code == 422
    assert "“not” is not a domain" in text(response)
    assert 'value="Core"' in text(response)
    platform.refresh_from_db()
    assert (platform.name, platform.domains) == ("Platform", [])


def test_others_find_no_settings(
    as_alice: Client, alice: User, as_charlie: Client, client: Client, platform: Team
) -> None:
    MembershipFactory(team=platform, user=alice)
    for name in ("team-settings", "team-archive", "team-restore"):
        for one in (as_alice, as_charlie):
            assert one.post(url(name, platform), {"name": "Mine"}).status_code == 404
    platform.refresh_from_db()
    assert (platform.name, platform.archived_at) == ("Platform", None)


@pytest.mark.parametrize("number", ["0", str(2**63), "9" * 400, "9" * 5000])
def test_a_team_that_cannot_be_is_not_found(as_dora: Client, number: str) -> None:
    for page in ("settings", "members", "leave", "members/1/away"):
        assert as_dora.get(f"/teams/{number}/{page}/").status_code == 404


# Archiving


def test_an_archived_team_keeps_all_and_counts_nothing_and_one_click_restores_it(
    as_dora: Client, platform: Team, alice: User
) -> None:
    MembershipFactory(team=platform, user=alice)
    assigned(platform)
    response = as_dora.post(url("team-archive", platform), follow=True)
    assert response.context["notice"]["undo_url"] == url("team-restore", platform)
    assert not Goal.objects.exists()
    alice.refresh_from_db()
    assert alice.has_goals is False
    page = text(as_dora.post(url("team-restore", platform), follow=True))
    assert "goes on" in page
    assert Goal.objects.of(alice).count() == 1
    platform.refresh_from_db()
    assert platform.archived_at is None


def test_the_day_of_archiving_is_that_of_who_reads_it(
    as_dora: Client, dora: User, platform: Team
) -> None:
    """In the evening of the 2nd in Los Angeles it is the 3rd in UTC."""
    User.objects.filter(pk=dora.pk).update(timezone="America/Los_Angeles")
    Team.objects.update(archived_at=datetime(2026, 3, 3, 5, tzinfo=UTC))
    for address in (TEAMS, url("team-settings", platform)):
        assert "Archived on 2 March 2026" in text(as_dora.get(address))


def test_archiving_and_restoring_twice_is_harmless(as_dora: Client, platform: Team) -> None:
    as_dora.post(url("team-archive", platform))
    archived_at = Team.objects.get().archived_at
    assert "archived" in text(as_dora.post(url("team-archive", platform), follow=True))
    assert Team.objects.get().archived_at == archived_at
    as_dora.post(url("team-restore", platform))
    page = text(as_dora.post(url("team-restore", platform), follow=True))
    assert "The team is not archived." in page


def test_nothing_in_an_archived_team_changes(
    as_dora: Client, as_alice: Client, alice: User, platform: Team
) -> None:
    MembershipFactory(team=platform, user=alice)
    gone = MembershipFactory(team=platform, left_at=MORNING)
    as_dora.post(url("team-archive", platform))
    before = list(Membership.objects.order_by("pk").values())
    posts = [
        (as_dora, url("team-settings", platform), {"name": "Other"}),
        (as_dora, url("member-role", platform, alice.pk), {"role": "lead"}),
        (as_dora, url("member-remove", platform, alice.pk), {}),
        (as_dora, url("member-bring-back", platform, gone.user_id), {}),
        (as_alice, url("team-leave", platform), {}),
        (as_alice, url("member-away", platform, alice.pk), {"first_day": "2026-03-09"}),
    ]
    for client, address, form in posts:
        page = text(client.post(address, form, follow=True))
        assert "The team is archived: nothing in it changes" in page, address
    for client, name in [(as_dora, "team-members"), (as_dora, "team-settings")]:
        page = text(client.get(url(name, platform)))
        assert "Archived on 2 March 2026" in page
        assert "formaction" not in page
    assert "Leave Platform" not in text(as_alice.get(url("team-leave", platform)))
    assert list(Membership.objects.order_by("pk").values()) == before
    assert Team.objects.get().name == "Platform"


def test_a_lead_of_another_team_archives_nothing_here(as_charlie: Client, charlie: User) -> None:
    MembershipFactory(user=charlie, role=Membership.Role.LEAD)
    other = TeamFactory()
    assert as_charlie.post(url("team-archive", other)).status_code == 404


def test_an_administrator_who_restores_a_team_without_people_leads_it(platform: Team) -> None:
    Team.objects.update(archived_at=MORNING)
    Membership.objects.update(left_at=MORNING)
    admin_client().post(url("team-restore", platform))
    assert str(Membership.objects.leads().get().user) == "Ada"


def test_headers_show_the_way_to_leads_and_to_members(
    as_dora: Client, as_alice: Client, alice: User, platform: Team
) -> None:
    MembershipFactory(team=platform, user=alice)
    tabs = text(as_dora.get(url("team-settings", platform)))
    assert f'<a href="{url("team-settings", platform)}" aria-current="page">Settings</a>' in tabs
    tabs = text(as_alice.get(url("team-leave", platform)))
    assert f'href="{url("member", platform, alice.pk)}"' in tabs
    assert url("team-settings", platform) not in tabs


# At once


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as pool:
        yield pool


@pytest.mark.django_db(transaction=True)
def test_four_clicks_at_once_make_one_team(threads: ThreadPoolExecutor, alice: User) -> None:
    def create(_: int) -> Team:
        try:
            return acting.create("Platform", alice, MORNING)[0]
        finally:
            connection.close()

    assert len(set(threads.map(create, range(4)))) == 1
