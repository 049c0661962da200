"""What came of a quiz: score, topics, what was wrong and why; and the score as others see it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from quizapp.content.models import Question
from quizapp.grading import KINDS
from quizapp.scheduling import cards
from quizapp.scheduling.models import Review
from quizapp.study.models import Quiz
from quizapp.teams.models import User
from tests.factories import QuestionFactory, TopicFactory
from tests.scheduling.studying import MINUTE, MORNING, reviews
from tests.study.browsing import text_of
from tests.study.quizzing import AT_END, quiz_of, respond, result, take, url_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]


def test_an_unfinished_quiz_has_no_result_yet(as_alice: Client, alice: User) -> None:
    quiz = quiz_of(alice)
    respond(as_alice, quiz)
    assert result(as_alice, quiz).url == url_of(quiz)


def test_the_score_and_the_score_by_topic(as_alice: Client, alice: User) -> None:
    services, volumes = TopicFactory(title="Services"), TopicFactory(title="Volumes")
    questions = [
        *QuestionFactory.create_batch(2, topic=volumes),
        *QuestionFactory.create_batch(3, topic=services),
    ]
    quiz = quiz_of(alice, questions)
    take(as_alice, quiz, "rrrww")
    page = result(as_alice, quiz)
    assert "3 of 5 right" in text_of(page)
    scores = [(each.title, each.right, each.total) for each in page.context["result"].by_topic]
    assert scores == [("Services", 1, 3), ("Volumes", 2, 2)]


def test_the_time_spent_is_that_on_the_questions(
    as_alice: Client, alice: User, time_machine: Any
) -> None:
    quiz = quiz_of(alice, 2)
    for number in range(2):
        asked = as_alice.get(url_of(quiz)).context
        time_machine.move_to(MORNING + (60 * number + 1) * MINUTE, tick=False)
        as_alice.post(url_of(quiz), {"token": asked["token"], "action": "unsure"})
        time_machine.move_to(MORNING + 60 * MINUTE, tick=False)
    assert as_alice.get(url_of(quiz)).status_code == 302
    assert "2 minutes 0 s on the questions" in text_of(result(as_alice, quiz))


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "flashcard"])
def test_every_wrong_answer_is_explained(as_alice: Client, alice: User, kind: str) -> None:
    quiz = quiz_of(alice, [QuestionFactory(kind=kind, stem=f"What of {kind}?")], feedback=AT_END)
    take(as_alice, quiz, "w")
    page = text_of(result(as_alice, quiz))
    for words in (f"What of {kind}?", "This is why.", "https://kubernetes.io/docs/concepts/"):
        assert words in page
    given = {"single_choice": "NodePort", "multiple_choice": "external name", "manifest": "81"}
    assert given.get(kind, "Your") in page


def test_wrong_though_sure_comes_first_and_is_called_out(as_alice: Client, alice: User) -> None:
    quiz = quiz_of(alice, 3, feedback=AT_END)
    respond(as_alice, quiz, is_right=False, action="unsure")
    respond(as_alice, quiz, is_right=False)
    respond(as_alice, quiz)
    as_alice.get(url_of(quiz))
    page = result(as_alice, quiz)
    assert "1 wrong though you were sure" in text_of(page)
    assert [item["position"] for item in page.context["wrong"]] == [2, 1]


def test_a_question_with_a_new_meaning_is_not_graded_anew(as_alice: Client, alice: User) -> None:
    quiz = quiz_of(alice, 1)
    take(as_alice, quiz, "w")
    Question.objects.update(version=2)
    page = text_of(result(as_alice, quiz))
    assert "has a new meaning since you answered it" in page
    assert "This is why." not in page
    assert "0 of 1 right" in page


def test_a_key_that_was_mended_is_told_and_the_score_stays(as_alice: Client, alice: User) -> None:
    quiz = quiz_of(alice, [QuestionFactory(kind="short_answer")])
    take(as_alice, quiz, "w")
    Question.objects.update(spec={"accept": ["NodePort"]})
    page = text_of(result(as_alice, quiz))
    assert "Today your response would be right" in page
    assert "0 of 1 right" in page


def test_a_response_that_no_longer_fits_its_question_is_listed(
    as_alice: Client, alice: User
) -> None:
    quiz = quiz_of(alice, [QuestionFactory(kind="short_answer")])
    take(as_alice, quiz, "w")
    Question.objects.update(kind="ordering", spec={"steps": ["One", "Two", "Three"]})
    assert "is not graded anew" in text_of(result(as_alice, quiz))


def test_right_ones_are_listed_by_their_stem(as_alice: Client, alice: User) -> None:
    quiz = quiz_of(alice, [QuestionFactory(stem="What is a *Service*?")])
    take(as_alice, quiz, "r")
    page = text_of(result(as_alice, quiz))
    assert "What is a <em>Service</em>?" in page
    assert "This is why." not in page


def test_what_was_not_answered_is_listed_with_the_reason(as_alice: Client, alice: User) -> None:
    first, suspended, retired, late = QuestionFactory.create_batch(4)
    quiz = quiz_of(alice, [first, suspended, retired, late])
    respond(as_alice, quiz)
    cards.suspend(alice, suspended, MORNING)
    Question.objects.filter(pk=retired.pk).update(retired_at=MORNING)
    as_alice.post(url_of(quiz, "quiz-end"))
    page = result(as_alice, quiz)
    assert [item["position"] for item in page.context["unanswered"]] == [2, 3, 4]
    assert "You have suspended it" in text_of(page)
    assert "It has left the question bank" in text_of(page)
    assert "1 of 4 right" in text_of(page)


def test_a_response_that_was_undone_afterwards_is_not_answered(
    as_alice: Client, alice: User
) -> None:
    quiz = quiz_of(alice, 1)
    take(as_alice, quiz, "r")
    fields = {"next": url_of(quiz)}
    page = as_alice.post(reverse("undo", args=[Review.objects.get().pk]), fields, follow=True)
    assert "0 of 1 right" in text_of(page)
    assert page.context["notice"]["text"] == "Undone. That answer no longer counts."


class TestReviewingThese:
    def test_makes_a_quiz_of_what_was_wrong(self, as_alice: Client, alice: User) -> None:
        quiz = quiz_of(alice, 4, feedback=AT_END)
        take(as_alice, quiz, "rwrw")
        response = as_alice.post(url_of(quiz, "quiz-again"))
        again = Quiz.objects.latest("pk")
        assert response.url == url_of(again)
        assert again.title == "Once more: Services"
        assert again.feedback == Quiz.Feedback.AT_ONCE
        wrong = quiz.places.filter(review__score=0).values_list("question", flat=True)
        assert set(again.places.values_list("question", flat=True)) == set(wrong)

    def test_twice_makes_it_once(self, as_alice: Client, alice: User) -> None:
        quiz = quiz_of(alice, 1)
        take(as_alice, quiz, "w")
        urls = {as_alice.post(url_of(quiz, "quiz-again")).url for _ in range(2)}
        assert len(urls) == 1

    def test_the_title_does_not_grow(self, as_alice: Client, alice: User) -> None:
        quiz = quiz_of(alice, 1, title="Once more: Services")
        take(as_alice, quiz, "w")
        as_alice.post(url_of(quiz, "quiz-again"))
        again = Quiz.objects.latest("pk")
        assert again != quiz
        assert again.title == "Once more: Services"

    @pytest.mark.parametrize("response", ["r", "w"])
    def test_is_offered_when_something_was_wrong(
        self, as_alice: Client, alice: User, response: str
    ) -> None:
        quiz = quiz_of(alice, 1)
        take(as_alice, quiz, response)
        is_offered = url_of(quiz, "quiz-again") in text_of(result(as_alice, quiz))
        assert is_offered == (response == "w")

    def test_what_cannot_be_asked_any_more_is_left_out(self, as_alice: Client, alice: User) -> None:
        suspended, retired, left = QuestionFactory.create_batch(3)
        quiz = quiz_of(alice, [suspended, retired, left])
        take(as_alice, quiz, "www")
        cards.suspend(alice, suspended, MORNING)
        Question.objects.filter(pk=retired.pk).update(retired_at=MORNING)
        as_alice.post(url_of(quiz, "quiz-again"))
        again = Quiz.objects.latest("pk")
        assert list(again.places.values_list("question", flat=True)) == [left.pk]
        assert "Review this one" in text_of(result(as_alice, quiz))

    def test_nothing_that_can_be_asked_is_told(self, as_alice: Client, alice: User) -> None:
        quiz = quiz_of(alice, 1)
        take(as_alice, quiz, "w")
        cards.suspend(alice, quiz.places.get().question, MORNING)
        assert url_of(quiz, "quiz-again") not in text_of(result(as_alice, quiz))
        page = as_alice.post(url_of(quiz, "quiz-again"), follow=True)
        assert "None of these can be asked again." in text_of(page)
        assert Quiz.objects.count() == 1

    def test_does_not_tell_before_the_end_what_is_wrong(
        self, as_alice: Client, alice: User
    ) -> None:
        quiz = quiz_of(alice, 3, feedback=AT_END)
        respond(as_alice, quiz, is_right=False)
        assert as_alice.post(url_of(quiz, "quiz-again")).status_code == 404
        assert as_alice.post(url_of(quiz, "quiz-study-all")).status_code == 404
        assert Quiz.objects.count() == 1

    def test_nothing_wrong_leads_back_to_the_result(self, as_alice: Client, alice: User) -> None:
        quiz = quiz_of(alice, 1)
        take(as_alice, quiz, "r")
        assert as_alice.post(url_of(quiz, "quiz-again")).url == url_of(quiz, "quiz-result")


class TestSharing:
    @pytest.fixture
    def quiz(self, as_alice: Client, alice: User) -> Quiz:
        quiz = quiz_of(alice, [QuestionFactory(stem="A secret stem?") for _ in range(3)])
        respond(as_alice, quiz, action="unsure")
        take(as_alice, quiz, "rw")
        return quiz

    def shared(self, quiz: Quiz) -> str:
        quiz.refresh_from_db()
        assert len(quiz.share_key) == 32
        return reverse("quiz-shared", args=[quiz.share_key])

    def test_shows_the_score_to_anybody_with_the_link(
        self, as_alice: Client, client: Client, quiz: Quiz
    ) -> None:
        as_alice.post(url_of(quiz, "quiz-share"))
        url = self.shared(quiz)
        assert url in text_of(result(as_alice, quiz))
        page = Client().get(url)
        text = text_of(page)
        for words in ("Alice", "Services", "2 of 3 right", "2 March 2026"):
            assert words in text
        assert "2 answered for sure, 1 of them right" in text
        assert "1 answered without being sure, 1 of them right" in text
        assert "A secret stem" not in text
        assert "ClusterIP" not in text
        assert page["X-Robots-Tag"] == "noindex, nofollow"
        assert page["Referrer-Policy"] == "no-referrer"
        assert 'content="noindex' in text

    def test_says_nothing_of_how_sure_where_that_was_not_asked(
        self, as_alice: Client, alice: User
    ) -> None:
        flashcards = quiz_of(alice, [QuestionFactory(kind="flashcard")])
        take(as_alice, flashcards, "r")
        as_alice.post(url_of(flashcards, "quiz-share"))
        page = text_of(Client().get(self.shared(flashcards)))
        assert "1 of 1 right" in page
        assert "How sure" not in page

    def test_twice_keeps_the_link(self, as_alice: Client, quiz: Quiz) -> None:
        urls = []
        for _ in range(2):
            as_alice.post(url_of(quiz, "quiz-share"))
            urls.append(self.shared(quiz))
        assert urls[0] == urls[1]

    def test_stops_when_it_is_taken_back(self, as_alice: Client, quiz: Quiz) -> None:
        as_alice.post(url_of(quiz, "quiz-share"))
        url = self.shared(quiz)
        as_alice.post(url_of(quiz, "quiz-unshare"))
        assert Client().get(url).status_code == 404
        as_alice.post(url_of(quiz, "quiz-share"))
        assert self.shared(quiz) != url

    def test_does_not_tell_the_e_mail_address(
        self, as_alice: Client, alice: User, quiz: Quiz
    ) -> None:
        User.objects.update(name="")
        as_alice.post(url_of(quiz, "quiz-share"))
        page = text_of(Client().get(self.shared(quiz)))
        assert "taken by a learner" in page
        assert alice.email not in page

    @pytest.mark.parametrize("key", ["%00", "a%00b", "%F0%9F%98%80", "x" * 3000])
    def test_an_odd_key_opens_nothing(self, client: Client, key: str) -> None:
        assert client.get(f"/quiz/shared/{key}/").status_code == 404

    def test_needs_a_finished_quiz(self, as_alice: Client, alice: User) -> None:
        quiz = quiz_of(alice)
        as_alice.post(url_of(quiz, "quiz-share"))
        quiz.refresh_from_db()
        assert quiz.share_key == ""
        assert Client().get("/quiz/shared/nonsense/").status_code == 404


@pytest.mark.parametrize("number", [5, 50])
def test_the_result_takes_as_many_queries_however_long_the_quiz(
    as_alice: Client, alice: User, number: int, django_assert_num_queries: Any
) -> None:
    quiz = quiz_of(alice, number, feedback=AT_END)
    take(as_alice, quiz, "r" + "w" * (number - 2) + "r")
    with django_assert_num_queries(5):  # session, user, quiz, places, sources
        page = result(as_alice, quiz)
    assert len(page.context["wrong"]) == number - 2
    as_alice.post(url_of(quiz, "quiz-share"))
    quiz.refresh_from_db()
    with django_assert_num_queries(2):  # quiz and learner, places
        Client().get(reverse("quiz-shared", args=[quiz.share_key]))
    assert reviews(alice) == number
