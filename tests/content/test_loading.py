from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from pathlib import Path

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from quizapp.content import editing
from quizapp.content.history import Act, Change
from quizapp.content.loading import load
from quizapp.content.loading.three_way import Outcome, Settlement, outcome_of
from quizapp.content.models import (
    Chapter,
    Confusable,
    ConfusableFact,
    Fact,
    Question,
    Topic,
    Track,
)
from quizapp.content.parsing import parse_bank
from quizapp.content.problems import ContentError
from quizapp.grading import KINDS
from tests.content.banks import (
    CHAPTER,
    FRONT,
    SERVICES,
    all_rows,
    confusable,
    fact,
    load_from,
    question,
    topic,
    track,
    write_bank,
    write_chapter,
    write_confusables,
    write_diagram,
    write_questions,
)
from tests.factories import FactFactory, QuestionFactory, TopicFactory

pytestmark = pytest.mark.django_db


def edit_in_browser(slug: str = "what-stays", stem: str = "Edited in the browser?") -> None:
    assert Question.objects.filter(slug=slug).update(stem=stem) == 1


def stem_of(slug: str = "what-stays") -> str:
    return Question.objects.get(slug=slug).stem


def is_retired(slug: str = "what-stays") -> bool:
    return Question.objects.get(slug=slug).is_retired


@pytest.mark.parametrize(
    ("then", "file", "row", "outcome", "ours", "theirs"),
    [
        ("", "a", "", Outcome.NEW, Outcome.NEW, Outcome.NEW),
        ("", "", "a", Outcome.KEPT, Outcome.KEPT, Outcome.KEPT),
        ("", "a", "a", Outcome.UNCHANGED, Outcome.UNCHANGED, Outcome.UNCHANGED),
        ("", "a", "b", Outcome.CONFLICTING, Outcome.KEPT, Outcome.CHANGED),
        ("a", "", "", Outcome.UNCHANGED, Outcome.UNCHANGED, Outcome.UNCHANGED),
        ("a", "", "a", Outcome.RETIRED, Outcome.RETIRED, Outcome.RETIRED),
        ("a", "", "b", Outcome.CONFLICTING, Outcome.KEPT, Outcome.RETIRED),
        ("a", "a", "", Outcome.KEPT, Outcome.KEPT, Outcome.KEPT),
        ("a", "a", "a", Outcome.UNCHANGED, Outcome.UNCHANGED, Outcome.UNCHANGED),
        ("a", "a", "b", Outcome.KEPT, Outcome.KEPT, Outcome.KEPT),
        ("a", "b", "", Outcome.CONFLICTING, Outcome.KEPT, Outcome.NEW),
        ("a", "b", "a", Outcome.CHANGED, Outcome.CHANGED, Outcome.CHANGED),
        ("a", "b", "b", Outcome.UNCHANGED, Outcome.UNCHANGED, Outcome.UNCHANGED),
        ("a", "b", "c", Outcome.CONFLICTING, Outcome.KEPT, Outcome.CHANGED),
    ],
)
def test_three_versions_decide_what_happens(
    then: str, file: str, row: str, outcome: Outcome, ours: Outcome, theirs: Outcome
) -> None:
    assert outcome_of(then, file, row) is outcome
    assert outcome_of(then, file, row, settle="ours") is ours
    assert outcome_of(then, file, row, settle="theirs") is theirs


def test_everything_in_the_files_is_in_the_database(tmp_path: Path) -> None:
    facts = [fact(), fact("names-stay", misconception="Names change.", precision="Mostly.")]
    asked = [question(f"{kind.replace('_', '-')}-question", kind) for kind in KINDS]
    asked[0] |= {"facts": ["names-stay", "pods-come-and-go"], "scenario": True, "version": 3}
    write_bank(
        tmp_path,
        {"dns": topic([], []), "services": topic(asked, facts)},
        [track("all", topics=["services", "dns"]), track("some", topics=["dns"])],
    )

    result = load_from(tmp_path)

    assert result.counts == {
        "tracks": Counter({Outcome.NEW: 2}),
        "topics": Counter({Outcome.NEW: 2}),
        "facts": Counter({Outcome.NEW: 2}),
        "questions": Counter({Outcome.NEW: 8}),
        "chapters": Counter(),
        "confusables": Counter(),
    }
    assert [str(each) for each in Track.objects.values_list("slug", flat=True)] == ["all", "some"]
    everything = Track.objects.get(slug="all").tracktopic_set
    assert list(everything.values_list("topic__slug", flat=True)) == ["services", "dns"]
    assert list(Topic.objects.values_list("slug", flat=True)) == ["services", "dns"]
    stored = Fact.objects.get(slug="names-stay")
    assert (stored.misconception, stored.precision) == ("Names change.", "Mostly.")
    assert [each.kind for each in Question.objects.all()] == list(KINDS)
    first = Question.objects.get(slug="flashcard-question")
    assert (first.version, first.is_scenario, first.bloom) == (3, True, "apply")
    assert list(first.questionfact_set.values_list("fact__slug", flat=True)) == [
        "names-stay",
        "pods-come-and-go",
    ]
    assert all(isinstance(each.parsed_spec, KINDS[each.kind]) for each in Question.objects.all())


def test_extensions_and_parts_of_tracks_are_in_the_database(tmp_path: Path) -> None:
    facts = [fact(), fact("nodes-fail", extends="pods-come-and-go")]
    write_bank(tmp_path, {"services": topic(facts=facts)}, [track(covers="extensions")])
    load_from(tmp_path)

    base = Fact.objects.get(slug="pods-come-and-go")
    assert Fact.objects.get(slug="nodes-fail").extends == base
    assert base.extends is None
    assert Track.objects.get().covers_extensions is True
    assert not load_from(tmp_path).has_changes


def test_what_people_mix_up_is_in_the_database(tmp_path: Path) -> None:
    facts = [fact(), fact("nodes-fail"), fact("nodes-join")]
    write_bank(tmp_path, {"services": topic(facts=facts)})
    sides = [
        {"name": "Pod", "facts": ["pods-come-and-go"]},
        {"name": "Node", "facts": ["nodes-join", "nodes-fail"]},
    ]
    write_confusables(tmp_path, confusable(sides=sides))
    load_from(tmp_path)

    stored = Confusable.objects.get()
    assert (stored.slug, stored.sides) == ("pods-or-nodes", ["Pod", "Node"])
    assert stored.contrast[0]["says"] == ["a group of containers", "a machine"]
    placed = stored.confusablefact_set.values_list("side", "fact__slug")
    assert list(placed) == [(0, "pods-come-and-go"), (1, "nodes-join"), (1, "nodes-fail")]
    assert not load_from(tmp_path).has_changes

    (tmp_path / "confusables.yaml").unlink()
    assert load_from(tmp_path).counts["confusables"] == {Outcome.RETIRED: 1}


def test_loading_again_changes_nothing(tmp_path: Path) -> None:
    asked = [question(f"{kind.replace('_', '-')}-question", kind) for kind in KINDS]
    load_from(write_questions(tmp_path, *asked))
    before = all_rows()

    result = load_from(tmp_path)

    assert not result.has_changes
    assert {outcome for counts in result.counts.values() for outcome in counts} == {
        Outcome.UNCHANGED
    }
    assert all_rows() == before


def test_a_change_in_the_file_reaches_the_same_row(tmp_path: Path) -> None:
    load_from(write_questions(tmp_path, question()))
    before = Question.objects.get()
    write_bank(
        tmp_path,
        {"services": topic([question(stem="New?", facts=["b", "a"])], [fact("a"), fact("b")])},
    )

    result = load_from(tmp_path)

    after = Question.objects.get()
    assert result.counts["questions"] == {Outcome.CHANGED: 1}
    assert result.counts["facts"] == {Outcome.NEW: 2, Outcome.RETIRED: 1}
    assert (after.pk, after.stem) == (before.pk, "New?")
    assert list(after.questionfact_set.values_list("fact__slug", flat=True)) == ["b", "a"]


def test_a_track_takes_on_a_new_order_of_topics(tmp_path: Path) -> None:
    topics = {"services": topic(), "dns": topic([], [])}
    load_from(write_bank(tmp_path, topics, [track(topics=["services", "dns"])]))
    result = load_from(write_bank(tmp_path, topics, [track(topics=["dns", "services"])]))

    assert result.counts["tracks"] == {Outcome.CHANGED: 1}
    assert result.counts["topics"] == {Outcome.REORDERED: 2}
    assert list(Topic.objects.values_list("slug", flat=True)) == ["dns", "services"]


def test_a_new_place_in_the_file_is_told_from_a_new_text(tmp_path: Path) -> None:
    load_from(write_questions(tmp_path, question("a"), question("b"), question("c")))
    result = load_from(write_questions(tmp_path, question("b"), question("a"), question("c")))

    assert result.counts["questions"] == {Outcome.REORDERED: 2, Outcome.UNCHANGED: 1}
    assert [each.slug for each in Question.objects.all()] == ["b", "a", "c"]
    assert not load_from(tmp_path).has_changes


def test_a_question_that_moves_to_another_topic_keeps_its_row(tmp_path: Path) -> None:
    load_from(write_bank(tmp_path, {"services": topic(), "dns": topic([], [])}))
    before = Question.objects.get()
    result = load_from(
        write_bank(tmp_path, {"services": topic([]), "dns": topic([question()], [])})
    )

    after = Question.objects.get()
    assert result.counts["questions"] == {Outcome.CHANGED: 1}
    assert (after.pk, after.topic.slug) == (before.pk, "dns")


def test_an_edit_in_the_browser_is_kept(tmp_path: Path) -> None:
    load_from(write_questions(tmp_path, question()))
    edit_in_browser()

    for _ in range(2):
        result = load_from(tmp_path)
        assert result.counts["questions"] == {Outcome.KEPT: 1}
        assert not result.has_changes
        assert stem_of() == "Edited in the browser?"


def test_a_question_moved_in_the_browser_keeps_its_place_there(tmp_path: Path) -> None:
    nodes = topic([question("on-nodes"), question("on-disks")], [])
    load_from(write_bank(tmp_path, {SERVICES: topic(), "nodes": nodes}))
    moved, there = Question.objects.filter(slug="what-stays"), Topic.objects.get(slug="nodes")
    editing.move(moved, there, Change(None, timezone.now(), Act.MOVED))

    load_from(tmp_path)

    slugs = there.questions.order_by("position").values_list("slug", flat=True)
    assert list(slugs) == ["on-nodes", "on-disks", "what-stays"]


def test_every_field_that_an_editor_can_change_counts_as_an_edit(tmp_path: Path) -> None:
    write_chapter(write_confusables(write_bank(tmp_path), confusable()))
    load_from(tmp_path)
    ConfusableFact.objects.filter(side=1).delete()
    Chapter.objects.update(body="Edited.")
    Track.objects.update(summary="Edited.")
    Topic.objects.update(title="Edited")
    Fact.objects.update(precision="Edited.")
    Question.objects.get().questionfact_set.all().delete()

    result = load_from(tmp_path)

    parts = {"tracks", "topics", "facts", "questions", "chapters", "confusables"}
    assert set(result.counts) == parts
    assert all(counts == {Outcome.KEPT: 1} for counts in result.counts.values())


def test_the_same_edit_on_both_sides_is_no_conflict(tmp_path: Path) -> None:
    load_from(write_questions(tmp_path, question()))
    edit_in_browser(stem="The same?")

    assert not load_from(write_questions(tmp_path, question(stem="The same?"))).has_changes
    result = load_from(write_questions(tmp_path, question(stem="Only the file now?")))
    assert result.counts["questions"] == {Outcome.CHANGED: 1}
    assert stem_of() == "Only the file now?"


def test_a_conflict_shows_both_texts_and_changes_nothing_at_all(tmp_path: Path) -> None:
    load_from(write_questions(tmp_path, question(), question("other")))
    edit_in_browser()
    before = all_rows()
    write_questions(tmp_path, question(stem="Edited in the file?"), question("more"))

    started_anew: list[int] = []
    result = load_from(tmp_path, started_anew=started_anew)

    (conflict,) = result.conflicts
    assert conflict.where == f"{tmp_path}/topics/services.yaml:9"
    assert "-stem: Edited in the browser?" in conflict.diff
    assert "+stem: Edited in the file?" in conflict.diff
    assert str(conflict).startswith(f"{conflict.where}: the question what-stays was changed both")
    assert result.counts["questions"] == {
        Outcome.CONFLICTING: 1,
        Outcome.NEW: 1,
        Outcome.RETIRED: 1,
    }
    assert all_rows() == before
    assert started_anew == []


@pytest.mark.parametrize(
    ("settle", "stem", "outcome"),
    [
        ("ours", "Edited in the browser?", Outcome.KEPT),
        ("theirs", "Edited in the file?", Outcome.CHANGED),
    ],
)
def test_a_conflict_can_be_settled_either_way(
    tmp_path: Path, settle: Settlement, stem: str, outcome: Outcome
) -> None:
    load_from(write_questions(tmp_path, question()))
    edit_in_browser()
    write_questions(tmp_path, question(stem="Edited in the file?"))

    result = load_from(tmp_path, settle=settle)

    assert result.counts["questions"] == {outcome: 1}
    assert stem_of() == stem
    assert load_from(tmp_path).conflicts == ()
    assert stem_of() == stem


def test_what_leaves_the_files_is_retired_and_comes_back_as_the_same_row(tmp_path: Path) -> None:
    load_from(write_questions(tmp_path, question(), question("other")))
    before = Question.objects.get(slug="what-stays")

    gone = load_from(write_questions(tmp_path, question("other")))
    assert gone.counts["questions"] == {Outcome.RETIRED: 1, Outcome.REORDERED: 1}
    assert is_retired()
    assert not load_from(tmp_path).has_changes
    assert load_from(tmp_path).counts["questions"] == {Outcome.UNCHANGED: 1}

    back = load_from(write_questions(tmp_path, question(stem="Back?"), question("other")))
    assert back.counts["questions"] == {Outcome.RETURNED: 1, Outcome.REORDERED: 1}
    after = Question.objects.get(slug="what-stays")
    assert (after.pk, after.stem, after.is_retired) == (before.pk, "Back?", False)
    assert list(after.facts.values_list("slug", flat=True)) == ["pods-come-and-go"]


def test_tracks_topics_and_facts_are_retired_too(tmp_path: Path) -> None:
    topics = {"services": topic(), "dns": topic([], [fact("names-stay")])}
    load_from(write_bank(tmp_path, topics, [track(), track("more", topics=["dns"])]))
    result = load_from(write_bank(tmp_path))

    assert [result.counts[each][Outcome.RETIRED] for each in ("tracks", "topics", "facts")] == [
        1
    ] * 3
    assert [each.slug for each in Topic.objects.active()] == ["services"]


def test_a_question_made_in_the_browser_is_never_retired(tmp_path: Path) -> None:
    load_from(write_bank(tmp_path))
    home = TopicFactory(slug="browser")
    QuestionFactory(slug="own", topic=home, facts=[FactFactory(slug="own-fact", topic=home)])

    result = load_from(tmp_path)

    assert result.counts["questions"] == {Outcome.UNCHANGED: 1, Outcome.KEPT: 1}
    assert not is_retired("own")


def test_an_id_that_was_made_in_the_browser_is_a_conflict_in_a_file(tmp_path: Path) -> None:
    QuestionFactory(slug="what-stays")

    result = load_from(write_bank(tmp_path))

    assert [(each.noun, each.slug) for each in result.conflicts] == [("question", "what-stays")]


def test_what_is_edited_in_the_browser_and_gone_from_the_files_is_a_conflict(
    tmp_path: Path,
) -> None:
    load_from(write_questions(tmp_path, question()))
    edit_in_browser()
    write_questions(tmp_path)

    (conflict,) = load_from(tmp_path).conflicts
    assert conflict.where == ""
    assert "+stem" not in conflict.diff
    assert load_from(tmp_path, settle="ours").counts["questions"] == {Outcome.KEPT: 1}
    assert not is_retired()
    assert not load_from(tmp_path).has_changes


def test_a_question_retired_in_the_browser_stays_retired_until_its_file_changes(
    tmp_path: Path,
) -> None:
    load_from(write_questions(tmp_path, question()))
    row = Question.objects.get()
    row.retired_at = timezone.now()
    row.save()

    assert load_from(tmp_path).counts["questions"] == {Outcome.KEPT: 1}
    assert is_retired()
    write_questions(tmp_path, question(stem="Changed?"))
    (conflict,) = load_from(tmp_path).conflicts
    assert "-stem" not in conflict.diff
    assert load_from(tmp_path, settle="theirs").counts["questions"] == {Outcome.RETURNED: 1}
    assert not is_retired()


def test_a_question_with_a_higher_version_is_started_anew(tmp_path: Path) -> None:
    load_from(write_questions(tmp_path, question(), question("other")))
    started_anew: list[int] = []
    write_questions(tmp_path, question(version=2), question("other", stem="Typo mended?"))

    load_from(tmp_path, started_anew=started_anew)

    assert started_anew == [Question.objects.get(slug="what-stays").pk]
    load_from(tmp_path, started_anew=started_anew)
    assert len(started_anew) == 1


def test_a_question_that_returns_with_a_higher_version_is_started_anew(tmp_path: Path) -> None:
    load_from(write_questions(tmp_path, question()))
    load_from(write_questions(tmp_path))
    started_anew: list[int] = []

    load_from(write_questions(tmp_path, question(version=2)), started_anew=started_anew)

    assert started_anew == [Question.objects.get().pk]


def test_a_version_never_falls(tmp_path: Path) -> None:
    load_from(write_questions(tmp_path, question(version=3)))
    before = all_rows()
    write_questions(tmp_path, question(version=2, stem="Older?"), question("new"))

    with pytest.raises(ContentError) as refused:
        load_from(tmp_path)

    (problem,) = refused.value.problems
    assert problem.line == 17
    assert problem.field == "questions[0].version"
    assert problem.message == "write 3 or more: version 3 has been asked already"
    assert all_rows() == before


def test_a_failure_while_cards_start_anew_takes_everything_back(tmp_path: Path) -> None:
    load_from(write_questions(tmp_path, question()))
    before = all_rows()
    write_questions(tmp_path, question(version=2), question("new"))

    def fail(questions: Collection[int]) -> None:
        raise OperationalError(f"no room for {len(questions)}")

    with pytest.raises(OperationalError, match="no room for 1"):
        load(parse_bank(tmp_path), on_new_version=fail)

    assert all_rows() == before


def test_a_chapter_is_loaded_with_what_it_states_and_asks(tmp_path: Path) -> None:
    write_chapter(write_bank(tmp_path))

    assert load_from(tmp_path).counts["chapters"] == {Outcome.NEW: 1}
    chapter = Chapter.objects.get()
    assert (chapter.slug, chapter.title) == ("reaching-pods", "Reaching Pods")
    assert (chapter.summary, chapter.topic.slug) == ("Why a Service is needed.", "services")
    (passage,) = chapter.passages.all()
    assert (passage.fact.slug, passage.section) == ("pods-come-and-go", "what-goes")
    assert passage.heading == "What goes"
    (asked,) = chapter.set_in.all()
    assert (asked.question.slug, asked.section) == ("what-stays", "what-stays")
    before = all_rows()
    assert not load_from(tmp_path).has_changes
    assert all_rows() == before


def test_an_edit_of_a_chapter_reaches_the_same_row_and_moves_what_it_asks(tmp_path: Path) -> None:
    write_chapter(write_bank(tmp_path))
    load_from(tmp_path)
    before = Chapter.objects.get()
    write_chapter(tmp_path, "Only this.\n\n::question what-stays\n")

    assert load_from(tmp_path).counts["chapters"] == {Outcome.CHANGED: 1}
    after = Chapter.objects.get()
    assert (after.pk, after.body) == (before.pk, "Only this.\n\n::question what-stays\n")
    assert not after.passages.exists()
    assert [asked.section for asked in after.set_in.all()] == [""]


def test_a_change_of_a_diagram_is_a_change_of_its_chapter(tmp_path: Path) -> None:
    write_chapter(write_bank(tmp_path), f"{CHAPTER}\n![The way](diagrams/way.svg)\n")
    write_diagram(tmp_path)
    load_from(tmp_path)
    assert list(Chapter.objects.get().diagrams) == ["diagrams/way.svg"]
    write_diagram(tmp_path, "<circle/>")

    assert load_from(tmp_path).counts["chapters"] == {Outcome.CHANGED: 1}
    assert "<circle/>" in Chapter.objects.get().diagrams["diagrams/way.svg"]


def test_a_chapter_leaves_and_returns_like_everything_else(tmp_path: Path) -> None:
    path = write_chapter(write_bank(tmp_path))
    load_from(tmp_path)
    pk = Chapter.objects.get().pk
    path.unlink()

    assert load_from(tmp_path).counts["chapters"] == {Outcome.RETIRED: 1}
    assert not Chapter.objects.active().exists()
    write_chapter(tmp_path)
    assert load_from(tmp_path).counts["chapters"] == {Outcome.RETURNED: 1}
    assert Chapter.objects.active().get().pk == pk


def test_a_chapter_edited_on_both_sides_is_a_conflict_with_both_texts(tmp_path: Path) -> None:
    write_chapter(write_bank(tmp_path))
    load_from(tmp_path)
    Chapter.objects.update(body="In the browser.")
    write_chapter(tmp_path, "In the file.\n")

    (conflict,) = load_from(tmp_path).conflicts
    assert (conflict.noun, conflict.slug) == ("chapter", "reaching-pods")
    assert "-body: In the browser." in conflict.diff
    assert "+  In the file." in conflict.diff
    assert load_from(tmp_path, settle="theirs").counts["chapters"] == {Outcome.CHANGED: 1}


def test_chapters_follow_the_topics_of_the_tracks_and_then_the_alphabet(tmp_path: Path) -> None:
    topics = {"services": topic(), "dns": topic([], [])}
    write_bank(tmp_path, topics, [track(topics=["services", "dns"])])
    of_dns = FRONT.replace("topic: services", "topic: dns")
    write_chapter(tmp_path, "Names.\n", "a-names", of_dns)
    write_chapter(tmp_path, "Later.\n", "b-later")
    write_chapter(tmp_path, "First.\n", "a-first")
    load_from(tmp_path)

    assert list(Chapter.objects.values_list("slug", flat=True)) == ["a-first", "b-later", "a-names"]


def queries_to_load(folder: Path, count: int, stem: str) -> int:
    write_questions(folder, *(question(f"q-{index}", stem=stem) for index in range(count)))
    with CaptureQueriesContext(connection) as queries:
        load_from(folder)
    return len(queries)


def test_the_number_of_queries_does_not_grow_with_the_bank(tmp_path: Path) -> None:
    counts = []
    for size in (2, 60):
        first, unchanged, edited = (
            queries_to_load(tmp_path, size, stem) for stem in ("One?", "One?", "Two?")
        )
        counts.append((first, unchanged, edited))
        for model in (Track, Topic):
            model.objects.all().delete()

    assert counts[0] == counts[1]
    assert counts[0][1] == 12
