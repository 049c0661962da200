"""Who is sent a reminder, when, and that nobody gets two."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from quizapp.content.models import Question
from quizapp.onboarding.reminders import recipients
from quizapp.onboarding.reminders.letters import why_reminded
from quizapp.scheduling.goals import counting
from quizapp.scheduling.goals.syncing import sync
from quizapp.scheduling.models import DayTally, Goal
from quizapp.teams.models import Absence, Mailing, Membership, Team, User
from tests.account.test_configuration import configured
from tests.factories import (
    AssignmentFactory,
    MembershipFactory,
    QuestionFactory,
    TeamFactory,
    TopicFactory,
    TrackFactory,
)
from tests.onboarding.mailed import SITE, due_card, lead, make_due, member, person, send
from tests.scheduling.studying import DAY, MORNING, answer

pytestmark = pytest.mark.django_db

NOTHING = "Sent 0 reminders and 0 digests.\n"
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def monday(time_machine: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a Monday morning, and where members stand is as each test says."""
    settings.QUIZAPP_URL = SITE
    monkeypatch.setattr(counting, "refresh_member", lambda _user, _now: 0)
    time_machine.move_to(MORNING, tick=False)


def sent_to() -> list[str]:
    return [address for message in mail.outbox for address in message.to]


def test_a_member_with_reviews_due_is_reminded_once_a_day(
    platform: Team, time_machine: Any
) -> None:
    member(platform, "Bob", due=3)
    assert send() == "Sent 1 reminder and 0 digests.\n"
    assert sent_to() == ["bob@example.com"]
    assert mail.outbox[0].subject == "3 reviews are due, about 1 minute"
    assert send() == NOTHING
    time_machine.move_to(MORNING + 11 * HOUR)
    assert send() == NOTHING
    time_machine.move_to(MORNING + DAY)
    assert send() == "Sent 1 reminder and 0 digests.\n"
    claim = Mailing.objects.latest("pk")
    assert (claim.day, claim.kind, claim.sent_at) == (date(2026, 3, 3), "reminder", MORNING + DAY)


def test_the_mail_says_what_to_do_why_it_comes_and_how_to_stop_it(platform: Team) -> None:
    member(platform, "Bob", due=2)
    send()
    message = mail.outbox[0]
    [(html, kind)] = message.alternatives
    assert kind == "text/html"
    for text in (message.body, html):
        assert "Hello Bob," in text
        assert "2 reviews are due, about 1 minute." in text
        assert f"{SITE}/review/" in text
        assert "you are in the team Platform and have not reviewed yet today" in text
        assert f"{SITE}/settings/reminders/" in text
    stop = re.search(r"Stop these reminders: (\S+)", message.body)
    assert stop
    assert stop[1] in html
    raw = message.message()
    assert raw["List-Unsubscribe"] == f"<{stop[1]}>"
    assert raw["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert raw["Auto-Submitted"] == "auto-generated"


def test_what_people_have_typed_is_escaped_in_html_and_plain_in_text(platform: Team) -> None:
    Team.objects.update(name="<b>R&D</b>")
    user = member(platform, "Bob")
    User.objects.filter(pk=user.pk).update(name="<i>Bob")
    send()
    message = mail.outbox[0]
    assert "Hello <i>Bob," in message.body
    assert "the team <b>R&D</b>" in message.body
    html = str(message.alternatives[0][0])
    assert "<i>" not in html
    assert "<b>" not in html
    assert "&lt;b&gt;R&amp;D" in html


@pytest.mark.parametrize(("hours", "count"), [(-0.01, 0), (0, 1), (11.9, 1), (12, 0)], ids=str)
def test_it_comes_from_the_hour_on_but_not_at_night_after_a_morning_without_cron(
    platform: Team, time_machine: Any, hours: float, count: int
) -> None:
    member(platform, "Bob")
    time_machine.move_to(MORNING + hours * HOUR)
    send()
    assert len(mail.outbox) == count


def test_the_hour_and_the_days_are_the_person_s_own(platform: Team, time_machine: Any) -> None:
    member(platform, "Bob", timezone="Europe/Berlin", reminder_hour=18, reminder_days=[5])
    for moment, number in (
        ("2026-03-02T17:30+00:00", 0),
        ("2026-03-07T16:59+00:00", 0),
        ("2026-03-07T17:00+00:00", 1),
    ):
        time_machine.move_to(datetime.fromisoformat(moment))
        send()
        assert len(mail.outbox) == number


def test_nobody_is_reminded_at_the_weekend_who_has_not_chosen_so(
    platform: Team, time_machine: Any
) -> None:
    member(platform, "Bob")
    time_machine.move_to(MORNING + 5 * DAY)
    assert send() == NOTHING


def leave_team(user: User) -> None:
    Membership.objects.filter(user=user).update(left_at=MORNING)


def archive(user: User) -> None:
    Team.objects.update(archived_at=MORNING)


def unproven(user: User) -> None:
    user.emailaddress_set.update(verified=False)


def changed(**fields: Any) -> Callable[[User], object]:
    return lambda user: User.objects.filter(pk=user.pk).update(**fields)


def come_today(user: User) -> None:
    answer(user, QuestionFactory(), now=MORNING - HOUR)


def suspend_all(user: User) -> None:
    user.cards.update(is_suspended=True)


def bury_all(user: User) -> None:
    user.cards.update(buried_until=MORNING + HOUR)


def due_later(user: User) -> None:
    user.cards.update(due=MORNING + HOUR)


def retire_all(user: User) -> None:
    for card in user.cards.all():
        type(card.question).objects.filter(pk=card.question_id).update(retired_at=MORNING)


def full_day(user: User) -> None:
    User.objects.filter(pk=user.pk).update(reviews_per_day=0)


@pytest.mark.parametrize(
    "change",
    [
        leave_team,
        archive,
        unproven,
        changed(is_active=False),
        changed(wants_reminders=False),
        come_today,
        suspend_all,
        bury_all,
        due_later,
        retire_all,
        full_day,
    ],
)
def test_nobody_is_reminded_without_cause(platform: Team, change: Callable[[User], object]) -> None:
    user = member(platform, "Bob")
    change(user)
    assert send() == NOTHING
    assert not Mailing.objects.exists()


def test_who_is_in_no_team_is_reminded_on_request() -> None:
    make_due(person("Bob"))
    make_due(person("Carol", wants_reminders=True))
    send()
    assert sent_to() == ["carol@example.com"]
    assert "you asked to be reminded" in mail.outbox[0].body


def test_an_answer_of_yesterday_night_is_yesterday_s(platform: Team) -> None:
    user = member(platform, "Bob")
    answer(user, QuestionFactory(), now=MORNING - 6 * HOUR)
    send()
    assert sent_to() == ["bob@example.com"]


def test_who_is_away_from_every_team_is_left_in_peace(platform: Team, time_machine: Any) -> None:
    user = member(platform, "Bob")
    today = MORNING.date()
    here = Membership.objects.get(user=user)
    Absence.objects.create(membership=here, first_day=today, last_day=today)
    assert send() == NOTHING
    elsewhere = MembershipFactory(team=TeamFactory(name="Storage"), user=user)
    Absence.objects.create(membership=elsewhere, first_day=today + DAY, last_day=today + 2 * DAY)
    send()
    assert "you are in the team Storage and" in mail.outbox[0].body


def test_what_was_yesterday_does_not_stand_in_the_way_where_it_is_tomorrow_already(
    platform: Team, time_machine: Any
) -> None:
    bob = member(platform, "Bob", timezone="Pacific/Auckland")
    member(platform, "Carol", reminder_hour=20)
    monday = MORNING.date()
    Mailing.objects.create(user=bob, kind="reminder", day=monday, claimed_at=MORNING)
    DayTally.objects.create(user=bob, day=monday, reviews=1, duration_ms=1000)
    time_machine.move_to(MORNING + 12 * HOUR)  # Tuesday morning in Auckland
    send()
    assert sent_to() == ["bob@example.com", "carol@example.com"]


@pytest.mark.parametrize(
    ("teams", "words"),
    [
        ([], "you asked to be reminded"),
        (["A"], "you are in the team A"),
        (["A", "B"], "you are in the teams A and B"),
        (["A", "B", "C"], "you are in the teams A, B and C"),
        (["A", "B", "C", "D"], "you are in the teams A, B and 2 more"),
    ],
)
def test_of_many_teams_two_are_named(teams: list[str], words: str) -> None:
    assert why_reminded(User(), teams) == words


def test_new_questions_of_a_goal_are_reason_enough(platform: Team) -> None:
    user = member(platform, "Bob", due=0)
    new = QuestionFactory.create_batch(2, topic=TopicFactory())
    assert send() == NOTHING
    goal_of(user, platform, new)
    send()
    assert mail.outbox[0].subject == "2 new questions are planned for today, about 1 minute"
    assert "Storage by 4 March 2026: 64% today, 88% expected." in mail.outbox[0].body


def test_nothing_is_expected_of_a_date_that_has_come_and_no_share_looks_like_the_target(
    platform: Team,
) -> None:
    user = member(platform, "Bob")
    goal = goal_of(user, platform, [QuestionFactory()], readiness=0.846)  # of 0.85
    Goal.objects.filter(pk=goal.pk).update(due_on=MORNING.date())
    send()
    for text in (mail.outbox[0].body, mail.outbox[0].alternatives[0][0]):
        assert "Storage by 2 March 2026: 84% today." in text


def test_so_is_what_a_goal_asks_for_again_in_its_last_days(platform: Team, client: Any) -> None:
    user = member(platform, "Bob", due=0)
    question = QuestionFactory()
    due_card(user, question, since=MORNING + 2 * DAY)
    user.cards.update(stability=0.5)
    QuestionFactory()  # not of the goal
    assert send() == NOTHING
    goal_of(user, platform, [question], seen=10)
    client.force_login(user)
    assert client.get("/").context["plan"].early == 1
    send()
    assert mail.outbox[0].subject == "1 review is due, about 1 minute"


def goal_of(user: User, team: Team, questions: Sequence[Question], **fields: Any) -> Goal:
    """To know the questions in two days. Where the member stands is given."""
    track = TrackFactory(title="Storage", topics=[questions[0].topic])
    assignment = AssignmentFactory(team=team, track=track, due_on=date(2026, 3, 4))
    User.objects.filter(pk=user.pk).update(has_goals=True)
    counted = {"counted_at": MORNING, "total": 10, "seen": 4, "readiness": 0.64, "forecast": 0.88}
    return Goal.objects.create(
        assignment=assignment,
        membership=Membership.objects.get(user=user, team=team),
        user=user,
        due_on=assignment.due_on,
        **counted | fields,
    )


def test_a_goal_that_is_all_seen_is_no_reason(platform: Team) -> None:
    user = member(platform, "Bob", due=0)
    goal_of(user, platform, [QuestionFactory()], seen=10)
    assert send() == NOTHING


def test_the_plan_counts_as_the_home_page_does(platform: Team, client: Any) -> None:
    user = member(platform, "Bob", due=3)
    twins = QuestionFactory()
    due_card(user, twins)
    due_card(user, QuestionFactory(topic=twins.topic, facts=list(twins.facts.all())))
    send()
    assert mail.outbox[0].subject.startswith("4 reviews are due")
    client.force_login(user)
    assert client.get("/").context["plan"].reviews == 4


def test_a_digest_tells_where_members_stand_now(platform: Team) -> None:
    lead(platform, "Lea")
    user = member(platform, "Bob", due=0, reminder_hour=23)
    question = QuestionFactory()
    AssignmentFactory(team=platform, track=TrackFactory(topics=[question.topic]))
    sync(platform)
    answer(user, question, now=MORNING - DAY)
    assert send() == "Sent 0 reminders and 1 digest.\n"
    goal = Goal.objects.get()
    assert goal.counted_at == MORNING
    assert goal.status
    assert f"Bob, {goal.assignment.track.title} by 25 May 2026:" in mail.outbox[0].body
    assert goal.get_status_display() in mail.outbox[0].body


def test_a_mail_that_fails_is_logged_and_does_not_stop_the_others(
    platform: Team, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("Bob", "Carol", "Dan"):
        member(platform, name)
    refuse(monkeypatch, "carol@example.com", smtplib.SMTPDataError(550, b"no such mailbox"))
    assert send() == "Sent 2 reminders and 0 digests. 1 mail could not be sent.\n"
    assert sent_to() == ["bob@example.com", "dan@example.com"]
    assert "The reminder for carol@example.com was not sent." in caplog.text
    assert send() == NOTHING  # refused for good: not tried again today


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPDataError(451, b"try later"),
        smtplib.SMTPRecipientsRefused({"bob@example.com": (450, b"greylisted")}),
        smtplib.SMTPSenderRefused(550, b"not your address", "quizapp@localhost"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_the_server_puts_off_is_tried_again_with_the_next_run(
    platform: Team, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    member(platform, "Bob")
    refuse(monkeypatch, "bob@example.com", error)
    assert send() == "Sent 0 reminders and 0 digests. 1 mail could not be sent.\n"
    monkeypatch.undo()
    assert send() == "Sent 1 reminder and 0 digests.\n"


def test_what_may_have_arrived_is_not_sent_again(
    platform: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    member(platform, "Bob")
    refuse(monkeypatch, "bob@example.com", TimeoutError("after the last line"))
    with pytest.raises(CommandError, match="1 mail could not be sent"):
        send()
    monkeypatch.undo()
    assert send() == NOTHING
    assert Mailing.objects.get().sent_at is None


@pytest.mark.parametrize(
    "error", [TimeoutError("timed out"), smtplib.SMTPServerDisconnected("unexpectedly closed")]
)
def test_a_server_that_falls_silent_costs_one_mail_and_the_rest_waits_for_the_next_run(
    platform: Team, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    for name in ("Bob", "Carol", "Dan", "Erin"):
        member(platform, name)
    refuse(monkeypatch, "carol@example.com", error)
    told = r"Sent 1 reminder and 0 digests\. 1 mail could not be sent\. What is left goes out"
    with pytest.raises(CommandError, match=told):
        send()
    assert send() == "Sent 2 reminders and 0 digests.\n"
    assert sent_to() == ["bob@example.com", "dan@example.com", "erin@example.com"]


def refuse(monkeypatch: pytest.MonkeyPatch, address: str, error: Exception) -> None:
    send_messages = EmailBackend.send_messages

    def refusing(self: EmailBackend, messages: Any) -> int:
        if messages[0].to == [address]:
            raise error
        return send_messages(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", refusing)


def test_without_a_mail_server_nothing_is_claimed(
    platform: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    member(platform, "Bob")

    def away(self: EmailBackend) -> None:
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr(EmailBackend, "open", away)
    with pytest.raises(CommandError, match=r"cannot be reached .*Connection refused.* next run"):
        send()
    assert not Mailing.objects.exists()
    monkeypatch.undo()
    assert send() == "Sent 1 reminder and 0 digests.\n"


def test_without_an_address_for_the_links_nothing_is_sent(platform: Team, settings: Any) -> None:
    member(platform, "Bob")
    settings.QUIZAPP_URL = ""
    with pytest.raises(CommandError, match="Set QUIZAPP_URL to the address"):
        send()
    assert not Mailing.objects.exists()


def test_an_address_for_the_links_that_is_none_is_refused(tmp_path: Path) -> None:
    refused = configured(tmp_path, "QUIZAPP_URL", QUIZAPP_URL="quiz.example.com")
    assert "has to be an address such as https://quiz.example.com, not quiz" in refused.stderr
    taken = configured(tmp_path, "QUIZAPP_URL", QUIZAPP_URL=f"{SITE}/")
    assert taken.stdout.strip() == SITE


def test_what_was_sent_long_ago_is_forgotten(alice: User) -> None:
    for days in (89, 91):
        day = MORNING - days * DAY
        Mailing.objects.create(user=alice, kind="reminder", day=day.date(), claimed_at=day)
    send()
    assert Mailing.objects.get().day == (MORNING - 89 * DAY).date()


def test_who_is_not_due_costs_no_query_of_their_own(platform: Team) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert send() == NOTHING
        return len(captured)

    member(platform, "Bob", due=0)
    member(platform, "Carol", reminder_hour=10)
    few = queries()
    for number in range(20):
        member(platform, f"Dan{number}", due=0)
        member(platform, f"Erin{number}", reminder_hour=10)
        come_today(member(platform, f"Frank{number}"))
        person(f"Grace{number}")
    assert queries() == few


def test_each_mail_costs_a_fixed_number_of_queries(platform: Team) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            send()
        return len(captured)

    def due_next(number: int) -> int:
        for _ in range(number):
            member(platform, f"Bob{User.objects.count()}", due=2)
        return queries()

    one, two, six = due_next(1), due_next(2), due_next(6)
    assert two - one == (six - two) / 4
    assert len(mail.outbox) == 9


def test_many_people_are_looked_at_in_chunks(
    platform: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recipients, "CHUNK", 2)
    for number in range(5):
        member(platform, f"Bob{number}", reminder_hour=10 if number in (2, 3) else 9)
    assert send() == "Sent 3 reminders and 0 digests.\n"
    assert sent_to() == ["bob0@example.com", "bob1@example.com", "bob4@example.com"]
