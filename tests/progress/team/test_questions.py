from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quizapp.content.models import Question
from quizapp.progress.team.team_trouble import LISTED, RECENT_DAYS, TeamLog
from quizapp.scheduling.cards import start_anew
from quizapp.scheduling.memory import State
from quizapp.scheduling.models import Card, Review
from quizapp.study.models import Quiz, QuizQuestion
from quizapp.teams.models import Membership, Team, User
from tests.factories import (
    ChapterFactory,
    FactFactory,
    MembershipFactory,
    QuestionFactory,
    TopicFactory,
)
from tests.kinds import SAMPLES
from tests.progress.team.onboarded import assign, choose, give, join
from tests.scheduling.studying import DAY, MINUTE, MORNING, learn
from tests.study.browsing import text_of

pytestmark = pytest.mark.django_db

LATER = MORNING + 3 * DAY
NOT_ANSWERED = "You have not answered this one yourself yet"


@pytest.fixture(autouse=True)
def it_is_morning() -> Iterator[None]:
    with time_machine.travel(MORNING, tick=False):
        yield


def log_of(team: Team) -> TeamLog:
    return TeamLog(team, None, MORNING)


def address(team: Team, track: str = "all") -> str:
    return f"/teams/{team.pk}/questions/?track={track}"


def repeat_until_it_sits(question: Question, users: list[User]) -> None:
    """In the learning steps, which are over within the day."""
    for minutes in (10, 20):
        for user in users:
            choose(user, question, "ClusterIP", MORNING + minutes * MINUTE)
    assert set(Card.objects.values_list("state", flat=True)) == {State.REVIEW}


def section(page: str, name: str) -> str:
    return page.partition(f'aria-labelledby="{name}-title"')[2].partition("</section>")[0]


def outside_of_details(page: str) -> str:
    """What can be read without opening anything."""
    shown, *rest = page.split("<details")
    return shown + "".join(part.partition("</details>")[2] for part in rest)


@pytest.fixture
def members(platform: Team) -> list[User]:
    return join(platform, "Ann", "Ben", "Cyd", "Dan")


@pytest.fixture
def missed(members: list[User]) -> Any:
    """Three of four who were sure chose NodePort; it is ClusterIP."""
    question = QuestionFactory(stem="Which **type** is the default?")
    for member in members[:3]:
        choose(member, question, "NodePort")
    choose(members[3], question, "ClusterIP")
    return question


def test_a_belief_that_members_share_is_told_by_their_number(
    as_dora: Client, platform: Team, dora: User, missed: Any
) -> None:
    choose(dora, missed, "ClusterIP")
    shown = section(text_of(as_dora.get(address(platform))), "confident")
    assert "Which <strong>type</strong> is the default?" in shown
    assert "<strong>3 of 4</strong> who were sure chose “NodePort”." in shown
    assert NOT_ANSWERED not in shown
    assert not any(name in shown for name in ("Ann", "Ben", "Cyd", "Dan"))


def test_a_belief_of_some_of_them_is_not_told_of_all(
    as_dora: Client, platform: Team, dora: User, members: list[User]
) -> None:
    question = QuestionFactory()
    choose(dora, question, "ClusterIP")
    for member, option in zip(members, ("NodePort", "NodePort", "LoadBalancer"), strict=False):
        choose(member, question, option)
    shown = section(text_of(as_dora.get(address(platform))), "confident")
    assert "<strong>All 3</strong> who were sure got this wrong." in shown
    assert "<li>2 chose “NodePort”</li>" in shown
    assert "LoadBalancer" not in shown


def test_what_is_right_and_why_is_there_to_be_opened(
    as_dora: Client, platform: Team, dora: User, members: list[User]
) -> None:
    fact = FactFactory(fact="The default is `ClusterIP`.")
    question = QuestionFactory(topic=fact.topic, facts=[fact], explanation="Since it suffices.")
    chapter = ChapterFactory(topic=fact.topic, states=(fact,))
    for member in (*members[:2], dora):
        choose(member, question, "NodePort")
    page = section(text_of(as_dora.get(address(platform))), "confident")
    inside = page.partition("<details")[2]
    assert "<li>ClusterIP</li>" in inside
    assert "Since it suffices." in inside
    assert f'<a href="/primer/facts/{fact.slug}/">The default is <code>ClusterIP</code>.' in inside
    assert f"/primer/{chapter.slug}/#fact-{fact.slug}" in inside
    assert "Since it suffices." not in outside_of_details(page)
    assert " open" not in page


CANARIES = ("NodePort", "ClusterIP", "Since it suffices.", "Each has one.", "/primer/")


@pytest.fixture
def twins(members: list[User]) -> list[Any]:
    """Two questions in each of the three lists, alike but for their explanation."""
    fact = FactFactory(fact="Each has one.")
    ChapterFactory(topic=fact.topic, states=(fact,))
    made = [
        QuestionFactory(
            topic=fact.topic, facts=[fact], explanation=f"Since it suffices. {name}-canary"
        )
        for name in ("First", "Second")
    ]
    for question in made:
        for member in members[:3]:
            choose(member, question, "NodePort")
    Card.objects.all().update(lapses=2)
    return made


def test_what_is_right_is_not_in_the_page_before_the_lead_has_answered(
    as_dora: Client, platform: Team, twins: list[Any]
) -> None:
    page = text_of(as_dora.get(address(platform)))
    main = page.partition("data-title=")[2]
    assert "<strong>All 3</strong> who were sure got this wrong." in main
    assert main.count(NOT_ANSWERED) == 6
    assert not any(canary in main for canary in (*CANARIES, "<details", "-canary"))


def test_a_lead_may_ask_what_is_right_of_one_question(
    as_dora: Client, platform: Team, twins: list[Any]
) -> None:
    first, second = twins
    link = f"{address(platform)}&amp;open={second.pk}#question-{second.pk}"
    assert link in text_of(as_dora.get(address(platform)))
    page = text_of(as_dora.get(f"{address(platform)}&open={second.pk}")).partition("data-title=")[2]
    shown = section(page, "confident")
    assert f'<li id="question-{second.pk}">' in shown
    assert page.count(f'id="question-{second.pk}"') == 1
    assert '<details class="what-is-right" open>' in shown
    assert "3 chose “NodePort”" in shown
    assert "Second-canary" in shown
    assert f"&amp;open={first.pk}#question-{first.pk}" in shown
    assert "First-canary" not in page
    assert page.count("<li>ClusterIP</li>") == page.count("Second-canary") == 3


@pytest.mark.parametrize("wanted", ["", "0", "x", "-1", "9" * 40, "1 OR 1", "unlisted"])
def test_what_is_not_listed_cannot_be_opened(
    as_dora: Client, platform: Team, twins: list[Any], wanted: str
) -> None:
    unlisted = QuestionFactory(explanation="Third-canary")
    wanted = str(unlisted.pk) if wanted == "unlisted" else wanted
    response = as_dora.get(address(platform), {"track": "all", "open": wanted})
    main = text_of(response).partition("data-title=")[2]
    assert not any(canary in main for canary in (*CANARIES, "-canary"))


def test_an_answer_to_an_older_meaning_or_undone_or_yet_untold_does_not_count_for_the_lead(
    as_dora: Client, platform: Team, dora: User, missed: Any
) -> None:
    review = choose(dora, missed, "ClusterIP")
    quiz = Quiz.objects.create(user=dora, title="All", feedback="at_end")
    place = QuizQuestion.objects.create(quiz=quiz, question=missed, position=1, review=review)
    assert NOT_ANSWERED in text_of(as_dora.get(address(platform)))
    place.delete()
    assert NOT_ANSWERED not in text_of(as_dora.get(address(platform)))
    Review.objects.filter(pk=review.pk).update(question_version=0)
    assert NOT_ANSWERED in text_of(as_dora.get(address(platform)))
    Review.objects.filter(pk=review.pk).update(question_version=1, undone_at=MORNING)
    assert NOT_ANSWERED in text_of(as_dora.get(address(platform)))


def test_what_one_member_believes_is_not_shown(
    as_dora: Client, platform: Team, dora: User, members: list[User], settings: Any
) -> None:
    question = QuestionFactory()
    choose(dora, question, "ClusterIP")
    choose(members[0], question, "NodePort")
    assert "Nothing that two members share" in text_of(as_dora.get(address(platform)))
    choose(members[1], question, "LoadBalancer")
    page = section(text_of(as_dora.get(address(platform))), "confident")
    assert "<strong>Both</strong> who were sure got this wrong." in page
    assert "NodePort" not in page
    assert "LoadBalancer" not in page
    settings.QUIZAPP_LEADS_SEE_RESPONSES = True
    page = text_of(as_dora.get(address(platform)))
    assert "1 chose “NodePort”" in page
    assert "This installation lets leads see responses" in page


def test_a_lead_is_not_counted_with_the_members(
    as_dora: Client, platform: Team, dora: User, members: list[User]
) -> None:
    """Else who leads would know of the one other what they responded."""
    question = QuestionFactory()
    choose(dora, question, "NodePort")
    choose(members[0], question, "NodePort")
    assert "Nothing that two members share" in text_of(as_dora.get(address(platform)))


def test_the_latest_response_counts(platform: Team, members: list[User], missed: Any) -> None:
    repeat_until_it_sits(missed, members)
    log = log_of(platform)
    assert log.sure_and_wrong() == [(missed.pk, 3, 4)]
    choose(members[0], missed, "ClusterIP", LATER)
    assert log.sure_and_wrong() == [(missed.pk, 2, 4)]
    choose(members[3], missed, "LoadBalancer", LATER, is_sure=False)
    assert log.sure_and_wrong() == [(missed.pk, 2, 3)]
    undone = choose(members[1], missed, "ClusterIP", LATER)
    assert log.sure_and_wrong() == []
    Review.objects.filter(pk=undone.pk).update(undone_at=LATER)
    assert log.sure_and_wrong() == [(missed.pk, 2, 3)]


def test_being_right_while_repeating_it_does_not_count(
    platform: Team, members: list[User], missed: Any
) -> None:
    repeat_until_it_sits(missed, members)
    assert log_of(platform).sure_and_wrong() == [(missed.pk, 3, 4)]
    choose(members[3], missed, "NodePort", LATER)
    choose(members[3], missed, "ClusterIP", LATER + 10 * MINUTE)
    assert log_of(platform).sure_and_wrong() == [(missed.pk, 4, 4)]
    choose(members[3], missed, "ClusterIP", LATER + DAY)
    assert log_of(platform).sure_and_wrong() == [(missed.pk, 3, 4)]


def test_a_quiz_on_the_same_day_does_not_count(
    platform: Team, members: list[User], missed: Any
) -> None:
    repeat_until_it_sits(missed, members)
    review = choose(members[0], missed, "ClusterIP", MORNING + 60 * MINUTE)
    assert review.state_before == State.REVIEW
    assert log_of(platform).sure_and_wrong() == [(missed.pk, 3, 4)]


def test_a_first_response_to_a_new_meaning_counts(
    platform: Team, members: list[User], missed: Any
) -> None:
    missed.version = 2
    missed.save()
    start_anew([missed.pk])
    for member in members[:3]:
        choose(member, missed, "LoadBalancer", MORNING + 10 * MINUTE)
    assert log_of(platform).sure_and_wrong() == [(missed.pk, 3, 3)]
    assert log_of(platform).hard_at_first() == [(missed.pk, 3, 0, 0)]


def test_what_was_long_ago_is_not_listed(platform: Team, missed: Any) -> None:
    later = MORNING + timedelta(days=RECENT_DAYS)
    assert TeamLog(platform, None, later).sure_and_wrong() == [(missed.pk, 3, 4)]
    assert TeamLog(platform, None, later + MINUTE).sure_and_wrong() == []


def test_the_question_as_it_is_now_counts(platform: Team, missed: Any) -> None:
    missed.version = 2
    missed.save()
    start_anew([missed.pk])
    assert log_of(platform).sure_and_wrong() == []
    assert log_of(platform).hard_at_first() == []


def test_retired_questions_are_not_listed(platform: Team, missed: Any) -> None:
    missed.retired_at = MORNING
    missed.save()
    assert log_of(platform).sure_and_wrong() == []


def test_what_a_quiz_has_yet_to_tell_does_not_count(platform: Team, missed: Any) -> None:
    review = Review.objects.filter(question=missed, score=0).first()
    assert review
    quiz = Quiz.objects.create(user=review.user, title="All", feedback="at_end")
    QuizQuestion.objects.create(quiz=quiz, question=missed, position=1, review=review)
    assert log_of(platform).sure_and_wrong() == [(missed.pk, 2, 3)]


def test_who_has_left_does_not_count(platform: Team, members: list[User], missed: Any) -> None:
    Membership.objects.filter(user__in=members[:2]).update(left_at=MORNING)
    assert log_of(platform).sure_and_wrong() == []


def test_other_teams_do_not_count(as_dora: Client, platform: Team, missed: Any) -> None:
    other: Team = MembershipFactory(user=platform.memberships.leads().get().user, role="lead").team
    assert "Nothing that two members share" in text_of(as_dora.get(address(other)))


@pytest.mark.parametrize(
    ("kind", "response", "belief"),
    [
        ("short_answer", "  Node Port ", "answered “Node Port”"),
        ("cloze", {"1": "Pod"}, "answered “Blank 1: Pod”"),
        ("matching", None, "<li>2 answered “An alias: ClusterIP”</li>"),
        ("ordering", None, "answered “A Pod mounts it → A volume is bound → A claim is made”"),
    ],
)
def test_what_is_written_or_put_in_order_can_be_shared_too(
    as_dora: Client,
    platform: Team,
    dora: User,
    members: list[User],
    kind: str,
    response: Any,
    belief: str,
) -> None:
    question = QuestionFactory(kind=kind)
    spec = question.parsed_spec
    form = {name: [value] for name, value in SAMPLES[kind].wrong.items()}
    given = response or spec.read(form)
    for user in (*members[:2], dora):
        give(user, question, given)
    assert belief in section(text_of(as_dora.get(address(platform))), "confident")


def test_manifests_are_listed_without_what_was_written(
    as_dora: Client, platform: Team, dora: User, members: list[User]
) -> None:
    question = QuestionFactory(kind="manifest")
    for user in (*members[:2], dora):
        give(user, question, "kind: Pod\nmetadata: {name: my-secret}")
    page = section(text_of(as_dora.get(address(platform))), "confident")
    assert "<strong>Both</strong> who were sure got this wrong." in page
    assert "my-secret" not in page


def test_texts_of_members_are_escaped(
    as_dora: Client, platform: Team, dora: User, members: list[User]
) -> None:
    question = QuestionFactory(kind="short_answer")
    for user in (*members[:2], dora):
        give(user, question, "<img src=x> [me](http://evil.example)")
    page = text_of(as_dora.get(address(platform)))
    assert "&lt;img src=x&gt;" in page
    assert 'href="http://evil.example"' not in page


def test_questions_that_are_hard_at_first_come_lowest_facility_first(
    as_dora: Client, platform: Team, members: list[User]
) -> None:
    hard, harder, easy = QuestionFactory.create_batch(3)
    for question, right in ((hard, 2), (harder, 1), (easy, 3)):
        for number, member in enumerate(members):
            option = "ClusterIP" if number < right else "NodePort"
            choose(member, question, option, is_sure=False)
            choose(member, question, "ClusterIP", MORNING + DAY)
    assert log_of(platform).hard_at_first() == [
        (harder.pk, 4, 1, 0.25),
        (hard.pk, 4, 2, 0.5),
    ]
    shown = section(text_of(as_dora.get(address(platform))), "hard")
    assert "<strong>1 of 4 right at first</strong> · mean score 25%" in shown
    assert "This is why." not in outside_of_details(shown)


def test_two_members_are_too_few_to_call_a_question_hard(
    platform: Team, members: list[User]
) -> None:
    question = QuestionFactory()
    for member in members[:2]:
        choose(member, question, "NodePort")
    assert log_of(platform).hard_at_first() == []
    choose(members[2], question, "ClusterIP")
    assert log_of(platform).hard_at_first() == [(question.pk, 3, 1, pytest.approx(1 / 3))]


def test_what_slips_with_one_member_alone_is_not_listed(
    as_dora: Client, platform: Team, members: list[User]
) -> None:
    question = QuestionFactory()
    for member in members[:3]:
        learn(member, question)
    Card.objects.filter(user=members[0]).update(lapses=9)
    assert log_of(platform).slipping() == []
    Card.objects.filter(user=members[1]).update(lapses=2)
    assert log_of(platform).slipping() == [(question.pk, 3, 11, 2)]
    page = text_of(as_dora.get(address(platform)))
    assert "<strong>Slipped 11 times, with 2 of 3</strong> who have met it" in page


def test_the_track_that_is_due_narrows_the_lists(
    as_dora: Client, platform: Team, members: list[User], missed: Any
) -> None:
    other = TopicFactory()
    QuestionFactory(topic=other)
    first = assign(platform, other, title="Other", due_days=10)
    second = assign(platform, missed.topic, title="Basics", due_days=60)
    listed = "who were sure"
    assert listed not in text_of(as_dora.get(f"/teams/{platform.pk}/questions/"))
    page = text_of(as_dora.get(address(platform, second.track.slug)))
    assert listed in page
    assert f'<option value="{second.track.slug}" selected>Basics</option>' in page
    assert listed in text_of(as_dora.get(address(platform)))
    assert listed not in text_of(as_dora.get(address(platform, "no-such-track")))
    assert listed not in text_of(as_dora.get(address(platform, first.track.slug)))


def test_an_empty_page_says_when_it_fills(as_dora: Client, platform: Team) -> None:
    page = text_of(as_dora.get(address(platform)))
    assert "once two have been sure and wrong about it" in page
    assert "once 3 members have met it and two of them were wrong at first" in page
    assert "Nothing that two members knew has slipped" in page


def test_lists_end_somewhere(as_dora: Client, platform: Team, members: list[User]) -> None:
    for question in QuestionFactory.create_batch(LISTED + 2):
        for member in members[:2]:
            choose(member, question, "NodePort")
    shown = section(text_of(as_dora.get(address(platform))), "confident")
    assert shown.count("who were sure") == LISTED


def test_many_members_and_questions_take_as_many_queries_as_few(
    as_dora: Client, platform: Team, django_assert_num_queries: Any
) -> None:
    for members, questions in ((3, 1), (20, 8)):
        asked = QuestionFactory.create_batch(questions)
        assign(platform, *(question.topic for question in asked))
        for member in join(platform, *(f"{members} {number}" for number in range(members))):
            for question in asked:
                choose(member, question, "NodePort")
        as_dora.get(address(platform))
        with django_assert_num_queries(13):
            as_dora.get(address(platform))


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL knows how much there is")
def test_the_log_is_found_by_its_members_and_not_by_its_questions(
    platform: Team, missed: Any
) -> None:
    """Of which there are as many rows as there are learners in the whole installation."""
    track = assign(platform, missed.topic).track
    with CaptureQueriesContext(connection) as captured:
        log = TeamLog(platform, track, MORNING)
        log.wrong_responses([each.question for each in log.sure_and_wrong()])
        log.hard_at_first()
    with connection.cursor() as cursor:
        for query in captured.captured_queries:
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
            plan = " ".join(row[3] for row in cursor.fetchall())
            assert "quizapp_review USING INDEX review_" in plan


def test_members_and_strangers_have_no_such_page(
    client: Client, as_charlie: Client, platform: Team, members: list[User]
) -> None:
    client.force_login(members[0])
    assert client.get(address(platform)).status_code == 404
    assert as_charlie.get(address(platform)).status_code == 404
