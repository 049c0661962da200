"""The review through the client: what is shown, and what a response does."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from quizapp.content.models import Confusable, Fact, Question
from quizapp.content.teaching import teaching_of
from quizapp.grading import KINDS
from quizapp.grading.base import opaque_id
from quizapp.scheduling.line_up import Plan
from quizapp.scheduling.memory import Rating, State
from quizapp.scheduling.models import Card, Review
from quizapp.teams.models import User
from tests.factories import ConfusableFactory, FactFactory, QuestionFactory, TopicFactory
from tests.kinds import SAMPLES
from tests.scheduling.studying import DAY, MORNING, card_of, learn
from tests.study.browsing import respond, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "flashcard"])
def test_a_right_response_is_told_explained_and_scheduled(
    as_alice: Client, alice: User, kind: str
) -> None:
    question = QuestionFactory(kind=kind)
    response = respond(as_alice, SAMPLES[kind].right)
    page = text_of(response)
    assert response.context["verdict"] == "right"
    assert "This is why." in page
    assert "https://kubernetes.io/docs/concepts/workloads/pods/" in page
    assert "in 10 minutes" in page
    assert Review.objects.get().rating == Rating.GOOD
    assert card_of(alice, question).state == State.LEARNING


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "flashcard"])
def test_a_wrong_response_is_told_explained_and_comes_back(
    as_alice: Client, alice: User, kind: str
) -> None:
    QuestionFactory(kind=kind)
    response = respond(as_alice, SAMPLES[kind].wrong)
    assert response.context["verdict"] in ("confident", "partly")
    assert "in 1 minute" in text_of(response)
    assert Review.objects.get().rating == Rating.AGAIN
    assert "token" in as_alice.get("/review/").context


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "ordering"])
def test_nothing_given_asks_for_a_response_or_shows_the_answer(as_alice: Client, kind: str) -> None:
    QuestionFactory(kind=kind)
    asked = respond(as_alice, {})
    assert asked.status_code == 422
    assert "Give a response first" in text_of(asked)
    assert not Review.objects.exists()
    if kind != "flashcard":
        shown = respond(as_alice, {}, "unsure")
        assert shown.context["verdict"] == "shown"
        assert "Here is the answer." in text_of(shown)
        assert Review.objects.get().rating == Rating.AGAIN


def test_right_but_not_sure_is_hard(as_alice: Client) -> None:
    QuestionFactory()
    response = respond(as_alice, SAMPLES["single_choice"].right, "unsure")
    assert response.context["verdict"] == "unsure"
    assert Review.objects.get().rating == Rating.HARD


def test_wrong_but_sure_is_shown_as_such(as_alice: Client) -> None:
    QuestionFactory()
    response = respond(as_alice, SAMPLES["single_choice"].wrong)
    assert "though you were sure" in text_of(response)
    assert Review.objects.get().is_sure is True


def test_a_partly_right_response_shows_each_part(as_alice: Client) -> None:
    QuestionFactory(kind="multiple_choice")
    first, _ = SAMPLES["multiple_choice"].right["option"]
    response = respond(as_alice, {"option": [first]})
    assert response.context["verdict"] == "partly"
    assert Review.objects.get().score == 0.5
    treated = {str(note.part): note.is_right for note in response.context["notes"]}
    assert list(treated.values()).count(True) == 1
    assert treated["any node and the node port"] is False
    assert treated["its external name"] is None


def test_feedback_keeps_the_order_in_which_the_options_stood(as_alice: Client) -> None:
    for _ in QuestionFactory.create_batch(5):
        response = respond(as_alice, SAMPLES["single_choice"].right)
        order = Review.objects.latest("pk").options_order
        shown = [opaque_id(str(note.part)) for note in response.context["notes"]]
        assert shown == order


def test_a_near_miss_is_told_and_not_marked_right(as_alice: Client) -> None:
    QuestionFactory(kind="short_answer")
    response = respond(as_alice, {"text": "clusterpi"})
    assert "Almost: check the spelling." in text_of(response)
    assert Review.objects.get().rating == Rating.AGAIN


def test_a_flashcard_is_revealed_rated_and_gone(as_alice: Client, alice: User) -> None:
    question = QuestionFactory(kind="flashcard")
    token = as_alice.get("/review/").context["token"]
    revealed = as_alice.post("/review/", {"token": token, "action": "reveal"})
    page = text_of(revealed)
    assert "A stable address." in page
    assert not Review.objects.exists()
    intervals = [rating["interval"] for rating in revealed.context["revealed"]["ratings"]]
    assert intervals[:3] == ["in 1 minute", "in 6 minutes", "in 10 minutes"]
    response = as_alice.post("/review/", {"token": token, "recalled": "4"})
    assert response.status_code == 302
    card = card_of(alice, question)
    assert card.state == State.REVIEW
    days = (card.due.date() - MORNING.date()).days
    assert intervals[3] == f"in {days} days"
    assert Review.objects.get().is_sure is None


def test_revealing_a_flashcard_leaves_the_plan_as_it_was(as_alice: Client, alice: User) -> None:
    alice.new_per_day = 0
    alice.save()
    QuestionFactory.create_batch(3, kind="flashcard")
    as_alice.post(reverse("more-new"))
    asked = as_alice.get("/review/")
    revealed = as_alice.post("/review/", {"token": asked.context["token"], "action": "reveal"})
    assert revealed.context["plan"] == asked.context["plan"] == Plan(new=3)


def test_a_flashcard_needs_a_rating(as_alice: Client) -> None:
    QuestionFactory(kind="flashcard")
    assert respond(as_alice, {}, "unsure").status_code == 422
    assert respond(as_alice, {"recalled": "9"}).status_code == 422
    assert not Review.objects.exists()


def test_other_kinds_cannot_be_revealed(as_alice: Client) -> None:
    QuestionFactory(kind="short_answer")
    response = respond(as_alice, {}, "reveal")
    assert "clusterip" not in text_of(response).lower()
    assert not Review.objects.exists()


def test_htmx_gets_the_fragment_and_a_browser_the_page(as_alice: Client) -> None:
    QuestionFactory()
    page = as_alice.get("/review/").content.decode()
    fragment = as_alice.get("/review/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" in page
    assert "<html" not in fragment
    assert "Stem of" in fragment


def test_with_htmx_a_missing_response_is_told_beside_the_form(as_alice: Client) -> None:
    QuestionFactory()
    response = respond(as_alice, {}, headers={"HX-Request": "true"})
    assert response.status_code == 422
    assert response["HX-Retarget"] == "#problem"
    assert "Give a response first" in text_of(response)


def test_without_script_what_was_given_is_kept_beside_the_problem(as_alice: Client) -> None:
    QuestionFactory(kind="ordering")
    fields = dict.fromkeys(SAMPLES["ordering"].right, "2")
    response = respond(as_alice, fields)
    assert response.status_code == 422
    page = text_of(response)
    assert "Give every step a place of its own." in page
    assert page.count("selected") == 3
    assert response.context["shown"]["steps"][0]["place"] == "2"


def test_a_long_text_is_kept_beside_the_problem(as_alice: Client) -> None:
    QuestionFactory(kind="short_answer")
    response = respond(as_alice, {"text": "x" * 1001})
    assert response.status_code == 422
    assert "x" * 1001 in text_of(response)


def test_review_pages_are_never_cached(as_alice: Client) -> None:
    QuestionFactory()
    assert "no-store" in as_alice.get("/review/")["Cache-Control"]


def test_visitors_are_sent_home(client: Client) -> None:
    question = QuestionFactory()
    for url in ("/review/", f"/review/{question.topic.slug}/"):
        assert client.get(url)["Location"] == "/"
    assert client.post(reverse("suspend", args=[question.pk]))["Location"] == "/"


def test_a_topic_is_reviewed_by_itself(as_alice: Client) -> None:
    QuestionFactory()
    topic = TopicFactory(slug="services")
    wanted = QuestionFactory(topic=topic)
    response = as_alice.get("/review/services/")
    assert response.context["question"] == wanted
    assert as_alice.get("/review/nothing/").status_code == 404


def test_an_answer_takes_at_most_nine_queries_and_a_savepoint(
    as_alice: Client, django_assert_max_num_queries: Any
) -> None:
    QuestionFactory.create_batch(3)
    token = as_alice.get("/review/").context["token"]
    fields = {"token": token, "action": "check", **SAMPLES["single_choice"].right}
    with django_assert_max_num_queries(11):
        as_alice.post("/review/", fields, headers={"HX-Request": "true"})


def test_markup_in_a_response_stays_text(as_alice: Client) -> None:
    QuestionFactory(kind="short_answer")
    page = respond(as_alice, {"text": "<script>alert(1)</script> *x*"}).content.decode()
    assert "<script>alert" not in page
    assert "<em>x</em>" not in page


def test_many_learners_have_cards_of_their_own(as_alice: Client, as_charlie: Client) -> None:
    QuestionFactory()
    respond(as_alice, SAMPLES["single_choice"].right)
    respond(as_charlie, SAMPLES["single_choice"].wrong)
    assert Question.objects.get().cards.count() == 2


def test_a_question_that_keeps_slipping_is_marked(as_alice: Client, alice: User) -> None:
    question = QuestionFactory()
    learn(alice, question)
    address = f"/review/?question={question.pk}"
    assert "Keeps slipping" not in text_of(as_alice.get(address))
    Card.objects.update(is_leech=True)
    assert "Keeps slipping" in text_of(as_alice.get(address))


def test_the_eighth_lapse_is_told(as_alice: Client, alice: User) -> None:
    question = QuestionFactory()
    learn(alice, question, MORNING - 30 * DAY)
    Card.objects.update(lapses=7)
    response = respond(as_alice, SAMPLES["single_choice"].wrong)
    assert "This one has slipped 8 times." in text_of(response)
    assert card_of(alice, question).is_leech


def test_the_text_of_a_cloze_is_shown_filled_in_once_it_was_answered(as_alice: Client) -> None:
    blanks = {"kind": {"accept": ["Service", "a Service"]}, "port": {"accept": ["80"]}}
    text = "A {{kind}} listens:\n\n```\nport: {{port}}\n```"
    QuestionFactory(kind="cloze", spec={"text": text, "blanks": blanks})
    assert "A Service listens:" not in text_of(as_alice.get("/review/"))
    page = text_of(respond(as_alice, {"blank-1": "Pod"}))
    assert "A Service listens:" in page
    assert "port: 80" in page


class TestWhatIsEasilyConfused:
    TITLE = "Easily confused: PersistentVolume or PersistentVolumeClaim"

    @pytest.fixture
    def volume(self) -> Fact:
        volume: Fact = FactFactory()
        ConfusableFactory(facts=[volume, FactFactory()])
        return volume

    def test_it_is_contrasted_where_the_response_was_wrong(
        self, as_alice: Client, volume: Fact
    ) -> None:
        QuestionFactory(facts=[volume])
        response = respond(as_alice, SAMPLES["single_choice"].wrong)
        assert self.TITLE in text_of(response)
        assert "what PersistentVolumeClaim is" in text_of(response)
        assert '<details class="contrast" open>' in response.content.decode()

    def test_it_is_there_to_open_where_the_response_was_right(
        self, as_alice: Client, volume: Fact
    ) -> None:
        QuestionFactory(facts=[volume])
        response = respond(as_alice, SAMPLES["single_choice"].right)
        assert self.TITLE in text_of(response)
        assert '<details class="contrast" >' in response.content.decode()

    def test_it_is_on_the_back_of_a_flashcard(self, as_alice: Client, volume: Fact) -> None:
        QuestionFactory(facts=[volume], kind="flashcard")
        assert self.TITLE not in text_of(as_alice.get("/review/"))
        assert self.TITLE in text_of(respond(as_alice, {}, "reveal"))

    def test_a_fact_in_passing_is_not_enough(self, as_alice: Client, volume: Fact) -> None:
        QuestionFactory(facts=[FactFactory(), volume])
        assert self.TITLE not in text_of(respond(as_alice, SAMPLES["single_choice"].wrong))

    def test_what_is_retired_is_not_shown(self, as_alice: Client, volume: Fact) -> None:
        Confusable.objects.update(retired_at=MORNING)
        QuestionFactory(facts=[volume])
        assert self.TITLE not in text_of(respond(as_alice, SAMPLES["single_choice"].wrong))

    def test_the_pair_that_the_question_is_about_is_chosen(self) -> None:
        volume, claim, other = FactFactory.create_batch(3)
        ConfusableFactory(facts=[volume, other], sides=["A", "B"], position=0)
        ConfusableFactory(facts=[volume, claim], sides=["C", "D"], position=1)
        both, one = QuestionFactory(facts=[volume, claim]), QuestionFactory(facts=[volume])
        taught = teaching_of([both.pk, one.pk])
        assert [taught[each.pk].contrast.sides for each in (both, one)] == [("C", "D"), ("A", "B")]
