"""The bank as an editor's list: what is found, how it is sorted, and what its rows say."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from quizapp.authoring.bank.rows import short
from quizapp.authoring.models import Draft, ItemStatistics
from quizapp.content import editing, question_texts
from quizapp.content.history import Act, Change
from quizapp.content.models import Question, QuestionText, Revision
from quizapp.content.parsing import question_from
from quizapp.content.schema import digest_of
from quizapp.scheduling.cards import start_anew
from quizapp.scheduling.models import Flag
from quizapp.teams.models import User
from tests.content.banks import load_from, write_questions
from tests.content.banks import question as raw
from tests.factories import FactFactory, QuestionFactory, TopicFactory, UserFactory
from tests.kinds import SAMPLES
from tests.scheduling.studying import MORNING
from tests.study.browsing import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]


def found(client: Client, **query: Any) -> list[str]:
    response = client.get(reverse("edit-bank"), query)
    return [row.slug for row in response.context["rows"]]


def edit(question: Question, by: User, **fields: Any) -> None:
    source = {**editing.source_of(question), **fields}
    topic = source.pop("topic")
    editing.save(
        question_from(source, topic),
        Change(by.pk, MORNING, Act.EDITED),
        on_new_version=start_anew,
    )


def in_files(question: Question) -> Question:
    """As if it had been loaded as it is."""
    question.source_digest = digest_of(editing.source_of(question))
    question.save()
    return question


def flag(question: Question, **fields: Any) -> Flag:
    made: Flag = Flag.objects.create(
        user=UserFactory(), question=question, question_version=1, reason="typo", **fields
    )
    return made


def count_responses(question: Question, **fields: Any) -> None:
    ItemStatistics.objects.create(
        question=question, **({"version": 1, "counted_at": MORNING} | fields)
    )


# Searching


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("stable", True),
        ("STABLE address", True),
        ("stable nowhere", False),
        ("whitsunday", True),  # explanation
        ("services-networking", True),  # docs
        ("what-stays", True),  # slug
        ("loadbalancer", True),  # spec
        ("balancer stable", True),
        ("ÜBER", True),
        ("straSSe", True),
        ('say "hi"', True),
        ("100%", True),
        ("1%0", False),
        ("a_b", True),
        ("a_c", False),
        ("\\d", True),
        ("correct", False),  # a name of the form, not a text
        ("single_choice", False),
        ("'; drop table", False),
        ("sta\0ble", True),
        ("x" * 5000, False),
    ],
)
def test_each_word_is_in_some_text_of_the_question(
    as_eve: Client, *, text: str, is_found: bool
) -> None:
    QuestionFactory(
        slug="what-stays",
        stem='Which has a stable address, über Straße, "say" "hi" at 100% a_b \\d?',
        explanation="Whitsunday.",
        docs="docs/concepts/services-networking/service/",
    )
    QuestionFactory(slug="other", kind="short_answer", stem="Something else?")
    assert found(as_eve, text=text) == (["what-stays"] if is_found else [])


@pytest.mark.parametrize("kind", SAMPLES)
def test_everything_in_the_spec_of_each_kind_is_searched(as_eve: Client, kind: str) -> None:
    spec = SAMPLES[kind].spec
    QuestionFactory(slug="it", kind=kind)
    longest = max(strings(spec), key=len)
    word = max(longest.split(), key=len)
    assert found(as_eve, text=word.upper()) == ["it"]


def strings(value: Any) -> list[str]:
    if isinstance(value, dict | list):
        each = value.values() if isinstance(value, dict) else value
        return [text for inner in each for text in strings(inner)]
    return [value] if isinstance(value, str) else []


def test_what_was_edited_is_found_by_its_new_words_alone(as_eve: Client, eve: User) -> None:
    question = QuestionFactory(slug="it", stem="About volumes?")
    assert found(as_eve, text="volumes") == ["it"]
    edit(question, eve, stem="About claims?")
    assert found(as_eve, text="volumes") == []
    assert found(as_eve, text="claims") == ["it"]


# Narrowing


def test_by_topic_fact_and_kind(as_eve: Client) -> None:
    fact = FactFactory()
    QuestionFactory(slug="a", topic=fact.topic, facts=[fact], kind="flashcard")
    QuestionFactory(slug="b", topic=fact.topic)
    QuestionFactory(slug="c", kind="flashcard")
    assert found(as_eve, topic=fact.topic.slug) == ["a", "b"]
    assert found(as_eve, fact=fact.slug) == ["a"]
    assert found(as_eve, topic=fact.topic.slug, fact=fact.slug) == ["a"]
    assert found(as_eve, kind="flashcard") == ["a", "c"]
    assert found(as_eve, kind="flashcard", topic=fact.topic.slug) == ["a"]


def test_by_state(as_eve: Client) -> None:
    QuestionFactory(slug="live")
    QuestionFactory(slug="gone", retired_at=MORNING)
    drafted = QuestionFactory(slug="drafted")
    Draft.objects.create(slug=drafted.slug, source=editing.source_of(drafted))
    assert found(as_eve) == ["live", "gone", "drafted"]
    assert found(as_eve, state="live") == ["live", "drafted"]
    assert found(as_eve, state="retired") == ["gone"]
    assert found(as_eve, state="draft") == ["drafted"]


def test_drafts_of_new_questions_are_found_among_the_drafts(as_eve: Client, eve: User) -> None:
    topic = TopicFactory(title="Volumes")
    drafted = QuestionFactory(slug="drafted", stem="Old?")
    Draft.objects.create(slug="drafted", source=editing.source_of(drafted) | {"stem": "Fresh?"})
    source = {"stem": "What binds?", "topic": topic.slug, "kind": "flashcard", "facts": ["f-1"]}
    Draft.objects.create(slug="coming", source=source)
    Draft.objects.create(slug="blank", source={}, changed_at=MORNING - timedelta(days=1))
    Draft.objects.create(slug="odd", source=["?"], changed_at=MORNING - timedelta(days=2))
    assert found(as_eve) == ["drafted"]
    assert found(as_eve, state="draft") == ["coming", "blank", "odd", "drafted"]
    assert found(as_eve, state="draft", text="BINDS") == ["coming"]
    assert found(as_eve, state="draft", text="fresh") == ["drafted"]
    assert found(as_eve, state="draft", text="old") == ["drafted"]
    assert found(as_eve, state="draft", topic=topic.slug) == ["coming"]
    assert found(as_eve, state="draft", kind="flashcard") == ["coming"]
    assert found(as_eve, state="draft", source="file") == []
    assert found(as_eve, state="draft", flagged="yes") == []
    (row, *_) = as_eve.get(reverse("edit-bank"), {"state": "draft"}).context["rows"]
    assert (row.key, row.stem) == (None, "What binds?")
    assert row.about == "Volumes · Flashcard · not live yet"
    assert [words for _, words in row.badges] == ["New", "Draft"]


def test_pages_run_on_from_drafts_to_questions(
    as_eve: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quizapp.authoring.bank.PER_PAGE", 2)
    for slug in ("q1", "q2"):
        QuestionFactory(slug=slug)
        Draft.objects.create(slug=slug, source={})
    for number in range(3):
        at = MORNING - timedelta(days=number)
        Draft.objects.create(slug=f"n{number}", source={}, changed_at=at)
    pages = [found(as_eve, state="draft", page=page) for page in (1, 2, 3)]
    assert pages == [["n0", "n1"], ["n2", "q1"], ["q2"]]


def test_by_flags_that_are_open(as_eve: Client) -> None:
    flagged, settled, _ = (QuestionFactory(slug=slug) for slug in ("a", "b", "c"))
    flag(flagged)
    flag(flagged)
    flag(settled, resolved_at=MORNING)
    response = as_eve.get(reverse("edit-bank"), {"flagged": "yes"})
    (row,) = response.context["rows"]
    assert (row.slug, row.flags) == ("a", "2 open flags")


def test_by_source(as_eve: Client, eve: User) -> None:
    in_files(QuestionFactory(slug="file"))
    QuestionFactory(slug="browser")
    edit(in_files(QuestionFactory(slug="both")), eve, stem="Edited?")
    gone = in_files(QuestionFactory(slug="gone"))
    editing.retire([gone], Change(eve.pk, MORNING, Act.RETIRED))
    assert found(as_eve, source="file") == ["file"]
    assert found(as_eve, source="browser") == ["browser"]
    assert found(as_eve, source="both") == ["both", "gone"]
    about = {row.slug: row.about for row in as_eve.get(reverse("edit-bank")).context["rows"]}
    assert about["file"].endswith("from the files")
    assert about["browser"].endswith("made in the browser")
    assert about["both"].endswith("from the files, changed in the browser")
    assert about["gone"].endswith("from the files, changed in the browser")


def test_what_is_loaded_edited_and_loaded_again(as_eve: Client, eve: User, tmp_path: Path) -> None:
    load_from(write_questions(tmp_path, raw("what-stays"), raw("other")))
    assert found(as_eve, source="file") == ["what-stays", "other"]
    edit(Question.objects.get(slug="what-stays"), eve, stem="What remains?")
    assert found(as_eve, source="both") == ["what-stays"]
    assert found(as_eve, text="remains") == ["what-stays"]
    load_from(write_questions(tmp_path, raw("what-stays", stem="What remains?")))
    assert found(as_eve, source="file") == ["what-stays"]
    assert found(as_eve, state="retired") == ["other"]
    load_from(write_questions(tmp_path, raw("what-stays", stem="What endures?"), raw("other")))
    assert found(as_eve, text="endures") == ["what-stays"]
    assert found(as_eve, source="file") == ["what-stays", "other"]


@pytest.fixture
def counted() -> None:
    """Questions with statistics, named for what is the matter with them."""
    plenty = {"responses": 90, "compared": 80, "facility": 0.6, "discrimination": 0.5}
    plenty |= {"facility_low": 0.5, "facility_high": 0.7, "discrimination_high": 0.6}
    for slug, fields in {
        "fine": {},
        "easy": {"facility": 0.97, "facility_low": 0.92, "facility_high": 0.99},
        "hard": {
            "facility": 0.1,
            "facility_high": 0.2,
            "attention": 2.0,
            "reasons": ["hardly anybody knows it: is it clear, and is the key right?"],
        },
        "flat": {"discrimination": 0.02, "discrimination_high": 0.1, "attention": 1.0},
        "few": {"responses": 3, "facility": 1.0, "facility_low": 0.95},
        "outdated": {"version": 9, "facility": 0.0, "facility_high": 0.1, "attention": 9.0},
    }.items():
        count_responses(QuestionFactory(slug=slug), **(plenty | fields))
    QuestionFactory(slug="none")


@pytest.mark.usefixtures("counted")
def test_by_item_statistics(as_eve: Client) -> None:
    assert found(as_eve, figures="attention") == ["hard", "flat"]
    assert found(as_eve, figures="few-responses") == ["few", "outdated", "none"]
    assert found(as_eve, figures="too-easy") == ["easy"]
    assert found(as_eve, figures="too-hard") == ["hard"]
    assert found(as_eve, figures="low-discrimination") == ["flat"]


@pytest.mark.usefixtures("counted")
def test_a_row_says_how_learners_fare_and_what_calls_for_a_look(as_eve: Client) -> None:
    rows = {row.slug: row for row in as_eve.get(reverse("edit-bank")).context["rows"]}
    assert (rows["fine"].facility, rows["fine"].responses) == (
        "60 % right",
        "of 90 first responses",
    )
    assert rows["hard"].reasons == ["hardly anybody knows it: is it clear, and is the key right?"]
    for slug in ("outdated", "none"):
        assert (rows[slug].facility, rows[slug].responses) == ("", "no responses yet")
        assert not rows[slug].reasons


@pytest.mark.usefixtures("counted")
def test_sorted_by_figures(as_eve: Client) -> None:
    assert found(as_eve, sort="attention")[:3] == ["hard", "flat", "fine"]
    assert found(as_eve, sort="facility")[:2] == ["hard", "fine"]
    assert found(as_eve, sort="discrimination")[0] == "flat"
    assert found(as_eve, sort="responses")[-3:] == ["few", "outdated", "none"]
    for order in ("facility", "discrimination", "responses", "attention"):
        assert set(found(as_eve, sort=order)[-2:]) >= {"none"}


def test_sorted_by_open_flags_by_change_and_by_topic(as_eve: Client, eve: User) -> None:
    later, sooner = TopicFactory(position=900), TopicFactory(position=800)
    a = QuestionFactory(slug="a", topic=later, position=0)
    b = QuestionFactory(slug="b", topic=sooner, position=2)
    QuestionFactory(slug="c", topic=sooner, position=1)
    flag(a)
    flag(a)
    flag(b)
    assert found(as_eve) == ["c", "b", "a"]
    assert found(as_eve, sort="flags") == ["a", "b", "c"]
    edit(b, eve, stem="Changed?")
    assert found(as_eve, sort="changed") == ["b", "a", "c"]
    editing.retire([a], Change(eve.pk, MORNING + timedelta(hours=1), Act.RETIRED))
    assert found(as_eve, sort="changed") == ["a", "b", "c"]


@pytest.mark.parametrize(
    "query",
    [
        {"topic": "none-such"},
        {"fact": "none\0such"},
        {"kind": "none-such"},
        {"state": "none-such"},
        {"source": "none-such"},
        {"figures": "none-such"},
        {"flagged": "perhaps"},
        {"sort": "none-such"},
        {"page": "-1"},
        {"page": "²"},
        {"page": "9" * 5000},
        {"nonsense": "x"},
    ],
)
def test_values_that_mean_nothing_are_passed_over(as_eve: Client, query: dict[str, str]) -> None:
    QuestionFactory(slug="it")
    assert found(as_eve, **query) == ["it"]


# The page


def test_pages_of_fifty_keep_the_filters(as_eve: Client) -> None:
    topic = TopicFactory()
    QuestionFactory.create_batch(103, topic=topic)
    query = {"topic": topic.slug, "sort": "changed"}
    middle = as_eve.get(reverse("edit-bank"), query | {"page": "2"})
    assert len(middle.context["rows"]) == 50
    start = f"/edit/?topic={topic.slug}&sort=changed"
    links = ("first_url", "previous_url", "next_url", "last_url")
    assert [middle.context[name] for name in links] == [start, start, *[f"{start}&page=3"] * 2]
    last = as_eve.get(reverse("edit-bank"), query | {"page": "99"})
    assert len(last.context["rows"]) == 3
    assert "Page 3 of 3" in text_of(last)
    assert "103 found, of 103 questions" in text_of(last)
    assert last.context["next_url"] == last.context["last_url"] == ""


def test_a_row_leads_to_editing_and_to_the_history(as_eve: Client) -> None:
    QuestionFactory(slug="it", stem="Is `kind: Pod` *right*?\n\n```yaml\na: b\n```")
    page = as_eve.get(reverse("edit-bank")).content.decode()
    assert "Is kind: Pod right?" in page
    assert reverse("edit-question", args=["it"]) in page
    assert reverse("edit-history", args=["it"]) in page


def test_what_is_retired_calls_for_no_look(as_eve: Client) -> None:
    for slug, retired_at in (("gone", MORNING), ("there", None)):
        question = QuestionFactory(slug=slug, retired_at=retired_at)
        attention = 9.0 if retired_at else 1.0
        count_responses(question, responses=40, attention=attention, reasons=["nobody knows it"])
    assert found(as_eve, figures="attention") == ["there"]
    assert found(as_eve, sort="attention") == ["there", "gone"]
    assert text_of(as_eve.get(reverse("edit-bank"))).count("Nobody knows it") == 1


def test_a_draft_of_any_shape_can_be_looked_for_by_fact(as_eve: Client) -> None:
    fact = FactFactory(slug="pods")
    for slug, facts in (("a", ["pods"]), ("b", 5), ("c", "pods"), ("d", {"pods": 1})):
        source = {"facts": facts, "topic": fact.topic.slug}
        Draft.objects.create(slug=slug, source=source)
    assert found(as_eve, state="draft", fact="pods") == ["a"]


def test_badges_say_what_state_a_question_is_in(as_eve: Client, eve: User) -> None:
    User.objects.filter(pk=eve.pk).update(timezone="Asia/Tokyo")
    QuestionFactory(slug="gone", retired_at=MORNING)
    for slug, days in (("soon", 1), ("left", -1)):
        QuestionFactory(slug=slug)
        Draft.objects.create(slug=slug, source={}, live_at=MORNING + timedelta(days=days))
    page = text_of(as_eve.get(reverse("edit-bank")))
    assert ">Retired<" in page
    assert "Draft, goes live on 3 March 2026, 18:00" in page
    assert "Draft, was to go live on 1 March 2026, 18:00" in page


def test_what_editors_type_is_shown_as_text(as_eve: Client) -> None:
    QuestionFactory(stem="<script>alert(1)</script> &lt;b&gt; stays?")
    topic = TopicFactory(title="<img src=x onerror=alert(1)>")
    Draft.objects.create(slug="n", source={"stem": "<svg onload=x>", "topic": topic.slug})
    for query in ({}, {"state": "draft"}, {"text": '"><script>x'}):
        page = as_eve.get(reverse("edit-bank"), query).content.decode()
        main = page[page.index("<main") :]
        assert "<script>" not in main
        assert "<img" not in main
        assert "<svg onload" not in main


def test_a_new_question_begins_with_its_kind(as_eve: Client) -> None:
    topic = TopicFactory()
    page = as_eve.get(reverse("edit-bank"), {"topic": topic.slug}).content.decode()
    for kind in SAMPLES:
        assert f"{reverse('edit-new')}?kind={kind}&amp;topic={topic.slug}" in page


def test_an_empty_bank_says_how_to_fill_it(as_eve: Client) -> None:
    page = text_of(as_eve.get(reverse("edit-bank")))
    assert "There are no questions yet." in page
    assert reverse("edit-import") in page
    assert 'id="found"' not in page


def test_where_nothing_is_found_the_filters_can_be_cleared(as_eve: Client) -> None:
    QuestionFactory()
    page = text_of(as_eve.get(reverse("edit-bank"), {"text": "nowhere"}))
    assert "Nothing is found." in page
    assert "0 found, of 1 question" in page
    assert "Clear the filters" in page
    assert "No drafts here." in text_of(as_eve.get(reverse("edit-bank"), {"state": "draft"}))


def test_with_htmx_only_the_fragment_is_sent(as_eve: Client) -> None:
    QuestionFactory()
    page = as_eve.get(reverse("edit-bank"), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in page
    assert 'id="found"' in page


def test_ids_on_the_page_are_unique(as_eve: Client) -> None:
    fact = FactFactory()
    QuestionFactory.create_batch(3, facts=[fact], topic=fact.topic)
    page = as_eve.get(reverse("edit-bank"), {"topic": fact.topic.slug}).content.decode()
    ids = [part.partition('"')[0] for part in page.split(' id="')[1:]]
    assert len(ids) == len(set(ids))


def test_the_list_is_read_only(as_eve: Client) -> None:
    assert as_eve.post(reverse("edit-bank")).status_code == 405


@pytest.mark.parametrize("order", ["topic", "changed", "attention", "facility", "flags"])
def test_the_queries_stay_the_same_however_much_there_is(
    as_eve: Client, django_assert_num_queries: Any, order: str
) -> None:
    fact = FactFactory()
    query = {"text": "stem", "topic": fact.topic.slug, "fact": fact.slug, "sort": order}
    for _ in range(2):
        for question in QuestionFactory.create_batch(30, topic=fact.topic, facts=[fact]):
            flag(question)
            count_responses(question, responses=5, facility=0.5)
            Draft.objects.create(slug=question.slug, source={"stem": "Stem?"})
        question_texts.fill_in()
        as_eve.get(reverse("edit-bank"))
        # The session, the editor, two for the rights, two whether all texts are there, topics,
        # facts, which match, how many there are, what they say, flags and drafts.
        with django_assert_num_queries(13):
            assert len(as_eve.get(reverse("edit-bank"), query).context["rows"]) >= 30
        # All drafts, and which of them are of known questions.
        with django_assert_num_queries(15):
            as_eve.get(reverse("edit-bank"), query | {"state": "draft"})
        with django_assert_num_queries(12):
            as_eve.get(reverse("edit-bank"))


# What is kept for the search


def test_what_is_missing_is_filled_in_with_the_time_of_the_last_change(eve: User) -> None:
    question = QuestionFactory()
    edit(question, eve, stem="Changed?")
    fields = ("question", "digest", "changed_at", "text")
    kept = QuestionText.objects.values(*fields).get()
    assert kept["changed_at"] == MORNING
    QuestionText.objects.all().delete()
    question_texts.fill_in()
    assert QuestionText.objects.values(*fields).get() == kept


def test_filling_in_overwrites_nothing_and_counts_on_nothing() -> None:
    question = QuestionFactory()
    assert not Revision.objects.exists()
    question_texts.fill_in()
    assert QuestionText.objects.get(question=question).changed_at is None
    QuestionText.objects.update(text="kept")
    question_texts.fill_in()
    assert QuestionText.objects.get().text == "kept"


@pytest.mark.parametrize(
    ("stem", "shown"),
    [
        ("What is a Pod?", "What is a Pod?"),
        ("Why `a`?\n\nAnd **b**?", "Why a? And b?"),
        ("Look:\n\n```yaml\nkind: Pod\n```\n\nWhat is it?", "Look: What is it?"),
        ("```yaml\nkind: Pod\n```", "kind: Pod"),
        ("<b>bold</b>", "<b>bold</b>"),
        ("word " * 60, ("word " * 32).strip() + " …"),
        ("x" * 300, "x" * 160 + " …"),
        ("", ""),
    ],
)
def test_a_stem_is_shown_in_short(stem: str, shown: str) -> None:
    assert short(stem) == shown
