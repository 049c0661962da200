"""Who is in a team: roles, removing, coming back and leaving."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from quizapp.onboarding.members import acting
from quizapp.onboarding.members.acting import RefusedError
from quizapp.scheduling.goals.syncing import sync
from quizapp.scheduling.models import Goal
from quizapp.teams.models import Absence, Invite, Membership, Team, User
from tests.factories import (
    AssignmentFactory,
    InviteFactory,
    MembershipFactory,
    TeamFactory,
    UserFactory,
)
from tests.scheduling.studying import DAY, MORNING

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]

LEAD, MEMBER = Membership.Role.LEAD, Membership.Role.MEMBER
ONLY_LEAD = "the only lead. Make somebody else a lead first, or archive the team."


def url(name: str, team: Team, *arguments: int) -> str:
    return reverse(name, args=[team.pk, *arguments])


def text(response: Any) -> str:
    return " ".join(response.content.decode().split()).replace("&#x27;", "'")


def said(client: Client, address: str, **form: str) -> str:
    """What the page says after a click."""
    notice = client.post(address, form, follow=True).context["notice"]
    return notice["text"] if notice else ""


def roles(team: Team) -> dict[str, str]:
    current = Membership.objects.current().filter(team=team).select_related("user")
    return {str(each.user): each.role for each in current}


@pytest.fixture
def alices(alice: User, platform: Team) -> Membership:
    """Alice's membership of Platform."""
    return MembershipFactory(team=platform, user=alice)


# The list


def test_a_lead_sees_names_and_addresses_and_no_more(
    as_dora: Client, platform: Team, alices: Membership, alice: User
) -> None:
    assignment = AssignmentFactory(
        team=platform, membership=alices, track__title="Networking", due_on=date(2026, 5, 1)
    )
    AssignmentFactory(team=platform, membership=alices, track__title="Past", ended_at=MORNING)
    sync(platform)
    Goal.objects.update(readiness=0.42, status=Goal.Status.AT_RISK)
    Absence.objects.create(
        membership=alices, first_day=date(2026, 3, 9), last_day=date(2026, 3, 13)
    )
    Absence.objects.create(membership=alices, first_day=date(2026, 2, 2), last_day=date(2026, 2, 9))
    page = text(as_dora.get(url("team-members", platform)))
    for words in (
        "Alice",
        str(alice.email),
        "joined 2 March 2026",
        f"{assignment.track.title} by 1 May 2026",
        "on leave from 9 to 13 March 2026",
        "A team always has a lead.",
    ):
        assert words in page
    for words in ("42%", "At risk", "Past", "February"):
        assert words not in page


def test_who_has_left_is_folded_away(as_dora: Client, platform: Team, alices: Membership) -> None:
    alices.left_at = MORNING
    alices.save()
    page = text(as_dora.get(url("team-members", platform)))
    assert "1 who was in the team before" in page
    assert "joined 2 March 2026, left 2 March 2026" in page
    assert url("member-bring-back", platform, alices.user_id) in page
    assert url("member-remove", platform, alices.user_id) not in page


def test_hostile_names_stay_words(as_dora: Client, platform: Team) -> None:
    MembershipFactory(team=platform, user__name="<img src=x>", user__email="x@example.com")
    page = text(as_dora.get(url("team-members", platform)))
    assert "&lt;img src=x&gt;" in page
    assert "<img src=x>" not in page


def test_the_list_takes_as_many_queries_for_many_people_as_for_few(
    as_dora: Client, platform: Team
) -> None:
    def add(number: int) -> None:
        for each in MembershipFactory.create_batch(number, team=platform):
            Absence.objects.create(
                membership=each, first_day=MORNING.date(), last_day=MORNING.date()
            )
            AssignmentFactory(team=platform, membership=each)
        MembershipFactory.create_batch(number, team=platform, left_at=MORNING)

    numbers = []
    for people in (1, 30):
        add(people)
        with CaptureQueriesContext(connection) as captured:
            as_dora.get(url("team-members", platform))
        numbers.append(len(captured))
    assert numbers[0] == numbers[1]
    assert numbers[0] <= 10


def test_a_large_team_comes_page_by_page_and_an_act_leads_back_to_its_page(
    as_dora: Client, platform: Team
) -> None:
    MembershipFactory.create_batch(120, team=platform)
    here = url("team-members", platform)
    second = as_dora.get(here, {"page": "2"})
    assert len(second.context["people"].rows) == 21
    last = second.context["people"].rows[-1].user
    response = as_dora.post(
        url("member-remove", platform, last.pk), {"next": second.context["scope"]["url"]}
    )
    assert response["Location"] == f"{here}?page=2"
    elsewhere = as_dora.post(
        url("member-bring-back", platform, last.pk), {"next": "https://evil.example/"}
    )
    assert elsewhere["Location"] == here


# Roles


def test_a_lead_hands_over(as_dora: Client, dora: User, platform: Team, alices: Membership) -> None:
    assert said(as_dora, url("member-role", platform, dora.pk), role="member") == (
        f"You are {ONLY_LEAD}"
    )
    assert "Alice is a lead" in said(
        as_dora, url("member-role", platform, alices.user_id), role="lead"
    )
    response = as_dora.post(url("member-role", platform, dora.pk), {"role": "member"}, follow=True)
    assert response.redirect_chain == [("/teams/", 302)]
    assert response.context["notice"]["undo_url"] == ""
    assert roles(platform) == {"Alice": LEAD, "Dora": MEMBER}
    assert as_dora.get(url("team-members", platform)).status_code == 404


def test_a_role_is_undone_by_one_click(as_dora: Client, platform: Team, alices: Membership) -> None:
    address = url("member-role", platform, alices.user_id)
    notice = as_dora.post(address, {"role": "lead"}, follow=True).context["notice"]
    assert roles(platform)["Alice"] == LEAD
    as_dora.post(notice["undo_url"])
    assert roles(platform)["Alice"] == MEMBER
    # Twice is as once, and has nothing to undo.
    notice = as_dora.post(address, {"role": "member"}, follow=True).context["notice"]
    assert notice["undo_url"] == ""


@pytest.mark.parametrize("role", ["", "owner", "LEAD", "\0"])
def test_a_role_that_is_none_changes_nothing(
    as_dora: Client, platform: Team, alices: Membership, role: str
) -> None:
    assert "choose lead or member" in said(
        as_dora, url("member-role", platform, alices.user_id), role=role
    )
    assert roles(platform)["Alice"] == MEMBER


def test_who_becomes_a_lead_is_not_asked_for_the_teams_goals_any_more(
    as_dora: Client, platform: Team, alices: Membership
) -> None:
    AssignmentFactory(team=platform)
    sync(platform)
    as_dora.post(url("member-role", platform, alices.user_id), {"role": "lead"})
    assert not Goal.objects.exists()
    as_dora.post(url("member-role", platform, alices.user_id), {"role": "member"})
    assert Goal.objects.get().membership == alices


def test_a_lead_whose_account_is_switched_off_runs_nothing(
    as_dora: Client, dora: User, platform: Team
) -> None:
    MembershipFactory(team=platform, role=LEAD, user__is_active=False)
    assert said(as_dora, url("member-role", platform, dora.pk), role="member") == (
        f"You are {ONLY_LEAD}"
    )


# Removing and coming back


def test_who_is_removed_keeps_the_progress_and_comes_back_with_goals_and_days(
    as_dora: Client, as_alice: Client, platform: Team, alices: Membership
) -> None:
    AssignmentFactory(team=platform, due_days=30)
    AssignmentFactory(team=platform, membership=alices)
    sync(platform)
    due = set(Goal.objects.values_list("due_on", flat=True))
    response = as_dora.post(url("member-remove", platform, alices.user_id), follow=True)
    assert "Alice is not in Platform any more, and keeps all progress." in text(response)
    assert not Goal.objects.exists()
    assert as_alice.get(url("team-leave", platform)).status_code == 404
    text_back = said(as_dora, response.context["notice"]["undo_url"])
    assert text_back == "Alice is back as a member, with all goals and progress."
    assert set(Goal.objects.values_list("due_on", flat=True)) == due
    alices.refresh_from_db()
    assert (alices.left_at, alices.joined_at) == (None, MORNING)


def test_a_link_that_would_let_them_in_again_is_named(
    as_dora: Client, platform: Team, alices: Membership
) -> None:
    InviteFactory(team=platform, email="bob@example.com", max_uses=1)
    remove_url = url("member-remove", platform, alices.user_id)
    assert "revoke it" not in said(as_dora, remove_url)
    acting.bring_back(alices, User.objects.get(name="Dora"))
    InviteFactory(team=platform)
    assert "would let them in again: revoke it under Invites." in said(as_dora, remove_url)


def test_what_was_sent_to_them_lets_them_in_no_more(
    as_dora: Client, platform: Team, alices: Membership, alice: User
) -> None:
    """Who has joined by a link may have a mail that nobody has followed."""
    bobs = InviteFactory(team=platform, email="bob@example.com", max_uses=1)
    InviteFactory(team=platform, email=alice.email, max_uses=1)
    as_dora.post(url("member-remove", platform, alices.user_id))
    assert list(Invite.objects.open(MORNING)) == [bobs]


def test_removing_and_bringing_back_twice_is_harmless(
    as_dora: Client, platform: Team, alices: Membership, time_machine: Any
) -> None:
    as_dora.post(url("member-remove", platform, alices.user_id))
    time_machine.move_to(MORNING + DAY)
    remove_url = url("member-remove", platform, alices.user_id)
    assert said(as_dora, remove_url) == "Alice is not in the team any more."
    alices.refresh_from_db()
    assert alices.left_at == MORNING
    role_url = url("member-role", platform, alices.user_id)
    assert "bring them back first" in said(as_dora, role_url, role="lead")
    back_url = url("member-bring-back", platform, alices.user_id)
    assert "Alice is back" in said(as_dora, back_url)
    assert said(as_dora, back_url) == "Alice is in the team already."


def test_the_only_lead_is_not_removed_by_an_administrator_either(
    dora: User, platform: Team, alices: Membership
) -> None:
    client = Client()
    client.force_login(UserFactory(is_superuser=True))
    remove_url = url("member-remove", platform, dora.pk)
    assert said(client, remove_url) == f"Dora is {ONLY_LEAD}"
    client.post(url("member-role", platform, alices.user_id), {"role": "lead"})
    assert "Dora is not in Platform any more" in said(client, remove_url)
    assert roles(platform) == {"Alice": LEAD}


def test_who_comes_back_to_a_team_that_nobody_leads_leads_it(
    platform: Team, alices: Membership
) -> None:
    Membership.objects.update(left_at=MORNING)
    client = Client()
    client.force_login(UserFactory(is_superuser=True))
    back_url = url("member-bring-back", platform, alices.user_id)
    assert said(client, back_url) == "Alice is back as a lead, with all goals and progress."
    assert roles(platform) == {"Alice": LEAD}


def test_a_lead_can_remove_oneself_once_there_is_another(
    as_dora: Client, dora: User, platform: Team, alices: Membership
) -> None:
    as_dora.post(url("member-role", platform, alices.user_id), {"role": "lead"})
    response = as_dora.post(url("member-remove", platform, dora.pk), follow=True)
    assert response.redirect_chain == [("/teams/", 302)]
    assert "You have left Platform." in text(response)


@pytest.mark.parametrize("name", ["member-role", "member-remove", "member-bring-back"])
def test_people_who_are_not_in_the_team_are_not_found(
    as_dora: Client, as_alice: Client, charlie: User, platform: Team, alices: Membership, name: str
) -> None:
    MembershipFactory(user=charlie)
    for user in (charlie.pk, 0, 2**63, 10**40):
        assert as_dora.post(url(name, platform, user), {"role": "lead"}).status_code == 404
    assert as_dora.get(url(name, platform, alices.user_id)).status_code == 405
    # Members change nobody, themselves among them.
    address = url(name, platform, alices.user_id)
    assert as_alice.post(address, {"role": "lead"}).status_code == 404
    assert roles(platform) == {"Dora": LEAD, "Alice": MEMBER}


def test_who_does_not_lead_any_more_changes_nothing_with_a_page_that_is_open(
    dora: User, platform: Team, alices: Membership
) -> None:
    """Both leads press at once: what the first does holds for the second."""
    max_ = MembershipFactory(team=platform, role=LEAD, user__name="Max")
    acting.remove(Membership.objects.get(user=dora), max_.user, MORNING)
    for act in (
        lambda: acting.remove(max_, dora, MORNING),
        lambda: acting.set_role(alices, LEAD, dora),
        lambda: acting.describe(platform, "Other", [], dora),
        lambda: acting.archive(platform, dora, MORNING),
    ):
        with pytest.raises(RefusedError, match="You do not lead this team any more"):
            act()
    assert roles(platform) == {"Max": LEAD, "Alice": MEMBER}


# Leaving


def test_the_page_says_what_leaving_means_and_one_click_does_it(
    as_alice: Client, alice: User, platform: Team, alices: Membership
) -> None:
    AssignmentFactory(team=platform)
    sync(platform)
    page = text(as_alice.get(url("team-leave", platform)))
    assert "The leads of the team see nothing of you any more." in page
    assert "All your progress stays yours" in page
    response = as_alice.post(url("team-leave", platform), follow=True)
    assert "You have left Platform." in text(response)
    assert roles(platform) == {"Dora": LEAD}
    alice.refresh_from_db()
    assert alice.has_goals is False
    assert as_alice.post(url("team-leave", platform)).status_code == 404


def test_the_only_lead_of_others_is_told_how_to_leave(
    as_dora: Client, platform: Team, alices: Membership
) -> None:
    page = text(as_dora.get(url("team-leave", platform)))
    assert "the only lead of 1 other person" in page
    assert url("team-members", platform) in page
    response = as_dora.post(url("team-leave", platform))
    assert response.status_code == 422
    assert f"You are {ONLY_LEAD}" in text(response)
    assert roles(platform) == {"Dora": LEAD, "Alice": MEMBER}


def test_who_leaves_last_archives_the_team(as_dora: Client, platform: Team) -> None:
    assert "so it is archived" in text(as_dora.get(url("team-leave", platform)))
    as_dora.post(url("team-leave", platform))
    platform.refresh_from_db()
    assert platform.archived_at == MORNING
    assert roles(platform) == {}


def test_an_administrator_cannot_leave_what_they_are_not_in(platform: Team) -> None:
    client = Client()
    client.force_login(UserFactory(is_superuser=True))
    assert client.get(url("team-leave", platform)).status_code == 404


# Always a lead


class Crew(RuleBasedStateMachine):
    """Four people and an administrator do to one team whatever they like, in any order."""

    people = st.integers(0, 3)
    actors = st.integers(0, 4)

    @initialize()
    def begin(self) -> None:
        self.team = TeamFactory()
        self.users = UserFactory.create_batch(4)
        self.now = MORNING
        MembershipFactory(team=self.team, user=self.users[0], role=LEAD)
        for user in self.users[1:]:
            MembershipFactory(team=self.team, user=user)
        self.users.append(UserFactory(is_superuser=True))

    def membership(self, person: int) -> Membership:
        own = Membership.objects.select_related("team", "user")
        return own.get(team=self.team, user=self.users[person])

    def attempt(self, act: Any, *arguments: Any) -> None:
        """Do it, or be refused without having changed anything."""
        before = self.state()
        self.now += timedelta(minutes=1)
        try:
            act(*arguments)
        except RefusedError:
            assert self.state() == before

    def state(self) -> Any:
        memberships = Membership.objects.filter(team=self.team).order_by("pk")
        return list(memberships.values()), Team.objects.get(pk=self.team.pk).archived_at

    @rule(person=people, role=st.sampled_from([LEAD, MEMBER]), by=actors)
    def set_role(self, person: int, role: Membership.Role, by: int) -> None:
        self.attempt(acting.set_role, self.membership(person), role, self.users[by])

    @rule(person=people, by=actors)
    def remove(self, person: int, by: int) -> None:
        self.attempt(acting.remove, self.membership(person), self.users[by], self.now)

    @rule(person=people, by=actors)
    def bring_back(self, person: int, by: int) -> None:
        self.attempt(acting.bring_back, self.membership(person), self.users[by])

    @rule(person=people)
    def leave(self, person: int) -> None:
        self.attempt(acting.leave, self.membership(person), self.now)

    @rule(by=actors)
    def archive(self, by: int) -> None:
        self.attempt(acting.archive, self.team, self.users[by], self.now)

    @rule(by=actors)
    def restore(self, by: int) -> None:
        self.attempt(acting.restore, self.team, self.users[by], self.now)

    @invariant()
    def somebody_leads(self) -> None:
        team = Team.objects.get(pk=self.team.pk)
        current = Membership.objects.current().filter(team=team)
        if current.exists() or team.archived_at is None:
            assert current.leads().exists()


@pytest.mark.django_db
class TestCrew(Crew.TestCase):  # type: ignore[misc,name-defined]
    settings = settings(
        max_examples=12,
        stateful_step_count=15,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


@pytest.mark.django_db(transaction=True)
def test_of_two_leads_who_step_down_at_once_one_stays(threads: ThreadPoolExecutor) -> None:
    for act in (acting.leave, acting.remove, acting.set_role):
        team = TeamFactory()
        pair = MembershipFactory.create_batch(2, team=team, role=LEAD)
        MembershipFactory(team=team)

        def step_down(own: Membership, act: Any = act) -> bool:
            arguments = {
                acting.leave: (MORNING,),
                acting.remove: (own.user, MORNING),
                acting.set_role: (MEMBER, own.user),
            }
            try:
                act(own, *arguments[act])
            except RefusedError:
                return False
            finally:
                connection.close()
            return True

        assert sorted(threads.map(step_down, pair)) == [False, True]
        assert Membership.objects.leads().filter(team=team).count() == 1
