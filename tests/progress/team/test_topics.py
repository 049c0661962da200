from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from quizapp.progress.team.topic_map import LEVELS, level, topic_map
from quizapp.scheduling.goals.readiness import recall
from quizapp.scheduling.models import Card
from quizapp.teams.models import Membership, Team, User
from tests.factories import (
    AssignmentFactory,
    MembershipFactory,
    QuestionFactory,
    TeamFactory,
    TopicFactory,
    TrackFactory,
)
from tests.progress.team.onboarded import assign, join
from tests.scheduling.studying import DAY, MORNING, learn
from tests.study.browsing import text_of

pytestmark = pytest.mark.django_db


def address(team: Team, **query: Any) -> str:
    words = "&".join(f"{key}={value}" for key, value in query.items())
    return f"/teams/{team.pk}/topics/?{words}"


def cells(page: str, name: str) -> list[str]:
    """What the row of this name says of each topic."""
    row = next(row for row in re.findall(r"<tr>.*?</tr>", page) if f"{name} </th>" in row)
    return re.findall(r'<td class="topic-share" data-level="\d">(\d+%)</td>', row)


def row_of(page: str, name: str) -> list[str]:
    return cells(page.replace(f"{name}</a>", name), name)


def test_each_member_has_a_cell_for_each_topic(as_dora: Client, platform: Team) -> None:
    pods, services = TopicFactory(title="Pods"), TopicFactory(title="Services")
    known = QuestionFactory(topic=pods)
    QuestionFactory(topic=pods)
    QuestionFactory(topic=services)
    assign(platform, services, pods)
    ann, _ = join(platform, "Ann", "Ben")
    learn(ann, known, MORNING)
    page = text_of(as_dora.get(address(platform)))
    headings = re.findall(r'<th scope="col">(.*?)</th>', page)
    assert headings == ["Member", "Services", "Pods"]
    assert row_of(page, "Ann") == ["0%", "50%"]
    assert row_of(page, "Ben") == ["0%", "0%"]
    assert cells(page, "All 2") == ["0%", "25%"]
    assert "Weakest: <strong>Services, 0%</strong>" in page


def test_readiness_is_that_of_the_forgetting_curve(platform: Team) -> None:
    question = QuestionFactory()
    made = assign(platform, question.topic)
    (ann,) = join(platform, "Ann")
    learn(ann, question, MORNING - 40 * DAY)
    stability = Card.objects.get(user=ann).stability
    assert stability
    found = topic_map(made, MORNING, 1)
    assert found.rows[0].shares == pytest.approx([recall(40, stability)])
    assert found.team == pytest.approx([recall(40, stability)])


def test_what_means_something_else_now_counts_as_unseen(platform: Team) -> None:
    question = QuestionFactory()
    made = assign(platform, question.topic)
    (ann,) = join(platform, "Ann")
    learn(ann, question)
    question.version = 2
    question.save()
    Card.objects.start_anew(MORNING)
    assert topic_map(made, MORNING, 1).rows[0].shares == [0.0]


def test_only_questions_of_the_track_count(platform: Team) -> None:
    pods = TopicFactory()
    QuestionFactory(topic=pods)
    retired = QuestionFactory(topic=pods, retired_at=MORNING)
    elsewhere = QuestionFactory()
    made = assign(platform, pods)
    # The same topic in another track, at another place.
    TrackFactory(topics=[elsewhere.topic, pods])
    (ann,) = join(platform, "Ann")
    learn(ann, elsewhere)
    Card.objects.filter(user=ann).update(question=retired)
    found = topic_map(made, MORNING, 1)
    assert found.topics == [pods]
    assert found.rows[0].shares == [0.0]


def test_the_weakest_topic_is_that_of_the_whole_team_and_not_of_one_page(
    as_dora: Client, platform: Team
) -> None:
    pods, services = QuestionFactory().topic, QuestionFactory().topic
    made = assign(platform, pods, services)
    members = join(platform, *(f"Member {number:02}" for number in range(30)))
    for member in members[25:]:
        learn(member, pods.questions.get())
    for member in members[:4]:
        learn(member, services.questions.get())
    found = topic_map(made, MORNING, 2)
    assert [row.user.name for row in found.rows] == [f"Member {n}" for n in range(25, 30)]
    assert found.weakest == (services, pytest.approx(4 / 30))
    page = text_of(as_dora.get(address(platform, page=2)))
    assert "Page 2 of 2" in page
    assert f"Weakest: <strong>{services.title}, 13%</strong>" in page
    assert cells(page, "All 30") == ["17%", "13%"]


def test_before_anybody_has_begun_no_topic_is_the_weakest(as_dora: Client, platform: Team) -> None:
    assign(platform, QuestionFactory().topic, QuestionFactory().topic)
    join(platform, "Ann")
    page = text_of(as_dora.get(address(platform)))
    assert cells(page, "The one member") == ["0%", "0%"]
    assert "Weakest" not in page


@pytest.mark.parametrize("number", ["0", "-1", "99999999999", "x", "²"])
def test_a_page_that_is_not_there_is_one_that_is(
    as_dora: Client, platform: Team, number: str
) -> None:
    assign(platform, QuestionFactory().topic)
    join(platform, "Ann")
    assert "Ann" in text_of(as_dora.get(address(platform, page=number)))


def test_members_stand_by_name_and_without_one_by_address(platform: Team) -> None:
    made = assign(platform, QuestionFactory().topic)
    join(platform, "zoe", "Ann", "", "Ben")
    User.objects.filter(name="").update(email="carl@example.com")
    found = topic_map(made, MORNING, 1)
    assert [str(row.user) for row in found.rows] == ["Ann", "Ben", "carl@example.com", "zoe"]


def test_a_lead_stands_there_only_where_assigned_by_name(
    as_dora: Client, platform: Team, dora: User
) -> None:
    topic = QuestionFactory().topic
    assign(platform, topic)
    join(platform, "Ann")
    assert "Dora</a>" not in text_of(as_dora.get(address(platform)))
    hers = assign(
        platform, topic, membership=Membership.objects.get(user=dora), title="For herself"
    )
    page = text_of(as_dora.get(address(platform, assignment=hers.pk)))
    assert "Dora</a>" in page
    assert "The one member" in page


def test_one_of_several_assignments_is_chosen(as_dora: Client, platform: Team) -> None:
    pods, services = TopicFactory(title="Pods"), TopicFactory(title="Services")
    QuestionFactory(topic=pods)
    QuestionFactory(topic=services)
    join(platform, "Ann")
    assign(platform, pods, title="First", due_on=(MORNING + 30 * DAY).date())
    assert 'name="assignment"' not in text_of(as_dora.get(address(platform)))
    second = assign(platform, services, title="Second", due_days=60)
    page = text_of(as_dora.get(address(platform)))
    assert "First, by 1 April 2026" in page
    assert "Second, 60 days after joining" in page
    assert '<th scope="col">Pods</th>' in page
    page = text_of(as_dora.get(address(platform, assignment=second.pk)))
    assert '<th scope="col">Services</th>' in page
    assert f'<option value="{second.pk}" selected>' in page


def test_an_assignment_of_another_team_is_not_shown(as_dora: Client, platform: Team) -> None:
    assign(platform, TopicFactory(title="Ours"), title="Ours")
    QuestionFactory(topic=platform.assignments.get().track.topics.get())
    join(platform, "Ann")
    other = TeamFactory()
    theirs = assign(other, QuestionFactory().topic, title="Theirs")
    join(other, "Stranger")
    page = text_of(as_dora.get(address(platform, assignment=theirs.pk)))
    assert "Ours" in page
    assert "Stranger" not in page


def test_without_an_assignment_there_is_one_thing_to_do(as_dora: Client, platform: Team) -> None:
    join(platform, "Ann")
    page = text_of(as_dora.get(address(platform)))
    assert "Nothing is assigned to anybody yet" in page
    assert "Assign a track" in page


def test_an_archived_team_asks_for_nothing(as_dora: Client, platform: Team) -> None:
    platform.archived_at = MORNING
    platform.save()
    page = text_of(as_dora.get(address(platform)))
    assert "Nothing is assigned while the team is archived." in page
    assert "Assign a track" not in page


def test_a_track_without_questions_says_so(as_dora: Client, platform: Team) -> None:
    assign(platform, TopicFactory())
    join(platform, "Ann")
    assert "This track has no questions at present" in text_of(as_dora.get(address(platform)))


def test_titles_are_escaped(as_dora: Client, platform: Team) -> None:
    topic = TopicFactory(title="<b>Pods</b>")
    QuestionFactory(topic=topic)
    assign(platform, topic, title="<i>Basics</i>")
    join(platform, "<u>Ann</u>")
    page = text_of(as_dora.get(address(platform)))
    assert not any(tag in page for tag in ("<b>Pods", "<i>Basics", "<u>Ann"))


def test_many_members_take_as_many_queries_as_few(
    as_dora: Client, platform: Team, django_assert_num_queries: Any
) -> None:
    questions = QuestionFactory.create_batch(4)
    AssignmentFactory(team=platform, track=TrackFactory(topics=[q.topic for q in questions]))
    numbers = []
    for size in (1, 40):
        members = join(platform, *(f"Member {size} {number}" for number in range(size)))
        for member in members:
            learn(member, questions[0])
        as_dora.get(address(platform))
        with django_assert_num_queries(10) as taken:
            as_dora.get(address(platform))
        numbers.append(len(taken))
    assert numbers[0] == numbers[1]


def test_members_and_strangers_have_no_such_page(
    client: Client, as_charlie: Client, platform: Team, alice: User
) -> None:
    MembershipFactory(team=platform, user=alice)
    assert client.get(address(platform)).status_code == 302
    client.force_login(alice)
    assert client.get(address(platform)).status_code == 404
    assert as_charlie.get(address(platform)).status_code == 404


@given(st.floats(0, 1))
def test_a_shade_goes_with_the_per_cent_shown(share: float) -> None:
    shown = round(100 * share)
    assert 0 <= level(share) < LEVELS
    assert level(share) == min(shown // 20, 4)
