from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from html import unescape
from typing import Any
from urllib.parse import quote

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialLogin
from django.core import mail
from django.db import connection
from django.test import Client, RequestFactory

from quizapp.account.adapters import SocialAdapter
from quizapp.account.invited import leads_to_open_invite
from quizapp.onboarding.invites.admitting import Admission, admit
from quizapp.scheduling.goals.syncing import sync
from quizapp.scheduling.models import Card, Goal, Review
from quizapp.teams.models import Invite, Membership, Team, User
from quizapp.teams.tokens import hash_of, new_token
from tests.account.people import confirm, member, sign_in, sign_up, signed_in, start_as_guest
from tests.factories import (
    AssignmentFactory,
    InviteFactory,
    MembershipFactory,
    TrackFactory,
    UserFactory,
)
from tests.scheduling.studying import MORNING

pytestmark = pytest.mark.django_db

DEAD = "This invite does not work"


@pytest.fixture(autouse=True)
def _morning(time_machine: Any) -> None:
    """It is a Monday morning, and stays so."""
    time_machine.move_to(MORNING, tick=False)


def invited(team: Team, **fields: Any) -> str:
    """The address of a new invite."""
    token = new_token()
    InviteFactory(team=team, token_hash=hash_of(token), **fields)
    return f"/join/{token}/"


def words_of(response: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def members_of(team: Team) -> set[str]:
    return {str(each.user) for each in Membership.objects.members().filter(team=team)}


# The page


def test_the_page_says_who_invites_and_what_leads_will_see(
    as_alice: Client, platform: Team, dora: User
) -> None:
    url = invited(platform, created_by=dora)
    page = as_alice.get(url)
    words = words_of(page)
    assert page.status_code == 200
    assert "Join Platform" in words
    assert "Dora invites you" in words
    assert "What the team’s leads will see of you" in words
    assert "They do not see your responses" in words
    assert "You join as Alice" in words
    assert page.content.decode().count('<button type="submit" class="button is-primary') == 1
    assert page["Referrer-Policy"] == "same-origin"
    assert "no-store" in page["Cache-Control"]


def test_the_page_says_so_where_leads_see_responses(
    as_alice: Client, platform: Team, settings: Any
) -> None:
    settings.QUIZAPP_LEADS_SEE_RESPONSES = True
    words = words_of(as_alice.get(invited(platform)))
    assert "your latest responses that you were sure of and that were wrong" in words
    assert "They do not see" not in words


def test_looking_at_an_invite_joins_nobody(as_alice: Client, platform: Team) -> None:
    url = invited(platform, max_uses=1)
    for _ in range(3):
        as_alice.get(url)
        as_alice.head(url)
    assert members_of(platform) == set()
    assert Invite.objects.get().uses == 0
    assert as_alice.put(url).status_code == 405


@pytest.mark.parametrize("as_guest", [True, False])
def test_visitors_and_guests_are_shown_the_two_ways_in(
    client: Client, platform: Team, *, as_guest: bool
) -> None:
    if as_guest:
        start_as_guest(client)
    url = invited(platform)
    page = client.get(url).content.decode()
    assert f'class="button is-primary is-large"\n     href="/account/signup/?next={url}"' in page
    assert f'href="/account/login/?next={url}"' in page
    assert "as a guest" in page
    assert "comes along" in page
    answer = client.post(url)
    assert (answer.status_code, answer["Location"]) == (302, url)
    assert members_of(platform) == set()


# Joining


def test_who_joins_is_a_member_and_told_so_at_home(
    as_alice: Client, alice: User, platform: Team
) -> None:
    url = invited(platform, max_uses=10)
    answer = as_alice.post(url, follow=True)
    assert answer.redirect_chain == [("/", 302)]
    assert "You are in Platform." in words_of(answer)
    membership = Membership.objects.get(user=alice)
    assert (membership.role, membership.joined_at) == (Membership.Role.MEMBER, MORNING)
    assert Invite.objects.get().uses == 1


def test_and_gets_the_goals_of_the_team_with_the_first_named(
    as_alice: Client, alice: User, platform: Team
) -> None:
    late, soon = TrackFactory(title="Networking"), TrackFactory(title="First steps")
    AssignmentFactory(team=platform, track=late, due_on=date(2026, 6, 1))
    AssignmentFactory(team=platform, track=soon, due_days=20)
    answer = as_alice.post(invited(platform), follow=True)
    assert "You are in Platform. Your goal: First steps, by 22 March 2026." in words_of(answer)
    assert Goal.objects.of(alice).count() == 2
    alice.refresh_from_db()
    assert alice.has_goals


def test_pressing_twice_is_told_and_spends_nothing(
    as_alice: Client, alice: User, platform: Team
) -> None:
    url = invited(platform, max_uses=1)
    as_alice.post(url)
    words = words_of(as_alice.post(url, follow=True))
    assert "You are in Platform already." in words
    assert "You are in Platform already" in words_of(as_alice.get(url))
    assert Invite.objects.get().uses == 1
    assert Membership.objects.filter(user=alice).count() == 1


def test_a_lead_who_follows_the_own_link_stays_a_lead(as_dora: Client, platform: Team) -> None:
    url = invited(platform)
    assert "You are in Platform already" in words_of(as_dora.get(url))
    as_dora.post(url)
    assert Membership.objects.get().is_lead
    assert Invite.objects.get().uses == 0


def test_who_was_there_before_comes_back_with_the_old_row(
    as_alice: Client, alice: User, platform: Team
) -> None:
    long_ago = MORNING - timedelta(days=100)
    old = MembershipFactory(
        team=platform, user=alice, role="lead", joined_at=long_ago, left_at=long_ago
    )
    AssignmentFactory(team=platform)
    sync(platform)
    assert not Goal.objects.of(alice).exists()
    as_alice.post(invited(platform))
    membership = Membership.objects.get(user=alice)
    assert membership.pk == old.pk
    assert (membership.role, membership.joined_at) == ("member", MORNING)
    assert membership.left_at is None
    assert Goal.objects.of(alice).count() == 1


def test_a_person_may_be_in_several_teams(as_alice: Client, platform: Team) -> None:
    other = MembershipFactory(role=Membership.Role.LEAD).team
    for team in (platform, other):
        as_alice.post(invited(team))
        assert members_of(team) == {"Alice"}


def test_who_joins_by_the_link_is_not_awaited_by_mail_any_more(
    as_alice: Client, platform: Team
) -> None:
    """The list of open invites shows who has yet to come."""
    alice = User.objects.get(name="Alice")
    EmailAddress.objects.create(user=alice, email="a.lovelace@example.org", verified=True)
    link = invited(platform, max_uses=3)
    for email in (str(alice.email), "a.lovelace@example.org", "bob@example.com"):
        invited(platform, email=email, max_uses=1)
    elsewhere = InviteFactory(email=str(alice.email), max_uses=1)
    as_alice.post(link)
    there = Invite.objects.open(MORNING)
    assert {invite.email for invite in there.filter(team=platform)} == {"", "bob@example.com"}
    assert there.filter(pk=elsewhere.pk).exists()


# Invites that do not work


@pytest.mark.parametrize(
    "fields",
    [
        {"expires_at": MORNING},
        {"max_uses": 3, "uses": 3},
        {"revoked_at": MORNING},
        {"team__archived_at": MORNING},
        {"revoked_at": MORNING, "team__domains": ["platform.example"]},
        None,
    ],
)
def test_a_dead_invite_is_one_page_whatever_the_reason(
    as_alice: Client, client: Client, fields: dict[str, Any] | None
) -> None:
    token = new_token()
    InviteFactory(token_hash=hash_of(token if fields is not None else "other"), **(fields or {}))
    for browser in (as_alice, Client()):
        pages = [browser.get(f"/join/{token}/"), browser.post(f"/join/{token}/")]
        wrong = browser.get("/join/wrong/")
        for page in pages:
            assert page.status_code == 404
            assert page.content == wrong.content
            assert DEAD in words_of(page)
            assert "Ask whoever leads the team for a new one." in words_of(page)
    assert not Membership.objects.exists()


def test_it_works_to_the_last_moment(as_alice: Client, platform: Team) -> None:
    url = invited(platform, expires_at=MORNING + timedelta(seconds=1), max_uses=1)
    as_alice.post(url)
    assert members_of(platform) == {"Alice"}


def test_the_token_is_looked_up_by_its_hash_only(as_alice: Client, platform: Team) -> None:
    invited(platform)
    assert as_alice.get(f"/join/{Invite.objects.get().token_hash}/").status_code == 404


def test_an_invite_that_ends_between_the_page_and_the_button_lets_nobody_in(
    as_alice: Client, platform: Team
) -> None:
    url = invited(platform)
    assert as_alice.get(url).status_code == 200
    Invite.objects.all().revoke(MORNING)
    assert as_alice.post(url).status_code == 404
    assert members_of(platform) == set()


@pytest.mark.parametrize("ended", ["revoked_at", "archived_at"])
def test_the_row_decides_and_not_what_was_read_before(
    alice: User, platform: Team, ended: str
) -> None:
    invited(platform)
    invite = Invite.objects.select_related("team").get()
    changed = Invite.objects if ended == "revoked_at" else Team.objects
    changed.update(**{ended: MORNING})
    assert admit(alice, invite, MORNING) is Admission.INVITE_IS_DEAD
    assert Invite.objects.get().uses == 0


# Many at once


@pytest.mark.django_db(transaction=True)
def test_of_twenty_at_once_a_link_for_three_admits_three(platform: Team) -> None:
    AssignmentFactory(team=platform)
    url = invited(platform, max_uses=3)
    people = UserFactory.create_batch(20)
    browsers = [Client() for _ in people]
    for browser, person in zip(browsers, people, strict=True):
        browser.force_login(person)

    def follow(browser: Client) -> int:
        try:
            return browser.post(url).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        statuses = sorted(pool.map(follow, browsers))
    assert statuses == [302] * 3 + [404] * 17
    assert Membership.objects.members().filter(team=platform).count() == 3
    assert Invite.objects.get().uses == 3
    assert Goal.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_all_with_an_invite_of_their_own_come_in_at_once(platform: Team) -> None:
    AssignmentFactory(team=platform)
    people = UserFactory.create_batch(12)
    invites = [InviteFactory(team=platform, max_uses=1) for _ in people]

    def follow(number: int) -> Admission:
        try:
            return admit(people[number], invites[number], MORNING)
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        assert set(pool.map(follow, range(12))) == {Admission.ADMITTED}
    assert Goal.objects.count() == 12


@pytest.mark.django_db(transaction=True)
def test_one_who_presses_many_times_at_once_spends_one_use(alice: User, platform: Team) -> None:
    invite = InviteFactory(team=platform, max_uses=5)

    def follow(_: int) -> Admission:
        try:
            return admit(alice, invite, MORNING)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        admissions = list(pool.map(follow, range(6)))
    assert admissions.count(Admission.ADMITTED) == 1
    assert admissions.count(Admission.IS_IN) == 5
    assert Invite.objects.get().uses == 1


# Domains


def test_an_address_elsewhere_is_refused_with_what_to_do(as_alice: Client, platform: Team) -> None:
    Team.objects.update(domains=["platform.example", "platform.org"])
    url = invited(platform)
    for page in (as_alice.get(url), as_alice.post(url)):
        words = words_of(page)
        assert "takes people with an address at platform.example or platform.org." in words
        assert "Yours is learner" in words
        assert "Change your address" in words
        assert f'<form method="post" action="{url}"' not in page.content.decode()
    assert as_alice.post(url).status_code == 422
    assert Invite.objects.get().uses == 0
    assert members_of(platform) == set()


def test_a_visitor_is_told_which_address_is_needed(client: Client, platform: Team) -> None:
    Team.objects.update(domains=["platform.example"])
    words = words_of(client.get(invited(platform)))
    assert "You need an account with an address at platform.example" in words


@pytest.mark.parametrize(
    ("email", "proven", "is_in"),
    [
        ("alice@platform.example", "", True),
        ("Alice@Platform.Example", "", True),
        ("alice@sub.platform.example", "", False),
        ("alice@notplatform.example", "", False),
        ("alice@platform.example@elsewhere.example", "", False),
        ("alice@elsewhere.example", "alice@platform.example", True),
    ],
)
def test_only_a_proven_address_at_the_domain_itself_counts(
    client: Client, platform: Team, email: str, proven: str, *, is_in: bool
) -> None:
    Team.objects.update(domains=["platform.example"])
    alice = UserFactory(email=email, name="Alice")
    if proven:
        EmailAddress.objects.create(user=alice, email=proven, verified=True)
    EmailAddress.objects.create(user=alice, email="claimed@platform.example", verified=False)
    client.force_login(alice)
    client.post(invited(platform))
    assert members_of(platform) == ({"Alice"} if is_in else set())


# The whole way


def test_a_guest_who_signs_up_comes_back_and_joins_with_everything(
    client: Client, platform: Team
) -> None:
    guest = start_as_guest(client, answers=3)
    url = invited(platform, max_uses=1)
    signup = f"/account/signup/?next={url}"
    assert signup in client.get(url).content.decode()
    assert f'name="next" value="{url}"' in client.get(signup).content.decode()
    fields = {"email": "alice@example.com", "password1": "correct horse battery", "next": url}
    client.post(signup, fields, follow=True)
    assert "Create an account" in words_of(client.get(url))  # until the address is confirmed
    arrived = confirm(client)
    assert arrived.redirect_chain[-1] == (url, 302)
    assert "You join as alice@example.com" in words_of(arrived)
    home = client.post(url, follow=True)
    assert "You are in Platform." in words_of(home)
    assert signed_in(client) == guest
    assert members_of(platform) == {"alice@example.com"}
    assert Card.objects.of(guest).count() == Review.objects.of(guest).count() == 3


def test_a_visitor_who_signs_up_comes_back_too(client: Client, platform: Team) -> None:
    url = invited(platform, max_uses=1)
    fields = {"email": "alice@example.com", "password1": "correct horse battery", "next": url}
    client.post("/account/signup/", fields)
    arrived = confirm(client)
    assert arrived.redirect_chain[-1] == (url, 302)
    client.post(url)
    assert members_of(platform) == {"alice@example.com"}


def test_who_confirms_elsewhere_or_late_opens_the_invite_once_more(
    client: Client, platform: Team, time_machine: Any
) -> None:
    url = invited(platform, max_uses=1)
    guest = start_as_guest(client)
    sign_up(client)
    time_machine.move_to(MORNING + timedelta(hours=2), tick=False)
    confirm(Client())
    assert "You join as alice@example.com" in words_of(client.get(url))
    client.post(url)
    assert Membership.objects.get(user=guest).left_at is None


def test_a_guest_who_signs_in_brings_along_and_joins(client: Client, platform: Team) -> None:
    alice = member()
    start_as_guest(client, answers=4)
    url = invited(platform, max_uses=1)
    asked = sign_in(client, next=url)
    assert asked.redirect_chain[-1][0].startswith("/account/bring-along/")
    onward = asked.context["next"]
    arrived = client.post("/account/bring-along/", {"action": "bring", "next": onward}, follow=True)
    assert arrived.redirect_chain == [(url, 302)]
    client.post(url)
    assert members_of(platform) == {"alice@example.com"}
    assert Card.objects.of(alice).count() == Review.objects.of(alice).count() == 4
    assert User.objects.filter(is_guest=True).count() == 0


# Where sign-up is closed


def test_an_open_invite_opens_the_sign_up(client: Client, platform: Team, settings: Any) -> None:
    settings.QUIZAPP_SIGN_UP = False
    url = invited(platform, max_uses=1)
    signup = f"/account/signup/?next={url}"
    assert "Accounts are given out" in words_of(client.get("/account/signup/"))
    assert signup in client.get(url).content.decode()
    offered = f"/account/signup/?next={quote(url, safe='')}"
    assert offered in client.get(f"/account/login/?next={url}").content.decode()
    assert "Create an account" in words_of(client.get(signup))
    fields = {"email": "alice@example.com", "password1": "correct horse battery", "next": url}
    client.post("/account/signup/", fields)
    confirm(client)
    client.post(url)
    assert members_of(platform) == {"alice@example.com"}


def test_and_that_through_the_provider_of_identities(
    rf: RequestFactory, platform: Team, settings: Any
) -> None:
    settings.QUIZAPP_OIDC_SIGN_UP = False
    request, coming = rf.get("/"), SocialLogin()
    adapter = SocialAdapter(request)
    assert not adapter.is_open_for_signup(request, coming)
    coming.state = {"next": invited(platform)}
    assert adapter.is_open_for_signup(request, coming)


def test_it_opens_for_those_only_whom_the_team_takes(
    client: Client, platform: Team, settings: Any
) -> None:
    settings.QUIZAPP_SIGN_UP = False
    Team.objects.update(domains=["platform.example"])
    url = invited(platform)
    fields = {"password1": "correct horse battery", "next": url}
    page = client.post("/account/signup/", {"email": "mallory@elsewhere.example", **fields})
    assert "Platform takes people with an address at platform.example." in words_of(page)
    assert not mail.outbox
    client.post("/account/signup/", {"email": "alice@platform.example", **fields})
    confirm(client)
    client.post(url)
    assert members_of(platform) == {"alice@platform.example"}


@pytest.mark.parametrize("onward", ["/join/wrong/", "/", "", "https://x.example/join/a/"])
def test_nothing_else_opens_it(client: Client, platform: Team, settings: Any, onward: str) -> None:
    settings.QUIZAPP_SIGN_UP = False
    invited(platform)
    page = client.get("/account/signup/", {"next": onward})
    assert "Accounts are given out" in words_of(page)
    assert (
        "/account/signup/" not in client.get("/account/login/", {"next": onward}).content.decode()
    )
    fields = {"email": "alice@example.com", "password1": "correct horse battery", "next": onward}
    client.post("/account/signup/", fields)
    assert not User.objects.filter(is_superuser=False, email=None).exists()
    assert not mail.outbox


def test_an_address_that_is_none_leads_nowhere() -> None:
    assert not leads_to_open_invite("//[")


def test_a_revoked_invite_opens_it_no_more(client: Client, platform: Team, settings: Any) -> None:
    settings.QUIZAPP_SIGN_UP = False
    url = invited(platform, revoked_at=MORNING)
    page = client.get("/account/signup/", {"next": url})
    assert "Accounts are given out" in words_of(page)


def test_nothing_in_a_name_is_markup(as_alice: Client, platform: Team, dora: User) -> None:
    Team.objects.update(name="<b>Team</b>")
    User.objects.filter(pk=dora.pk).update(name="<i>Dora</i>")
    url = invited(platform, created_by=dora)
    pages = [as_alice.get(url), as_alice.post(url, follow=True)]
    assert all("<b>Team" not in page.content.decode() for page in pages)
    assert "<i>Dora" not in pages[0].content.decode()
    assert "&lt;b&gt;Team" in pages[1].content.decode()
