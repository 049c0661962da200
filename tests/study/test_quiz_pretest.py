"""The pretest of a topic: what it asks, and what it puts off."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from quizapp.content.models import Question, Topic
from quizapp.scheduling import cards
from quizapp.scheduling.line_up import line_up
from quizapp.scheduling.memory import Rating, State
from quizapp.scheduling.models import Card, Review
from quizapp.study import pretest
from quizapp.study.models import Quiz
from quizapp.teams.models import User
from tests.factories import FactFactory, QuestionFactory, TopicFactory
from tests.scheduling.studying import DAY, MORNING, answer, card_of
from tests.study.browsing import text_of
from tests.study.quizzing import respond, result, take, url_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]


@pytest.fixture
def topic() -> Topic:
    return TopicFactory(title="Services", slug="services")


def siblings(topic: Topic, number: int = 3, kind: str = "single_choice") -> list[Question]:
    """Questions that drill one fact."""
    return QuestionFactory.create_batch(
        number, topic=topic, kind=kind, facts=[FactFactory(topic=topic)]
    )


def begin(client: Client, topic: Topic) -> Quiz:
    client.post(reverse("pretest", args=[topic.slug]))
    return Quiz.objects.latest("pk")


def new_now(user: User) -> set[int]:
    return {each.question_id for each in line_up(user, MORNING, extra_new=100).new}


class TestWhatItAsks:
    def test_one_question_for_each_fact(self, alice: User, topic: Topic) -> None:
        facts = [siblings(topic) for _ in range(3)]
        siblings(TopicFactory())
        chosen = pretest.questions_of(alice, topic)
        assert [sum(q.pk in chosen for q in fact) for fact in facts] == [1, 1, 1]
        assert len(chosen) == 3

    def test_none_for_a_fact_that_was_met(self, alice: User, topic: Topic) -> None:
        met, unmet = siblings(topic), siblings(topic)
        answer(alice, met[1], Rating.AGAIN)
        assert [pk in {q.pk for q in unmet} for pk in pretest.questions_of(alice, topic)] == [True]

    @pytest.mark.parametrize(
        ("kinds", "best"),
        [
            (["single_choice", "short_answer"], "short_answer"),
            (["flashcard", "cloze"], "cloze"),
            (["single_choice", "flashcard"], "flashcard"),
            (["manifest", "matching"], "matching"),
            (["manifest"], "manifest"),
        ],
    )
    def test_production_is_preferred_but_no_manifest(
        self, alice: User, topic: Topic, kinds: list[str], best: str
    ) -> None:
        fact = FactFactory(topic=topic)
        for kind in kinds:
            QuestionFactory(topic=topic, kind=kind, facts=[fact])
        (chosen,) = pretest.questions_of(alice, topic)
        assert Question.objects.get(pk=chosen).kind == best

    def test_a_question_of_two_facts_stands_for_both(self, alice: User, topic: Topic) -> None:
        facts = FactFactory.create_batch(2, topic=topic)
        both = QuestionFactory(topic=topic, facts=facts)
        QuestionFactory(topic=topic, facts=facts[1:])
        assert pretest.questions_of(alice, topic) == [both.pk]

    def test_neither_suspended_nor_retired_ones(self, alice: User, topic: Topic) -> None:
        (suspended,) = siblings(topic, 1)
        cards.suspend(alice, suspended, MORNING)
        QuestionFactory(topic=topic, retired_at=MORNING)
        assert pretest.questions_of(alice, topic) == []

    def test_twenty_five_at_most(self, alice: User, topic: Topic) -> None:
        for _ in range(27):
            siblings(topic, 1)
        assert len(pretest.questions_of(alice, topic)) == 25

    def test_in_one_query(self, alice: User, topic: Topic, django_assert_num_queries: Any) -> None:
        for _ in range(5):
            siblings(topic)
        with django_assert_num_queries(1):
            pretest.questions_of(alice, topic)


class TestThePage:
    def test_says_what_it_does_and_begins_it(
        self, as_alice: Client, alice: User, topic: Topic
    ) -> None:
        siblings(topic)
        siblings(topic)
        page = text_of(as_alice.get(reverse("pretest", args=["services"])))
        assert "2 questions, about 1 minute" in page
        quiz = begin(as_alice, topic)
        assert (quiz.pretest_of, quiz.feedback) == (topic, Quiz.Feedback.AT_END)
        assert quiz.title == "Pretest: Services"
        assert begin(as_alice, topic) == quiz
        assert Quiz.objects.count() == 1
        assert "Continue the pretest" in text_of(
            as_alice.get(reverse("pretest", args=["services"]))
        )

    def test_says_that_nothing_is_left_to_test(
        self, as_alice: Client, alice: User, topic: Topic
    ) -> None:
        (question,) = siblings(topic, 1)
        answer(alice, question)
        url = reverse("pretest", args=["services"])
        assert "nothing left to test ahead" in text_of(as_alice.get(url))
        assert as_alice.post(url).status_code == 200
        assert not Quiz.objects.exists()

    def test_of_a_topic_that_is_gone_is_not_there(self, as_alice: Client, topic: Topic) -> None:
        Topic.objects.update(retired_at=MORNING)
        assert as_alice.get(reverse("pretest", args=["services"])).status_code == 404


class TestWhatIsPutOff:
    def test_siblings_of_what_was_right_and_sure(
        self, as_alice: Client, alice: User, topic: Topic
    ) -> None:
        known, unknown = siblings(topic), siblings(topic)
        quiz = begin(as_alice, topic)
        take(as_alice, quiz, "rw")
        asked = Review.objects.get(rating=Rating.EASY).question
        due = card_of(alice, asked).due
        assert due > MORNING + 5 * DAY
        for sibling in set(known) - {asked}:
            card = card_of(alice, sibling)
            assert (card.state, card.buried_until) == (State.NEW, due)
        assert new_now(alice) <= {question.pk for question in unknown}
        assert not Card.objects.filter(question__in=unknown, buried_until__isnull=False).exists()

    def test_nothing_when_it_was_right_but_not_sure(
        self, as_alice: Client, alice: User, topic: Topic
    ) -> None:
        siblings(topic)
        quiz = begin(as_alice, topic)
        respond(as_alice, quiz, action="unsure")
        as_alice.get(url_of(quiz))
        assert Review.objects.get().rating == Rating.HARD
        assert not Card.objects.filter(buried_until__isnull=False).exists()
        assert "you will meet all of it" in text_of(result(as_alice, quiz))

    @pytest.mark.parametrize(("rating", "put_off"), [(4, 2), (3, 0)])
    def test_a_flashcard_counts_when_it_was_rated_easy(
        self, as_alice: Client, alice: User, topic: Topic, rating: int, put_off: int
    ) -> None:
        siblings(topic, kind="flashcard")
        quiz = begin(as_alice, topic)
        token = as_alice.get(url_of(quiz)).context["token"]
        as_alice.post(url_of(quiz), {"token": token, "recalled": str(rating)})
        as_alice.get(url_of(quiz))
        assert Card.objects.filter(buried_until__isnull=False).count() == put_off

    def test_not_a_question_that_drills_another_fact_as_well(
        self, as_alice: Client, alice: User, topic: Topic
    ) -> None:
        fact = FactFactory(topic=topic)
        asked = QuestionFactory(topic=topic, kind="short_answer", facts=[fact])
        both = QuestionFactory(topic=topic, facts=[fact, FactFactory(topic=topic)])
        quiz = begin(as_alice, topic)
        quiz.places.exclude(question=asked).delete()
        take(as_alice, quiz, "r")
        assert card_of(alice, both) is None

    def test_neither_what_was_answered_before_nor_what_is_suspended(
        self, as_alice: Client, alice: User, topic: Topic
    ) -> None:
        first, second, suspended = siblings(topic)
        quiz = begin(as_alice, topic)
        asked = quiz.places.get().question
        (other,) = {first, second} - {asked}
        cards.suspend(alice, suspended, MORNING)
        answer(alice, other)
        take(as_alice, quiz, "r")
        assert card_of(alice, other).buried_until is None
        assert card_of(alice, suspended).is_suspended

    def test_only_once_it_is_finished_and_only_for_the_learner(
        self, as_alice: Client, alice: User, charlie: User, topic: Topic
    ) -> None:
        siblings(topic)
        siblings(topic)
        quiz = begin(as_alice, topic)
        respond(as_alice, quiz)
        assert not Card.objects.filter(buried_until__isnull=False).exists()
        as_alice.post(url_of(quiz, "quiz-end"))
        assert Card.objects.of(alice).filter(buried_until__isnull=False).count() == 2
        assert not Card.objects.of(charlie).exists()

    def test_is_told_and_can_be_taken_back(
        self, as_alice: Client, alice: User, topic: Topic
    ) -> None:
        everything = siblings(topic) + siblings(topic)
        quiz = begin(as_alice, topic)
        take(as_alice, quiz, "rr")
        page = text_of(result(as_alice, quiz))
        assert "2 facts known" in page
        assert "4 questions put off until" in page
        assert new_now(alice) == set()
        back = as_alice.post(url_of(quiz, "quiz-study-all"))
        assert "4 questions are back" in text_of(as_alice.get(back.url))
        asked = set(Review.objects.values_list("question", flat=True))
        waiting = Card.objects.of(alice).filter(state=State.NEW, buried_until=None)
        assert {q.pk for q in everything} - asked == set(waiting.values_list("question", flat=True))
        assert "Study them all the same" not in text_of(result(as_alice, quiz))

    def test_comes_back_by_itself(self, as_alice: Client, alice: User, topic: Topic) -> None:
        siblings(topic)
        quiz = begin(as_alice, topic)
        take(as_alice, quiz, "r")
        until = Card.objects.get(state=State.REVIEW).due
        assert line_up(alice, until - DAY).new == []
        answer(alice, Question.objects.get(cards__state=State.REVIEW), now=until)
        assert line_up(alice, until + DAY).new != []

    @pytest.mark.parametrize("facts", [2, 12])
    def test_takes_as_many_queries_however_many_facts(
        self, as_alice: Client, topic: Topic, facts: int, django_assert_num_queries: Any
    ) -> None:
        for _ in range(facts):
            siblings(topic)
        quiz = begin(as_alice, topic)
        for _ in range(facts):
            respond(as_alice, quiz)
        quiz.user  # noqa: B018 - fetched now
        with django_assert_num_queries(5):  # facts, siblings, versions, cards made, cards buried
            pretest.put_off_known(quiz, MORNING)


class TestTheOffer:
    def test_is_made_where_a_topic_is_not_begun(
        self, alice: User, charlie: User, topic: Topic, django_assert_num_queries: Any
    ) -> None:
        begun, retired = TopicFactory(), TopicFactory(retired_at=MORNING)
        siblings(topic)
        siblings(retired)
        TopicFactory()
        (question,) = siblings(begun, 1)
        answer(alice, question)
        with django_assert_num_queries(1):
            assert pretest.offered(alice) == {topic.pk}
        assert pretest.offered(charlie) == {topic.pk, begun.pk}

    def test_is_made_once(self, as_alice: Client, alice: User, topic: Topic) -> None:
        siblings(topic)
        begin(as_alice, topic)
        assert pretest.offered(alice) == set()


def test_outside_of_a_pretest_right_and_sure_is_good(
    as_alice: Client, alice: User, topic: Topic
) -> None:
    siblings(topic)
    as_alice.post(reverse("quiz-new"), {"what": "all", "number": 5, "feedback": "at_end"})
    respond(as_alice, Quiz.objects.get())
    assert Review.objects.get().rating == Rating.GOOD
