from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from quizapp.content import editing, importing
from quizapp.content.history import Act, Change
from quizapp.content.importing import Outdated, Plan, Status, csv_rows
from quizapp.content.importing.undoing import take_back
from quizapp.content.importing.uploads import Upload
from quizapp.content.models import Question, Revision
from quizapp.content.parsing import question_from
from quizapp.content.problems import ContentError
from quizapp.content.question_texts import sources_of
from quizapp.content.sources import as_yaml
from quizapp.content.yaml_text.writing import item
from quizapp.grading import KINDS
from tests.content.banks import question
from tests.factories import FactFactory, QuestionFactory, TopicFactory

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
CHANGE = Change(None, NOW, Act.IMPORTED, "from the file new.yaml", UUID(int=7))
FLASHCARD = """\
- id: what-stays
  topic: services
  kind: flashcard
  stem: What stays when Pods go?
  facts: [pods-come-and-go]
  bloom: apply
  explanation: The Service keeps its address.
  back: A stable address.
"""

CHANGED = FLASHCARD.replace("A stable address.", "An address.")

Raw = dict[str, Any]


@pytest.fixture
def services(db: None) -> Any:
    """The topic of services, with one fact and no question."""
    topic = TopicFactory(slug="services", title="Services", summary="How to reach Pods.")
    FactFactory(slug="pods-come-and-go", topic=topic)
    return topic


@pytest.fixture
def what_stays(services: Any) -> Question:
    """The question that FLASHCARD has, word for word."""
    return saved(question())


def saved(raw: Raw) -> Question:
    change = Change(None, NOW, Act.ADDED)
    return editing.save(question_from(raw, "services"), change, on_new_version=lambda _: None)


def yaml(text: str, name: str = "new.yaml", topic: str = "") -> Upload:
    return Upload(name, text.encode(), topic)


def bring_in(upload: Upload, shown: str = "", change: Change = CHANGE) -> list[str]:
    anew: list[int] = []
    shown = shown or importing.look_at(upload).fingerprint
    written = importing.bring_in(upload, shown, change, on_new_version=anew.extend)
    return [*(row.slug for row in written), *(f"anew: {key}" for key in anew)]


def statuses(plan: Plan) -> dict[str, Status]:
    return {row.slug: row.status for row in plan.rows}


def problems(upload: Upload) -> list[str]:
    return [str(problem) for row in importing.look_at(upload).rows for problem in row.problems]


def refusal(name: str, data: bytes) -> list[str]:
    with pytest.raises(ContentError) as caught:
        importing.look_at(Upload(name, data))
    return [str(problem) for problem in caught.value.problems]


# What a file would do


def test_each_question_is_new_changed_back_unchanged_or_wrong(services: Any) -> None:
    for slug in ("same", "other", "gone"):
        saved(question(slug))
    editing.retire(Question.objects.filter(slug="gone"), CHANGE)
    raws = [question(slug) for slug in ("fresh", "same", "other", "gone", "broken")]
    raws[2]["back"], raws[4]["bloom"] = "Another back.", "guess"
    upload = yaml("".join(item({**raw, "topic": "services"}, indent=0) for raw in raws))

    plan = importing.look_at(upload)

    assert statuses(plan) == {
        "fresh": Status.NEW,
        "same": Status.UNCHANGED,
        "other": Status.CHANGED,
        "gone": Status.RETURNED,
        "broken": Status.WRONG,
    }
    assert plan.rows[2].changes == [(("back",), "A stable address.", "Another back.")]
    assert not plan.is_good


def test_a_plan_takes_as_many_queries_for_one_question_as_for_many(
    services: Any, django_assert_num_queries: Any
) -> None:
    many = "".join(FLASHCARD.replace("what-stays", f"card-{number}") for number in range(40))
    for upload in (yaml(FLASHCARD), yaml(many)):
        bring_in(upload)
        with django_assert_num_queries(4):
            importing.look_at(upload)


def test_a_topic_file_is_taken_by_its_name_and_its_facts_are_left_alone(services: Any) -> None:
    raw = {
        "title": "Other title",
        "summary": "How to reach Pods.",
        "facts": [{"id": "new-fact", "fact": "F.", "why": "W.", "docs": "docs/concepts/"}],
        "questions": [question()],
    }

    plan = importing.look_at(yaml(as_yaml(raw), "services (1).yaml"))

    assert statuses(plan) == {"what-stays": Status.NEW}
    assert plan.left == (
        "The title of the topic stays as it is.",
        "Facts come in by loading the content's files. The bank has others than: new-fact.",
    )


def test_a_chosen_topic_is_that_of_questions_which_name_none(services: Any) -> None:
    upload = yaml(FLASHCARD.replace("  topic: services\n", ""), topic="services")

    assert statuses(importing.look_at(upload)) == {"what-stays": Status.NEW}


def test_one_question_by_itself_can_be_brought_in(services: Any) -> None:
    upload = yaml(as_yaml({**question(), "topic": "services"}))

    assert bring_in(upload) == ["what-stays"]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("topic: services", "topic: elsewhere", "new.yaml:2: topic: there is no topic elsewhere"),
        ("topic: services", "topic: 7", "new.yaml:2: topic: write the slug of a topic here"),
        ("  topic: services\n", "", "new.yaml:1: topic: is missing: name it here, or choose a"),
        ("[pods-come-and-go]", "[no-fact]", "new.yaml:5: facts[0]: there is no fact no-fact"),
        ("go]", "go, pods-come-and-go]", "new.yaml:5: facts[1]: name pods-come-and-go only once"),
        ("bloom: apply", "bloom: guess", "new.yaml:6: bloom: write 'remember', 'understand',"),
        ("back:", "bak:", "new.yaml:8: bak: is not a field of a flashcard question; did you mean"),
        ("id: what-stays", "id: 7", 'new.yaml:1: id: write "7" in quotes'),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_field(
    services: Any, old: str, new: str, problem: str
) -> None:
    assert any(each.startswith(problem) for each in problems(yaml(FLASHCARD.replace(old, new))))


def test_an_item_that_is_no_question_is_wrong(services: Any) -> None:
    assert problems(yaml("- text\n- [1]\n"))[0].startswith("new.yaml:1: ")
    assert len(importing.look_at(yaml("- text\n- [1]\n")).rows) == 2


def test_an_id_that_is_given_twice_is_wrong_the_second_time(services: Any) -> None:
    plan = importing.look_at(yaml(FLASHCARD + FLASHCARD))

    assert [row.status for row in plan.rows] == [Status.NEW, Status.WRONG]
    assert plan.rows[1].problems[0].message == "what-stays is given already on line 1"


@pytest.mark.parametrize("slug", ["what-stays ", " new"])
def test_an_id_cannot_be_written_in_two_ways(what_stays: Question, slug: str) -> None:
    text = FLASHCARD.replace("what-stays", f'"{slug}"')
    assert problems(yaml(text + FLASHCARD.replace("what-stays", slug.strip()))) == [
        "new.yaml:1: id: take away the space before or after it"
    ]


def test_a_version_that_has_been_asked_cannot_come_back(services: Any) -> None:
    saved(question(version=3))

    assert problems(yaml(FLASHCARD)) == [
        "new.yaml:1: version: write 3 or more: version 3 has been asked already"
    ]


def test_every_problem_of_a_csv_names_its_column(services: Any) -> None:
    text = "id,topic,kind,facts,scenario,back\nWhat,here,flashcard,no-fact,perhaps,B\n"

    assert problems(Upload("new.csv", text.encode())) == [
        "new.csv:2: bloom: is missing",
        "new.csv:2: explanation: is missing",
        "new.csv:2: id: write lower-case words and numbers joined by hyphens, such as svc-types",
        "new.csv:2: scenario: write true or false here",
        "new.csv:2: stem: is missing",
        "new.csv:2: topic: there is no topic here",
    ]


# Bringing it in


def test_all_of_it_is_written_under_one_batch_with_its_history(what_stays: Question) -> None:
    new = FLASHCARD.replace("what-stays", "what-goes")

    assert bring_in(yaml(CHANGED + new)) == ["what-stays", "what-goes"]

    what_stays.refresh_from_db()
    assert what_stays.spec == {"back": "An address."}
    told = Revision.objects.filter(batch=CHANGE.batch)
    assert {(each.slug, each.act, each.note) for each in told} == {
        ("what-stays", Act.IMPORTED, "from the file new.yaml"),
        ("what-goes", Act.IMPORTED, "from the file new.yaml"),
    }


def test_a_higher_version_lets_learners_start_anew(what_stays: Question) -> None:
    upload = yaml(FLASHCARD + "  version: 2\n")

    assert importing.look_at(upload).rows[0].raises_version
    assert bring_in(upload) == ["what-stays", f"anew: {what_stays.pk}"]


def test_what_is_said_already_is_not_written_again(what_stays: Question) -> None:
    assert bring_in(yaml(FLASHCARD)) == []
    assert not Revision.objects.filter(batch=CHANGE.batch).exists()


def test_nothing_is_written_while_anything_is_wrong(services: Any) -> None:
    upload = yaml(FLASHCARD + FLASHCARD)

    with pytest.raises(Outdated):
        bring_in(upload)
    assert not Question.objects.exists()


def test_a_change_of_the_bank_since_it_was_looked_at_is_noticed(what_stays: Question) -> None:
    upload = yaml(CHANGED)
    shown = importing.look_at(upload).fingerprint
    saved(question(back="Somebody else's back."))

    with pytest.raises(Outdated) as caught:
        bring_in(upload, shown)

    what_stays.refresh_from_db()
    assert what_stays.spec == {"back": "Somebody else's back."}
    assert caught.value.plan.rows[0].changes == [
        (("back",), "Somebody else's back.", "An address.")
    ]


def test_so_is_a_fact_that_is_gone_since(services: Any) -> None:
    upload = yaml(FLASHCARD)
    shown = importing.look_at(upload).fingerprint
    services.facts.update(retired_at=NOW)

    with pytest.raises(Outdated):
        bring_in(upload, shown)
    assert not Question.objects.exists()


def test_one_failure_takes_back_all_that_was_written_before_it(
    what_stays: Question, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise IntegrityError("Somebody else has added it.")

    monkeypatch.setattr("quizapp.content.question_texts.note", fail)
    with pytest.raises(Outdated):
        bring_in(yaml(CHANGED + FLASHCARD.replace("what-stays", "what-goes")))
    assert Question.objects.get().spec == {"back": "A stable address."}


def test_bringing_in_takes_as_many_queries_for_one_question_as_for_many(
    services: Any, django_assert_max_num_queries: Any
) -> None:
    many = "".join(FLASHCARD.replace("what-stays", f"card-{number}") for number in range(40))
    for upload in (yaml(FLASHCARD), yaml(many)):
        with django_assert_max_num_queries(32):
            bring_in(upload)
        again = yaml(upload.data.decode().replace("A stable", "Another") + "  version: 2\n")
        with django_assert_max_num_queries(32):
            bring_in(again)


def test_new_questions_come_last_in_their_topic_and_known_ones_stay_where_they_are(
    services: Any,
) -> None:
    for slug in ("first", "second"):
        saved(question(slug))
    texts_of = [CHANGED, FLASHCARD, FLASHCARD]
    slugs = ["first", "third", "fourth"]
    changed = zip(texts_of, slugs, strict=True)
    bring_in(yaml("".join(text.replace("what-stays", slug) for text, slug in changed)))

    in_order = Question.objects.order_by("position").values_list("slug", flat=True)
    assert list(in_order) == ["first", "second", "third", "fourth"]


def test_what_the_files_said_is_left_alone_so_that_loading_sees_the_change(
    what_stays: Question,
) -> None:
    Question.objects.update(source_digest="of the file")
    bring_in(yaml(CHANGED))

    what_stays.refresh_from_db()
    assert (what_stays.source_digest, what_stays.spec) == ("of the file", {"back": "An address."})


def test_a_question_can_move_to_another_topic_and_drill_other_facts(what_stays: Question) -> None:
    pods = TopicFactory(slug="pods")
    FactFactory(slug="pods-are-small", topic=pods)
    text = FLASHCARD.replace("topic: services", "topic: pods").replace(
        "[pods", "[pods-are-small, pods"
    )

    bring_in(yaml(text))

    what_stays.refresh_from_db()
    assert what_stays.topic == pods
    assert editing.source_of(what_stays)["facts"] == ["pods-are-small", "pods-come-and-go"]


def test_a_true_that_becomes_a_one_is_a_change(services: Any) -> None:
    raw = question(kind="manifest", topic="services")
    raw["checks"][1]["equals"] = True
    bring_in(yaml(as_yaml(raw)))
    raw["checks"][1]["equals"] = 1

    assert statuses(importing.look_at(yaml(as_yaml(raw)))) == {"what-stays": Status.CHANGED}


# Taking it back


UNDO = Change(None, NOW, Act.UNDONE)


def test_undo_puts_texts_back_and_retires_what_was_new(what_stays: Question) -> None:
    bring_in(yaml(CHANGED + FLASHCARD.replace("what-stays", "what-goes")))

    result = take_back(UUID(int=7), UNDO)

    what_stays.refresh_from_db()
    assert what_stays.spec == {"back": "A stable address."}
    assert Question.objects.get(slug="what-goes").is_retired
    assert (len(result.taken), result.left) == (2, [])
    assert take_back(UUID(int=7), UNDO).was_taken_before


def test_undo_leaves_alone_what_was_changed_since(what_stays: Question) -> None:
    bring_in(yaml(CHANGED))
    saved(question(back="Mended since."))

    assert take_back(UUID(int=7), UNDO).left == ["what-stays"]
    what_stays.refresh_from_db()
    assert what_stays.spec == {"back": "Mended since."}


def test_undo_knows_texts_from_before_the_history_began(what_stays: Question) -> None:
    Revision.objects.all().delete()
    bring_in(yaml(CHANGED))

    take_back(UUID(int=7), UNDO)

    what_stays.refresh_from_db()
    assert what_stays.spec == {"back": "A stable address."}


def test_undo_keeps_a_version_raised(what_stays: Question) -> None:
    bring_in(yaml(FLASHCARD.replace("A stable", "Another") + "  version: 2\n"))

    take_back(UUID(int=7), UNDO)

    what_stays.refresh_from_db()
    assert (what_stays.version, what_stays.spec) == (2, {"back": "A stable address."})


def test_only_imports_are_taken_back_here(what_stays: Question) -> None:
    editing.retire([what_stays], Change(None, NOW, Act.RETIRED, batch=UUID(int=9)))

    with pytest.raises(Revision.DoesNotExist):
        take_back(UUID(int=9), UNDO)


# Out and in again


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_taken_out_changes_nothing_when_it_is_brought_in(services: Any, kind: str) -> None:
    row = QuestionFactory(kind=kind, topic=services, docs="docs/concepts/", is_scenario=True)
    (source,) = sources_of([row]).values()

    for name, text in (("out.csv", csv_rows.write([source])), ("out.yaml", item(source, indent=0))):
        plan = importing.look_at(Upload(name, text.encode()))
        assert statuses(plan) == {row.slug: Status.UNCHANGED}


LINE = st.text("ab=+-@'\",;:#{}[]|> \t<\u00e9\u20ac\U0001f600", min_size=1, max_size=20)
WRITTEN = st.lists(LINE, min_size=1, max_size=3).map("\n".join).filter(lambda text: text.strip())


@pytest.mark.django_db
class OutAndIn(TestCase):
    @settings(max_examples=40, deadline=None)
    @given(
        stem=WRITTEN,
        explanation=WRITTEN,
        texts=st.lists(WRITTEN, min_size=3, max_size=3, unique_by=lambda text: text.split()[0]),
        feedback=WRITTEN,
    )
    def test_any_texts_come_back_as_they_were(
        self, stem: str, explanation: str, texts: list[str], feedback: str
    ) -> None:
        topic = TopicFactory(slug="services")
        FactFactory(slug="pods-come-and-go", topic=topic)
        options = [{"text": f"{number}{text}"} for number, text in enumerate(texts)]
        options[0]["correct"] = True  # type: ignore[assignment]
        options[1]["feedback"] = feedback
        row = saved(
            question(
                f"question-{uuid4().hex[:8]}",
                "single_choice",
                stem=stem,
                explanation=explanation,
                options=options,
            )
        )
        (source,) = sources_of([Question.objects.select_related("topic").get(pk=row.pk)]).values()

        for name, text in (
            ("out.csv", "\ufeff" + csv_rows.write([source])),
            ("out.yaml", item(source, indent=0)),
        ):
            plan = importing.look_at(Upload(name, text.encode()))
            assert statuses(plan) == {row.slug: Status.UNCHANGED}


# Files that are hostile, or no such files


BOMB = "a: &a [x,x]\nb: [" + "*a," * 1000 + "]\n"


@pytest.mark.parametrize(
    ("name", "data", "problem"),
    [
        ("a.yaml", b"", "a.yaml:1: the file is empty"),
        ("a.yaml", b"- a: &x 1", "a.yaml:1: `&x` is an anchor, which is not allowed;"),
        ("a.yaml", BOMB.encode(), "a.yaml:1: `&a` is an anchor, which is not allowed;"),
        ("a.yaml", b"[" * 60_000, "a.yaml:1: This is nested too deeply: at most 40 levels"),
        ("a.yaml", b"- !!python/object:os.system x", "a.yaml:1: `!!python/object:os.system` is"),
        ("a.yaml", b"- a: 1\n  a: 2\n", "a.yaml:2: `a` is given twice, first on line 1."),
        ("a.yaml", b"- 1\n--- \n- 2\n", "a.yaml:2: At most 1 document is allowed; another"),
        ("a.yaml", b"text", "a.yaml:1: write a list of questions here, or a topic as in its file"),
        ("a.yaml", b"questions: 7", "a.yaml:1: questions: write a list of questions here, or a"),
        ("a.yaml", b"questions: []", "a.yaml:1: questions: there is no question in the list"),
        ("a.yaml", b"questions: [x]\ntopics: 1", "a.yaml:2: topics: is not a field of a topic"),
        ("a.yaml", b"- x\n" * 2001, "a.yaml:1: split the file: at most 2,000 questions are read"),
        ("a.yaml", b"x" * 2_000_001, "a.yaml:1: split the file: it is larger than 2 MB"),
        ("a.csv", b"x" * 2_000_001, "a.csv:1: split the file: it is larger than 2 MB"),
        ("a.csv", b"PK\x03\x04...", "a.csv:1: this is a zip file or a spreadsheet in its own"),
        ("a.xlsx", b"PK\x03\x04...", "a.xlsx:1: this is a zip file or a spreadsheet in its own"),
        ("a.csv", b"\x1f\x8b...", "a.csv:1: this is a compressed file"),
        ("a.csv", "id,kind\né".encode("latin-1"), "a.csv:2: This is not UTF-8. Save the file"),
        ("a.csv", "id,kind".encode("utf-16"), "a.csv:1: This is not UTF-8. Save the file with"),
        ("a.csv", b"id,kind\na\0,b", "a.csv:2: There is a character here that cannot be seen (U+0"),
        ("a.yaml", b"- a\0b", "a.yaml:1: There is a character here that cannot be seen (U+0000)"),
        ("a.exe", b"id,kind", "a.exe:1: choose a file that ends with .yaml, .yml or .csv"),
        ("", b"id,kind", ":1: choose a file that ends with .yaml, .yml or .csv"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(
    name: str, data: bytes, problem: str
) -> None:
    assert refusal(name, data)[0].startswith(problem)


def test_a_question_of_far_too_many_values_is_not_parsed(services: Any) -> None:
    fields = "".join(f"  f{number}: 1\n" for number in range(5000))

    assert problems(yaml(FLASHCARD + fields)) == [
        "new.yaml:1: has 5,009 values; at most 2,000 are read"
    ]


def test_after_very_many_problems_the_rest_is_not_looked_at(services: Any) -> None:
    plan = importing.look_at(yaml("- {}\n" * 1000))

    assert sum(len(row.problems) for row in plan.rows) < 600
    assert plan.unread == 1000 - len(plan.rows)
    assert not plan.is_good


@pytest.mark.parametrize("name", ["new.yaml", "new.csv"])
def test_a_byte_order_mark_says_nothing(services: Any, name: str) -> None:
    csv = csv_rows.write([{**question(), "topic": "services"}])
    text = FLASHCARD if name == "new.yaml" else csv

    plan = importing.look_at(Upload(name, b"\xef\xbb\xbf" + text.encode()))

    assert statuses(plan) == {"what-stays": Status.NEW}


def test_html_is_kept_as_text(services: Any) -> None:
    bring_in(yaml(FLASHCARD.replace("A stable address.", "<script>alert(1)</script>")))

    assert Question.objects.get().spec == {"back": "<script>alert(1)</script>"}
