"""A member's page: what the lead sees of somebody, and they themself."""

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
from quizapp.scheduling.cards import start_anew
from quizapp.scheduling.memory import Rating
from quizapp.scheduling.models import DayTally, Goal
from quizapp.teams.models import Absence, Membership, Team, User
from tests.factories import MembershipFactory, QuestionFactory, TeamFactory, UserFactory
from tests.progress.team.onboarded import choose
from tests.progress.team.people import AT_RISK, NOW, OVERDUE, assignment_of, member_of, stand
from tests.scheduling.studying import answer
from tests.study.browsing import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Members stand as the tests say, as if they had just been counted."""
    monkeypatch.setattr("quizapp.progress.team.member.refresh_member", lambda *_: 0)
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def team(platform: Team, alice: User) -> Team:
    """With Alice, who has an assignment."""
    assignment_of(platform)
    member_of(platform, alice)
    return platform


def url(team: Team, user: User) -> str:
    return reverse("member", args=[team.pk, user.pk])


def words_of(client: Client, team: Team, user: User) -> str:
    """The page without its tags."""
    words = " ".join(re.sub(r"<[^>]*>", " ", text_of(client.get(url(team, user)))).split())
    return re.sub(r" (?=[.,])", "", words)


def test_a_member_reads_what_the_lead_sees(as_alice: Client, alice: User, team: Team) -> None:
    page = words_of(as_alice, team, alice)
    assert "This is what Dora sees of you." in page
    assert "Your responses to questions stay with you." in page
    assert "Where you stand" in page
    assert "All members" not in page


def test_the_lead_reads_the_same(
    as_dora: Client, as_alice: Client, alice: User, team: Team
) -> None:
    theirs, own = words_of(as_dora, team, alice), words_of(as_alice, team, alice)
    assert "Alice sees the same." in theirs
    assert "Responses themselves are not here" in theirs
    for figure in [
        "On course Expected to reach 88% by 12 March.",
        "72% 64 to 79, from 143 answers",
        "Expected on 12 March 88% 80 to 93",
        "Questions met 140 of 221",
        "Last seen today 52 min this week",
        "By 12 March · target 85% · 10 minutes a day",
    ]:
        assert figure in theirs
        assert figure in own


def test_all_leads_are_named(as_alice: Client, alice: User, team: Team) -> None:
    for name in ("Erik", "Fay"):
        MembershipFactory(team=team, user=UserFactory(name=name), role=Membership.Role.LEAD)
    assert "This is what Dora, Erik and Fay see of you." in words_of(as_alice, team, alice)


def test_a_lead_has_a_page_too(as_dora: Client, dora: User, team: Team) -> None:
    page = words_of(as_dora, team, dora)
    assert "This is what another lead of the team would see of you; there is none now." in page
    assert "No assignment yet" in page


def test_topics_have_their_coverage_and_readiness(as_dora: Client, alice: User, team: Team) -> None:
    question = Question.objects.get()
    QuestionFactory(topic=question.topic)
    QuestionFactory()
    answer(alice, question, Rating.EASY, NOW)
    stand(Membership.objects.get(user=alice))
    (goal,) = as_dora.get(url(team, alice)).context["goals"]
    (topic,) = goal["topics"]
    assert topic["title"] == question.topic.title
    assert (topic["met"], topic["total"], topic["percent"]) == (1, 2, "50%")


def test_what_means_something_else_now_is_not_met(as_dora: Client, alice: User, team: Team) -> None:
    question = Question.objects.get()
    answer(alice, question, Rating.GOOD, NOW)
    Question.objects.update(version=2)
    start_anew([question.pk])
    (goal,) = as_dora.get(url(team, alice)).context["goals"]
    assert [(topic["met"], topic["percent"]) for topic in goal["topics"]] == [(0, "0%")]


def test_after_the_date_only_where_somebody_stands_is_shown(
    as_dora: Client, platform: Team, alice: User
) -> None:
    assignment_of(platform, due_on=date(2026, 3, 1))
    member_of(platform, alice, **OVERDUE)
    page = words_of(as_dora, platform, alice)
    assert "Was due on 1 March · target 85%" in page
    assert "Ready today 40%" in page
    assert page.count("40%") == 1


def test_the_figures_say_when_they_were_counted(as_dora: Client, alice: User, team: Team) -> None:
    stand(Membership.objects.get(user=alice), counted_at=NOW - timedelta(hours=5))
    assert "10 minutes a day · as of 09:05" in words_of(as_dora, team, alice)


def test_weeks_have_the_minutes_of_each(as_dora: Client, alice: User, team: Team) -> None:
    for days_ago, minutes in ((0, 12), (7, 30), (8, 3), (100, 9)):
        DayTally.objects.create(
            user=alice,
            day=NOW.date() - timedelta(days=days_ago),
            reviews=1,
            duration_ms=minutes * 60_000,
        )
    weeks = as_dora.get(url(team, alice)).context["weeks"]
    assert len(weeks["rows"]) == 12
    assert weeks["rows"][:3] == [("2 Mar", 12), ("23 Feb", 30), ("16 Feb", 3)]
    assert weeks["total"] == 45


def test_weeks_are_the_members_and_clocks_the_viewers(
    as_dora: Client, alice: User, team: Team
) -> None:
    User.objects.filter(pk=alice.pk).update(timezone="Pacific/Pago_Pago")  # still Sunday there
    DayTally.objects.create(user=alice, day=date(2026, 3, 1), reviews=1, duration_ms=300_000)
    context = as_dora.get(url(team, alice)).context
    assert context["weeks"]["rows"][0] == ("23 Feb", 5)
    assert context["goals"][0]["as_of"] == "14:05"


def test_without_any_answer_the_weeks_say_so(as_dora: Client, alice: User, team: Team) -> None:
    assert "None in the last 12 weeks." in words_of(as_dora, team, alice)


def test_leave_is_told_with_what_it_means(
    as_dora: Client, as_alice: Client, alice: User, team: Team
) -> None:
    Absence.objects.create(
        membership=Membership.objects.get(user=alice),
        first_day=date(2026, 3, 1),
        last_day=date(2026, 3, 6),
    )
    said = "On leave until 6 March: nothing is asked, while memory fades all the same."
    assert said in words_of(as_dora, team, alice)
    assert "nothing is asked of you, while memory fades" in words_of(as_alice, team, alice)


def test_who_has_nothing_assigned_reads_what_to_do(
    as_dora: Client, as_alice: Client, platform: Team, alice: User
) -> None:
    member_of(platform, alice)
    assert reverse("assignment-new", args=[platform.pk]) in text_of(
        as_dora.get(url(platform, alice))
    )
    page = text_of(as_alice.get(url(platform, alice)))
    assert "assignments/new" not in page
    assert "everything you learn is up to you" in page


def test_goals_in_other_teams_are_not_shown(as_dora: Client, alice: User, team: Team) -> None:
    other = TeamFactory()
    assignment_of(other)
    member_of(other, alice)
    assert Goal.objects.of(alice).count() == 2
    assert len(as_dora.get(url(team, alice)).context["goals"]) == 1


def test_there_are_as_many_queries_for_many_goals_and_answers(
    as_dora: Client, alice: User, team: Team
) -> None:
    def number() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert as_dora.get(url(team, alice)).status_code == 200
        return len(captured)

    few = number()
    for _ in range(3):
        assignment_of(team)
    for question in Question.objects.all():
        answer(alice, question, Rating.GOOD, NOW)
    stand(Membership.objects.get(user=alice))
    assert len(as_dora.get(url(team, alice)).context["goals"]) == 4
    assert number() == few


def err(user: User) -> None:
    """Sure that it is NodePort, which is wrong."""
    question = Question.objects.get()
    Question.objects.filter(pk=question.pk).update(stem="Which one is the default?")
    choose(user, question, "NodePort", NOW - timedelta(hours=1))


def test_responses_are_the_members_own(
    as_dora: Client, as_alice: Client, alice: User, team: Team
) -> None:
    err(alice)
    for client in (as_dora, as_alice):
        page = words_of(client, team, alice)
        assert "Which one is the default?" not in page
        assert "NodePort" not in page


def test_the_installation_may_show_what_was_sure_and_wrong(
    as_dora: Client, as_alice: Client, alice: User, team: Team, settings: Any
) -> None:
    settings.QUIZAPP_LEADS_SEE_RESPONSES = True
    err(alice)
    theirs, own = words_of(as_dora, team, alice), words_of(as_alice, team, alice)
    assert "That includes the latest responses that were sure and wrong." in theirs
    assert "the latest responses that you were sure of and that were wrong." in own
    for page in (theirs, own):
        assert "Which one is the default? Responded NodePort 2 March 2026" in page
        assert "ClusterIP" not in page
        assert "own." not in page


def test_what_is_not_assigned_is_never_shown(
    as_dora: Client, alice: User, team: Team, settings: Any
) -> None:
    settings.QUIZAPP_LEADS_SEE_RESPONSES = True
    private = QuestionFactory(stem="Out of curiosity?")
    answer(alice, private, Rating.AGAIN, NOW - timedelta(hours=1))
    alice.reviews.update(is_sure=True)
    assert "Out of curiosity?" not in words_of(as_dora, team, alice)


def test_others_find_nothing(
    client: Client, as_charlie: Client, charlie: User, alice: User, team: Team
) -> None:
    assert as_charlie.get(url(team, alice)).status_code == 404
    member_of(team, charlie)
    assert as_charlie.get(url(team, alice)).status_code == 404
    assert as_charlie.get(url(team, charlie)).status_code == 200
    Membership.objects.filter(user=charlie).update(left_at=NOW)
    assert as_charlie.get(url(team, charlie)).status_code == 404
    assert "/account/login/" in client.get(url(team, alice))["Location"]
    client.force_login(User.objects.create_guest())
    assert "/account/login/" in client.get(url(team, alice))["Location"]


def test_a_lead_finds_nobody_of_another_team_and_nobody_who_left(
    as_dora: Client, alice: User, team: Team
) -> None:
    other = TeamFactory()
    member_of(other, UserFactory(name="Bob"))
    bob = User.objects.get(name="Bob")
    assert as_dora.get(url(other, bob)).status_code == 404
    assert as_dora.get(url(team, bob)).status_code == 404
    Membership.objects.filter(user=alice).update(left_at=NOW)
    assert as_dora.get(url(team, alice)).status_code == 404


def test_a_removed_lead_sees_nobody_else(as_dora: Client, alice: User, team: Team) -> None:
    Membership.objects.filter(user__name="Dora").update(role=Membership.Role.MEMBER)
    assert as_dora.get(url(team, alice)).status_code == 404


def test_names_are_escaped(as_dora: Client, team: Team) -> None:
    user = member_of(team, "<script>alert(1)</script>", **AT_RISK)
    assert "<script>alert" not in text_of(as_dora.get(url(team, user)))
