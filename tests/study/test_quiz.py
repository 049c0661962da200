"""Taking a quiz through the client: asked, answered, left, resumed, ended."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from quizapp.grading import KINDS
from quizapp.scheduling import cards
from quizapp.scheduling.memory import Rating
from quizapp.scheduling.models import Review
from quizapp.study import quizzes
from quizapp.study.models import Quiz
from quizapp.study.quizzes import put_in_place, standing, unfinished
from quizapp.teams.models import User
from tests.factories import QuestionFactory
from tests.kinds import SAMPLES
from tests.scheduling.studying import MINUTE, MORNING, answer, reviews
from tests.study.browsing import text_of
from tests.study.quizzing import AT_END, answered, quiz_of, respond, url_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]


def test_questions_come_in_order_with_the_place_among_them(as_alice: Client, alice: User) -> None:
    questions = QuestionFactory.create_batch(3)
    quiz = quiz_of(alice, questions)
    for place, question in enumerate(questions, start=1):
        asked = as_alice.get(url_of(quiz))
        assert asked.context["question"] == question
        assert f"{place} of 3" in text_of(asked)
        feedback = respond(as_alice, quiz)
        assert f"{place} of 3" in text_of(feedback)
        assert ("See the result" in text_of(feedback)) == (place == 3)
    ended = as_alice.get(url_of(quiz))
    assert ended.url == url_of(quiz, "quiz-result")
    assert reviews(alice) == 3


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "flashcard"])
def test_feedback_at_once_tells_and_explains(as_alice: Client, alice: User, kind: str) -> None:
    quiz = quiz_of(alice, [QuestionFactory(kind=kind)])
    response = respond(as_alice, quiz, is_right=False)
    assert response.context["verdict"] in ("confident", "partly")
    assert "This is why." in text_of(response)
    assert Review.objects.get().rating == Rating.AGAIN


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "flashcard"])
@pytest.mark.parametrize("response", ["right", "wrong"])
def test_feedback_at_the_end_says_nothing_before(
    as_alice: Client, alice: User, kind: str, response: str
) -> None:
    quiz = quiz_of(alice, [QuestionFactory(kind=kind), QuestionFactory()], feedback=AT_END)
    responded = respond(as_alice, quiz, is_right=response == "right")
    assert responded.url == url_of(quiz)
    following = text_of(as_alice.get(responded.url, headers={"HX-Request": "true"}))
    assert "2 of 2" in following
    for word in ("verdict", "This is why", "Undo", "Comes back", "Right."):
        assert word not in following


def test_what_follows_at_the_end_is_the_same_whether_right_or_wrong(
    as_alice: Client, alice: User
) -> None:
    pages = []
    last = QuestionFactory()
    for is_right in (True, False):
        quiz = quiz_of(alice, [QuestionFactory(), last], feedback=AT_END)
        respond(as_alice, quiz, is_right=is_right)
        context = as_alice.get(url_of(quiz)).context
        shown = ("standing", "stem", "kind_label", "notice", "time", "flag_reasons")
        pages.append([context[name] for name in shown])
        Quiz.objects.all().delete()
    right, wrong = pages
    assert [p.is_answered for p in right.pop(0).places] == [
        p.is_answered for p in wrong.pop(0).places
    ]
    assert right == wrong


@pytest.mark.parametrize("feedback", Quiz.Feedback.values)
def test_a_flashcard_is_revealed_rated_and_gone(
    as_alice: Client, alice: User, feedback: str
) -> None:
    quiz = quiz_of(alice, [QuestionFactory(kind="flashcard"), QuestionFactory()], feedback=feedback)
    token = as_alice.get(url_of(quiz)).context["token"]
    revealed = as_alice.post(url_of(quiz), {"token": token, "action": "reveal"})
    assert "A stable address." in text_of(revealed)
    assert "1 of 2" in text_of(revealed)
    assert not Review.objects.exists()
    rated = as_alice.post(url_of(quiz), {"token": token, "recalled": "3"})
    assert rated.url == url_of(quiz)
    assert "2 of 2" in text_of(as_alice.get(url_of(quiz)))


def test_nothing_given_asks_for_a_response(as_alice: Client, alice: User) -> None:
    quiz = quiz_of(alice, 1)
    token = as_alice.get(url_of(quiz)).context["token"]
    refused = as_alice.post(url_of(quiz), {"token": token, "action": "check"})
    assert refused.status_code == 422
    assert "Give a response first" in text_of(refused)
    assert "1 of 1" in text_of(refused)
    fragment = as_alice.post(
        url_of(quiz), {"token": token, "action": "check"}, headers={"HX-Request": "true"}
    )
    assert fragment["HX-Retarget"] == "#problem"
    assert not Review.objects.exists()


class TestOneResponseCountsOnce:
    @pytest.mark.parametrize("feedback", Quiz.Feedback.values)
    def test_a_form_sent_twice(self, as_alice: Client, alice: User, feedback: str) -> None:
        quiz = quiz_of(alice, 3, feedback=feedback)
        token = as_alice.get(url_of(quiz)).context["token"]
        form = {"token": token, "action": "check", **SAMPLES["single_choice"].right}
        first, second = (as_alice.post(url_of(quiz), form) for _ in range(2))
        assert first.status_code == second.status_code
        assert reviews(alice) == 1
        assert standing(quiz).answered == 1

    def test_two_tabs(self, as_alice: Client, alice: User) -> None:
        quiz = quiz_of(alice, 3)
        tokens = [as_alice.get(url_of(quiz)).context["token"] for _ in range(2)]
        right = SAMPLES["single_choice"].right
        for token in tokens:
            last = as_alice.post(url_of(quiz), {"token": token, "action": "check", **right})
        assert last.url == url_of(quiz)
        assert "out of date" in text_of(as_alice.get(last.url))
        assert reviews(alice) == 1
        assert standing(quiz).answered == 1

    def test_a_form_from_somewhere_else(self, as_alice: Client, alice: User) -> None:
        quiz, other = quiz_of(alice, 1), quiz_of(alice, 1)
        token = as_alice.get(url_of(other)).context["token"]
        right = SAMPLES["single_choice"].right
        response = as_alice.post(url_of(quiz), {"token": token, "action": "check", **right})
        assert response.url == url_of(quiz)
        as_alice.post(url_of(quiz), {"token": "nonsense", **right})
        assert not Review.objects.exists()


class TestComingBack:
    def test_a_response_from_before_the_quiz(
        self, as_alice: Client, alice: User, time_machine: Any
    ) -> None:
        question = QuestionFactory()
        token = as_alice.get(f"/review/?question={question.pk}").context["token"]
        form = {"token": token, "action": "check", **SAMPLES["single_choice"].right}
        as_alice.post("/review/", form)
        time_machine.move_to(MORNING + 2 * MINUTE, tick=False)
        quiz = quiz_of(alice, [question], now=MORNING + MINUTE)
        assert "out of date" in text_of(as_alice.post(url_of(quiz), form, follow=True))
        assert answered(quiz) == []

    def test_another_browser_goes_on_where_this_one_stopped(
        self, as_alice: Client, alice: User
    ) -> None:
        quiz = quiz_of(alice, 3)
        respond(as_alice, quiz)
        elsewhere = Client()
        elsewhere.force_login(alice)
        assert "2 of 3" in text_of(elsewhere.get(url_of(quiz)))
        assert unfinished(alice) == quiz
        assert "1 of 3 answered" in text_of(elsewhere.get(reverse("quiz-new")))

    def test_a_response_whose_request_died_finds_its_place(
        self, as_alice: Client, alice: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        quiz = quiz_of(alice, 2)
        with monkeypatch.context() as patch:
            patch.setattr("quizapp.study.quizzes.put_in_place", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                respond(as_alice, quiz)
        assert reviews(alice) == 1
        assert "2 of 2" in text_of(as_alice.get(url_of(quiz)))
        assert quiz.places.get(position=1).review == Review.objects.get()

    def test_a_question_answered_in_the_review_meanwhile_counts(
        self, as_alice: Client, alice: User
    ) -> None:
        first, second = QuestionFactory.create_batch(2)
        answer(alice, first, now=MORNING - MINUTE)
        quiz = quiz_of(alice, [first, second])
        assert standing(quiz).answered == 0
        answer(alice, second, Rating.AGAIN)
        answer(alice, second, Rating.GOOD)
        assert answered(quiz) == []
        assert standing(quiz).done == 1
        assert quiz.places.get(position=2).review.rating == Rating.AGAIN

    def test_a_response_belongs_to_one_quiz(self, as_alice: Client, alice: User) -> None:
        questions = QuestionFactory.create_batch(2)
        one, other = quiz_of(alice, questions), quiz_of(alice, questions)
        respond(as_alice, one)
        assert standing(other).answered == 0
        respond(as_alice, other)
        assert standing(one).answered == standing(other).answered == 1
        assert reviews(alice) == 2

    def test_a_response_that_another_quiz_has_taken_in_is_left_there(self, alice: User) -> None:
        question = QuestionFactory()
        one, other = quiz_of(alice, [question]), quiz_of(alice, [question])
        review = answer(alice, question).review
        put_in_place(one, review)
        put_in_place(other, review)
        assert (answered(one), answered(other)) == ([question.pk], [])

    def test_undo_asks_again(self, as_alice: Client, alice: User) -> None:
        quiz = quiz_of(alice, 2)
        feedback = respond(as_alice, quiz, is_right=False)
        undone = as_alice.post(
            reverse("undo", args=[feedback.context["undo_pk"]]), {"next": url_of(quiz)}
        )
        page = as_alice.get(undone.url)
        assert "1 of 2" in text_of(page)
        assert "Undone." in text_of(page)
        respond(as_alice, quiz)
        assert quiz.places.get(position=1).review.score == 1

    def test_too_easy_counts_as_the_response_it_was(self, as_alice: Client, alice: User) -> None:
        quiz = quiz_of(alice, 2)
        feedback = respond(as_alice, quiz)
        url = reverse("too-easy", args=[feedback.context["review_pk"]])
        easier = as_alice.post(url, {"next": url_of(quiz)})
        assert "2 of 2" in text_of(as_alice.get(easier.url))
        assert quiz.places.get(position=1).review.rating == Rating.EASY

    def test_too_easy_keeps_the_place_in_a_quiz_that_has_ended(
        self, as_alice: Client, alice: User
    ) -> None:
        """As from a second tab, where the feedback is still open."""
        quiz = quiz_of(alice, 1)
        feedback = respond(as_alice, quiz)
        as_alice.get(url_of(quiz))
        as_alice.post(reverse("too-easy", args=[feedback.context["review_pk"]]))
        assert "1 of 1 right" in text_of(as_alice.get(url_of(quiz, "quiz-result")))

    def test_too_easy_does_not_give_the_response_to_another_quiz(
        self, as_alice: Client, alice: User
    ) -> None:
        questions = QuestionFactory.create_batch(2)
        one, other = quiz_of(alice, questions), quiz_of(alice, questions)
        feedback = respond(as_alice, one)
        as_alice.post(reverse("too-easy", args=[feedback.context["review_pk"]]))
        assert standing(other).answered == 0
        assert answered(one) == [questions[0].pk]


class TestWhatCannotBeAsked:
    def test_is_passed_over(self, as_alice: Client, alice: User) -> None:
        suspended, retired, last = QuestionFactory.create_batch(3)
        quiz = quiz_of(alice, [suspended, retired, last])
        cards.suspend(alice, suspended, MORNING)
        retired.retired_at = MORNING
        retired.save()
        asked = as_alice.get(url_of(quiz))
        assert asked.context["question"] == last
        assert "3 of 3" in text_of(asked)

    def test_ends_the_quiz_when_nothing_else_is_left(self, as_alice: Client, alice: User) -> None:
        quiz = quiz_of(alice, 2)
        asked = as_alice.get(url_of(quiz)).context["question"]
        respond(as_alice, quiz)
        left = quiz.places.exclude(question=asked).get().question
        suspended = as_alice.post(reverse("suspend", args=[left.pk]), {"next": url_of(quiz)})
        assert as_alice.get(suspended.url).url == url_of(quiz, "quiz-result")


class TestTheTimeLimit:
    def test_the_time_left_is_told_in_words_and_on_the_clock(
        self, as_alice: Client, alice: User
    ) -> None:
        alice.timezone = "Europe/Berlin"
        alice.save()
        quiz = quiz_of(alice, 2, minutes=20)
        page = text_of(as_alice.get(url_of(quiz)))
        assert "20 minutes left" in page
        assert ">10:20</time>" in page
        assert 'data-seconds="1200"' in page

    @pytest.mark.parametrize(
        ("seconds", "counted"), [(59, 1), (60, 1), (65, 1), (66, 0), (3600, 0)]
    )
    def test_a_response_counts_until_a_few_seconds_after(
        self, as_alice: Client, alice: User, time_machine: Any, seconds: int, counted: int
    ) -> None:
        quiz = quiz_of(alice, 2, minutes=1)
        token = as_alice.get(url_of(quiz)).context["token"]
        time_machine.move_to(MORNING + seconds * MINUTE / 60, tick=False)
        form = {"token": token, "action": "check", **SAMPLES["single_choice"].right}
        response = as_alice.post(url_of(quiz), form)
        assert reviews(alice) == counted
        if not counted:
            assert response.url == url_of(quiz, "quiz-result")
            page = text_of(as_alice.get(response.url))
            assert "your last response was not counted" in page
            assert "0 of 2" in page
            quiz.refresh_from_db()
            assert quiz.finished_at == MORNING + MINUTE

    def test_a_visit_after_the_time_finishes_the_quiz(
        self, as_alice: Client, alice: User, time_machine: Any
    ) -> None:
        quiz = quiz_of(alice, 2, minutes=1)
        respond(as_alice, quiz)
        time_machine.move_to(MORNING + 2 * MINUTE, tick=False)
        assert as_alice.get(url_of(quiz)).url == url_of(quiz, "quiz-result")
        assert "1 of 2" in text_of(as_alice.get(url_of(quiz, "quiz-result")))

    def test_what_is_reviewed_after_the_time_does_not_count(
        self, alice: User, time_machine: Any
    ) -> None:
        question = QuestionFactory()
        quiz = quiz_of(alice, [question], minutes=1)
        answer(alice, question, now=MORNING + 2 * MINUTE)
        assert standing(quiz).answered == 0


class TestEndingEarly:
    def test_what_is_left_counts_as_not_answered(self, as_alice: Client, alice: User) -> None:
        quiz = quiz_of(alice, 3)
        respond(as_alice, quiz)
        assert "2 questions will count as not answered" in text_of(as_alice.get(url_of(quiz)))
        ended = as_alice.post(url_of(quiz, "quiz-end"))
        assert "1 of 3 right" in text_of(as_alice.get(ended.url))

    def test_once_more_changes_nothing(
        self, as_alice: Client, alice: User, time_machine: Any
    ) -> None:
        quiz = quiz_of(alice, 3)
        respond(as_alice, quiz)
        as_alice.post(url_of(quiz, "quiz-end"))
        time_machine.move_to(MORNING + MINUTE, tick=False)
        as_alice.post(url_of(quiz, "quiz-end"))
        quiz.refresh_from_db()
        assert quiz.finished_at == MORNING

    def test_once_more_takes_in_nothing_that_was_answered_since(
        self, as_alice: Client, alice: User
    ) -> None:
        first, second = QuestionFactory.create_batch(2)
        quiz = quiz_of(alice, [first, second])
        respond(as_alice, quiz)
        as_alice.post(url_of(quiz, "quiz-end"))
        answer(alice, second, now=MORNING + MINUTE)
        as_alice.post(url_of(quiz, "quiz-end"))
        assert answered(quiz) == [first.pk]

    def test_a_quiz_without_responses_leaves_no_trace(self, as_alice: Client, alice: User) -> None:
        quiz = quiz_of(alice, 3)
        ended = as_alice.post(url_of(quiz, "quiz-end"))
        assert ended.url == reverse("quiz-new")
        assert not Quiz.objects.exists()

    def test_a_response_after_the_end_is_not_recorded(self, as_alice: Client, alice: User) -> None:
        quiz = quiz_of(alice, 3)
        respond(as_alice, quiz)
        token = as_alice.get(url_of(quiz)).context["token"]
        as_alice.post(url_of(quiz, "quiz-end"))
        late = as_alice.post(url_of(quiz), {"token": token, **SAMPLES["single_choice"].right})
        assert "had ended already" in text_of(as_alice.get(late.url))
        assert reviews(alice) == 1

    def test_it_needs_a_post(self, as_alice: Client, alice: User) -> None:
        assert as_alice.get(url_of(quiz_of(alice), "quiz-end")).status_code == 405


def test_the_end_has_its_own_address_with_htmx_too(as_alice: Client, alice: User) -> None:
    quiz = quiz_of(alice, 1)
    respond(as_alice, quiz)
    ended = as_alice.get(url_of(quiz), headers={"HX-Request": "true"})
    assert ended["HX-Redirect"] == url_of(quiz, "quiz-result")


@pytest.mark.parametrize(
    "name",
    [
        "quiz",
        "quiz-end",
        "quiz-result",
        "quiz-again",
        "quiz-share",
        "quiz-unshare",
        "quiz-study-all",
    ],
)
def test_other_peoples_quizzes_are_not_there(as_charlie: Client, alice: User, name: str) -> None:
    quiz = quiz_of(alice, 1)
    asked = as_charlie.get if name in ("quiz", "quiz-result") else as_charlie.post
    assert asked(url_of(quiz, name)).status_code == 404
    assert Quiz.objects.filter(pk=quiz.pk, share_key="", finished_at=None).exists()


def test_visitors_are_sent_home(client: Client, alice: User) -> None:
    quiz = quiz_of(alice, 1)
    for url in (url_of(quiz), reverse("quiz-new"), reverse("quiz-past")):
        assert client.get(url).url == reverse("home")


def test_the_form_of_somebody_else_is_refused(
    as_alice: Client, as_charlie: Client, alice: User, charlie: User
) -> None:
    question = QuestionFactory()
    theirs, own = quiz_of(alice, [question]), quiz_of(charlie, [question])
    token = as_alice.get(url_of(theirs)).context["token"]
    as_charlie.post(url_of(own), {"token": token, **SAMPLES["single_choice"].right})
    assert not Review.objects.exists()


@pytest.mark.parametrize("number", [5, 50])
def test_pages_take_as_many_queries_however_long_the_quiz(
    as_alice: Client, alice: User, number: int, django_assert_num_queries: Any
) -> None:
    quiz = quiz_of(alice, number)
    with django_assert_num_queries(6):  # session, user, quiz, places, card, question
        token = as_alice.get(url_of(quiz)).context["token"]
    form = {"token": token, "action": "check", **SAMPLES["single_choice"].right}
    with django_assert_num_queries(16):
        as_alice.post(url_of(quiz), form)


def test_home_offers_the_latest_quiz_in_one_query(
    alice: User, charlie: User, django_assert_num_queries: Any
) -> None:
    quiz_of(charlie)
    assert unfinished(alice) is None
    old, new = quiz_of(alice, now=MORNING - MINUTE), quiz_of(alice)
    with django_assert_num_queries(1):
        found = unfinished(alice)
    assert found == new
    assert (found.answered, found.total) == (0, 3)
    quizzes.finish(new, MORNING)
    assert unfinished(alice) == old


def test_finishing_takes_in_what_was_answered(alice: User) -> None:
    question = QuestionFactory()
    quiz = quiz_of(alice, [question, QuestionFactory()])
    answer(alice, question)
    quizzes.finish(quiz, MORNING)
    assert answered(quiz) == [question.pk]
