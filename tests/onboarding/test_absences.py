"""Days of leave: noted for oneself or by a lead, joined, and taken back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizapp.onboarding.members import absences
from quizapp.onboarding.members.absences import Span
from quizapp.scheduling.goals.syncing import sync
from quizapp.scheduling.models import Goal
from quizapp.teams.models import Absence, Membership, Team, User
from tests.factories import AssignmentFactory, MembershipFactory
from tests.scheduling.studying import MORNING

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]

TODAY = MORNING.date()  # 2 March 2026
NEXT_MONDAY, NEXT_FRIDAY = date(2026, 3, 9), date(2026, 3, 13)


@pytest.fixture
def alices(alice: User, platform: Team) -> Membership:
    """Alice's membership of Platform."""
    return MembershipFactory(team=platform, user=alice)


def away_url(membership: Membership) -> str:
    return reverse("member-away", args=[membership.team_id, membership.user_id])


def back_url(membership: Membership, pk: int) -> str:
    return reverse("member-back", args=[membership.team_id, membership.user_id, pk])


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def note(client: Client, membership: Membership, first: Any, last: Any = "") -> Any:
    form = {"first_day": str(first), "last_day": str(last)}
    return client.post(away_url(membership), form)


def noted(membership: Membership) -> list[tuple[date, date]]:
    return [
        (each.first_day, each.last_day) for each in Absence.objects.filter(membership=membership)
    ]


def test_a_member_notes_days_off_and_reads_that_memory_fades(
    as_alice: Client, alices: Membership
) -> None:
    page = text(as_alice.get(away_url(alices)))
    assert (
        "Nothing is asked of you and no reminders come on these days. Memory fades all the same: "
        "readiness on the date will be a little lower." in page
    )
    assert "No days off are noted." in page
    response = note(as_alice, alices, NEXT_MONDAY, NEXT_FRIDAY)
    assert response["Location"] == away_url(alices)
    page = text(as_alice.get(away_url(alices)))
    assert "Leave from 9 to 13 March 2026 is noted." in page
    assert noted(alices) == [(NEXT_MONDAY, NEXT_FRIDAY)]


def test_a_lead_notes_them_for_a_member(as_dora: Client, alices: Membership) -> None:
    assert "Nothing is asked of Alice" in text(as_dora.get(away_url(alices)))
    note(as_dora, alices, NEXT_MONDAY)
    assert noted(alices) == [(NEXT_MONDAY, NEXT_MONDAY)]


def test_where_the_member_stands_is_counted_anew(
    as_alice: Client, platform: Team, alices: Membership
) -> None:
    bobs = MembershipFactory(team=platform)
    AssignmentFactory(team=platform)
    sync(platform)
    Goal.objects.update(counted_at=MORNING)
    note(as_alice, alices, NEXT_MONDAY)
    assert Goal.objects.get(membership=alices).counted_at is None
    assert Goal.objects.get(membership=bobs).counted_at == MORNING
    Goal.objects.update(counted_at=MORNING)
    as_alice.post(back_url(alices, Absence.objects.get().pk))
    assert Goal.objects.get(membership=alices).counted_at is None


def test_days_that_touch_become_one_leave(as_alice: Client, alices: Membership) -> None:
    note(as_alice, alices, date(2026, 3, 9), date(2026, 3, 10))
    note(as_alice, alices, date(2026, 3, 14), date(2026, 3, 15))
    note(as_alice, alices, date(2026, 4, 1), date(2026, 4, 1))
    note(as_alice, alices, date(2026, 3, 11), date(2026, 3, 14))
    joined, other = (date(2026, 3, 9), date(2026, 3, 15)), (date(2026, 4, 1), date(2026, 4, 1))
    assert noted(alices) == [joined, other]
    # A double click, and days within.
    for _ in range(2):
        note(as_alice, alices, date(2026, 3, 10), date(2026, 3, 11))
    assert noted(alices) == [joined, other]
    assert "from 9 to 15 March 2026" in text(as_alice.get(away_url(alices)))


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        ("", "", absences.NO_DATE),
        ("soon", "", absences.NO_DATE),
        ("2026-02-30", "", absences.NO_DATE),
        ("99999-01-01", "", absences.NO_DATE),
        ("2026-03-09", "later", absences.NO_DATE),
        ("\0", "\ud800", absences.NO_DATE),
        ("2026-03-13", "2026-03-09", absences.WRONG_WAY_ROUND),
        ("2026-02-20", "2026-03-01", absences.OVER),
        ("0001-01-01", "", absences.OVER),
        ("2026-01-29", "2026-03-13", absences.TOO_EARLY),
        ("2026-03-09", "2027-03-04", absences.TOO_LATE),
        ("9999-12-31", "", absences.TOO_LATE),
    ],
)
def test_days_that_make_no_sense_are_refused_and_stay_as_typed(
    as_alice: Client, alices: Membership, first: str, last: str, sentence: str
) -> None:
    form = {"first_day": first, "last_day": last.encode("utf-8", "replace").decode()}
    response = as_alice.post(away_url(alices), form)
    assert response.status_code == 422
    assert sentence in text(response)
    assert "\0" in first or not first or f'value="{first}"' in text(response)
    assert not Absence.objects.exists()


def test_leave_that_began_lately_and_a_whole_year_are_taken(
    as_alice: Client, alices: Membership
) -> None:
    first, last = TODAY - timedelta(days=31), TODAY + timedelta(days=366)
    note(as_alice, alices, first, last)
    assert noted(alices) == [(first, last)]


def test_leave_to_come_is_removed_and_the_removal_undone(
    as_alice: Client, alices: Membership
) -> None:
    note(as_alice, alices, NEXT_MONDAY, NEXT_FRIDAY)
    pk = Absence.objects.get().pk
    response = as_alice.post(back_url(alices, pk), follow=True)
    assert "There is no leave from 9 to 13 March 2026 any more." in text(response)
    assert noted(alices) == []
    assert absences.ENDED in text(as_alice.post(back_url(alices, pk), follow=True))
    undo_url = response.context["notice"]["undo_url"]
    for _ in range(2):
        as_alice.post(undo_url, {"next": away_url(alices)})
    assert noted(alices) == [(NEXT_MONDAY, NEXT_FRIDAY)]


def test_who_is_back_early_ends_the_leave_and_keeps_its_days(
    as_alice: Client, alices: Membership
) -> None:
    monday, friday = TODAY - timedelta(days=7), TODAY + timedelta(days=4)
    note(as_alice, alices, monday, friday)
    assert "Back today" in text(as_alice.get(away_url(alices)))
    pk = Absence.objects.get().pk
    response = as_alice.post(back_url(alices, pk), follow=True)
    assert noted(alices) == [(monday, TODAY - timedelta(days=1))]
    assert "No days off are noted." in text(response)
    assert absences.ENDED in text(as_alice.post(back_url(alices, pk), follow=True))
    as_alice.post(response.context["notice"]["undo_url"])
    assert noted(alices) == [(monday, friday)]


def test_today_is_the_members_own(
    as_alice: Client, alice: User, alices: Membership, time_machine: Any
) -> None:
    """In the evening of the 2nd in Los Angeles it is the 3rd in UTC."""
    alice.timezone = "America/Los_Angeles"
    alice.save()
    time_machine.move_to(datetime(2026, 3, 3, 5, tzinfo=UTC))
    assert note(as_alice, alices, "2026-03-02").status_code == 302
    assert "On 2 March 2026" in text(as_alice.get(away_url(alices)))


def test_leave_is_nobody_elses_business(
    as_alice: Client, as_charlie: Client, as_dora: Client, platform: Team, alices: Membership
) -> None:
    bobs = MembershipFactory(team=platform)
    foreign = Absence.objects.create(
        membership=MembershipFactory(), first_day=NEXT_MONDAY, last_day=NEXT_FRIDAY
    )
    for client, whose in [(as_alice, bobs), (as_charlie, alices), (as_dora, foreign.membership)]:
        assert client.get(away_url(whose)).status_code == 404
        assert note(client, whose, NEXT_MONDAY).status_code == 404
        assert client.post(back_url(whose, foreign.pk)).status_code == 404
    assert as_alice.post(back_url(alices, foreign.pk)).status_code == 404
    assert as_alice.post(back_url(alices, 10**40)).status_code == 302
    alices.left_at = MORNING
    alices.save()
    for client in (as_alice, as_dora):
        assert client.get(away_url(alices)).status_code == 404
        assert note(client, alices, NEXT_MONDAY).status_code == 404
    assert Absence.objects.get() == foreign


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 3, 2), date(2026, 3, 2), "on 2 March 2026"),
        (date(2026, 3, 2), date(2026, 3, 13), "from 2 to 13 March 2026"),
        (date(2026, 3, 30), date(2026, 4, 2), "from 30 March to 2 April 2026"),
        (date(2026, 12, 24), date(2027, 1, 2), "from 24 December 2026 to 2 January 2027"),
    ],
)
def test_days_in_words(first: date, last: date, words: str) -> None:
    assert Span(first, last).words == words


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 8)), max_size=8))
def test_the_days_noted_are_the_days_asked_for_in_leaves_that_do_not_touch(
    alices: Membership, asked: list[tuple[int, int]]
) -> None:
    Absence.objects.all().delete()
    wanted = set()
    for start, length in asked:
        first = TODAY + timedelta(days=start)
        absences.note(alices, Span(first, first + timedelta(days=length)))
        wanted |= {first + timedelta(days=day) for day in range(length + 1)}
    spans = noted(alices)
    days = [
        first + timedelta(days=day)
        for first, last in spans
        for day in range((last - first).days + 1)
    ]
    assert sorted(wanted) == days
    assert all(after[0] - before[1] > timedelta(days=1) for before, after in pairwise(spans))
