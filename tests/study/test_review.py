"""The review through the client: what is shown, what a response does, and what never leaks."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from quizapp.content.models import Question
from quizapp.grading import KINDS
from quizapp.grading.base import opaque_id
from quizapp.scheduling.memory import Rating, State
from quizapp.scheduling.models import Card, Flag, Review
from quizapp.teams.models import User
from tests.factories import FactFactory, QuestionFactory, TopicFactory
from tests.kinds import SAMPLES
from tests.scheduling.studying import DAY, MORNING, answer, card_of, learn

pytestmark = pytest.mark.django_db

CANARY = "canary7f3a"


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def respond(client: Client, fields: dict[str, Any], action: str = "check", **extra: Any) -> Any:
    """Show the next question and submit the fields with its form."""
    token = client.get("/review/").context["token"]
    return client.post("/review/", {"token": token, "action": action, **fields}, **extra)


@pytest.fixture(autouse=True)
def _morning(time_machine: Any) -> None:
    time_machine.move_to(MORNING, tick=False)


# Every kind


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


@pytest.mark.parametrize("kind", KINDS)
def test_the_key_is_nowhere_before_the_response(as_alice: Client, kind: str) -> None:
    """A canary in every key, feedback, explanation, hint and fact is not in page or headers."""
    fact = FactFactory(fact=CANARY, why=CANARY, misconception=CANARY, precision=CANARY)
    QuestionFactory(
        kind=kind,
        spec=with_canaries(kind),
        slug=CANARY,
        stem="Which one?",
        explanation=CANARY,
        facts=[fact],
    )
    for headers in ({}, {"HX-Request": "true"}):
        response = as_alice.get("/review/", headers=headers)
        seen = response.content.decode() + str(response.headers) + str(response.cookies)
        assert "Which one?" in seen
        assert CANARY not in seen


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "flashcard"])
def test_the_canary_is_found_after_the_response(as_alice: Client, kind: str) -> None:
    """So that the test above would notice a leak."""
    QuestionFactory(kind=kind, spec=with_canaries(kind), explanation=CANARY)
    assert CANARY in respond(as_alice, {}, "unsure").content.decode()


def with_canaries(kind: str) -> dict[str, Any]:
    """The sample's spec with a canary in all that must stay hidden."""
    spec = copy.deepcopy(SAMPLES[kind].spec)
    match kind:
        case "flashcard":
            spec["back"] = CANARY
        case "single_choice" | "multiple_choice":
            for option in spec["options"]:
                option["feedback"] = f"This is {CANARY} of the option."
        case "short_answer":
            spec |= {"accept": [CANARY], "pattern": CANARY + "x"}
            spec["wrong"] = [{"text": "other", "feedback": CANARY}]
        case "matching":
            for pair in spec["pairs"]:
                pair["feedback"] = CANARY
        case "cloze":
            spec = {
                "text": "The default is {{" + CANARY + "}}.",
                "blanks": {CANARY: {"accept": [CANARY], "feedback": CANARY}},
            }
        case "manifest":
            spec["solution"] = spec["solution"].replace("name: web", f"name: {CANARY}")
            for check in spec["checks"]:
                check["hint"] = CANARY
            spec["checks"].append({"path": "metadata.name", "equals": CANARY, "hint": CANARY})
            wrong = spec["solution"].replace("port: 80", "port: 81")
            spec["wrong"] = [
                {"manifest": wrong, "message": CANARY, "fails": ["spec.ports[*].port"]}
            ]
    return spec


def test_options_tell_nothing_of_the_authors_order(as_alice: Client) -> None:
    """The ids are the same wherever an option stands in the file."""
    spec = SAMPLES["single_choice"].spec
    turned = {"options": spec["options"][::-1]}
    first, second = QuestionFactory(spec=spec), QuestionFactory(spec=turned)
    ids = [
        set(re.findall(r'value="([0-9a-f]{8})"', text_of(as_alice.get(f"/review/?question={pk}"))))
        for pk in (first.pk, second.pk)
    ]
    assert len(ids[0]) == 3
    assert ids[0] == ids[1]


# Confidence


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


# Flashcards


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


# The same form twice, old forms, other people's forms


def test_the_same_form_twice_shows_the_same_feedback_and_counts_once(as_alice: Client) -> None:
    QuestionFactory()
    token = as_alice.get("/review/").context["token"]
    fields = {"token": token, "action": "check"}
    first = as_alice.post("/review/", fields | SAMPLES["single_choice"].right)
    again = as_alice.post("/review/", fields | SAMPLES["single_choice"].wrong)
    assert again.context["verdict"] == first.context["verdict"] == "right"
    assert Review.objects.count() == 1


def test_a_stale_form_is_told_kindly_with_the_current_state(as_alice: Client, alice: User) -> None:
    question = QuestionFactory()
    token = as_alice.get("/review/").context["token"]
    answer(alice, question)
    fields = {"token": token, "action": "check", **SAMPLES["single_choice"].right}
    response = as_alice.post("/review/", fields, follow=True)
    assert "out of date" in text_of(response)
    assert Review.objects.count() == 1


@pytest.mark.parametrize("token", ["", "x", "a:b:c"])
def test_a_broken_form_changes_nothing(as_alice: Client, token: str) -> None:
    QuestionFactory()
    response = as_alice.post("/review/", {"token": token, "action": "check"}, follow=True)
    assert "out of date" in text_of(response)
    assert not Review.objects.exists()


def test_a_form_of_somebody_else_changes_nothing(as_alice: Client, as_charlie: Client) -> None:
    QuestionFactory()
    token = as_alice.get("/review/").context["token"]
    fields = {"token": token, "action": "check", **SAMPLES["single_choice"].right}
    as_charlie.post("/review/", fields)
    assert not Review.objects.exists()


def test_a_form_whose_question_has_gone_is_stale(as_alice: Client) -> None:
    question = QuestionFactory()
    token = as_alice.get("/review/").context["token"]
    question.retired_at = MORNING
    question.save()
    response = as_alice.post("/review/", {"token": token, "action": "check"}, follow=True)
    assert "out of date" in text_of(response)
    question.delete()
    response = as_alice.post("/review/", {"token": token, "action": "check"}, follow=True)
    assert "out of date" in text_of(response)


# Pages and fragments


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


# The end


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
    assert as_alice.get("/").context["week"][1]["count"] == 2
    respond(as_alice, SAMPLES["single_choice"].right)
    page = text_of(as_alice.get("/review/"))
    assert "2 questions will be due tomorrow." in page


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


# Beside answering


def test_undo_shows_the_question_again(as_alice: Client, alice: User) -> None:
    first, _ = QuestionFactory.create_batch(2)
    pk = respond(as_alice, SAMPLES["single_choice"].right).context["undo_pk"]
    response = as_alice.post(reverse("undo", args=[pk]), {"next": "/review/"}, follow=True)
    assert response.context["question"] == first
    assert card_of(alice, first) is None


def test_undo_reaches_back_review_by_review(as_alice: Client, alice: User) -> None:
    questions = QuestionFactory.create_batch(3)
    for _ in questions:
        respond(as_alice, SAMPLES["single_choice"].right)
    page = as_alice.get("/review/")
    for question in reversed(questions):
        url = reverse("undo", args=[page.context["undo_pk"]])
        page = as_alice.post(url, {"next": "/review/"}, follow=True)
        assert page.context["question"] == question
    assert page.context["undo_pk"] is None
    assert not Card.objects.exists()


def test_the_same_undo_twice_counts_once(as_alice: Client) -> None:
    QuestionFactory.create_batch(2)
    respond(as_alice, SAMPLES["single_choice"].right)
    pk = respond(as_alice, SAMPLES["single_choice"].right).context["undo_pk"]
    for _ in range(2):
        response = as_alice.post(reverse("undo", args=[pk]), follow=True)
        assert "Undone" in text_of(response)
    assert Review.objects.standing().count() == 1


def test_undo_of_somebody_elses_review_changes_nothing(
    as_alice: Client, as_charlie: Client
) -> None:
    QuestionFactory()
    pk = respond(as_alice, SAMPLES["single_choice"].right).context["undo_pk"]
    response = as_charlie.post(reverse("undo", args=[pk]), follow=True)
    assert "can no longer be undone" in text_of(response)
    assert Review.objects.standing().count() == 1


def test_too_easy_makes_the_answer_easy(as_alice: Client, alice: User) -> None:
    question = QuestionFactory()
    pk = respond(as_alice, SAMPLES["single_choice"].right).context["review_pk"]
    response = as_alice.post(reverse("too-easy", args=[pk]), follow=True)
    assert "Noted as easy" in text_of(response)
    assert card_of(alice, question).state == State.REVIEW


def test_too_easy_on_somebody_elses_review_changes_nothing(
    as_alice: Client, alice: User, as_charlie: Client
) -> None:
    question = QuestionFactory()
    pk = respond(as_alice, SAMPLES["single_choice"].right).context["review_pk"]
    response = as_charlie.post(reverse("too-easy", args=[pk]), follow=True)
    assert "no longer be changed" in text_of(response)
    assert card_of(alice, question).state == State.LEARNING


@pytest.mark.parametrize(("verb", "back"), [("suspend", "unsuspend"), ("bury", "unbury")])
def test_a_question_is_set_aside_and_brought_back(as_alice: Client, verb: str, back: str) -> None:
    first, second = QuestionFactory.create_batch(2)
    response = as_alice.post(reverse(verb, args=[first.pk]), {"next": "/review/"}, follow=True)
    assert response.context["question"] == second
    undo = response.context["notice"]["undo_url"]
    assert undo == reverse(back, args=[first.pk])
    response = as_alice.post(undo, {"next": "/review/"}, follow=True)
    assert response.context["question"] == first


def test_a_flag_reaches_the_editors(as_alice: Client, alice: User) -> None:
    question = QuestionFactory(version=4)
    fields = {"reason": "wrong_key", "comment": " Both are right. ", "next": "/review/"}
    response = as_alice.post(reverse("flag", args=[question.pk]), fields, follow=True)
    assert "The editors will look at it" in text_of(response)
    flag = Flag.objects.get()
    assert (flag.user, flag.question, flag.question_version) == (alice, question, 4)
    assert (flag.reason, flag.comment) == ("wrong_key", "Both are right.")


def test_a_second_flag_on_a_question_replaces_the_first(as_alice: Client) -> None:
    question = QuestionFactory()
    for reason in ("typo", "unclear"):
        as_alice.post(reverse("flag", args=[question.pk]), {"reason": reason, "comment": "a\0b"})
    flag = Flag.objects.get()
    assert (flag.reason, flag.comment) == ("unclear", "ab")


def test_a_flag_without_a_reason_is_not_sent(as_alice: Client) -> None:
    question = QuestionFactory()
    response = as_alice.post(reverse("flag", args=[question.pk]), follow=True)
    assert "choose what is wrong first" in text_of(response)
    assert not Flag.objects.exists()


@pytest.mark.parametrize("verb", ["suspend", "unsuspend", "bury", "unbury", "flag"])
def test_actions_on_a_question_that_does_not_exist_are_not_found(
    as_alice: Client, verb: str
) -> None:
    assert as_alice.post(reverse(verb, args=[999])).status_code == 404


@pytest.mark.parametrize("next_url", ["https://evil.example/", "//evil.example", "javascript:1"])
def test_actions_lead_back_to_our_own_pages_only(as_alice: Client, next_url: str) -> None:
    question = QuestionFactory()
    response = as_alice.post(reverse("bury", args=[question.pk]), {"next": next_url})
    assert response["Location"] == "/review/"


@pytest.mark.parametrize(
    "name", ["undo", "more-new", "suspend", "unsuspend", "bury", "unbury", "flag", "too-easy"]
)
def test_actions_take_posts_only(as_alice: Client, name: str) -> None:
    needs_pk = name != "more-new"
    assert as_alice.get(reverse(name, args=[1] if needs_pk else [])).status_code == 405


def test_a_question_asked_for_by_address_can_be_answered_early(
    as_alice: Client, alice: User
) -> None:
    question = QuestionFactory()
    learn(alice, question)
    response = as_alice.get(f"/review/?question={question.pk}")
    assert response.context["question"] == question


@pytest.mark.parametrize("wanted", ["0", "x", "99999999999999999999999999", "²"])
def test_an_unknown_question_in_the_address_is_passed_over(as_alice: Client, wanted: str) -> None:
    question = QuestionFactory()
    response = as_alice.get("/review/", {"question": wanted})
    assert response.context["question"] == question


# Speed by shape


def test_an_answer_takes_at_most_twelve_queries(
    as_alice: Client, django_assert_max_num_queries: Any
) -> None:
    QuestionFactory.create_batch(3)
    token = as_alice.get("/review/").context["token"]
    fields = {"token": token, "action": "check", **SAMPLES["single_choice"].right}
    with django_assert_max_num_queries(12):
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
