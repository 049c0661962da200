"""The inbox of flags: by question, with the response, and settled once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from quizapp.content import editing
from quizapp.content.history import Act, Change
from quizapp.content.models import Question
from quizapp.grading.base import opaque_id
from quizapp.scheduling import answers
from quizapp.scheduling.flags import flag, news, note_read, number_open, reopen, settle
from quizapp.scheduling.models import Flag, Review
from quizapp.teams.models import User
from tests.factories import QuestionFactory, UserFactory
from tests.kinds import SAMPLES, SERVICE
from tests.scheduling.studying import DAY, MINUTE, MORNING, answer
from tests.study.browsing import text_of

INBOX = reverse("edit-flags")

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]


def raised(
    question: Question,
    user: User | None = None,
    comment: str = "",
    now: datetime = MORNING - DAY,
    reason: str = "wrong_key",
) -> Flag:
    user = user or UserFactory()
    flag(user, question, reason, comment, now)
    return Flag.objects.open().get(user=user, question=question)


def responded(user: User, question: Question, response: Any, now: datetime = MORNING) -> Review:
    log = answer(user, question, now=now).review
    grade = question.parsed_spec.grade(response)
    Review.objects.filter(pk=log.pk).update(response=response, score=grade.score)
    return log


def act(client: Client, question: Question, outcome: str, reply: str = "", **more: str) -> Any:
    url = reverse("edit-flag-answer", args=[question.pk])
    fields = {"outcome": outcome, "reply": reply, "next": INBOX} | more
    return client.post(url, fields, follow=True)


def shown(client: Client, **query: str) -> list[Question]:
    return [group["question"] for group in client.get(INBOX, query).context["groups"]]


# What is shown


def test_flags_stand_by_question_with_what_was_said(as_eve: Client) -> None:
    question = QuestionFactory(stem="What is a *Pod*?", slug="what-is-a-pod")
    raised(question, comment="Both are right.\nSee <b>the docs</b>.")
    raised(question, reason="typo")
    page = text_of(as_eve.get(INBOX))
    assert "2 learners" in page
    assert "<p>What is a <em>Pod</em>?</p>" in page
    assert "Both are right.<br>See &lt;b&gt;the docs&lt;/b&gt;." in page
    assert "The answer is wrong" in page
    assert "There is a typing error" in page
    assert "1 March 2026, 09:00" in page
    assert f'href="{reverse("edit-question", args=["what-is-a-pod"])}"' in page


def test_an_empty_inbox_says_where_flags_come_from(as_eve: Client) -> None:
    QuestionFactory()
    page = text_of(as_eve.get(INBOX))
    assert "When a learner presses Flag beneath a question, it arrives here." in page
    assert "Nothing has been settled yet." in text_of(as_eve.get(INBOX, {"state": "settled"}))


RESPONSES = [
    pytest.param("single_choice", opaque_id("NodePort"), "<li>NodePort</li>", id="single_choice"),
    pytest.param(
        "multiple_choice", [opaque_id("its cluster IP")], "<li>its cluster IP</li>", id="multiple"
    ),
    pytest.param("short_answer", "<b>NodePort", "&lt;b&gt;NodePort", id="short_answer"),
    pytest.param("cloze", {"1": "NodePort"}, "Blank 1: NodePort", id="cloze"),
    pytest.param("flashcard", 1, "Rated Again", id="flashcard"),
    pytest.param(
        "ordering",
        [
            opaque_id("A Pod mounts it"),
            opaque_id("A claim is made"),
            opaque_id("A volume is bound"),
        ],
        "<li>1. A Pod mounts it</li>",
        id="ordering",
    ),
    pytest.param(
        "matching",
        {opaque_id("An alias"): opaque_id("ClusterIP")},
        "<li>An alias: ClusterIP</li>",
        id="matching",
    ),
    pytest.param("manifest", SERVICE.format(port=81), "- port: 81", id="manifest"),
]


@pytest.mark.parametrize(("kind", "response", "words"), RESPONSES)
def test_the_editor_sees_what_was_responded_in_words(
    as_eve: Client, alice: User, kind: str, response: Any, words: str
) -> None:
    question = QuestionFactory(kind=kind)
    responded(alice, question, response)
    raised(question, alice, now=MORNING)
    assert words in text_of(as_eve.get(INBOX))


def test_each_kind_is_covered() -> None:
    assert len(RESPONSES) == len(SAMPLES)


def test_the_latest_response_that_stands_is_the_one_shown(as_eve: Client, alice: User) -> None:
    question = QuestionFactory()
    responded(alice, question, opaque_id("NodePort"), MORNING - 9 * DAY)
    responded(alice, question, opaque_id("LoadBalancer"), MORNING - 5 * DAY)
    undone = responded(alice, question, opaque_id("ClusterIP"), MORNING - DAY)
    answers.undo(alice, undone.pk, MORNING)
    raised(question, alice)
    page = text_of(as_eve.get(INBOX))
    assert "<li>LoadBalancer</li>" in page
    assert "<li>NodePort</li>" not in page
    assert "<li>ClusterIP</li>" not in page


def test_how_the_response_was_graded_is_told(as_eve: Client, alice: User) -> None:
    question = QuestionFactory()
    responded(alice, question, opaque_id("NodePort"))
    raised(question, alice)
    assert "Not right, though sure" in text_of(as_eve.get(INBOX))


def test_who_raised_a_flag_stays_unknown(as_eve: Client) -> None:
    bob = UserFactory(name="Bob Builder", email="bob@example.com")
    question = QuestionFactory()
    responded(bob, question, opaque_id("NodePort"))
    raised(question, bob)
    for state in ("open", "settled"):
        page = text_of(as_eve.get(INBOX, {"state": state})).lower()
        assert "builder" not in page
        assert "bob" not in page
        settle(question, "dismissed", "", UserFactory(), MORNING)


def test_one_who_has_not_responded_has_no_response(as_eve: Client) -> None:
    raised(QuestionFactory())
    assert "No response yet." in text_of(as_eve.get(INBOX))


def test_a_response_to_another_meaning_is_not_shown_beside_the_new_one(
    as_eve: Client, alice: User
) -> None:
    question = QuestionFactory()
    responded(alice, question, opaque_id("NodePort"))
    raised(question, alice)
    Question.objects.update(version=2)
    page = text_of(as_eve.get(INBOX))
    assert "Its meaning has changed since." in page
    assert "seen as version 1" in page
    assert "<li>NodePort</li>" not in page
    assert "the response cannot be shown beside it" in page


@pytest.mark.parametrize(
    ("act_name", "at", "words"),
    [
        pytest.param(Act.EDITED, MORNING, ["Its wording was changed since"], id="since"),
        pytest.param(Act.EDITED, MORNING - 2 * DAY, [], id="before"),
        pytest.param(Act.FOUND, MORNING, [], id="no change, only noted since"),
        pytest.param(Act.MOVED, MORNING, [], id="moved to another topic since"),
        pytest.param(Act.RETIRED, MORNING, [], id="retired since"),
    ],
)
def test_a_change_of_the_wording_since_is_told(
    as_eve: Client, eve: User, act_name: str, at: datetime, words: list[str]
) -> None:
    question = QuestionFactory()
    raised(question)
    Change(eve.pk, at, act_name).revision("question", question.slug, {"stem": "New?"}).save()
    page = text_of(as_eve.get(INBOX))
    assert [
        said for said in ("Its wording was changed since", "Its meaning") if said in page
    ] == words


def test_a_retired_question_keeps_its_flags(as_eve: Client, eve: User) -> None:
    question = QuestionFactory()
    raised(question)
    editing.retire([question], Change(eve.pk, MORNING, Act.RETIRED))
    assert "retired" in text_of(as_eve.get(INBOX))


def test_times_are_those_of_the_editors_clock(as_eve: Client, eve: User) -> None:
    eve.timezone = "Asia/Tokyo"
    eve.save()
    raised(QuestionFactory())
    assert "1 March 2026, 18:00" in text_of(as_eve.get(INBOX))


# Order, filters, pages


def test_most_flags_come_first_or_the_newest(as_eve: Client) -> None:
    many, new = QuestionFactory.create_batch(2)
    for _ in range(2):
        raised(many, now=MORNING - 2 * DAY)
    raised(new, now=MORNING)
    assert shown(as_eve) == [many, new]
    assert shown(as_eve, sort="newest") == [new, many]


def test_what_is_settled_is_filed_elsewhere(as_eve: Client, eve: User) -> None:
    done, left = QuestionFactory.create_batch(2)
    raised(done)
    raised(left)
    settle(done, "answered", "As it should **be**.", eve, MORNING)
    assert shown(as_eve) == [left]
    page = as_eve.get(INBOX, {"state": "settled"})
    assert [group["question"] for group in page.context["groups"]] == [done]
    assert "Answered by Eve on 2 March 2026, 09:00" in text_of(page)
    assert "As it should <strong>be</strong>." in text_of(page)
    assert "not read yet" in text_of(page)


def test_one_question_can_be_looked_at_alone(as_eve: Client) -> None:
    one, other = QuestionFactory.create_batch(2)
    for _ in range(11):
        raised(one)
    raised(other)
    page = text_of(as_eve.get(INBOX))
    assert "And 1 more." in page
    assert f"{INBOX}?state=open&amp;question={one.slug}" in page
    assert shown(as_eve, question=one.slug) == [one]
    assert "more." not in text_of(as_eve.get(INBOX, {"question": one.slug}))
    assert "No flag on this question is open." in text_of(as_eve.get(INBOX, {"question": "none"}))


def test_pages_hold_25_questions(as_eve: Client) -> None:
    for _ in range(26):
        raised(QuestionFactory())
    first = as_eve.get(INBOX)
    assert len(first.context["groups"]) == 25
    assert "Page 1 of 2" in text_of(first)
    assert f'href="{INBOX}?page=2"' in text_of(first)
    assert len(shown(as_eve, page="2")) == 1
    assert len(shown(as_eve, page="99")) == 1


@pytest.mark.parametrize("name", ["state", "sort", "page", "question"])
@pytest.mark.parametrize("value", ["", "x", "-1", "0", "²", "\0", "9" * 400, "%", "' OR 1=1"])
def test_an_address_that_means_nothing_does_no_harm(as_eve: Client, name: str, value: str) -> None:
    raised(QuestionFactory())
    assert as_eve.get(INBOX, {name: value}).status_code == 200


@pytest.mark.parametrize("state", ["open", "settled"])
def test_the_number_of_queries_is_the_same_for_few_and_many(
    as_eve: Client, eve: User, state: str, django_assert_num_queries: Any
) -> None:
    as_eve.get(INBOX)

    def more(number: int) -> None:
        for question in QuestionFactory.create_batch(number):
            for _ in range(2):
                user = UserFactory()
                responded(user, question, opaque_id("NodePort"))
                raised(question, user)
            if state == "settled":
                settle(question, "answered", "So it is.", eve, timezone.now())

    for number in (1, 20):
        more(number)
        with django_assert_num_queries(9):  # the session, the editor and two on rights
            as_eve.get(INBOX, {"state": state})


def test_htmx_gets_the_list_alone(as_eve: Client) -> None:
    page = as_eve.get(INBOX, headers={"HX-Request": "true"})
    assert "<html" not in page.content.decode()
    assert 'data-title="Flags · quizapp"' in page.content.decode()


# What is done


def test_an_answer_settles_all_flags_on_the_question(as_eve: Client, eve: User) -> None:
    question, other = QuestionFactory.create_batch(2)
    for _ in range(2):
        raised(question)
    raised(other)
    response = act(as_eve, question, "answered", " It is right:\r\nsee the docs. ")
    assert "Answered. 2 learners are told on the next visit." in text_of(response)
    for each in Flag.objects.filter(question=question):
        assert (each.outcome, each.reply) == ("answered", "It is right:\nsee the docs.")
        assert (each.resolved_by, each.resolved_at) == (eve, MORNING)
    assert number_open(other) == 1


@pytest.mark.parametrize(
    ("outcome", "words"),
    [("dismissed", "Dismissed. 1 learner is told"), ("mended", "Noted as mended. 1 learner is")],
)
@pytest.mark.parametrize("reply", ["", "Thank you."])
def test_dismissing_and_mending_need_no_reply(
    as_eve: Client, outcome: str, words: str, reply: str
) -> None:
    question = QuestionFactory()
    raised(question)
    assert words in text_of(act(as_eve, question, outcome, reply))
    settled = Flag.objects.get()
    assert (settled.outcome, settled.reply) == (outcome, reply)


@pytest.mark.parametrize(
    ("outcome", "reply", "sentence"),
    [
        ("answered", "  ", "Write the answer first, or dismiss the flags without one."),
        ("answered", "a" * 1003, "Shorten the reply by 3 characters: 1000 fit."),
        ("", "My words", "Choose what to do: answer, mended or dismiss."),
        ("deleted", "My words", "Choose what to do: answer, mended or dismiss."),
    ],
)
def test_what_cannot_be_done_is_told_and_the_words_are_kept(
    as_eve: Client, outcome: str, reply: str, sentence: str
) -> None:
    question = QuestionFactory()
    raised(question)
    response = act(as_eve, question, outcome, reply)
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert reply.strip() in response.content.decode()
    assert number_open(question) == 1


def test_a_line_end_counts_once(as_eve: Client) -> None:
    question = QuestionFactory()
    raised(question)
    act(as_eve, question, "answered", "a\r\n" * 499 + "bc")
    assert len(Flag.objects.get().reply or "") == 1000


def test_the_second_of_two_editors_changes_nothing_and_is_told(as_eve: Client) -> None:
    question = QuestionFactory()
    raised(question)
    act(as_eve, question, "answered", "The first.")
    response = act(as_eve, question, "dismissed", "<i>The second.")
    assert response.status_code == 422
    assert "Nothing was changed: these flags have been settled already" in text_of(response)
    assert "&lt;i&gt;The second." in text_of(response)
    assert f"?state=settled&amp;question={question.slug}" in text_of(response)
    assert Flag.objects.get().reply == "The first."


def test_an_answer_that_is_sent_twice_is_told_once_and_can_be_taken_back(
    as_eve: Client, alice: User
) -> None:
    question = QuestionFactory()
    raised(question, alice)
    seen = as_eve.get(INBOX).context["groups"][0]["seen"]
    act(as_eve, question, "answered", "So it is.", seen=seen)
    again = act(as_eve, question, "answered", "So it is.", seen=seen)
    assert "Answered already." in text_of(again)
    assert "was not sent" not in text_of(again)
    as_eve.post(again.context["notice"]["undo_url"], {"next": INBOX})
    assert number_open(question) == 1


def test_what_was_settled_in_the_same_way_before_is_no_second_submit(
    as_eve: Client, eve: User, alice: User
) -> None:
    question = QuestionFactory()
    raised(question, alice, now=MORNING - 2 * DAY)
    settle(question, "dismissed", "", eve, MORNING - DAY)
    raised(question, alice, now=MORNING - MINUTE)
    seen = as_eve.get(INBOX).context["groups"][0]["seen"]
    raised(question, alice, comment="More.", now=MORNING)
    assert "Nothing was changed" in text_of(act(as_eve, question, "dismissed", seen=seen))


@pytest.mark.django_db(transaction=True)
def test_of_two_editors_at_the_same_moment_one_settles(eve: User) -> None:
    question = QuestionFactory()
    for _ in range(3):
        raised(question)

    def answered(reply: str) -> int:
        try:
            return settle(question, "answered", reply, eve, timezone.now())
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(answered, ("One.", "Two."))) == [0, 3]
    assert Flag.objects.values("reply").distinct().count() == 1
    assert User.objects.filter(has_news=True).count() == 3


def test_after_a_problem_the_way_leads_back_to_the_list(as_eve: Client) -> None:
    question = QuestionFactory()
    raised(question)
    response = act(as_eve, question, "answered", next=f"{INBOX}?sort=newest&page=2")
    assert response.context["scope"]["url"] == f"{INBOX}?sort=newest&page=2"
    assert [group["question"] for group in response.context["groups"]] == [question]


def test_a_flag_that_the_editor_has_not_seen_stays_open(as_eve: Client) -> None:
    question = QuestionFactory()
    seen = raised(question, now=MORNING - DAY)
    page = as_eve.get(INBOX)
    (group,) = page.context["groups"]
    later = raised(question, now=MORNING - MINUTE)
    act(as_eve, question, "answered", "So it is.", seen=group["seen"])
    assert list(Flag.objects.settled()) == [seen]
    assert list(Flag.objects.open()) == [later]


@pytest.mark.parametrize("outcome", ["answered", "mended", "dismissed"])
def test_each_of_them_can_be_taken_back(as_eve: Client, alice: User, outcome: str) -> None:
    question = QuestionFactory()
    raised(question, alice)
    notice = act(as_eve, question, outcome, "Oh.").context["notice"]
    alice.refresh_from_db()
    assert news(alice)
    response = as_eve.post(notice["undo_url"], {"next": INBOX}, follow=True)
    assert "1 flag is open again." in text_of(response)
    opened = Flag.objects.get()
    assert (opened.resolved_at, opened.outcome, opened.reply) == (None, None, None)
    assert opened.resolved_by is None
    alice.refresh_from_db()
    assert not alice.has_news
    response = as_eve.post(notice["undo_url"], {"next": INBOX}, follow=True)
    assert "that has been taken back already" in text_of(response)


def test_taking_one_act_back_leaves_the_others(eve: User) -> None:
    question = QuestionFactory()
    first = raised(question)
    settle(question, "answered", "One.", eve, MORNING)
    raised(question)
    settle(question, "answered", "Two.", eve, MORNING + MINUTE)
    assert reopen(question, MORNING) == 1
    assert list(Flag.objects.open()) == [first]


def test_what_was_flagged_anew_since_is_not_opened_twice(eve: User, alice: User) -> None:
    question = QuestionFactory()
    raised(question, alice)
    settle(question, "answered", "One.", eve, MORNING)
    anew = raised(question, alice, comment="Still wrong.", now=MORNING + MINUTE)
    assert reopen(question, MORNING) == 0
    assert list(Flag.objects.open()) == [anew]


@pytest.mark.parametrize("moment", ["", "x", "2026-03-02", "2026-03-02T09:00:00", "9" * 99])
def test_an_undo_of_nothing_changes_nothing(as_eve: Client, eve: User, moment: str) -> None:
    question = QuestionFactory()
    raised(question)
    settle(question, "answered", "One.", eve, MORNING)
    url = reverse("edit-flag-answer", args=[question.pk])
    response = as_eve.post(f"{url}?undo={moment}", follow=True)
    assert "Nothing was changed" in text_of(response)
    assert number_open(question) == 0


@pytest.mark.parametrize("pk", [999, 2**70])
def test_a_question_that_does_not_exist_is_not_found(as_eve: Client, pk: int) -> None:
    url = reverse("edit-flag-answer", args=[pk])
    assert as_eve.post(url, {"outcome": "dismissed"}).status_code == 404


def test_the_way_back_leads_to_our_own_pages_only(as_eve: Client) -> None:
    question = QuestionFactory()
    raised(question)
    url = reverse("edit-flag-answer", args=[question.pk])
    response = as_eve.post(url, {"outcome": "dismissed", "next": "https://evil.example/"})
    assert response["Location"] == INBOX


def test_flags_are_never_settled_by_a_link(as_eve: Client) -> None:
    question = QuestionFactory()
    raised(question)
    url = reverse("edit-flag-answer", args=[question.pk])
    assert as_eve.get(url, {"outcome": "dismissed"}).status_code == 405


# What the learner is told, as the rest of the house sees it


def test_news_waits_until_it_is_read(alice: User, eve: User) -> None:
    question = QuestionFactory()
    raised(question, alice)
    assert news(alice) == []
    settle(question, "mended", "Thank you.", eve, MORNING)
    alice.refresh_from_db()
    (told,) = news(alice)
    assert (told.question, told.outcome, told.reply) == (question, "mended", "Thank you.")
    note_read(alice, told.flag_ids, MORNING)
    alice.refresh_from_db()
    assert not alice.has_news
    assert Flag.objects.get().told_at == MORNING


def test_nobody_reads_the_news_of_others(alice: User, charlie: User, eve: User) -> None:
    question = QuestionFactory()
    pk = raised(question, alice).pk
    settle(question, "mended", "", eve, MORNING)
    note_read(charlie, [pk], MORNING)
    alice.refresh_from_db()
    assert len(news(alice)) == 1


def test_flags_settled_before_there_were_replies_are_no_news(
    as_eve: Client, alice: User, eve: User
) -> None:
    old, new = QuestionFactory.create_batch(2)
    raised(old, alice)
    Flag.objects.update(resolved_at=MORNING - DAY)
    raised(new, alice)
    settle(new, "mended", "", eve, MORNING)
    alice.refresh_from_db()
    assert [each.question for each in news(alice)] == [new]
    assert "Settled" in text_of(as_eve.get(INBOX, {"state": "settled"}))


def test_the_edit_page_can_settle_what_it_has_mended(eve: User, alice: User) -> None:
    question = QuestionFactory()
    raised(question, alice)
    assert number_open(question) == 1
    assert settle(question, "mended", "", eve, MORNING) == 1
    assert settle(question, "mended", "", eve, MORNING + MINUTE) == 0
    assert number_open(question) == 0
    with pytest.raises(ValueError, match="gone"):
        settle(question, "gone", "", eve, MORNING)
