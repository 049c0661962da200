"""Counting how learners fare with the questions, and showing it to editors."""

from __future__ import annotations

import re
import statistics
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from quizapp.authoring.models import ItemStatistics
from quizapp.authoring.statistics.counting import Summary, count_all, look_again
from quizapp.authoring.statistics.first_responses import LEAST_OTHERS
from quizapp.content.models import Question
from quizapp.grading.base import opaque_id
from quizapp.scheduling.flags import flag
from quizapp.scheduling.memory import Rating, State
from quizapp.scheduling.models import Flag, Review
from quizapp.teams.models import User
from tests.factories import QuestionFactory, UserFactory
from tests.scheduling.studying import MORNING

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]

OPTIONS = ("ClusterIP", "NodePort", "LoadBalancer")
KEY, WRONG, OTHER = map(opaque_id, OPTIONS)

_seeds = count(1)


def respond(learner: User, question: Question, score: float = 1, **fields: Any) -> Review:
    """A review as it stands in the log, of a question never met unless told otherwise."""
    seed = next(_seeds)
    values: dict[str, Any] = {
        "question_version": question.version,
        "reviewed_at": MORNING,
        "options_order": [KEY, WRONG, OTHER],
        "response": KEY if score else WRONG,
        "duration_ms": 10_000,
        "is_sure": True,
        "rating": Rating.GOOD if score == 1 else Rating.AGAIN,
        "desired_retention": 0.9,
        "state_before": State.NEW,
        "after": {},
    }
    return Review.objects.create(
        user=learner, question=question, seed=seed, score=score, **{**values, **fields}
    )


def counted(question: Question) -> ItemStatistics:
    count_all(timezone.now())
    return ItemStatistics.objects.select_related("question").get(question=question)


@pytest.fixture
def question() -> Question:
    return QuestionFactory()


@pytest.fixture
def learners() -> list[User]:
    return UserFactory.create_batch(4)


# What counts


def test_a_question_that_nobody_met_has_empty_figures(question: Question) -> None:
    found = counted(question)
    assert (found.responses, found.known, found.attention) == (0, 0, 0)
    assert (found.facility, found.discrimination, found.median_ms) == (None, None, None)
    assert found.options == {}


def test_facility_is_the_mean_of_first_scores_with_its_interval(
    question: Question, learners: list[User]
) -> None:
    for learner, score in zip(learners, (1, 1, 0.5, 0), strict=True):
        respond(learner, question, score)
    found = counted(question)
    assert found.responses == 4
    assert found.facility == pytest.approx(0.625)
    assert found.facility_low == pytest.approx(0.2194, abs=1e-4)
    assert found.facility_high == pytest.approx(0.9081, abs=1e-4)


def test_only_the_first_response_of_a_learner_counts(question: Question, alice: User) -> None:
    respond(alice, question, 0)
    respond(alice, question, 1)
    found = counted(question)
    assert (found.responses, found.facility) == (1, 0)


@pytest.mark.parametrize("taken_back", ["undone_at", "superseded_at"])
def test_what_was_taken_back_does_not_count_and_the_next_is_the_first(
    question: Question, alice: User, taken_back: str
) -> None:
    respond(alice, question, 0, **{taken_back: MORNING})
    respond(alice, question, 1)
    found = counted(question)
    assert (found.responses, found.facility) == (1, 1)


def test_the_log_tells_what_came_first_even_if_the_clock_went_back(
    question: Question, alice: User
) -> None:
    respond(alice, question, 0)
    respond(alice, question, 1, reviewed_at=MORNING - timedelta(hours=1))
    assert counted(question).facility == 0


def test_responses_to_another_meaning_do_not_count(question: Question, alice: User) -> None:
    respond(alice, question, 0)
    respond(alice, question, 0, state_before=State.REVIEW)
    Question.objects.filter(pk=question.pk).update(version=2)
    question.refresh_from_db()
    respond(alice, question, 1, state_before=State.LEARNING)
    found = counted(question)
    assert (found.version, found.responses, found.facility, found.known) == (2, 1, 1, 0)


def test_the_median_time_is_one_that_was_taken(question: Question, learners: list[User]) -> None:
    for learner, seconds in zip(learners, (3, 20, 8, 600), strict=True):
        respond(learner, question, duration_ms=seconds * 1000)
    assert counted(question).median_ms == 8_000


def test_those_who_were_sure_and_wrong_are_a_share_of_the_sure(
    question: Question, learners: list[User]
) -> None:
    for learner, score, is_sure in zip(
        learners, (1, 0.5, 0, 0), (True, True, False, None), strict=True
    ):
        respond(learner, question, score, is_sure=is_sure)
    found = counted(question)
    assert (found.sure, found.confidently_wrong) == (2, 0.5)


def test_lapses_are_a_share_of_all_reviews_of_it_when_known(
    question: Question, alice: User, charlie: User
) -> None:
    respond(alice, question, 0)
    respond(alice, question, 0, state_before=State.LEARNING)
    for score in (1, 0, 1):
        respond(alice, question, score, state_before=State.REVIEW)
    respond(charlie, question, 1, state_before=State.REVIEW)
    respond(charlie, question, 0, state_before=State.REVIEW, undone_at=MORNING)
    found = counted(question)
    assert (found.known, found.lapse_share) == (4, 0.25)


# Options


def test_options_are_counted_by_what_was_shown_and_chosen(
    question: Question, learners: list[User]
) -> None:
    for learner, response in zip(learners, (KEY, WRONG, WRONG, None), strict=True):
        respond(learner, question, float(response == KEY), response=response)
    assert counted(question).options == {KEY: [4, 1], WRONG: [4, 2], OTHER: [4, 0]}


def test_several_options_may_be_chosen(learners: list[User]) -> None:
    question = QuestionFactory(kind="multiple_choice")
    ids = [option["text"] for option in question.spec["options"]]
    one, two, three = map(opaque_id, ids)
    respond(learners[0], question, options_order=[one, two, three], response=[one, two])
    respond(learners[1], question, options_order=[three, two, one], response=[two])
    assert counted(question).options == {one: [2, 1], two: [2, 2], three: [2, 0]}


def test_an_option_in_new_words_starts_from_nought(
    question: Question, alice: User, charlie: User
) -> None:
    old = opaque_id("A node port")
    respond(alice, question, 0, options_order=[KEY, old, OTHER], response=old)
    respond(charlie, question, 0)
    assert counted(question).options == {KEY: [2, 0], WRONG: [1, 1], OTHER: [2, 0]}


def test_kinds_without_options_have_none(alice: User) -> None:
    question = QuestionFactory(kind="short_answer")
    respond(alice, question, options_order=[], response="ClusterIP")
    assert counted(question).options == {}


# Discrimination


def a_table() -> tuple[list[Question], list[list[float]]]:
    """Twelve learners, a row each, who have all met the same eight questions, a column each."""
    questions = [QuestionFactory() for _ in range(8)]
    table = [
        [float((row * row + 3 * column + row * column) % 11 < 4 + row % 4) for column in range(8)]
        for row in range(12)
    ]
    table[0][0] = table[5][0] = 0.5
    for row in table:
        learner = UserFactory()
        for question, score in zip(questions, row, strict=True):
            respond(learner, question, score)
    return questions, table


def test_discrimination_is_the_correlation_with_the_other_marks_where_all_met_the_same() -> None:
    questions, table = a_table()
    for column, question in enumerate(questions):
        scores = [row[column] for row in table]
        marks = [sum(row) - row[column] for row in table]
        found = counted(question)
        assert found.compared == 12
        assert found.discrimination == pytest.approx(statistics.correlation(scores, marks))
        assert found.discrimination_low < found.discrimination < found.discrimination_high


def test_many_first_responses_wait_on_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    questions, _ = a_table()
    in_memory = counted(questions[0])
    monkeypatch.setattr("quizapp.authoring.statistics.counting._MOST_BYTES_IN_MEMORY", 1)
    assert counted(questions[0]).figures == in_memory.figures


def test_learners_who_met_easier_questions_are_not_taken_for_stronger(question: Question) -> None:
    """All are average on what they met, so nobody is stronger, whatever the marks."""
    easy = [QuestionFactory() for _ in range(LEAST_OTHERS)]
    hard = [QuestionFactory() for _ in range(LEAST_OTHERS)]
    for met, mark in ((easy, 1), (hard, 0)):
        for _ in range(4):
            learner = UserFactory()
            for each in met:
                respond(learner, each, mark)
            respond(learner, question, mark)
    found = counted(question)
    assert (found.compared, found.discrimination, found.efficiency) == (8, None, None)


def test_a_learner_with_few_other_responses_is_not_compared(
    question: Question, alice: User, charlie: User
) -> None:
    others = [QuestionFactory() for _ in range(LEAST_OTHERS)]
    for learner, met in ((alice, others), (charlie, others[1:])):
        for each in (question, *met):
            respond(learner, each)
    found = counted(question)
    assert (found.responses, found.compared) == (2, 1)


def test_flashcards_say_nothing_of_strength_and_have_no_discrimination(
    question: Question, alice: User
) -> None:
    cards = [QuestionFactory(kind="flashcard") for _ in range(LEAST_OTHERS + 1)]
    respond(alice, question)
    for card in cards:
        respond(alice, card, 1, options_order=[], response=3, is_sure=None)
    assert counted(question).compared == 0
    card = counted(cards[0])
    assert (card.responses, card.facility, card.compared) == (1, 1, 0)
    assert (card.discrimination, card.confidently_wrong) == (None, None)


# The count as a whole


def test_counting_again_comes_to_the_same_in_the_same_rows() -> None:
    a_table()
    count_all(timezone.now())
    before = list(ItemStatistics.objects.order_by("pk").values())
    count_all(timezone.now())
    assert list(ItemStatistics.objects.order_by("pk").values()) == before


def test_what_is_no_longer_in_the_log_is_no_longer_counted(question: Question, alice: User) -> None:
    respond(alice, question)
    assert counted(question).responses == 1
    Review.objects.update(undone_at=MORNING)
    found = counted(question)
    assert (found.responses, found.facility, found.median_ms) == (0, None, None)


def test_all_questions_are_counted_in_the_same_number_of_queries(
    question: Question, alice: User
) -> None:
    respond(alice, question)
    with CaptureQueriesContext(
        connection,
    ) as few:
        count_all(timezone.now())
    a_table()
    with CaptureQueriesContext(connection) as many:
        count_all(timezone.now())
    assert len(many) == len(few)


def test_the_command_says_in_a_line_what_it_did(
    question: Question, alice: User, capsys: pytest.CaptureFixture[str]
) -> None:
    QuestionFactory()
    respond(alice, question)
    flag(alice, question, Flag.Reason.TYPO, "", MORNING)
    call_command("itemstatistics")
    assert capsys.readouterr().out == (
        "Counted 1 first response to 2 questions, of which 1 calls for a look.\n"
    )


# Attention


def test_an_idle_distractor_is_named(question: Question) -> None:
    for number in range(40):
        respond(UserFactory(), question, float(number % 3 > 0), is_sure=False)
    found = counted(question)
    assert found.reasons == ["nobody picks option C"]
    assert found.attention == 1


def test_a_retired_question_calls_for_nothing(question: Question, alice: User) -> None:
    flag(alice, question, Flag.Reason.TYPO, "", MORNING)
    Question.objects.update(retired_at=MORNING)
    assert count_all(timezone.now()) == Summary(questions=1, responses=0, noticed=0)
    found = ItemStatistics.objects.get()
    assert (found.attention, found.reasons) == (0, [])


def test_looking_again_sees_that_flags_were_settled(question: Question, alice: User) -> None:
    other = QuestionFactory()
    for each in (question, other):
        flag(alice, each, Flag.Reason.TYPO, "", MORNING)
    assert counted(question).reasons == ["1 open flag"]
    Flag.objects.update(resolved_at=MORNING)
    look_again([question.pk])
    attention = dict(ItemStatistics.objects.values_list("question", "attention"))
    assert attention[question.pk] == 0 < attention[other.pk]


def test_looking_again_forgets_what_was_said_of_another_meaning(question: Question) -> None:
    for number in range(40):
        respond(UserFactory(), question, float(number % 3 > 0))
    assert counted(question).attention > 0
    Question.objects.update(version=2)
    look_again([question.pk])
    assert ItemStatistics.objects.get().attention == 0


def test_looking_again_costs_the_same_for_many(django_assert_num_queries: Any, alice: User) -> None:
    questions = [QuestionFactory() for _ in range(5)]
    count_all(timezone.now())
    for chosen in (questions[:1], questions):
        with django_assert_num_queries(3):
            look_again([question.pk for question in chosen])


# What the editor sees


def shown(question: Question, statistics: ItemStatistics | None) -> str:
    html = render_to_string(
        "authoring/_statistics.html", {"question": question, "statistics": statistics}
    )
    assert "style=" not in html
    return html


def text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_before_the_first_count_the_page_says_what_brings_figures(question: Question) -> None:
    assert "manage.py itemstatistics" in shown(question, None)


def test_without_responses_the_page_says_so(question: Question) -> None:
    page = shown(question, counted(question))
    assert "Nobody has responded yet" in page
    assert "<svg" not in page


def test_figures_of_another_meaning_are_not_shown(question: Question, alice: User) -> None:
    respond(alice, question)
    count_all(timezone.now())
    Question.objects.update(version=2)
    found = ItemStatistics.objects.select_related("question").get()
    page = shown(found.question, found)
    assert "has come to mean something else" in page
    assert "Facility" not in page


def test_few_responses_are_shown_without_a_judgement(question: Question, alice: User) -> None:
    respond(alice, question)
    page = text(shown(question, counted(question)))
    assert "It takes 30 first responses to judge a question by them, and there is 1." in page


def test_reasons_come_first_then_figures_with_their_base_then_options(question: Question) -> None:
    for number in range(40):
        learner = UserFactory()
        respond(learner, question, float(number % 4 > 0), is_sure=number % 8 == 0)
        respond(learner, question, float(number > 9), state_before=State.REVIEW)
    page = text(shown(question, counted(question)))
    told = [
        "Nobody picks option C",
        "Facility mean score of the first responses 75 % 40 first responses;",
        "between 60 % and 86 %",
        "Time median until the first response 10 s 40 first responses",
        "Sure but wrong of those who were sure 100 % 5 learners who were sure;",
        "Slips of reviews by learners who knew it 25 % 40 reviews of it when known;",
        "A ClusterIP right 75 % 30 of 40 who saw it",
        "B NodePort 25 % 10 of 40 who saw it",
        "C LoadBalancer 0 % 0 of 40 who saw it",
        "Counted 2 March 2026",
    ]
    places = [page.find(words) for words in told]
    assert -1 not in places, page
    assert places == sorted(places)


def test_what_editors_typed_is_escaped(alice: User) -> None:
    spec = {
        "options": [
            {"text": "<img src=x onerror=alert(1)>", "correct": True},
            {"text": "`NodePort`", "feedback": "No."},
        ]
    }
    question = QuestionFactory(spec=spec)
    respond(alice, question, options_order=[], response=None)
    page = shown(question, counted(question))
    assert "<img" not in page
    assert "<code>NodePort</code>" in page
    assert "Nobody has seen it in these words yet." in page


def test_a_flashcard_is_shown_as_rated_by_the_learners(alice: User) -> None:
    question = QuestionFactory(kind="flashcard")
    respond(alice, question, options_order=[], response=3, is_sure=None)
    page = text(shown(question, counted(question)))
    assert "as rated by the learners 100 %" in page
    assert "Discrimination" not in page
    assert "What they choose" not in page


def test_discrimination_is_shown_on_a_scale_with_nought_in_the_middle() -> None:
    questions, _ = a_table()
    found = counted(questions[0])
    page = shown(questions[0], found)
    assert "12 learners compared" in page
    assert 'class="zero" x="50.0"' in page
