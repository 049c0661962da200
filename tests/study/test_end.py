"""The end of a review: what was done, and what comes."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from quizapp.scheduling.memory import Rating, State
from quizapp.scheduling.models import Card
from quizapp.teams.models import User
from tests.factories import FactFactory, QuestionFactory, TopicFactory
from tests.kinds import SAMPLES
from tests.scheduling.studying import DAY, MORNING, answer, learn
from tests.study.browsing import respond, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]


def test_the_end_says_what_was_done_and_what_comes(as_alice: Client, alice: User) -> None:
    learn(alice, QuestionFactory())
    answer(alice, QuestionFactory(), Rating.AGAIN)
    Card.objects.filter(state=State.LEARNING).update(due=MORNING + DAY)
    response = as_alice.get("/review/")
    today = response.context["today"]
    assert (today.done, today.new, today.right) == (2, 2, 1)
    assert "Go on with" not in text_of(response)


def test_the_end_counts_what_waits_for_tomorrow(as_alice: Client, alice: User) -> None:
    alice.new_per_day, alice.reviews_per_day = 0, 1
    alice.save()
    for _ in range(3):
        learn(alice, QuestionFactory(), MORNING - 30 * DAY)
    assert [day["count"] for day in as_alice.get("/").context["week"]][:4] == [1, 1, 1, 0]
    respond(as_alice, SAMPLES["single_choice"].right)
    page = text_of(as_alice.get("/review/"))
    assert "<strong>2 reviews</strong> are waiting" in page
    assert "caught up <strong>in 2 days</strong>, on Wednesday." in page
    assert "1 question is planned for tomorrow." in page


def test_a_buried_step_comes_back_tomorrow_and_not_now(as_alice: Client, alice: User) -> None:
    question = QuestionFactory()
    answer(alice, question, Rating.AGAIN)
    as_alice.post(reverse("bury", args=[question.pk]))
    for url in ("/review/", "/"):
        page = text_of(as_alice.get(url))
        assert "tomorrow" in page
        assert "comes back now" not in page


def test_the_end_offers_only_new_questions_that_can_be_shown(as_alice: Client, alice: User) -> None:
    fact = FactFactory()
    first, _ = QuestionFactory.create_batch(2, facts=[fact])
    learn(alice, first)
    assert "Go on with" not in text_of(as_alice.get("/review/"))


def test_the_end_offers_more_new_questions(as_alice: Client, alice: User) -> None:
    alice.new_per_day = 1
    alice.save()
    first, second = QuestionFactory.create_batch(2)
    learn(alice, first)
    assert "Go on with" in text_of(as_alice.get("/review/"))
    response = as_alice.post(reverse("more-new"), {"next": "/review/"}, follow=True)
    assert response.context["question"] == second


def test_more_new_questions_are_for_today_only(
    as_alice: Client, alice: User, time_machine: Any
) -> None:
    alice.new_per_day = 0
    alice.save()
    QuestionFactory()
    as_alice.post(reverse("more-new"))
    assert as_alice.get("/review/").context["question"]
    time_machine.move_to(MORNING + DAY, tick=False)
    assert "question" not in as_alice.get("/review/").context


def test_the_end_of_a_topic_speaks_of_that_topic(as_alice: Client, alice: User) -> None:
    topic = TopicFactory(slug="services")
    learn(alice, QuestionFactory())
    coming = [learn(alice, QuestionFactory()), learn(alice, QuestionFactory(topic=topic))]
    for card in coming:
        Card.objects.filter(pk=card.pk).update(due=MORNING + DAY)
    assert "1 question is planned for tomorrow." in text_of(as_alice.get("/review/services/"))
    assert "2 questions are planned for tomorrow." in text_of(as_alice.get("/review/"))


def test_the_end_offers_to_study_ahead_and_to_stop(as_alice: Client, alice: User) -> None:
    alice.new_per_day = 0
    alice.save()
    card = learn(alice, QuestionFactory(stem="Which one?"), MORNING - 5 * DAY)
    assert "Going away? Study ahead" in text_of(as_alice.get("/review/"))
    days = (card.due.date() - MORNING.date()).days
    page = as_alice.post(reverse("study-ahead"), {"days": str(days)}, follow=True)
    assert "Which one?" in text_of(page)
    respond(as_alice, SAMPLES["single_choice"].right)
    end = text_of(as_alice.get("/review/"))
    assert "That is all for today" in end
    assert "Stop studying ahead" in end


def test_the_end_takes_the_same_queries_however_much_there_is(
    as_alice: Client, alice: User, django_assert_max_num_queries: Any
) -> None:
    alice.new_per_day, alice.reviews_per_day = 0, 0
    alice.save()
    for number in (2, 10):
        for _ in range(number):
            learn(alice, QuestionFactory(), MORNING - 30 * DAY)
        with django_assert_max_num_queries(6):
            as_alice.get("/review/")
