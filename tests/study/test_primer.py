"""The primer through the client: reading, answering in the text, and where one has been."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from quizapp.content.models import Chapter, Question
from quizapp.content.teaching import teaching_of
from quizapp.grading import KINDS
from quizapp.scheduling.cards import start_anew, suspend
from quizapp.scheduling.memory import Rating
from quizapp.scheduling.models import Review
from quizapp.study.models import Reading
from quizapp.study.reading import last_read
from quizapp.teams.models import User
from tests.factories import ChapterFactory, FactFactory, QuestionFactory, TopicFactory
from tests.kinds import SAMPLES
from tests.scheduling.studying import DAY, MORNING, answer, card_of, learn
from tests.study.browsing import text_of
from tests.study.quizzing import AT_END, quiz_of
from tests.study.quizzing import respond as respond_in_quiz

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]

CANARY = "canary7f3a"


def card(question: Question) -> dict[str, str]:
    """What the card of the question in the chapter sends with its requests."""
    return {"HX-Request": "true", "HX-Target": f"question-{question.slug}"}


def url_of(chapter: Chapter, question: Question) -> str:
    return reverse("chapter-question", args=[chapter.slug, question.slug])


@pytest.fixture
def asked() -> Question:
    return QuestionFactory(slug="what-stays", stem="What stays?")


@pytest.fixture
def chapter(asked: Question) -> Chapter:
    return ChapterFactory(
        slug="reaching-pods", title="Reaching Pods", asks=[asked], states=[asked.facts.get()]
    )


def respond(
    client: Client, url: str, fields: dict[str, Any], action: str = "check", **extra: Any
) -> Any:
    token = client.get(url, **extra).context["token"]
    return client.post(url, {"token": token, "action": action, **fields}, **extra)


# Reading


@pytest.mark.usefixtures("chapter")
def test_the_shelf_lists_chapters_and_how_far_one_has_come(
    as_alice: Client, alice: User, chapter: Chapter, asked: Question
) -> None:
    ChapterFactory(title="Later")
    page = text_of(as_alice.get("/primer/"))
    assert page.index("Reaching Pods") < page.index("Later")
    assert "Start reading" in page
    assert "0 of 1 question answered" in page

    answer(alice, asked)
    as_alice.post(reverse("chapter-reading", args=[chapter.slug]), {"section": "what-goes"})
    page = text_of(as_alice.get("/primer/"))
    assert "1 of 1 question answered" in page
    assert "Read to 67%" in page
    assert 'href="/primer/reaching-pods/#what-goes">Continue reading' in page


def test_the_last_of_two_sections_with_one_title_is_the_end(as_alice: Client) -> None:
    chapter = ChapterFactory(body="Text.\n\n## Example\n\nText.\n\n## Example\n\nText.")
    note(as_alice, chapter, "example-2")
    assert "Read to the end" in text_of(as_alice.get("/primer/"))


def test_the_shelf_of_an_empty_primer_says_so(client: Client) -> None:
    assert "There are no chapters yet." in text_of(client.get("/primer/"))


def test_the_shelf_takes_as_many_queries_for_many_chapters_as_for_few(
    as_alice: Client, alice: User, django_assert_num_queries: Any
) -> None:
    for number in range(6):
        chapter = ChapterFactory(asks=[QuestionFactory()])
        if number % 2:
            Reading.objects.create(user=alice, chapter=chapter, anchor="what-goes")
    with django_assert_num_queries(6):
        as_alice.get("/primer/")


def test_a_chapter_is_read_with_its_contents_facts_and_cards(
    as_alice: Client, chapter: Chapter, asked: Question
) -> None:
    page = text_of(as_alice.get("/primer/reaching-pods/"))
    fact = asked.facts.get()
    assert "Pods come and go." in page
    assert '<a href="#what-stays">What stays</a>' in page
    assert f'id="fact-{fact.slug}"' in page
    assert f'href="/primer/facts/{fact.slug}/"' in page
    assert 'id="question-what-stays"' in page
    assert f'hx-get="{url_of(chapter, asked)}"' in page
    assert "What stays?" not in page


def test_a_chapter_takes_three_queries(as_alice: Client, django_assert_num_queries: Any) -> None:
    chapter = ChapterFactory(asks=QuestionFactory.create_batch(5))
    with django_assert_num_queries(3):
        as_alice.get(reverse("chapter", args=[chapter.slug]))


def test_chapters_lead_to_their_neighbours(as_alice: Client) -> None:
    first, second, third = ChapterFactory.create_batch(3)
    Chapter.objects.filter(pk=third.pk).update(retired_at=MORNING)
    page = text_of(as_alice.get(reverse("chapter", args=[second.slug])))
    assert f'href="/primer/{first.slug}/" rel="prev">Back: {first.title}</a>' in page
    assert "Next:" not in page
    assert as_alice.get(reverse("chapter", args=[third.slug])).status_code == 404


def test_an_edited_chapter_is_shown_as_it_is_now(as_alice: Client, chapter: Chapter) -> None:
    as_alice.get("/primer/reaching-pods/")
    Chapter.objects.update(body="Something else.")
    assert "Something else." in text_of(as_alice.get("/primer/reaching-pods/"))


def test_a_visitor_reads_and_is_offered_to_start(client: Client, chapter: Chapter) -> None:
    page = text_of(client.get("/primer/reaching-pods/"))
    assert "Pods come and go." in page
    assert "hx-get" not in page
    assert 'name="next" value="/primer/reaching-pods/#question-what-stays"' in page

    place = "/primer/reaching-pods/#question-what-stays"
    assert client.post("/start/", {"next": place})["Location"] == place
    assert client.post("/start/", {"next": "https://example.org"})["Location"] == "/review/"


def test_without_guests_a_visitor_reads_and_is_asked_to_sign_in(
    client: Client, chapter: Chapter, asked: Question, settings: Any
) -> None:
    settings.QUIZAPP_GUESTS = False
    for url in ("/primer/reaching-pods/", url_of(chapter, asked)):
        page = text_of(client.get(url))
        assert "Sign in to answer" in page
        assert "Start, without an account" not in page


# Answering in the text


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "htmx"])
def test_a_question_set_in_is_asked_and_told_on_a_page_of_its_own(
    as_alice: Client, alice: User, chapter: Chapter, asked: Question, headers: dict[str, str]
) -> None:
    url = url_of(chapter, asked)
    shown = text_of(as_alice.get(url, headers=headers))
    assert "What stays?" in shown
    assert "/primer/reaching-pods/#question-what-stays" in shown
    response = respond(as_alice, url, SAMPLES["single_choice"].right, headers=headers)
    page = text_of(response)
    assert response.context["verdict"] == "right"
    assert "Back to the chapter" in page
    assert "Comes back in 10 minutes" in page
    assert Review.objects.get().rating == Rating.GOOD
    assert card_of(alice, asked)


@pytest.mark.parametrize("kind", KINDS)
def test_a_card_asks_and_tells_within_itself(as_alice: Client, kind: str) -> None:
    question = QuestionFactory(kind=kind, stem="Which one?")
    url = url_of(ChapterFactory(asks=[question]), question)
    asked = as_alice.get(url, headers=card(question)).content.decode()
    assert "<html" not in asked
    assert "<h1" not in asked
    assert "autofocus" not in asked
    assert f'id="stem-{question.pk}"' in asked

    sample = SAMPLES[kind].right
    response = respond(as_alice, url, sample, headers=card(question), follow=True)
    told = response.content.decode()
    assert Review.objects.count() == 1
    assert "<html" not in told
    assert "comes back" in told.lower()
    assert "<h1" not in told


def test_a_card_reveals_its_flashcard_and_takes_the_rating(as_alice: Client) -> None:
    question = QuestionFactory(kind="flashcard")
    url = url_of(ChapterFactory(asks=[question]), question)
    revealed = respond(as_alice, url, {}, "reveal", headers=card(question))
    assert "A stable address." in text_of(revealed)
    assert not Review.objects.exists()
    token = revealed.context["token"]
    rated = as_alice.post(url, {"token": token, "recalled": "3"}, headers=card(question))
    assert rated["Location"] == url
    assert "Being learned: comes back in 10 minutes" in text_of(as_alice.get(url))
    assert "A stable address." in text_of(as_alice.get(f"{url}?feedback"))


def test_a_missing_response_is_told_within_the_card(
    as_alice: Client, chapter: Chapter, asked: Question
) -> None:
    url = url_of(chapter, asked)
    response = respond(as_alice, url, {}, headers=card(asked))
    assert response.status_code == 422
    assert response["HX-Retarget"] == f"#problem-{asked.pk}"
    page = respond(as_alice, url, {})
    assert page.status_code == 422
    assert "Give a response first" in text_of(page)
    assert "What stays?" in text_of(page)


def test_an_answered_question_is_not_asked_again_before_it_is_due(
    as_alice: Client, alice: User, chapter: Chapter, asked: Question, time_machine: Any
) -> None:
    url = url_of(chapter, asked)
    due = learn(alice, asked).due
    for address in (url, f"{url}?again"):
        page = text_of(as_alice.get(address))
        assert "Known: comes back in" in page
        assert 'name="token"' not in page
    assert "ClusterIP" not in page

    time_machine.move_to(due, tick=False)
    assert "Answer again now" in text_of(as_alice.get(url))
    respond(as_alice, f"{url}?again", SAMPLES["single_choice"].right)
    assert Review.objects.count() == 2


def test_the_feedback_on_what_was_answered_can_be_looked_up(
    as_alice: Client, chapter: Chapter, asked: Question
) -> None:
    url = url_of(chapter, asked)
    respond(as_alice, url, SAMPLES["single_choice"].wrong)
    looked_up = as_alice.get(f"{url}?feedback")
    assert looked_up.context["verdict"] == "confident"
    assert "This is why." in text_of(looked_up)


def test_a_question_with_a_new_meaning_is_asked_and_not_told(
    as_alice: Client, alice: User, chapter: Chapter, asked: Question
) -> None:
    url = url_of(chapter, asked)
    respond(as_alice, url, SAMPLES["single_choice"].right)
    Question.objects.update(version=2, explanation=CANARY)
    start_anew([asked.pk])
    for address in (url, f"{url}?feedback"):
        page = as_alice.get(address)
        assert "token" in page.context
        assert CANARY not in text_of(page)


def test_feedback_that_a_quiz_gives_at_its_end_waits_for_it(
    as_alice: Client, alice: User, chapter: Chapter, asked: Question
) -> None:
    quiz = quiz_of(alice, [asked, QuestionFactory()], feedback=AT_END)
    respond_in_quiz(as_alice, quiz, is_right=False)
    looked_up = f"{url_of(chapter, asked)}?feedback"
    assert "This is why." not in text_of(as_alice.get(looked_up))
    as_alice.post(reverse("quiz-end", args=[quiz.pk]))
    assert "This is why." in text_of(as_alice.get(looked_up))


@pytest.mark.parametrize("is_in_chapter", [True, False])
def test_the_form_of_such_a_quiz_is_not_graded_once_more_elsewhere(
    as_alice: Client,
    alice: User,
    chapter: Chapter,
    asked: Question,
    is_in_chapter: bool,  # noqa: FBT001
) -> None:
    quiz = quiz_of(alice, [asked, QuestionFactory()], feedback=AT_END)
    address = reverse("quiz", args=[quiz.pk])
    form = {"token": as_alice.get(address).context["token"], **SAMPLES["single_choice"].wrong}
    as_alice.post(address, form)
    elsewhere = url_of(chapter, asked) if is_in_chapter else "/review/"
    page = text_of(as_alice.post(elsewhere, form, follow=True))
    assert "out of date" in page
    assert "This is why." not in page
    assert Review.objects.count() == 1


def test_a_suspended_question_is_left_alone(
    as_alice: Client, alice: User, chapter: Chapter, asked: Question
) -> None:
    learn(alice, asked, MORNING - 90 * DAY)
    suspend(alice, asked, MORNING)
    page = text_of(as_alice.get(url_of(chapter, asked)))
    assert "Suspended" in page
    assert "Answer again now" not in page


def test_a_suspended_question_that_was_never_answered_is_not_asked(
    as_alice: Client, alice: User, chapter: Chapter, asked: Question
) -> None:
    suspend(alice, asked, MORNING)
    url = url_of(chapter, asked)
    for address in (url, f"{url}?again", f"{url}?feedback"):
        page = as_alice.get(address)
        assert "token" not in page.context
        assert "Suspended." in text_of(page)
        assert "Answered" not in text_of(page)
        assert "See the answer" not in text_of(page)


def test_a_second_submit_changes_nothing(
    as_alice: Client, chapter: Chapter, asked: Question
) -> None:
    url = url_of(chapter, asked)
    fields = {"token": as_alice.get(url).context["token"], **SAMPLES["single_choice"].right}
    as_alice.post(url, fields)
    again = as_alice.post(url, fields)
    assert "You had answered this already" in text_of(again)
    assert Review.objects.count() == 1


def test_stale_and_foreign_forms_are_harmless(
    as_alice: Client, as_charlie: Client, chapter: Chapter, asked: Question
) -> None:
    other = QuestionFactory()
    url = url_of(chapter, asked)
    tokens = {
        "forged": "x",
        "somebody else's": as_charlie.get(url).context["token"],
        "another question's": as_alice.get(f"/review/?question={other.pk}").context["token"],
    }
    for token in tokens.values():
        response = as_alice.post(
            url, {"token": token, **SAMPLES["single_choice"].right}, follow=True
        )
        assert "out of date" in text_of(response)
    assert not Review.objects.exists()


def test_a_retired_question_leaves_quietly(
    as_alice: Client, chapter: Chapter, asked: Question
) -> None:
    Question.objects.update(retired_at=MORNING)
    url = url_of(chapter, asked)
    gone = as_alice.get(url, headers=card(asked))
    assert (gone.content, gone["HX-Reswap"]) == (b"", "delete")
    assert as_alice.get(url)["Location"] == "/primer/reaching-pods/"


def test_a_question_that_the_chapter_does_not_ask_is_not_found(
    as_alice: Client, chapter: Chapter
) -> None:
    other = QuestionFactory()
    assert as_alice.get(url_of(chapter, other)).status_code == 404
    assert as_alice.get(url_of(ChapterFactory(), other)).status_code == 404


def test_a_visitor_cannot_answer(client: Client, chapter: Chapter, asked: Question) -> None:
    url = url_of(chapter, asked)
    page = text_of(client.get(url))
    assert "Start, without an account" in page
    assert "What stays?" not in page
    assert client.post(url, SAMPLES["single_choice"].right).status_code == 302
    assert not Review.objects.exists()


def test_an_answer_in_a_chapter_takes_at_most_fifteen_queries(
    as_alice: Client, chapter: Chapter, asked: Question, django_assert_max_num_queries: Any
) -> None:
    url = url_of(chapter, asked)
    fields = {"token": as_alice.get(url).context["token"], **SAMPLES["single_choice"].right}
    with django_assert_max_num_queries(15):
        as_alice.post(url, fields, headers=card(asked))


def test_the_key_is_nowhere_before_the_response(as_alice: Client) -> None:
    fact = FactFactory(why=CANARY, misconception=CANARY)
    spec = {"accept": [CANARY]}
    question = QuestionFactory(kind="short_answer", spec=spec, explanation=CANARY, facts=[fact])
    chapter = ChapterFactory(asks=[question], states=[fact])
    url = url_of(chapter, question)
    for address in (reverse("chapter", args=[chapter.slug]), url):
        assert CANARY not in as_alice.get(address).content.decode()
    assert CANARY not in as_alice.get(url, headers=card(question)).content.decode()


# Where one has been


def note(client: Client, chapter: Chapter, section: str) -> int:
    url = reverse("chapter-reading", args=[chapter.slug])
    return client.post(url, {"section": section}).status_code


def test_the_section_that_was_read_last_is_kept(
    as_alice: Client, alice: User, chapter: Chapter, time_machine: Any
) -> None:
    assert last_read(alice) is None
    assert note(as_alice, chapter, "what-goes") == 204
    assert note(as_alice, chapter, "what-stays") == 204
    assert note(as_alice, chapter, "nowhere") == 204
    place = last_read(alice)
    assert place
    assert (place.section, place.url) == ("What stays", "/primer/reaching-pods/#what-stays")

    time_machine.move_to(MORNING + DAY, tick=False)
    note(as_alice, ChapterFactory(title="Later"), "what-goes")
    assert last_read(alice).chapter.title == "Later"
    time_machine.move_to(MORNING + 2 * DAY, tick=False)
    note(as_alice, chapter, "what-stays")
    assert last_read(alice).chapter == chapter


def test_a_section_that_is_kept_already_is_not_written_again(
    as_alice: Client, chapter: Chapter, django_assert_num_queries: Any
) -> None:
    note(as_alice, chapter, "what-goes")
    with django_assert_num_queries(4):
        note(as_alice, chapter, "what-goes")


def test_answering_keeps_the_section_without_script(
    as_alice: Client, alice: User, chapter: Chapter, asked: Question
) -> None:
    respond(as_alice, url_of(chapter, asked), SAMPLES["single_choice"].right)
    place = last_read(alice)
    assert place
    assert place.section == "What stays"


def test_a_section_that_is_gone_leads_to_the_head_of_the_chapter(
    as_alice: Client, alice: User, chapter: Chapter
) -> None:
    note(as_alice, chapter, "what-stays")
    Chapter.objects.update(body="Text.\n\n## New\n\nText.")
    place = last_read(alice)
    assert place
    assert (place.section, place.url) == ("", "/primer/reaching-pods/")
    Chapter.objects.update(retired_at=MORNING)
    assert last_read(alice) is None


def test_nothing_is_kept_of_visitors(client: Client, chapter: Chapter) -> None:
    assert note(client, chapter, "what-goes") == 302
    assert not Reading.objects.exists()


# Facts


def test_a_fact_tells_what_why_and_where(client: Client) -> None:
    fact = FactFactory(
        slug="svc-default",
        fact="`ClusterIP` is the default.",
        misconception="NodePort is.",
        precision="Unless the name is external.",
    )
    ChapterFactory(title="Types", states=[fact])
    QuestionFactory(facts=[fact], stem="Which?")
    page = text_of(client.get("/primer/facts/svc-default/"))
    for words in ("is the default.", "Nodes fail.", "NodePort is.", "Unless the name"):
        assert words in page
    assert "In the primer: Types, What goes" in page
    assert "https://kubernetes.io/docs/concepts/workloads/pods/" in page
    assert "1 question asks about it." in page
    assert "Which?" not in page


def test_a_fact_shows_the_questions_that_were_met_and_counts_the_others(
    as_alice: Client, alice: User, django_assert_num_queries: Any
) -> None:
    fact = FactFactory(slug="svc-default")
    for number in range(3):
        answer(alice, QuestionFactory(facts=[fact], stem=f"Met {number}?"))
    learn(alice, QuestionFactory(facts=[fact], stem="Known?"))
    QuestionFactory.create_batch(2, facts=[fact], stem="Unmet?")
    QuestionFactory(facts=[fact], retired_at=MORNING, stem="Gone?")
    with django_assert_num_queries(6):
        page = text_of(as_alice.get("/primer/facts/svc-default/"))
    assert "Being learned: comes back in 10 minutes" in page
    assert "Known: comes back in" in page
    assert "2 more that you have not met." in page
    assert "Unmet?" not in page
    assert "Gone?" not in page


def test_a_retired_fact_is_not_found(client: Client) -> None:
    FactFactory(slug="old", retired_at=MORNING)
    assert client.get("/primer/facts/old/").status_code == 404


# The way back from feedback


def test_feedback_leads_to_the_paragraph_in_the_primer(
    as_alice: Client, chapter: Chapter, asked: Question
) -> None:
    fact = asked.facts.get()
    token = as_alice.get("/review/").context["token"]
    fields = {"token": token, **SAMPLES["single_choice"].right}
    page = text_of(as_alice.post("/review/", fields))
    assert f'<a href="/primer/reaching-pods/#fact-{fact.slug}">In the primer: What goes</a>' in page
    assert "https://kubernetes.io/docs/concepts/workloads/pods/" in page


def test_each_place_is_named_once_and_the_main_fact_comes_first(
    django_assert_num_queries: Any,
) -> None:
    topic = TopicFactory()
    facts = [FactFactory(topic=topic, docs=f"docs/{name}/") for name in ("a", "b", "a")]
    question = QuestionFactory(facts=facts, docs="docs/own/")
    ChapterFactory(states=facts)
    with django_assert_num_queries(1):
        statements = teaching_of([question.pk])[question.pk].statements
    assert [each.docs for each in statements] == ["docs/a/", "docs/b/", "docs/a/"]
    assert {each.heading for each in statements} == {"What goes"}


def test_a_chapter_that_is_gone_is_not_linked(
    as_alice: Client, chapter: Chapter, asked: Question
) -> None:
    Chapter.objects.update(retired_at=MORNING)
    assert [each.chapter for each in teaching_of([asked.pk])[asked.pk].statements] == [None]
