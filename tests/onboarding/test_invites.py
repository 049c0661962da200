from __future__ import annotations

import itertools
import re
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from html import unescape
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from quizapp.account.deleting import delete
from quizapp.onboarding.invites.addresses import MOST_ADDRESSES, MOST_BYTES
from quizapp.onboarding.invites.forms import MOST_REQUEST
from quizapp.teams.addresses import claim
from quizapp.teams.inviting import MOST_MAILS_A_DAY, make_for, revoke_earlier
from quizapp.teams.models import Invite, Membership, Team, User
from quizapp.teams.tokens import hash_of
from tests.factories import InviteFactory, MembershipFactory, TeamFactory, UserFactory
from tests.scheduling.studying import MORNING

pytestmark = pytest.mark.django_db

ALICE, BOB = "alice@example.com", "bob@example.com"


@pytest.fixture(autouse=True)
def _morning(time_machine: Any) -> None:
    """It is a Monday morning, and stays so."""
    time_machine.move_to(MORNING, tick=False)


class PickyServer(EmailBackend):
    """A mail server that does not want to know of Bob."""

    def send_messages(self, messages: Any) -> int:
        if messages[0].to == [BOB]:
            raise SMTPRecipientsRefused({BOB: (550, b"no such user")})
        return super().send_messages(messages)


class AbsentServer(EmailBackend):
    asked = 0

    def open(self) -> bool:
        type(self).asked += 1
        raise ConnectionRefusedError

    def send_messages(self, messages: Any) -> int:
        raise AssertionError


def url_of(team: Team) -> str:
    return f"/teams/{team.pk}/invites/"


def words_of(response: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def make(client: Client, team: Team, **fields: Any) -> Any:
    return client.post(url_of(team), {"days": 14, "max_uses": 10, **fields})


def send(client: Client, team: Team, emails: str = "", **fields: Any) -> Any:
    data = {"emails": emails, "days": 14, **fields}
    return client.post(f"{url_of(team)}send/", data, follow=True)


def upload(client: Client, team: Team, data: bytes, name: str = "people.csv") -> Any:
    return send(client, team, file=SimpleUploadedFile(name, data))


def link_in(response: HttpResponse) -> str:
    found = re.search(r'value="https?://testserver(/join/[\w-]{43}/)"', response.content.decode())
    assert found
    return found[1]


def token_in(message: Any) -> str:
    found = re.search(r"http://testserver/join/([\w-]{43})/", str(message.body))
    assert found
    return found[1]


# Links


def test_a_link_is_shown_once_and_only_its_hash_is_kept(as_dora: Client, platform: Team) -> None:
    shown = make(as_dora, platform)
    assert shown.status_code == 200
    token = link_in(shown).split("/")[2]
    invite = Invite.objects.get()
    assert invite.token_hash == hash_of(token)
    assert token not in str(Invite.objects.values().get())
    assert token not in as_dora.get(url_of(platform)).content.decode()
    assert (invite.max_uses, invite.uses, invite.email) == (10, 0, "")
    assert (invite.team, invite.created_by) == (platform, User.objects.get(name="Dora"))
    assert invite.expires_at == MORNING + timedelta(days=14)


@pytest.mark.parametrize(
    ("fields", "days", "uses", "words"),
    [
        ({"days": 1, "max_uses": 1}, 1, 1, "It lets one person into Platform"),
        ({"days": 30, "max_uses": 1000}, 30, 1000, "It lets 1,000 people into Platform"),
        ({"days": 7, "is_unlimited": "on"}, 7, None, "It lets any number of people into"),
        ({"days": 7, "max_uses": "x", "is_unlimited": "on"}, 7, None, "any number of people"),
    ],
)
def test_a_link_may_be_for_few_or_for_many_and_for_a_day_or_a_month(
    as_dora: Client, platform: Team, fields: dict[str, Any], days: int, uses: int, words: str
) -> None:
    assert words in words_of(make(as_dora, platform, **fields))
    invite = Invite.objects.get()
    assert invite.expires_at == MORNING + timedelta(days=days)
    assert invite.max_uses == uses


def test_the_day_on_which_a_link_expires_is_that_of_the_lead(
    as_dora: Client, dora: User, platform: Team, time_machine: Any
) -> None:
    """In the evening of the 2nd in Los Angeles it is the 3rd in UTC."""
    User.objects.filter(pk=dora.pk).update(timezone="America/Los_Angeles")
    time_machine.move_to(datetime(2026, 3, 3, 5, tzinfo=UTC), tick=False)
    assert "expires on 9 March 2026" in words_of(make(as_dora, platform, days=7))


@pytest.mark.parametrize(
    "fields",
    [
        {"days": 365},
        {"days": ""},
        {"max_uses": 0},
        {"max_uses": 1001},
        {"max_uses": ""},
        {"max_uses": "many"},
    ],
)
def test_a_mistake_is_told_and_no_link_is_made(
    as_dora: Client, platform: Team, fields: dict[str, Any]
) -> None:
    answer = make(as_dora, platform, **fields)
    assert answer.status_code == 422
    assert "errorlist" in answer.content.decode()
    assert not Invite.objects.exists()


# The list


def test_the_list_says_for_whom_by_whom_and_how_long(
    as_dora: Client, platform: Team, dora: User
) -> None:
    InviteFactory(team=platform, created_by=dora, max_uses=10, uses=3)
    InviteFactory(team=platform, email=ALICE, max_uses=1, expires_at=MORNING + timedelta(hours=25))
    InviteFactory(team=platform, created_by=dora, uses=1)
    words = words_of(as_dora.get(url_of(platform)))
    assert "Anybody with the link by Dora · expires in 14 days · 3 of 10 joined" in words
    assert "alice@example.com by somebody who has left · expires tomorrow Revoke" in words
    assert "1 joined, without limit" in words
    assert "Past invites" not in words


def test_past_invites_are_folded_and_say_how_they_ended(
    as_dora: Client, platform: Team, dora: User
) -> None:
    yesterday = MORNING - timedelta(days=1)
    InviteFactory(team=platform, email=ALICE, max_uses=1, uses=1)
    InviteFactory(team=platform, email=BOB, max_uses=1, expires_at=yesterday)
    InviteFactory(team=platform, max_uses=2, uses=2)
    InviteFactory(team=platform, revoked_at=yesterday)
    page = as_dora.get(url_of(platform))
    words = words_of(page)
    assert "There are none. Invite people by e-mail" in words
    past = words.partition("Past invites")[2]
    assert "alice@example.com by somebody who has left · used" in past
    assert f"bob@example.com by somebody who has left · expired on {yesterday.day} " in past
    assert "· used up · 2 of 2 joined" in past
    assert f"· revoked on {yesterday.day} " in past
    assert "Revoke" not in past
    assert '<details class="invites-past">' in page.content.decode()


def test_the_list_takes_as_many_queries_for_many_as_for_few(
    as_dora: Client, platform: Team
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            as_dora.get(url_of(platform))
        return len(seen)

    for _ in range(2):
        InviteFactory(team=platform, created_by=UserFactory())
    InviteFactory(team=platform, revoked_at=MORNING, created_by=UserFactory())
    few = queries()
    for _ in range(20):
        InviteFactory(team=platform, created_by=UserFactory())
        InviteFactory(team=platform, revoked_at=MORNING, created_by=UserFactory())
    assert queries() == few <= 8


def test_a_long_list_is_cut_and_says_so(
    as_dora: Client, platform: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quizapp.onboarding.invites.rows.MOST_OPEN", 3)
    monkeypatch.setattr("quizapp.onboarding.invites.rows.MOST_PAST", 2)
    InviteFactory.create_batch(3, team=platform)
    InviteFactory.create_batch(2, team=platform, revoked_at=MORNING)
    assert "the latest" not in words_of(as_dora.get(url_of(platform)))
    InviteFactory(team=platform)
    InviteFactory(team=platform, revoked_at=MORNING)
    words = words_of(as_dora.get(url_of(platform)))
    assert words.count("Anybody with the link by") == 5
    assert "These are the latest 3. There are more." in words
    assert "These are the latest 2." in words


# Revoking


def test_a_click_revokes_and_another_changes_nothing(
    as_dora: Client, platform: Team, time_machine: Any
) -> None:
    invite = InviteFactory(team=platform, email=ALICE, max_uses=1)
    url = f"{url_of(platform)}{invite.pk}/revoke/"
    page = as_dora.post(url, follow=True)
    assert page.redirect_chain == [(url_of(platform), 302)]
    assert "The invite for alice@example.com is revoked" in words_of(page)
    time_machine.move_to(MORNING + timedelta(hours=1), tick=False)
    as_dora.post(url)
    invite.refresh_from_db()
    assert invite.revoked_at == MORNING
    assert as_dora.get(url).status_code == 405


def test_invites_of_other_teams_are_not_there(
    as_dora: Client, as_charlie: Client, platform: Team
) -> None:
    theirs = InviteFactory(email=BOB)
    assert as_dora.post(f"{url_of(platform)}{theirs.pk}/revoke/").status_code == 404
    assert as_dora.post(f"{url_of(theirs.team)}{theirs.pk}/revoke/").status_code == 404
    assert as_dora.get(url_of(theirs.team)).status_code == 404
    assert BOB not in as_dora.get(url_of(platform)).content.decode()
    ours = InviteFactory(team=platform)
    for send_to in (f"{ours.pk}/revoke/", "send/", ""):
        assert as_charlie.post(url_of(platform) + send_to).status_code == 404
    theirs.refresh_from_db()
    ours.refresh_from_db()
    assert theirs.revoked_at is ours.revoked_at is None


@pytest.mark.parametrize("left", [False, True])
def test_members_and_former_leads_invite_nobody(
    as_charlie: Client, charlie: User, platform: Team, *, left: bool
) -> None:
    role = Membership.Role.LEAD if left else Membership.Role.MEMBER
    left_at = MORNING if left else None
    MembershipFactory(team=platform, user=charlie, role=role, left_at=left_at)
    assert as_charlie.get(url_of(platform)).status_code == 404
    assert make(as_charlie, platform).status_code == 404
    assert send(as_charlie, platform, ALICE).status_code == 404
    assert not Invite.objects.exists()


def test_nothing_changes_in_a_team_that_is_archived(as_dora: Client, platform: Team) -> None:
    invite = InviteFactory(team=platform)
    Team.objects.update(archived_at=MORNING)
    page = as_dora.get(url_of(platform))
    assert page.status_code == 200
    assert "Revoke" not in words_of(page)
    assert 'name="emails"' not in page.content.decode()
    assert make(as_dora, platform).status_code == 404
    assert send(as_dora, platform, ALICE).status_code == 404
    assert as_dora.post(f"{url_of(platform)}{invite.pk}/revoke/").status_code == 404
    assert Invite.objects.get().revoked_at is None


# By e-mail


def test_everybody_gets_a_mail_with_a_link_of_their_own(as_dora: Client, platform: Team) -> None:
    page = send(as_dora, platform, f"{ALICE}\nBob <{BOB}>", days=7)
    assert page.redirect_chain == [(url_of(platform), 302)]
    assert "Sent to 2 addresses." in words_of(page)
    assert [message.to for message in mail.outbox] == [[ALICE], [BOB]]
    for message, email in zip(mail.outbox, (ALICE, BOB), strict=True):
        invite = Invite.objects.get(token_hash=hash_of(token_in(message)))
        assert (invite.email, invite.max_uses, invite.team) == (email, 1, platform)
        assert invite.expires_at == MORNING + timedelta(days=7)
    first = mail.outbox[0]
    assert first.subject == "Dora invites you to learn Kubernetes with Platform"
    body = str(first.body)
    assert "It works once, for 7 days." in body
    assert "They do not see your responses" in body
    assert "do nothing" in body
    html, kind = first.alternatives[0]
    assert kind == "text/html"
    assert f'href="http://testserver/join/{token_in(first)}/"' in str(html)
    assert token_in(first) not in page.content.decode()


def test_the_result_is_shown_once(as_dora: Client, platform: Team) -> None:
    assert ALICE in words_of(send(as_dora, platform, ALICE)).partition("Invite by e-mail")[0]
    again = words_of(as_dora.get(url_of(platform)))
    assert "Sent to" not in again
    assert ALICE in again.partition("Open invites")[2]


def test_the_result_waits_for_the_page_of_its_team(
    as_dora: Client, dora: User, platform: Team
) -> None:
    other = MembershipFactory(user=dora, role=Membership.Role.LEAD).team
    as_dora.post(f"{url_of(platform)}send/", {"emails": ALICE, "days": 14})
    assert "Sent to" not in words_of(as_dora.get(url_of(other)))
    assert "Sent to 1 address." in words_of(as_dora.get(url_of(platform)))


def test_the_mail_says_so_where_leads_see_responses(
    as_dora: Client, platform: Team, settings: Any
) -> None:
    settings.QUIZAPP_LEADS_SEE_RESPONSES = True
    send(as_dora, platform, ALICE)
    assert "They see your latest wrong responses" in str(mail.outbox[0].body)
    assert "They do not see" not in str(mail.outbox[0].message())


def test_whoever_is_in_the_team_gets_nothing(as_dora: Client, platform: Team) -> None:
    MembershipFactory(team=platform, user=UserFactory(email=ALICE))
    gone = UserFactory(email=BOB)
    MembershipFactory(team=platform, user=gone, left_at=MORNING)
    words = words_of(send(as_dora, platform, f"{ALICE.title()}, {BOB}, dora@example.com"))
    assert "In the team already: 2 addresses." in words
    assert [message.to for message in mail.outbox] == [[BOB]]


def test_somebody_in_the_team_is_known_by_every_proven_address(
    as_dora: Client, platform: Team
) -> None:
    alice = MembershipFactory(team=platform).user
    EmailAddress.objects.create(user=alice, email=ALICE, verified=True)
    EmailAddress.objects.create(user=alice, email=BOB, verified=False)
    assert "In the team already: 1 address." in words_of(send(as_dora, platform, f"{ALICE}\n{BOB}"))
    assert [message.to for message in mail.outbox] == [[BOB]]


def test_whoever_has_an_open_invite_gets_a_new_one_in_its_place(
    as_dora: Client, platform: Team, time_machine: Any
) -> None:
    send(as_dora, platform, ALICE)
    elsewhere = InviteFactory(email=ALICE, max_uses=1)
    time_machine.move_to(MORNING + timedelta(days=1), tick=False)
    shown = as_dora.get(url_of(platform)).context["mail_form"]["shown"].value()
    words = words_of(send(as_dora, platform, f"{ALICE}\n{BOB}", shown=shown))
    assert "Sent to 1 address." in words
    assert "Sent again to 1 address. The earlier invites no longer work." in words
    assert len(mail.outbox) == 3
    old, new = (
        Invite.objects.get(token_hash=hash_of(token_in(mail.outbox[number]))) for number in (0, 1)
    )
    assert old.revoked_at == timezone.now()
    assert (new.email, new.revoked_at) == (ALICE, None)
    elsewhere.refresh_from_db()
    assert elsewhere.revoked_at is None


def test_a_second_click_sends_nothing_twice(
    as_dora: Client, platform: Team, time_machine: Any
) -> None:
    shown = as_dora.get(url_of(platform)).context["mail_form"]["shown"].value()
    time_machine.move_to(MORNING + timedelta(seconds=20), tick=False)
    send(as_dora, platform, ALICE, shown=shown)
    time_machine.move_to(MORNING + timedelta(seconds=21), tick=False)
    words = words_of(send(as_dora, platform, ALICE, shown=shown))
    assert "Sent to 1 address a moment ago." in words
    assert len(mail.outbox) == 1
    assert Invite.objects.get().revoked_at is None


def test_nothing_is_sent_unless_every_line_is_sound_and_what_was_typed_stays(
    as_dora: Client, platform: Team
) -> None:
    Team.objects.update(domains=["example.com", "example.org"])
    typed = f"{ALICE}\nbob(at)example.com\nmallory@elsewhere.example\n<b>bold</b>"
    page = send(as_dora, platform, typed, days=30)
    assert page.status_code == 422
    words = words_of(page)
    assert "Nothing was sent." in words
    assert "Line 2: “bob(at)example.com” is not an address." in words
    assert "Line 3: mallory@elsewhere.example is not at example.com or example.org." in words
    assert "Line 4: “<b>bold</b>” is not an address." in words
    assert "<b>bold" not in page.content.decode()
    assert page.context["mail_form"]["emails"].value() == typed
    assert page.context["mail_form"]["days"].value() == "30"
    assert not mail.outbox
    assert not Invite.objects.exists()


def test_nothing_at_all_is_told_too(as_dora: Client, platform: Team) -> None:
    assert "Give an address first" in words_of(send(as_dora, platform, " \n"))


def test_many_mistakes_are_told_in_part(as_dora: Client, platform: Team) -> None:
    words = words_of(send(as_dora, platform, "Bob\n" * 70))
    assert words.count("“Bob” is not an address.") == 50
    assert "And 20 more." in words


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("people.csv", f"Name;E-Mail\r\nAlice;{ALICE}\r\nBob;{BOB}\r\n".encode("utf-16")),
        ("people.txt", f"\ufeff{ALICE}\n{BOB}".encode()),
        ("people", f'"Ahmad, Zoë",{ALICE}\n"Baker, Bob",{BOB}'.encode("cp1252")),
    ],
)
def test_a_file_of_addresses_is_as_good(
    as_dora: Client, platform: Team, name: str, data: bytes
) -> None:
    assert "Sent to 2 addresses." in words_of(upload(as_dora, platform, data, name))
    assert [message.to for message in mail.outbox] == [[ALICE], [BOB]]


def test_a_file_and_a_text_go_together(as_dora: Client, platform: Team) -> None:
    file = SimpleUploadedFile("people.csv", f"{ALICE}\n{BOB}".encode())
    assert "Sent to 2 addresses." in words_of(send(as_dora, platform, BOB, file=file))


def test_a_mistake_in_a_file_names_the_file_and_the_line(as_dora: Client, platform: Team) -> None:
    page = upload(as_dora, platform, f"email\n{ALICE}\nbob\n".encode())
    assert page.status_code == 422
    assert "people.csv, line 3: “bob” is not an address." in words_of(page)
    assert not mail.outbox


def test_a_file_that_is_no_text_is_refused(as_dora: Client, platform: Team) -> None:
    page = upload(as_dora, platform, b"PK\x03\x04\x00\x00", "people.xlsx")
    assert page.status_code == 422
    assert "people.xlsx: That is not a text file. Save the list as CSV" in words_of(page)


def test_an_empty_file_asks_for_an_address(as_dora: Client, platform: Team) -> None:
    assert "Give an address first" in words_of(upload(as_dora, platform, b""))


@pytest.mark.parametrize("is_file", [True, False])
def test_what_is_too_large_is_refused(as_dora: Client, platform: Team, *, is_file: bool) -> None:
    much = f"{ALICE}\n" * (MOST_BYTES // len(ALICE))
    page = upload(as_dora, platform, much.encode()) if is_file else send(as_dora, platform, much)
    assert page.status_code == 422
    assert "Split the list: more than 64 KB is not read at once." in words_of(page)
    assert not mail.outbox


def test_what_is_far_too_large_is_not_even_read(as_dora: Client, platform: Team) -> None:
    page = upload(as_dora, platform, b"x" * MOST_REQUEST)
    assert page.status_code == 413
    assert "Split the list" in words_of(page)


def test_it_takes_a_token_against_forgery_all_the_same(dora: User, platform: Team) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(dora)
    assert send(client, platform, ALICE).status_code == 403
    assert not mail.outbox


def test_at_most_200_are_sent_at_once(as_dora: Client, platform: Team) -> None:
    many = [f"person{number}@example.com" for number in range(MOST_ADDRESSES + 1)]
    page = send(as_dora, platform, "\n".join(many))
    assert page.status_code == 422
    assert "These are 201 addresses. Send to at most 200 at once." in words_of(page)
    assert not mail.outbox
    assert "Sent to 200 addresses." in words_of(send(as_dora, platform, "\n".join(many[1:])))
    assert len(mail.outbox) == 200


def test_at_most_500_are_sent_a_day_over_all_teams(
    as_dora: Client, dora: User, platform: Team, time_machine: Any
) -> None:
    other = TeamFactory()
    InviteFactory.create_batch(
        MOST_MAILS_A_DAY - 1, team=other, created_by=dora, created_at=MORNING, email=ALICE
    )
    InviteFactory.create_batch(5, created_by=dora, created_at=MORNING)  # links are no mails
    InviteFactory.create_batch(5, created_at=MORNING, email=ALICE)  # by others
    words = words_of(send(as_dora, platform, f"{ALICE}\n{BOB}"))
    assert "You can send 1 more invite today, and these are 2." in words
    assert not mail.outbox
    send(as_dora, platform, ALICE)
    assert "You have sent as many invites as one person can in a day." in words_of(
        send(as_dora, platform, BOB)
    )
    time_machine.move_to(MORNING + timedelta(days=1, minutes=1), tick=False)
    send(as_dora, platform, BOB)
    assert [message.to for message in mail.outbox] == [[ALICE], [BOB]]


def test_an_address_that_the_server_refuses_is_named_and_its_invite_revoked(
    as_dora: Client, platform: Team, settings: Any
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.PickyServer"
    page = send(as_dora, platform, f"{ALICE}\n{BOB}\ncharlie@example.com")
    words = words_of(page)
    assert "Not sent to 1 address: the mail server refused." in words
    assert "Sent to 2 addresses." in words
    assert page.context["mail_form"]["emails"].value() == BOB
    revoked = Invite.objects.filter(revoked_at__isnull=False)
    assert [invite.email for invite in revoked] == [BOB]


def test_a_server_that_is_away_is_asked_once_and_costs_nothing_of_the_day(
    as_dora: Client, platform: Team, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.AbsentServer"
    monkeypatch.setattr(AbsentServer, "asked", 0)
    page = send(as_dora, platform, f"{ALICE}\n{BOB}")
    assert "Not sent to 2 addresses: the mail server gave no answer." in words_of(page)
    assert page.context["mail_form"]["emails"].value() == f"{ALICE}\n{BOB}"
    assert AbsentServer.asked == 1
    assert not Invite.objects.exists()


def test_a_server_that_falls_silent_is_not_waited_for_again(
    as_dora: Client, platform: Team, settings: Any
) -> None:
    """It takes the connection, and then says nothing: as one that is overloaded, or a firewall."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_TIMEOUT = 0.1
    with socket.create_server(("127.0.0.1", 0)) as server, ThreadPoolExecutor(1) as pool:
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.getsockname()

        def greet_and_fall_silent() -> int:
            connections = []
            server.settimeout(0.5)
            with suppress(TimeoutError):
                while True:
                    connections.append(server.accept()[0])
                    connections[-1].sendall(b"220 mail\r\n250 mail\r\n")
            for each in connections:
                each.close()
            return len(connections)

        asked = pool.submit(greet_and_fall_silent)
        words = words_of(send(as_dora, platform, f"{ALICE}\n{BOB}\ncharlie@example.com"))
        assert asked.result() == 1
    assert "Not sent to 3 addresses: the mail server gave no answer." in words


def test_a_server_that_is_slow_is_given_less_than_a_minute(
    as_dora: Client, platform: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a minute for each mail: who is left is named, and stands in the form to go on with."""
    clock = itertools.count(step=30)
    monkeypatch.setattr("quizapp.onboarding.invites.mails.monotonic", lambda: next(clock))
    page = send(as_dora, platform, f"{ALICE}\n{BOB}\ncharlie@example.com")
    assert "Not sent to 2 addresses: the mail server gave no answer." in words_of(page)
    assert "Sent to 1 address." in words_of(page)
    assert page.context["mail_form"]["emails"].value() == f"{BOB}\ncharlie@example.com"
    assert [invite.email for invite in Invite.objects.all()] == [ALICE]


@pytest.mark.parametrize("server", ["PickyServer", "AbsentServer"])
def test_what_was_sent_before_works_on_where_nothing_new_was_sent(
    as_dora: Client, platform: Team, settings: Any, server: str
) -> None:
    earlier = InviteFactory(team=platform, email=BOB, max_uses=1)
    settings.EMAIL_BACKEND = f"{__name__}.{server}"
    assert "Not sent to 1 address" in words_of(send(as_dora, platform, BOB))
    assert Invite.objects.open(timezone.now()).get() == earlier


def test_of_two_leads_who_send_at_once_the_later_mail_works(platform: Team, dora: User) -> None:
    first, second = (make_for([ALICE], platform, dora, 7, MORNING)[0].invite for _ in range(2))
    for each in (second, first):
        revoke_earlier([each], platform, MORNING)
    assert Invite.objects.open(MORNING).get() == second


def test_no_name_can_add_a_header_or_markup(dora: User, platform: Team) -> None:
    name = "Dora\r\nBcc: victim@example.com\u202e <script>"
    User.objects.filter(pk=dora.pk).update(name=name)
    Team.objects.update(name="Plat\nform & <b>Co</b>")
    client = Client()
    client.force_login(dora)
    send(client, platform, ALICE)
    message = mail.outbox[0]
    assert message.recipients() == [ALICE]
    assert message.subject == (
        "Dora Bcc: victim@example.com <script> invites you to learn Kubernetes "
        "with Plat form & <b>Co</b>"
    )
    assert message.message()["Bcc"] is None
    html = str(message.alternatives[0][0])
    assert "<script>" not in html
    assert "<b>Co" not in html
    assert "with Plat form & <b>Co</b>" in str(message.body)


def test_a_lead_without_a_name_is_known_by_the_address(dora: User, platform: Team) -> None:
    User.objects.filter(pk=dora.pk).update(name="")
    client = Client()
    client.force_login(dora)
    send(client, platform, ALICE)
    assert mail.outbox[0].subject.startswith("dora@example.com invites you")


def test_a_deleted_person_leaves_no_invite_to_their_address(
    as_dora: Client, platform: Team
) -> None:
    send(as_dora, platform, f"{ALICE}\n{BOB}")
    delete(UserFactory(email=ALICE.title()))
    assert [invite.email for invite in Invite.objects.all()] == [BOB]


def test_a_guest_who_merely_claims_an_address_takes_no_invite_along(
    as_dora: Client, platform: Team
) -> None:
    send(as_dora, platform, ALICE)
    guest = User.objects.create_guest()
    claim(guest, ALICE)
    delete(guest)
    assert Invite.objects.get().email == ALICE


def test_an_administrator_invites_into_every_team(client: Client, platform: Team) -> None:
    client.force_login(UserFactory(is_superuser=True))
    assert make(client, platform).status_code == 200
    assert Invite.objects.get().team == platform
