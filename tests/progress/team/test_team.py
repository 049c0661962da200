"""The lead's page: who will be ready, who will not, and why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from quizapp.content.models import Question
from quizapp.progress.team.headline import headline
from quizapp.scheduling.goals.counting import refresh
from quizapp.scheduling.memory import Rating
from quizapp.scheduling.models import Goal
from quizapp.teams.models import Absence, Membership, Team, User
from tests.factories import MembershipFactory, TeamFactory, UserFactory
from tests.progress.team.people import (
    AT_RISK,
    NOW,
    OVERDUE,
    READY,
    assignment_of,
    member_of,
    stand,
)
from tests.scheduling.studying import answer
from tests.study.browsing import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Members stand as the tests say, as if they had just been counted."""
    monkeypatch.setattr("quizapp.progress.team.members.refresh", lambda *_: 0)
    with time_machine.travel(NOW, tick=False):
        yield


def url(team: Team, **query: str) -> str:
    given = "&".join(f"{name}={value}" for name, value in query.items())
    return reverse("team", args=[team.pk]) + (f"?{given}" if given else "")


def words_of(client: Client, team: Team, **query: str) -> str:
    """The page without its tags."""
    text = text_of(client.get(url(team, **query)))
    return " ".join(re.sub(r"<[^>]*>", " ", text).split())


def names(client: Client, team: Team, **query: str) -> list[str]:
    return [row.name for row in client.get(url(team, **query)).context["rows"]]


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.fixture
def three(platform: Team) -> Team:
    """Alice on course, Bob at risk, Carol ready."""
    assignment_of(platform)
    member_of(platform, "Alice")
    member_of(platform, "Bob", **AT_RISK, last_answer_at=NOW - timedelta(days=9))
    member_of(platform, "Carol", **READY, minutes_this_week=80)
    return platform


def test_the_lead_reads_in_a_sentence_how_the_team_stands(as_dora: Client, three: Team) -> None:
    page = words_of(as_dora, three)
    assert "2 of 3 will be ready by 12 March; 1 is at risk." in page
    assert "as of 14:05" in page
    assert "target 85%" in page


def test_each_member_has_figures_with_their_interval_and_the_reason(
    as_dora: Client, three: Team
) -> None:
    page = words_of(as_dora, three)
    assert "Alice On course Expected to reach 88% by 12 March." in page
    assert "72% 64 to 79, from 143 answers" in page
    assert "88% 80 to 93" in page
    assert "140 of 221" in page
    assert "52 min" in page
    assert "Bob At risk Needs 14 minutes a day; the limit is 10." in page
    assert "9 days ago" in page
    assert "You see what each member sees about themselves, and no responses." in page
    assert reverse("trust") in text_of(as_dora.get(url(three)))


def test_who_is_most_in_need_comes_first(as_dora: Client, three: Team) -> None:
    member_of(three, "Zoe", **OVERDUE)
    assert names(as_dora, three) == ["Zoe", "Bob", "Alice", "Carol"]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("name", ["Alice", "Bob", "Carol"]),
        ("-name", ["Carol", "Bob", "Alice"]),
        ("readiness", ["Bob", "Alice", "Carol"]),
        ("-forecast", ["Carol", "Alice", "Bob"]),
        ("minutes", ["Bob", "Alice", "Carol"]),
        ("seen", ["Bob", "Alice", "Carol"]),
        ("-need", ["Carol", "Alice", "Bob"]),
        ("nonsense", ["Bob", "Alice", "Carol"]),
    ],
)
def test_the_list_is_sorted_as_the_address_says(
    as_dora: Client, three: Team, sort: str, expected: list[str]
) -> None:
    assert names(as_dora, three, sort=sort) == expected


def test_who_was_never_seen_is_the_longest_not_seen(as_dora: Client, three: Team) -> None:
    member_of(three, "Zoe", last_answer_at=None)
    assert names(as_dora, three, sort="seen")[0] == "Zoe"
    assert names(as_dora, three, sort="-seen")[-1] == "Zoe"
    assert "not yet" in words_of(as_dora, three)


def test_the_lead_narrows_by_status_and_name(as_dora: Client, three: Team) -> None:
    member_of(three, "Élodie Ångström", **AT_RISK)
    assert sorted(names(as_dora, three, status="at-risk")) == ["Bob", "Élodie Ångström"]
    assert names(as_dora, three, text="élodie ÅNG") == ["Élodie Ångström"]
    assert names(as_dora, three, text="bob", status="ready") == []
    assert "1 found, of 4 members" in words_of(as_dora, three, text="bob")


def test_as_many_are_listed_as_are_said_to_stand_somewhere(as_dora: Client, platform: Team) -> None:
    bob = Membership.objects.get(user=member_of(platform, "Bob"))
    assignment_of(platform, membership=bob)
    stand(bob, **AT_RISK)
    for name in ("Bert", "Carol"):
        member_of(platform, name)
    for text, found in (("", {"all": 3, "at-risk": 1, "none": 2}), ("b", {"all": 2, "none": 1})):
        chips = as_dora.get(url(platform, text=text)).context["standings"]
        numbers = {str(chip["status"]): chip["number"] for chip in chips}
        assert numbers == {"all": 3, "at-risk": 1} | found
        for chip in chips:
            assert len(as_dora.get(chip["url"]).context["rows"]) == chip["number"]


def test_a_forecast_short_of_the_target_never_looks_like_it(as_dora: Client, three: Team) -> None:
    """It stands beside a reason that says 84%."""
    Goal.objects.filter(user__name="Bob").update(forecast=0.848, readiness=0.8499)
    assert "85%" not in words_of(as_dora, three, text="bob").partition("Bob At risk")[2]


def test_nothing_is_forecast_for_a_date_that_is_over(as_dora: Client, platform: Team) -> None:
    assignment_of(platform, due_on=date(2026, 3, 1))
    member_of(platform, "Alice", **OVERDUE)
    assert words_of(as_dora, platform).count("40%") == 1


def test_where_nobody_is_found_the_way_back_is_shown(as_dora: Client, three: Team) -> None:
    page = text_of(as_dora.get(url(three, text="nobody <b>")))
    assert "Nobody with “nobody &lt;b&gt;” in the name is in the team." in page
    assert f'href="{url(three)}">Show everybody' in page


def test_what_is_chosen_stays_in_the_addresses(as_dora: Client, three: Team) -> None:
    page = text_of(as_dora.get(url(three, text="o", status="at-risk", sort="-name")))
    assert "?text=o&amp;status=at-risk&amp;sort=name" in page
    csv = reverse("team-csv", args=[three.pk])
    assert f"{csv}?text=o&amp;status=at-risk&amp;sort=-name" in page


def test_htmx_gets_the_fragment_and_the_back_button_the_page(as_dora: Client, three: Team) -> None:
    fragment = text_of(as_dora.get(url(three), headers={"HX-Request": "true"}))
    assert fragment.startswith('<div class="standing"')
    back = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    page = text_of(as_dora.get(url(three), headers=back))
    assert page.startswith("<!DOCTYPE html>")
    assert "hx-history-elt" in page


def test_twenty_five_members_make_a_page_and_all_can_be_printed(
    as_dora: Client, platform: Team
) -> None:
    assignment_of(platform)
    for number in range(27):
        member_of(platform, f"Member {number:02}")
    assert len(names(as_dora, platform)) == 25
    assert names(as_dora, platform, page="2") == ["Member 25", "Member 26"]
    assert names(as_dora, platform, page="99") == ["Member 25", "Member 26"]
    assert len(names(as_dora, platform, all="yes")) == 27
    assert "Page 1 of 2" in words_of(as_dora, platform)


def test_members_of_one_name_stand_in_the_same_order_on_every_page(
    as_dora: Client, platform: Team
) -> None:
    assignment_of(platform)
    by_joining = UserFactory.create_batch(27, name="Kim & Co; 50%")[::-1]
    for user in by_joining:
        member_of(platform, user)
    for sort in ("need", "-name"):
        rows = [
            row.url
            for page in ("1", "2")
            for row in as_dora.get(url(platform, sort=sort, page=page)).context["rows"]
        ]
        assert rows == [reverse("member", args=[platform.pk, user.pk]) for user in by_joining]


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Members are counted in earnest."""
    monkeypatch.setattr("quizapp.progress.team.members.refresh", refresh)


def test_members_are_counted_before_they_are_shown(
    as_dora: Client, platform: Team, counting: None
) -> None:
    assignment_of(platform, due_on=NOW.date() + timedelta(days=40))
    alice = member_of(platform, "Alice", counted_at=None, last_answer_at=None)
    answer(alice, Question.objects.get(), Rating.GOOD, NOW)
    page = words_of(as_dora, platform)
    assert "1 of 1" in page
    assert "today" in page
    assert "Not counted yet" not in page
    goal = Goal.objects.get()
    assert (goal.answers, goal.seen, goal.counted_at) == (1, 1, NOW)


def test_there_are_as_many_queries_for_few_members_as_for_many(
    as_dora: Client, three: Team, counting: None
) -> None:
    narrowed = {"text": "a", "status": "at-risk", "sort": "seen"}
    as_dora.get(url(three))
    few = queries(as_dora, url(three)), queries(as_dora, url(three, **narrowed))
    for number in range(27):
        member = member_of(three, f"Anna {number:02}")
        Absence.objects.create(
            membership=Membership.objects.get(user=member),
            first_day=NOW.date(),
            last_day=NOW.date(),
        )
    as_dora.get(url(three))
    many = queries(as_dora, url(three)), queries(as_dora, url(three, **narrowed))
    assert few == many
    assert max(many) <= 12


def test_leave_is_shown(as_dora: Client, three: Team) -> None:
    bob = Membership.objects.get(user__name="Bob")
    alice = Membership.objects.get(user__name="Alice")
    Absence.objects.create(membership=bob, first_day=date(2026, 2, 27), last_day=date(2026, 3, 6))
    Absence.objects.create(membership=bob, first_day=date(2026, 4, 1), last_day=date(2026, 4, 2))
    Absence.objects.create(membership=alice, first_day=date(2026, 3, 9), last_day=date(2026, 3, 10))
    page = words_of(as_dora, three)
    assert "Bob On leave until 6 March At risk" in page
    assert "Alice On leave from 9 to 10 March On course" in page


def test_an_empty_team_leads_to_invites(as_dora: Client, platform: Team) -> None:
    assignment_of(platform)  # which nobody has yet
    page = text_of(as_dora.get(url(platform)))
    assert "Nobody is in the team yet" in page
    assert reverse("team-invites", args=[platform.pk]) in page
    assert page.count("is-primary") == 1


def test_without_an_assignment_members_are_shown_and_the_way_to_one(
    as_dora: Client, platform: Team
) -> None:
    member_of(platform, "Alice")
    page = words_of(as_dora, platform)
    assert "Nothing is assigned yet." in page
    assert "Alice No assignment yet" in page
    assert reverse("assignment-new", args=[platform.pk]) in text_of(as_dora.get(url(platform)))


def test_the_lead_chooses_among_assignments_the_nearest_first(as_dora: Client, three: Team) -> None:
    sooner = assignment_of(three, due_on=date(2026, 3, 8))
    over = assignment_of(three, due_on=date(2026, 3, 1))
    context = as_dora.get(url(three)).context
    keys = [key for key, _ in context["assignments"]]
    assert (keys[0], keys[-1]) == (str(sooner.pk), str(over.pk))
    assert context["search"].assignment == sooner
    assert as_dora.get(url(three, assignment=str(over.pk))).context["search"].assignment == over


def test_one_members_own_assignment_shows_that_member(as_dora: Client, three: Team) -> None:
    bob = Membership.objects.get(user__name="Bob")
    own = assignment_of(three, membership=bob, due_on=date(2026, 3, 5))
    assert len(names(as_dora, three)) == 3
    assert names(as_dora, three, assignment=str(own.pk)) == ["Bob"]


def test_an_assignment_of_another_team_is_passed_over(as_dora: Client, three: Team) -> None:
    foreign = assignment_of(TeamFactory())
    found = as_dora.get(url(three, assignment=str(foreign.pk))).context["search"].assignment
    assert found.team == three


def test_a_member_is_sent_to_their_own_page(as_alice: Client, alice: User, three: Team) -> None:
    member_of(three, alice)
    assert as_alice.get(url(three))["Location"] == reverse("member", args=[three.pk, alice.pk])


@pytest.mark.parametrize("name", ["team", "team-csv", "team-json"])
def test_others_find_nothing(
    client: Client, as_charlie: Client, charlie: User, three: Team, name: str
) -> None:
    address = reverse(name, args=[three.pk])
    assert as_charlie.get(address).status_code == 404
    former = MembershipFactory(team=three, user=charlie, role=Membership.Role.LEAD, left_at=NOW)
    assert as_charlie.get(address).status_code == 404
    Membership.objects.filter(pk=former.pk).update(team=TeamFactory(), left_at=None)
    assert as_charlie.get(address).status_code == 404
    assert "/account/login/" in client.get(address)["Location"]
    client.force_login(User.objects.create_guest())
    assert "/account/login/" in client.get(address)["Location"]


@pytest.mark.parametrize("name", ["team-csv", "team-json"])
def test_members_get_no_files_of_the_team(
    as_alice: Client, alice: User, three: Team, name: str
) -> None:
    member_of(three, alice)
    assert as_alice.get(reverse(name, args=[three.pk])).status_code == 404


def test_a_former_lead_sees_only_what_is_about_them(as_dora: Client, three: Team) -> None:
    Membership.objects.filter(user__name="Dora").update(role=Membership.Role.MEMBER)
    assert as_dora.get(url(three)).status_code == 302
    assert as_dora.get(reverse("team-csv", args=[three.pk])).status_code == 404


def test_an_administrator_sees_every_team(client: Client, three: Team) -> None:
    client.force_login(UserFactory(is_superuser=True))
    assert "2 of 3 will be ready" in words_of(client, three)


def test_names_are_escaped(as_dora: Client, three: Team) -> None:
    member_of(three, "<script>alert(1)</script>")
    assert "<script>alert" not in text_of(as_dora.get(url(three)))


def test_values_that_mean_nothing_are_passed_over(as_dora: Client, three: Team) -> None:
    query = {"assignment": "x", "status": "x", "sort": "x", "page": "-1", "text": "%00"}
    assert len(names(as_dora, three, **query)) == 3


def test_an_order_turned_round_outlives_a_search(as_dora: Client, three: Team) -> None:
    assert '<option value="-name" selected>Name, turned round' in text_of(
        as_dora.get(url(three, sort="-name"))
    )


def test_the_installation_may_let_leads_see_responses(
    as_dora: Client, three: Team, settings: Any
) -> None:
    settings.QUIZAPP_LEADS_SEE_RESPONSES = True
    assert "with the latest responses that were sure and wrong" in words_of(as_dora, three)


def test_whoever_has_not_been_counted_is_shown_without_figures(
    as_dora: Client, three: Team
) -> None:
    Goal.objects.update(counted_at=None, readiness=None, forecast=None, status="", total=None)
    assert "Alice Not counted yet" in words_of(as_dora, three)


TODAY, THEN = date(2026, 3, 2), date(2026, 3, 12)


@pytest.mark.parametrize(
    ("numbers", "first", "last", "expected"),
    [
        ({}, None, None, ""),
        ({"none": 3}, None, None, ""),
        ({"ready": 2, "on-course": 6}, THEN, THEN, "All 8 will be ready by 12 March."),
        (
            {"ready": 2, "on-course": 3, "at-risk": 2, "overdue": 1},
            THEN,
            THEN,
            "5 of 8 will be ready by 12 March; 2 are at risk; 1 is overdue.",
        ),
        (
            {"on-course": 1, "at-risk": 1, "none": 2},
            THEN,
            date(2026, 4, 1),
            "1 of 2 will be ready by their dates; 1 is at risk; 2 have no assignment yet.",
        ),
        ({"at-risk": 3}, THEN, THEN, "None of 3 will be ready by 12 March; all are at risk."),
        (
            {"at-risk": 1},
            THEN,
            THEN,
            "Nobody will be ready by 12 March; the one member is at risk.",
        ),
        ({"ready": 1}, THEN, THEN, "The one member will be ready by 12 March."),
        (
            {"ready": 5, "overdue": 3},
            date(2026, 3, 1),
            date(2026, 3, 1),
            "5 of 8 are ready; 3 are overdue since 1 March.",
        ),
        (
            {"ready": 1, "overdue": 7},
            date(2025, 12, 30),
            date(2025, 12, 30),
            "1 of 8 is ready; 7 are overdue since 30 December 2025.",
        ),
    ],
)
def test_the_headline_says_it_in_words(
    numbers: dict[str, int], first: date | None, last: date | None, expected: str
) -> None:
    assert headline(numbers, first, last, TODAY) == expected
