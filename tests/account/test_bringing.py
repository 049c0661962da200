from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from django.utils import timezone

from quizapp.account import bringing
from quizapp.content.models import Chapter, Topic
from quizapp.scheduling.answers import StaleShowing
from quizapp.scheduling.cards import replayed
from quizapp.scheduling.goals.counting import refresh_member
from quizapp.scheduling.goals.syncing import sync
from quizapp.scheduling.models import Card, DayTally, Goal, Review
from quizapp.scheduling.sweeping import sweep_guests
from quizapp.study.models import Quiz, QuizQuestion, Reading
from quizapp.teams.models import SetupLink, User
from tests.account.people import PASSWORD, member, sign_in, sign_up, signed_in, start_as_guest
from tests.factories import (
    AssignmentFactory,
    MembershipFactory,
    QuestionFactory,
    TopicFactory,
    TrackFactory,
)
from tests.scheduling.studying import answer, card_of

pytestmark = pytest.mark.django_db

PAGE = "/account/bring-along/"


@pytest.fixture
def alice() -> User:
    return member()


def assigned_goal(user: User, topic: Topic) -> Goal:
    """One to know a topic as a member of a team."""
    team = MembershipFactory(user=user).team
    AssignmentFactory(team=team, track=TrackFactory(topics=[topic]))
    sync(team)
    return Goal.objects.get()


def bring(client: Client, **fields: str) -> Any:
    return client.post(PAGE, {"action": "bring", **fields}, follow=True)


def test_a_guest_who_signs_into_an_account_is_asked_once(client: Client, alice: User) -> None:
    start_as_guest(client, answers=23)
    asked = sign_in(client, next="/keys/")
    assert asked.redirect_chain == [(f"{PAGE}?next=%2Fkeys%2F", 302)]
    assert "You answered <strong>23 questions</strong>" in " ".join(asked.content.decode().split())
    arrived = bring(client, next="/keys/")
    assert arrived.redirect_chain == [("/keys/", 302)]
    client.logout()
    assert sign_in(client).redirect_chain == [("/", 302)]


def test_one_answer_is_one_question(client: Client, alice: User) -> None:
    start_as_guest(client)
    assert "<strong>1 question</strong>" in sign_in(client).content.decode()


def test_a_guest_without_an_answer_is_not_asked(client: Client, alice: User) -> None:
    start_as_guest(client, answers=0)
    assert sign_in(client).redirect_chain == [("/", 302)]


def test_everything_comes_along_and_nothing_of_the_guest_stays(client: Client, alice: User) -> None:
    guest = start_as_guest(client, answers=3)
    question = QuestionFactory()
    answer(guest, question, now=timezone.now())
    answer(alice, QuestionFactory(), now=timezone.now())
    quiz = Quiz.objects.create(user=guest, title="Mine")
    QuizQuestion.objects.create(
        quiz=quiz, position=0, question=question, review=Review.objects.get(question=question)
    )
    sign_in(client)
    bring(client)
    assert User.objects.get() == alice
    assert Review.objects.of(alice).count() == Card.objects.of(alice).count() == 5
    assert sum(tally.reviews for tally in DayTally.objects.of(alice)) == 5
    assert Quiz.objects.get().user == alice
    assert QuizQuestion.objects.get().review.user == alice
    assert client.get("/review/").status_code == 200


def test_where_a_member_stands_is_counted_anew(client: Client, alice: User) -> None:
    """What the guest has answered may be older than the latest answer of the account."""
    topic = TopicFactory()
    asked = QuestionFactory(topic=topic)
    goal = assigned_goal(alice, topic)
    now = timezone.now()
    guest = start_as_guest(client, answers=0)
    answer(guest, asked, now=now - timedelta(hours=1))
    answer(alice, QuestionFactory(), now=now)
    refresh_member(alice, now)
    goal.refresh_from_db()
    assert goal.seen == 0
    sign_in(client)
    bring(client)
    refresh_member(alice, now)
    goal.refresh_from_db()
    assert goal.seen == 1


def test_pressing_twice_or_going_back_does_no_harm(client: Client, alice: User) -> None:
    start_as_guest(client)
    sign_in(client)
    bring(client)
    before = list(Review.objects.values())
    assert bring(client).redirect_chain == [("/", 302)]
    assert client.get(PAGE)["Location"] == "/"
    assert client.post(PAGE, {"action": "leave"})["Location"] == "/"
    assert list(Review.objects.values()) == before


def test_two_who_bring_at_once_bring_once(client: Client, alice: User) -> None:
    start_as_guest(client)
    one, other = (User.objects.get(is_guest=True) for _ in range(2))
    assert bringing.bring(one, alice, timezone.now())
    assert not bringing.bring(other, alice, timezone.now())
    assert Review.objects.of(alice).count() == 1


@pytest.mark.django_db(transaction=True)
def test_even_at_the_same_moment(client: Client, alice: User) -> None:
    guest = start_as_guest(client, answers=3)

    def bring_in_a_thread(_: int) -> bool:
        try:
            return bringing.bring(User(pk=guest.pk), alice, timezone.now())
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        brought = list(pool.map(bring_in_a_thread, range(4)))
    assert sorted(brought) == [False, False, False, True]
    assert Review.objects.of(alice).count() == Card.objects.of(alice).count() == 3
    assert sum(tally.reviews for tally in DayTally.objects.of(alice)) == 3


@pytest.mark.django_db(transaction=True)
def test_an_answer_at_the_same_moment_is_not_in_the_way(alice: User) -> None:
    def in_a_thread(act: Callable[[], Any]) -> Any:
        try:
            return act()
        except StaleShowing:  # the cards have come along before the answer
            return None
        finally:
            connection.close()

    for _ in range(8):
        guest, question = User.objects.create_guest(), QuestionFactory()
        for user in (alice, guest, guest):
            answer(user, question)
        acts = (
            partial(answer, alice, question),
            partial(bringing.bring, User(pk=guest.pk), alice, timezone.now()),
            partial(answer, guest, question),
        )
        with ThreadPoolExecutor(3) as pool:
            assert list(pool.map(in_a_thread, acts))[1] is True
        card = card_of(alice, question)
        assert card
        assert card.memory == replayed(alice, question)


def test_what_is_left_waits_for_the_sweep_and_may_still_be_brought(
    client: Client, alice: User
) -> None:
    start_as_guest(client)
    sign_in(client)
    assert client.post(PAGE, {"action": "leave"})["Location"] == "/"
    assert Review.objects.of(alice).count() == 0
    assert client.get("/").status_code == 200
    bring(client)
    assert Review.objects.of(alice).count() == 1


def test_what_is_left_for_good_is_swept(client: Client, alice: User) -> None:
    start_as_guest(client)
    sign_in(client)
    client.post(PAGE, {"action": "leave"})
    assert sweep_guests(timezone.now() + timedelta(days=91), timedelta(days=90)) == 1
    assert client.get(PAGE)["Location"] == "/"


def test_only_the_guest_of_this_session_can_be_brought_along(client: Client, alice: User) -> None:
    start_as_guest(Client())
    sign_in(client)
    for fields in ({}, {"guest": str(User.objects.get(is_guest=True).pk)}):
        bring(client, **fields)
    assert Review.objects.of(alice).count() == 0
    assert User.objects.filter(is_guest=True).exists()


def test_another_account_that_signs_in_here_is_not_offered_the_guest(
    client: Client, alice: User
) -> None:
    bob = member("bob@example.com")
    start_as_guest(client)
    sign_in(client)
    client.post("/account/logout/")
    assert sign_in(client, bob.email).redirect_chain == [("/", 302)]
    bring(client)
    assert Review.objects.of(bob).count() == 0


def test_a_guest_who_has_got_an_account_meanwhile_is_not_brought_along(
    client: Client, alice: User
) -> None:
    guest = start_as_guest(client)
    sign_in(client)
    User.objects.filter(pk=guest.pk).update(is_guest=False, email="bob@example.com")
    bring(client)
    assert Review.objects.of(guest).count() == 1


def test_a_visitor_is_sent_to_sign_in(client: Client) -> None:
    assert client.get(PAGE)["Location"].startswith("/account/login/")


def test_a_guest_finds_nothing_to_bring_there(client: Client) -> None:
    start_as_guest(client)
    assert client.get(PAGE)["Location"] == "/"


def test_the_way_on_leads_to_our_own_pages_only(client: Client, alice: User) -> None:
    start_as_guest(client)
    sign_in(client)
    for elsewhere in ("https://elsewhere.example.com/", "keys", "1"):
        assert bring(client, next=elsewhere).redirect_chain == [("/", 302)]


def test_a_claim_of_the_guest_goes_too(client: Client, alice: User) -> None:
    start_as_guest(client)
    sign_up(client, "other@example.com")
    sign_in(client)
    bring(client)
    assert EmailAddress.objects.get().user == alice
    assert signed_in(client) == alice


def test_the_administrator_who_was_a_guest_before_is_asked_too(client: Client) -> None:
    guest = start_as_guest(client)
    fields = {"email": "root@example.com", "password": PASSWORD, "password_again": PASSWORD}
    response = client.post(f"/setup/{SetupLink.issue()}/", fields, follow=True)
    assert response.redirect_chain[0][0].startswith(PAGE)
    bring(client)
    root = User.objects.get()
    assert root.is_superuser
    assert card_of(root, Review.objects.get().question)
    assert guest.pk != root.pk


@pytest.mark.parametrize(("hours", "anchor"), [(1, "guest"), (-1, "member"), (0, "member")])
def test_where_both_were_in_a_chapter_the_later_place_counts(
    client: Client, alice: User, hours: int, anchor: str
) -> None:
    both, mine = (
        Chapter.objects.create(topic=TopicFactory(), slug=slug, title=slug, body="", position=0)
        for slug in ("both", "mine")
    )
    guest = start_as_guest(client)
    now = timezone.now()
    later = now + timedelta(hours=hours)
    Reading.objects.create(user=guest, chapter=both, anchor="guest", read_at=later)
    Reading.objects.create(user=alice, chapter=both, anchor="member", read_at=now)
    Reading.objects.create(user=guest, chapter=mine, anchor="alone", read_at=now)
    sign_in(client)
    bring(client)
    places = {reading.chapter: reading.anchor for reading in Reading.objects.filter(user=alice)}
    assert places == {both: anchor, mine: "alone"}
