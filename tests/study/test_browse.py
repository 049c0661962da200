"""The questions met: what is listed, found, set aside and practised."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from quizapp.content.models import Question
from quizapp.scheduling import cards
from quizapp.scheduling.memory import Rating
from quizapp.scheduling.models import Card, Flag
from quizapp.study.browse_rows import in_short
from quizapp.study.models import Quiz
from quizapp.teams.models import User
from quizapp.web.standings import times
from tests.factories import FactFactory, QuestionFactory, TopicFactory
from tests.kinds import SAMPLES
from tests.scheduling.studying import DAY, MORNING, answer, card_of, learn
from tests.study.browsing import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]

LAST_WEEK = MORNING - 7 * DAY


def met(user: User, when: Any = LAST_WEEK, **fields: Any) -> Question:
    question: Question = QuestionFactory(**fields)
    learn(user, question, when)
    return question


def listed(client: Client, **query: Any) -> list[Question]:
    response = client.get(reverse("browse"), query)
    return [row["question"] for row in response.context["rows"]]


def test_what_was_answered_or_set_aside_is_listed(as_alice: Client, alice: User) -> None:
    answered = met(alice)
    suspended, buried, undone, _ = QuestionFactory.create_batch(4)
    cards.suspend(alice, suspended, MORNING)
    cards.bury(alice, buried, MORNING)
    cards.suspend(alice, undone, MORNING)
    cards.unsuspend(alice, undone)
    assert set(listed(as_alice)) == {answered, suspended, buried}


def test_what_has_left_the_bank_is_not_listed(as_alice: Client, alice: User) -> None:
    gone = met(alice)
    Question.objects.filter(pk=gone.pk).update(retired_at=MORNING)
    response = as_alice.get(reverse("browse"))
    assert response.context["rows"] == []
    assert "Each question that you answer is listed here" in text_of(response)


def test_each_learner_sees_their_own(as_alice: Client, as_charlie: Client, alice: User) -> None:
    question = met(alice)
    assert listed(as_alice) == [question]
    assert listed(as_charlie) == []


def test_a_visitor_is_sent_home(client: Client) -> None:
    assert client.get(reverse("browse"))["Location"] == "/"


@pytest.mark.parametrize("kind", SAMPLES)
def test_the_list_holds_no_part_of_a_key(as_alice: Client, alice: User, kind: str) -> None:
    spec = SAMPLES[kind].spec
    question = met(alice, kind=kind, stem="Which?", explanation="Because of the Uhrwerk.")
    page = as_alice.get(reverse("browse")).content.decode()
    assert "Which?" in page
    assert question.explanation not in page
    for text in _texts(spec):
        assert len(text) < 4 or text not in page


def _texts(spec: Any) -> list[str]:
    if isinstance(spec, dict):
        return [text for value in spec.values() for text in _texts(value)]
    if isinstance(spec, list):
        return [text for value in spec for text in _texts(value)]
    return [spec] if isinstance(spec, str) else []


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("clusterip", True),
        ("  CLUSTERIP   which ", True),
        ("clusterip loadbalancer", False),
        ("nodes fail", False),  # the why of a fact is not searched
        ("stable address", True),
        ("which address", True),
        ("100%", True),
        ("1%0", False),
        ("a_b", True),
        ("a_c", False),
        ("\\", False),
        ("ÜBER", True),
        ("über", True),
        ("Straße", True),
        ("'; drop table", False),
        ("cluster\0ip", True),
        ("x" * 5000, False),
    ],
)
def test_each_word_is_in_the_stem_or_in_a_fact(
    as_alice: Client, alice: User, text: str, *, is_found: bool
) -> None:
    fact = FactFactory(fact="A Service is a stable address.")
    stem = "Which ClusterIP? Über 100% a_b Straße"
    question = met(alice, stem=stem, facts=[fact], topic=fact.topic)
    met(alice, stem="Another")
    assert listed(as_alice, text=text) == ([question] if is_found else [])


def test_a_topic_narrows_and_opens_the_choice_of_its_facts(as_alice: Client, alice: User) -> None:
    fact = FactFactory(fact="Pods are **mortal**.")
    ours = met(alice, topic=fact.topic, facts=[fact])
    sibling = met(alice, topic=fact.topic)
    met(alice)
    assert set(listed(as_alice, topic=fact.topic.slug)) == {ours, sibling}
    assert listed(as_alice, topic=fact.topic.slug, fact=fact.slug) == [ours]
    page = as_alice.get(reverse("browse"), {"fact": fact.slug})
    assert [row["question"] for row in page.context["rows"]] == [ours]
    assert page.context["search"].topic == fact.topic
    assert (fact.slug, "Pods are mortal.") in page.context["facts"]


def test_a_fact_falls_away_when_another_topic_is_chosen(as_alice: Client, alice: User) -> None:
    fact = FactFactory()
    met(alice, topic=fact.topic, facts=[fact])
    other = met(alice)
    assert listed(as_alice, topic=other.topic.slug, fact=fact.slug) == [other]


@pytest.mark.parametrize(
    "query",
    [
        {"topic": "none-such"},
        {"fact": "none\0such"},
        {"state": "none-such"},
        {"sort": "none-such"},
        {"page": "-1"},
        {"page": "²"},
        {"page": "9" * 5000},
        {"flag": "²"},
        {"flag": "9" * 5000},
        {"nonsense": "x"},
    ],
)
def test_values_that_mean_nothing_are_passed_over(
    as_alice: Client, alice: User, query: dict[str, str]
) -> None:
    question = met(alice)
    assert listed(as_alice, **query) == [question]


@pytest.fixture
def each_standing(alice: User) -> dict[str, Question]:
    """One question for each standing, and nothing else."""
    learning = QuestionFactory()
    answer(alice, learning, Rating.GOOD, MORNING)
    known = met(alice, MORNING)
    slipped = met(alice, MORNING - 20 * DAY)
    answer(alice, slipped, Rating.AGAIN, MORNING)
    due = met(alice, MORNING - 300 * DAY)
    put_off = met(alice, MORNING - 300 * DAY)
    cards.bury(alice, put_off, MORNING)
    suspended = met(alice, MORNING - 300 * DAY)
    cards.suspend(alice, suspended, MORNING)
    leech = met(alice, MORNING)
    Card.objects.filter(question=leech).update(is_leech=True, is_suspended=True, lapses=8)
    return {
        "learning": learning,
        "known": known,
        "slipped": slipped,
        "due": due,
        "put-off": put_off,
        "suspended": suspended,
        "leech": leech,
    }


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("", {"learning", "known", "slipped", "due", "put-off", "suspended", "leech"}),
        ("learning", {"learning"}),
        ("known", {"known", "due", "put-off"}),
        ("slipped", {"slipped"}),
        ("due", {"due"}),
        ("put-off", {"put-off"}),
        ("suspended", {"suspended", "leech"}),
        ("leech", {"leech"}),
    ],
)
def test_the_list_is_narrowed_by_standing(
    as_alice: Client, each_standing: dict[str, Question], state: str, expected: set[str]
) -> None:
    assert set(listed(as_alice, state=state)) == {each_standing[name] for name in expected}


def test_the_memory_is_said_in_plain_words(
    as_alice: Client, each_standing: dict[str, Question]
) -> None:
    rows = as_alice.get(reverse("browse")).context["rows"]
    said = {row["question"]: (row["standing"], row["details"]) for row in rows}
    words = {name: said[question] for name, question in each_standing.items()}
    assert words["learning"] == ("Being learned", "comes back in 10 minutes")
    assert words["slipped"] == (
        "Slipped, being relearned",
        "comes back in 10 minutes, slipped once",
    )
    assert words["known"][0] == "Known"
    assert words["known"][1].startswith("comes back in ")
    assert words["due"][0] == "Known"
    assert words["due"][1].endswith("%, due now")
    assert words["put-off"] == (
        "Put off",
        words["due"][1].replace("due now", "comes back tomorrow"),
    )
    assert words["suspended"][0] == "Suspended"
    assert "due now" not in words["suspended"][1]
    assert words["leech"] == ("Suspended", "slipped 8 times")


def test_recall_is_what_the_model_expects_on_this_day(as_alice: Client, alice: User) -> None:
    question = met(alice, MORNING - 10 * DAY)
    Card.objects.filter(question=question).update(stability=10.0)
    (row,) = as_alice.get(reverse("browse")).context["rows"]
    assert row["details"].startswith("expected recall 90%")


def test_the_order_is_chosen(as_alice: Client, alice: User) -> None:
    first, second, third = (met(alice, LAST_WEEK) for _ in range(3))
    for question, due, last, stability, lapses in [
        (first, 1, 6, 60.0, 2),
        (second, 2, 5, 1.0, 0),
        (third, 3, 4, 2.0, 5),
    ]:
        Card.objects.filter(question=question).update(
            due=MORNING + due * DAY,
            last_review=MORNING - last * DAY,
            stability=stability,
            lapses=lapses,
        )
    assert listed(as_alice) == [first, second, third]
    assert listed(as_alice, sort="weakest") == [second, third, first]
    assert listed(as_alice, sort="lapses") == [third, first, second]
    assert listed(as_alice, sort="latest") == [third, second, first]
    cards.suspend(alice, first, MORNING)
    assert listed(as_alice)[-1] == first
    Card.objects.filter(question=second).update(buried_until=MORNING + 9 * DAY)
    assert listed(as_alice) == [third, second, first]


def test_what_has_come_to_mean_something_else_counts_as_weakest(
    as_alice: Client, alice: User
) -> None:
    met(alice)
    changed = met(alice)
    cards.start_anew([changed.pk])
    assert listed(as_alice, sort="weakest")[0] == changed


def test_pages_keep_the_filters_and_the_last_one_stands_for_those_beyond(
    as_alice: Client, alice: User
) -> None:
    topic = TopicFactory()
    for _ in range(27):
        met(alice, topic=topic)
    query = {"topic": topic.slug, "sort": "latest"}
    first = as_alice.get(reverse("browse"), query)
    assert len(first.context["rows"]) == 25
    later = first.context["later_url"]
    assert later == f"/questions/?topic={topic.slug}&sort=latest&page=2"
    last = as_alice.get(later)
    assert len(last.context["rows"]) == 2
    assert last.context["earlier_url"] == f"/questions/?topic={topic.slug}&sort=latest"
    beyond = as_alice.get(reverse("browse"), query | {"page": "99"})
    assert beyond.context["rows"] == last.context["rows"]
    assert "Page 2 of 2" in text_of(beyond)


def test_the_count_says_how_many_match(as_alice: Client, alice: User) -> None:
    met(alice, stem="First")
    assert "1 question met <" in text_of(as_alice.get(reverse("browse")))
    met(alice, stem="Second")
    assert "2 questions met <" in text_of(as_alice.get(reverse("browse")))
    page = text_of(as_alice.get(reverse("browse"), {"text": "first"}))
    assert "1 of 2 questions met matches" in page
    nothing = text_of(as_alice.get(reverse("browse"), {"text": "third"}))
    assert "0 of 2 questions met match <" in nothing
    assert "Clear the filters" in nothing


def test_the_queries_stay_the_same_however_much_there_is(
    as_alice: Client, alice: User, django_assert_num_queries: Any
) -> None:
    fact = FactFactory()
    query = {"text": "stem", "topic": fact.topic.slug, "fact": fact.slug, "state": "known"}
    for _ in range(3):
        for _ in range(4):
            question = met(alice, topic=fact.topic, facts=[fact])
            answer(alice, question, Rating.GOOD, MORNING)
        # The session, the learner, topics, facts, two counts, and the rows.
        with django_assert_num_queries(7):
            assert as_alice.get(reverse("browse"), query).context["rows"]
        with django_assert_num_queries(5):
            as_alice.get(reverse("browse"))


def test_with_htmx_only_the_fragment_is_sent(as_alice: Client, alice: User) -> None:
    met(alice)
    page = as_alice.get(reverse("browse"), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in page
    assert 'id="found"' in page


def test_ids_on_the_page_are_unique(as_alice: Client, alice: User) -> None:
    for _ in range(3):
        met(alice)
    page = as_alice.get(reverse("browse")).content.decode()
    ids = [part.partition('"')[0] for part in page.split(' id="')[1:]]
    assert len(ids) == len(set(ids))


# Setting aside


def test_suspending_returns_to_the_same_list_with_an_undo(as_alice: Client, alice: User) -> None:
    question = met(alice)
    here = f"/questions/?topic={question.topic.slug}"
    page = as_alice.post(reverse("suspend", args=[question.pk]), {"next": here}, follow=True)
    assert page.redirect_chain == [(here, 302)]
    assert page.context["rows"][0]["standing"] == "Suspended"
    undo = page.context["notice"]["undo_url"]
    assert f'action="{undo}"' in page.content.decode()
    back = as_alice.post(undo, {"next": here}, follow=True)
    assert back.redirect_chain == [(here, 302)]
    assert back.context["rows"][0]["standing"] == "Known"


def test_what_was_put_off_is_brought_back_from_the_list(as_alice: Client, alice: User) -> None:
    question = met(alice)
    cards.bury(alice, question, MORNING)
    url = reverse("unbury", args=[question.pk])
    assert url in as_alice.get(reverse("browse")).content.decode()
    page = as_alice.post(url, {"next": "/questions/"}, follow=True)
    assert page.context["rows"][0]["standing"] == "Known"
    assert url not in page.content.decode()


def test_the_chosen_are_suspended_and_the_undo_brings_back_just_those(
    as_alice: Client, alice: User
) -> None:
    before, first, second, other = (met(alice) for _ in range(4))
    cards.suspend(alice, before, MORNING)
    page = as_alice.post(
        reverse("suspend-chosen"),
        {"question": [before.pk, first.pk, second.pk], "next": "/questions/?sort=latest"},
        follow=True,
    )
    assert page.redirect_chain == [("/questions/?sort=latest", 302)]
    assert page.context["notice"]["text"] == "2 questions suspended."
    assert set(listed(as_alice, state="suspended")) == {before, first, second}
    as_alice.post(page.context["notice"]["undo_url"], {"next": "/questions/"})
    assert listed(as_alice, state="suspended") == [before]
    assert not card_of(alice, other).is_suspended


def test_the_chosen_are_brought_back_and_the_undo_suspends_them(
    as_alice: Client, alice: User
) -> None:
    question = met(alice)
    cards.suspend(alice, question, MORNING)
    fields = {"question": question.pk, "next": "/questions/"}
    page = as_alice.post(reverse("unsuspend-chosen"), fields, follow=True)
    assert page.context["notice"]["text"] == "1 question brought back."
    assert listed(as_alice, state="suspended") == []
    as_alice.post(page.context["notice"]["undo_url"], {"next": "/questions/"})
    assert listed(as_alice, state="suspended") == [question]


def test_what_is_only_put_off_is_not_said_to_be_at_work(as_alice: Client, alice: User) -> None:
    question = met(alice)
    cards.bury(alice, question, MORNING)
    fields = {"question": [question.pk], "next": "/questions/"}
    page = as_alice.post(reverse("unsuspend-chosen"), fields, follow=True)
    assert page.context["notice"]["text"] == (
        "Nothing was changed: what you chose is not suspended."
    )


@pytest.mark.parametrize("name", ["suspend-chosen", "unsuspend-chosen", "practise"])
@pytest.mark.parametrize("chosen", [[], ["x"], ["²"], ["9" * 30], ["0", "-1"]])
def test_nothing_sensible_chosen_changes_nothing(
    as_alice: Client, alice: User, name: str, chosen: list[str]
) -> None:
    met(alice)
    before = list(Card.objects.values())
    page = as_alice.post(reverse(name), {"question": chosen, "next": "/questions/"}, follow=True)
    assert page.redirect_chain == [("/questions/", 302)]
    assert page.context["notice"]["undo_url"] == ""
    assert list(Card.objects.values()) == before
    assert not Quiz.objects.exists()


def test_cards_of_others_and_questions_never_met_stay_as_they_are(
    as_charlie: Client, alice: User
) -> None:
    question = met(alice)
    fields = {"question": [question.pk], "next": "/questions/"}
    for name in ("suspend-chosen", "unsuspend-chosen", "practise"):
        as_charlie.post(reverse(name), fields)
    assert not card_of(alice, question).is_suspended
    assert Card.objects.count() == 1
    assert not Quiz.objects.exists()


def test_a_flag_is_sent_from_the_list(as_alice: Client, alice: User) -> None:
    question, _ = met(alice), met(alice)
    url = reverse("flag", args=[question.pk])
    page = as_alice.get(reverse("browse"))
    assert url not in page.content.decode()
    opened = as_alice.get(f"{page.context['flag_url']}{question.pk}").content.decode()
    assert opened.count('<details class="flag" open>') == 1
    assert f'action="{url}"' in opened
    page = as_alice.post(url, {"reason": "typo", "next": "/questions/"}, follow=True)
    assert page.redirect_chain == [("/questions/", 302)]
    assert Flag.objects.get().question == question


# Practising


def questions_of(quiz: Quiz) -> list[Question]:
    return [place.question for place in quiz.places.select_related("question")]


def test_the_chosen_make_a_quiz(as_alice: Client, alice: User) -> None:
    first, second, _ = (met(alice) for _ in range(3))
    url = reverse("practise")
    response = as_alice.post(url, {"question": [second.pk, first.pk, second.pk]})
    quiz = Quiz.objects.get()
    assert response["Location"] == reverse("quiz", args=[quiz.pk])
    assert quiz.user == alice
    assert questions_of(quiz) == [second, first]


def test_a_double_click_makes_one_quiz_and_another_choice_another(
    as_alice: Client, alice: User
) -> None:
    first, second = met(alice), met(alice)
    urls = [
        as_alice.post(reverse("practise"), {"question": [question.pk]}).url
        for question in (first, first, second)
    ]
    assert urls[0] == urls[1] != urls[2]
    assert Quiz.objects.count() == 2


def test_the_suspended_are_not_practised(as_alice: Client, alice: User) -> None:
    suspended, other = met(alice), met(alice)
    cards.suspend(alice, suspended, MORNING)
    fields = {"question": [suspended.pk], "next": "/questions/"}
    page = as_alice.post(reverse("practise"), fields, follow=True)
    assert "None of these can be asked: bring back what is suspended first." in text_of(page)
    as_alice.post(reverse("practise"), {"question": [suspended.pk, other.pk]})
    assert questions_of(Quiz.objects.get()) == [other]


def test_all_that_match_make_a_quiz_in_their_order_without_the_suspended(
    as_alice: Client, alice: User
) -> None:
    topic = TopicFactory(title="Volumes")
    first = met(alice, MORNING - 9 * DAY, topic=topic)
    second = met(alice, MORNING - 8 * DAY, topic=topic)
    cards.suspend(alice, met(alice, topic=topic), MORNING)
    met(alice)
    page = as_alice.get(reverse("browse"), {"topic": topic.slug, "sort": "latest"})
    assert "Practise all 2" in text_of(page)
    as_alice.post(page.context["practise_url"], {"all": "yes"})
    quiz = Quiz.objects.get()
    assert quiz.title == "Practice: Volumes"
    assert questions_of(quiz) == [second, first]


def test_a_quiz_holds_fifty_at_most(as_alice: Client, alice: User) -> None:
    topic = TopicFactory()
    for number in range(52):
        met(alice, MORNING - timedelta(days=100 + number), topic=topic)
    assert "Practise the first 50" in text_of(as_alice.get(reverse("browse")))
    as_alice.post(reverse("practise"), {"all": "yes"})
    assert Quiz.objects.get().places.count() == 50


@pytest.mark.parametrize("name", ["practise", "suspend-chosen", "unsuspend-chosen"])
def test_actions_take_posts_of_learners_only(client: Client, as_alice: Client, name: str) -> None:
    assert as_alice.get(reverse(name)).status_code == 405
    assert Client().post(reverse(name))["Location"] == "/"


def test_the_old_list_of_suspended_questions_has_moved_here(client: Client) -> None:
    response = client.get("/suspended/")
    assert (response.status_code, response["Location"]) == (301, "/questions/?state=suspended")


def test_an_empty_list_of_suspended_questions_says_how_to_suspend(
    as_alice: Client, alice: User
) -> None:
    met(alice)
    assert "None is suspended." in text_of(as_alice.get("/suspended/", follow=True))
    narrower = as_alice.get(reverse("browse"), {"state": "suspended", "text": "other"})
    assert "Try fewer words" in text_of(narrower)


# A stem in short


@pytest.mark.parametrize(
    ("stem", "short"),
    [
        ("What is a Pod?", "What is a Pod?"),
        ("Why `a`?\n\nAnd **b**?", "Why <code>a</code>? And <strong>b</strong>?"),
        ("Look:\n\n```yaml\nkind: Pod\n```\n\nWhat is it?", "Look: What is it?"),
        ("```yaml\nkind: Pod\n```", "kind: Pod"),
        ("<b>bold</b>", "&lt;b&gt;bold&lt;/b&gt;"),
        ("word " * 60, ("word " * 48).strip() + " …"),
        ("x" * 300, "x" * 240 + " …"),
        ("a `" + "b " * 200 + "`", "a <code>" + ("b " * 119).strip() + "</code> …"),
    ],
)
def test_a_stem_is_shown_in_short(stem: str, short: str) -> None:
    assert in_short(stem) == short


@pytest.mark.parametrize(("number", "words"), [(1, "once"), (2, "twice"), (3, "3 times")])
def test_times_in_words(number: int, words: str) -> None:
    assert times(number) == words
