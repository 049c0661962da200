"""The page on which somebody says when mail is welcome, the preview, and one click to stop."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from quizapp.onboarding.reminders.unsubscribing import token_of
from quizapp.scheduling.goals import counting
from quizapp.teams.addresses import vouch
from quizapp.teams.models import Absence, Mailing, Membership, Team, User
from tests.factories import MembershipFactory, QuestionFactory
from tests.onboarding.mailed import SITE, make_due, member, send
from tests.scheduling.studying import DAY, MORNING, answer

pytestmark = pytest.mark.django_db

URL = "/settings/reminders/"
PREVIEW = "/settings/reminders/preview/"
WORKDAYS = ["0", "1", "2", "3", "4"]
FORM = {"wants_reminders": "on", "reminder_hour": "9", "reminder_days": WORKDAYS}


@pytest.fixture(autouse=True)
def monday(time_machine: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.QUIZAPP_URL = SITE
    time_machine.move_to(MORNING, tick=False)
    monkeypatch.setattr(counting, "refresh", lambda _team, _now: 0)
    monkeypatch.setattr(counting, "refresh_member", lambda _user, _now: 0)


@pytest.fixture
def in_team(alice: User, platform: Team) -> Membership:
    vouch(alice)
    membership: Membership = MembershipFactory(team=platform, user=alice)
    return membership


def text_of(client: Client, url: str = URL) -> str:
    page = client.get(url)
    assert page.status_code == 200
    words: str = re.sub(r"\s+", " ", page.content.decode())
    return words


def checked(text: str, name: str) -> list[str]:
    boxes = re.findall(rf'<input type="checkbox" name="{name}"[^>]*>', text)
    return [box for box in boxes if " checked" in box]


def test_who_is_in_a_team_is_reminded_on_workdays_from_nine_without_having_chosen(
    as_alice: Client, in_team: Membership
) -> None:
    text = text_of(as_alice)
    assert checked(text, "wants_reminders")
    assert len(checked(text, "reminder_days")) == 5
    assert '<option value="9" selected>9:00</option>' in text
    assert "In your time zone, UTC." in text
    assert "The next reminder can come any minute, if something is due" in text
    assert "wants_digest" not in text


def test_who_is_in_no_team_gets_none(as_alice: Client, alice: User) -> None:
    vouch(alice)
    text = text_of(as_alice)
    assert not checked(text, "wants_reminders")
    assert "You get no mail of this kind." in text


def test_what_is_chosen_is_kept(as_alice: Client, alice: User) -> None:
    vouch(alice)
    chosen = {"wants_reminders": "on", "reminder_hour": "18", "reminder_days": ["6", "2"]}
    page = as_alice.post(URL, chosen)
    assert page.status_code == 302
    alice.refresh_from_db()
    assert (alice.wants_reminders, alice.reminder_hour) == (True, 18)
    assert alice.reminder_days == [2, 6]
    assert alice.wants_digest is None  # not asked
    text = text_of(as_alice)
    assert "Your reminders are set." in text
    assert "The next reminder can come on Wednesday, 4 March, from 18:00 on" in text


def test_the_next_is_tomorrow_s_for_who_has_had_one_or_has_come(
    as_alice: Client, alice: User, in_team: Membership
) -> None:
    tomorrow = "The next reminder can come on Tuesday, 3 March, from 9:00 on"
    had = Mailing.objects.create(
        user=alice, kind="reminder", day=MORNING.date(), claimed_at=MORNING
    )
    assert tomorrow in text_of(as_alice)
    had.delete()
    assert "any minute" in text_of(as_alice)
    answer(alice, QuestionFactory(), now=MORNING)
    assert tomorrow in text_of(as_alice)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"reminder_days": []}, "Choose at least one day, or no reminders."),
        ({"reminder_days": ["7"]}, "Choose days of the week."),
        ({"reminder_hour": "24"}, "Choose an hour from the list."),
        ({"reminder_hour": "x"}, "Choose an hour from the list."),
        ({"reminder_hour": ""}, "Choose an hour from the list."),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(
    as_alice: Client, alice: User, wrong: dict[str, Any], sentence: str
) -> None:
    page = as_alice.post(URL, FORM | wrong)
    assert page.status_code == 422
    assert sentence in page.content.decode()
    alice.refresh_from_db()
    assert alice.wants_reminders is None


def test_without_reminders_no_day_is_needed_and_started_again_they_come_on_workdays(
    as_alice: Client, alice: User
) -> None:
    assert as_alice.post(URL, {"reminder_hour": "9"}).status_code == 302
    alice.refresh_from_db()
    assert alice.wants_reminders is False
    as_alice.post(stop_url(alice), {"action": "start"})
    assert "The next reminder can come any minute" in text_of(as_alice)


def test_on_leave_the_next_is_that_of_the_day_after_or_none_is_named(
    as_alice: Client, in_team: Membership
) -> None:
    today = MORNING.date()
    leave = Absence.objects.create(membership=in_team, first_day=today, last_day=today)
    assert "The next reminder can come on Tuesday, 3 March, from 9:00 on" in text_of(as_alice)
    leave.last_day = today + DAY
    leave.save()
    assert "No reminder comes while you are away." in text_of(as_alice)


def test_a_lead_chooses_the_digest_too(as_dora: Client, dora: User, platform: Team) -> None:
    vouch(dora)
    text = text_of(as_dora)
    assert checked(text, "wants_digest")
    assert "The next digest can come any minute, if anybody has an assignment." in text
    assert f'href="/teams/{platform.pk}/digest/"' in text
    as_dora.post(URL, FORM)
    dora.refresh_from_db()
    assert dora.wants_digest is False
    assert "The next digest" not in text_of(as_dora)


def test_guests_and_visitors_have_to_sign_in(client: Client) -> None:
    for url in (URL, PREVIEW):
        assert client.get(url).url.startswith("/account/login/")
    client.force_login(User.objects.create_guest())
    for url in (URL, PREVIEW):
        assert client.get(url).url.startswith("/account/login/")


def test_the_settings_lead_there(as_alice: Client) -> None:
    assert f'href="{URL}"' in text_of(as_alice, "/settings/")


def test_an_address_that_is_not_confirmed_is_told(as_alice: Client, alice: User) -> None:
    assert "Your address is not confirmed yet" in text_of(as_alice)
    vouch(alice)
    assert "Your address is not confirmed yet" not in text_of(as_alice)


def test_administrators_are_told_what_keeps_mail_from_going_out(
    as_alice: Client, alice: User, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    settings.QUIZAPP_URL = ""
    told = ("No mail server is set, so mail goes to the console.", "until QUIZAPP_URL is set")
    assert not any(sentence in text_of(as_alice) for sentence in told)
    User.objects.filter(pk=alice.pk).update(is_superuser=True)
    assert all(sentence in text_of(as_alice) for sentence in told)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.QUIZAPP_URL = SITE
    assert not any(sentence in text_of(as_alice) for sentence in told)


def test_the_preview_is_the_mail_as_it_would_be_sent(
    as_alice: Client, alice: User, in_team: Membership
) -> None:
    make_due(alice, 3)
    text = text_of(as_alice, PREVIEW)
    assert not mail.outbox
    send()
    [message] = mail.outbox
    page = as_alice.get(PREVIEW)
    assert page.context["letter"].text == message.body
    assert page.context["letter"].html == message.alternatives[0][0]
    assert page.context["letter"].subject == message.subject
    assert "As it would be sent to you now." in text
    assert "3 reviews are due, about 1 minute" in text
    assert "<style" not in text
    assert "style=" not in text


def test_where_nothing_is_due_the_preview_is_an_example(as_alice: Client) -> None:
    text = text_of(as_alice, PREVIEW)
    assert "Nothing is due now, so nothing would be sent. This is an example." in text
    assert "12 reviews are due, about 4 minutes" in text


def test_without_an_address_set_the_preview_leads_to_the_one_asked_for(
    as_alice: Client, settings: Any
) -> None:
    settings.QUIZAPP_URL = ""
    assert "http://testserver/review/" in text_of(as_alice, PREVIEW)


# One click to stop


def stop_url(user: User, kind: str = "reminder") -> str:
    return f"/reminders/stop/{token_of(user, kind)}/"


@pytest.fixture
def careful() -> Client:
    """Of somebody signed out, and particular about forms from elsewhere."""
    return Client(enforce_csrf_checks=True)


def test_looking_changes_nothing_since_scanners_follow_links(careful: Client, alice: User) -> None:
    text = text_of(careful, stop_url(alice))
    assert "Stop the reminders?" in text
    assert text.partition("<main")[2].partition("</main>")[0].count("<button") == 1
    assert "Alice" not in text
    assert alice.email
    assert alice.email not in text
    alice.refresh_from_db()
    assert alice.wants_reminders is None


def test_the_mail_program_s_one_click_stops_them_without_a_redirect(
    careful: Client, alice: User, in_team: Membership
) -> None:
    make_due(alice)
    page = careful.post(stop_url(alice), {"List-Unsubscribe": "One-Click"})
    assert page.status_code == 200
    assert b"Stopped." in page.content
    alice.refresh_from_db()
    assert (alice.wants_reminders, alice.wants_digest) == (False, None)
    send()
    assert not mail.outbox


def test_the_button_stops_them_and_another_starts_them_again(careful: Client, alice: User) -> None:
    url = stop_url(alice)
    assert careful.post(url, {"action": "stop"}).url == url
    text = text_of(careful, url)
    assert "Stopped." in text
    assert "Start again" in text
    assert careful.post(url, {"action": "start"}).url == url
    alice.refresh_from_db()
    assert alice.wants_reminders is True


def test_stopping_twice_is_harmless(careful: Client, alice: User) -> None:
    for _ in range(2):
        careful.post(stop_url(alice), {"List-Unsubscribe": "One-Click"})
    alice.refresh_from_db()
    assert alice.wants_reminders is False


def test_the_digest_is_stopped_by_a_link_of_its_own(careful: Client, dora: User) -> None:
    assert "Stop the weekly digests?" in text_of(careful, stop_url(dora, "digest"))
    careful.post(stop_url(dora, "digest"), {"action": "stop"})
    dora.refresh_from_db()
    assert (dora.wants_reminders, dora.wants_digest) == (None, False)


def test_the_link_in_an_old_mail_works_for_ever(
    careful: Client, platform: Team, time_machine: Any
) -> None:
    bob = member(platform, "Bob")
    send()
    link = mail.outbox[0].message()["List-Unsubscribe"].strip("<>")
    time_machine.move_to(MORNING + 1000 * DAY)
    assert token_of(bob, "reminder") in link
    careful.post(link.removeprefix(SITE), {"List-Unsubscribe": "One-Click"})
    bob.refresh_from_db()
    assert bob.wants_reminders is False


def test_once_the_key_has_changed_a_link_says_where_else_they_are_stopped(
    careful: Client, alice: User, settings: Any
) -> None:
    url = stop_url(alice)
    settings.SECRET_KEY = "another key"
    page = careful.get(url)
    assert page.status_code == 404
    assert "This link does not work any more." in page.content.decode()
    assert f'href="{URL}"' in page.content.decode()


def test_a_link_that_is_not_ours_or_of_nobody_is_not_found(
    careful: Client, alice: User, dora: User
) -> None:
    token = token_of(alice, "reminder")
    name, _, signature = token.partition(".")
    forged = [
        f"reminder-{dora.pk}.{signature}",
        f"digest-{alice.pk}.{signature}",
        f"{name}.",
        name,
        token[:-1],
        "x" * 5000,
        f"{token}.x",
    ]
    for each in forged:
        for method in (careful.get, careful.post):
            assert method(f"/reminders/stop/{each}/").status_code == 404
    alice.delete()
    assert careful.get(f"/reminders/stop/{token}/").status_code == 404
    User.objects.filter(pk=dora.pk).update(is_active=False)
    assert careful.post(stop_url(dora)).status_code == 404
    assert not User.objects.filter(wants_reminders=False).exists()
