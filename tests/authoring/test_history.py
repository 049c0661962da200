"""Who changed a question, what and when, and the way back to any version of it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from quizapp.authoring.edit.saving import parsed, present_source
from quizapp.authoring.history.diff import Fate, abridged, field_changes, pieces
from quizapp.authoring.history.rows import PER_PAGE
from quizapp.authoring.models import Draft
from quizapp.content import editing
from quizapp.content.history import Act, Change
from quizapp.content.models import Question, Revision
from quizapp.content.schema import Question as Entry
from quizapp.scheduling.cards import start_anew
from quizapp.scheduling.memory import State
from quizapp.teams.models import User
from tests.factories import QuestionFactory
from tests.kinds import SAMPLES
from tests.scheduling.studying import MINUTE, MORNING, card_of, learn, reviews
from tests.study.browsing import text_of

database = pytest.mark.django_db
frozen = pytest.mark.usefixtures("morning")


def edited(question: Question, by: User | None, version: int = 1, **fields: Any) -> Revision:
    """Saves the question with some fields changed, and gives the revision that tells of it."""
    question = Question.objects.select_related("topic").get(pk=question.pk)
    source = {**editing.source_of(question), **fields}
    source.pop("version", None)
    change = Change(by and by.pk, MORNING, Act.EDITED)
    editing.save(parsed(source, version), change, on_new_version=start_anew)
    return latest(question)


def latest(question: Question) -> Revision:
    found: Revision | None = Revision.objects.of(Entry.noun, question.slug).first()
    assert found
    return found


def look(client: Client, question: Question, **query: Any) -> Any:
    return client.get(reverse("edit-history", args=[question.slug]), query)


def restore(client: Client, revision: Revision, **fields: Any) -> Any:
    url = reverse("edit-restore", args=[revision.slug, revision.pk])
    return client.post(url, fields, follow=True)


def undo(client: Client, response: Any) -> Any:
    return client.post(response.context["notice"]["undo_url"], follow=True)


def now(question: Question) -> Question:
    return Question.objects.select_related("topic").get(pk=question.pk)


@database
@frozen
class TestTheList:
    def test_each_change_says_who_what_and_when(self, as_eve: Client, eve: User) -> None:
        question = QuestionFactory(stem="What is a Pod?")
        edited(question, None, stem="What is a Pod of yours?")
        edited(question, eve, stem="What is a Pod of mine?", explanation="That is why.")
        response = look(as_eve, question)
        seen = text_of(response)
        assert "Edited by Eve" in seen
        assert "2 Mar 2026" in seen
        assert "What is a Pod of <del>yours</del><ins>mine</ins>?" in seen
        assert "<del>This</del><ins>That</ins> is why." in seen
        assert [len(row["changes"]) for row in response.context["rows"]] == [2, 0]

    def test_what_was_loaded_from_the_files_says_so(self, as_eve: Client) -> None:
        question = QuestionFactory()
        source = editing.source_of(question)
        Change(None, MORNING, Act.LOADED).revision(Entry.noun, question.slug, source).save()
        seen = text_of(look(as_eve, question))
        assert "<h2> Loaded from the files </h2>" in seen
        assert "This is what it says now." in seen
        assert "Restore this version" not in seen

    def test_what_was_done_to_many_says_how_many(self, as_eve: Client, eve: User) -> None:
        questions = QuestionFactory.create_batch(3)
        change = Change(eve.pk, MORNING, Act.RETIRED, note="Old ones", batch=uuid4())
        editing.retire(questions, change)
        seen = text_of(look(as_eve, questions[0]))
        assert "Retired by Eve" in seen
        assert "together with 2 others" in seen
        assert "Old ones" in seen
        assert "Restoring a version brings it back" in seen

    def test_a_change_of_meaning_is_named(self, as_eve: Client, eve: User) -> None:
        question = QuestionFactory()
        edited(question, eve, stem="Which one?")
        edited(question, eve, version=2, stem="Which other?")
        assert "The meaning changed: version 2" in text_of(look(as_eve, question))

    def test_after_it_was_brought_back_the_text_is_compared_with_that_before(
        self, as_eve: Client, eve: User
    ) -> None:
        question = QuestionFactory()
        edited(question, eve, stem="Which one?")
        editing.retire([question], Change(eve.pk, MORNING, Act.RETIRED))
        edited(question, eve, stem="Which other?")
        assert "Which <del>one</del><ins>other</ins>?" in text_of(look(as_eve, question))

    def test_a_question_without_history_has_a_page(self, as_eve: Client) -> None:
        assert "Nothing is known yet" in text_of(look(as_eve, QuestionFactory()))
        assert not Revision.objects.exists()

    def test_what_the_history_does_not_know_is_told(self, as_eve: Client, eve: User) -> None:
        question = QuestionFactory()
        edited(question, eve, stem="Which one?")
        Question.objects.filter(pk=question.pk).update(stem="Which, by hand?")
        assert "nobody noted how" in text_of(look(as_eve, question))

    def test_long_histories_come_in_pages(self, as_eve: Client, eve: User) -> None:
        question = QuestionFactory()
        for number in range(PER_PAGE + 3):
            edited(question, eve, stem=f"Stem {number}?")
        first = look(as_eve, question)
        assert len(first.context["rows"]) == PER_PAGE
        oldest = first.context["rows"][-1]
        assert oldest["changes"]
        second = as_eve.get(first.context["older_url"])
        assert len(second.context["rows"]) == 3
        assert second.context["older_url"] == ""
        assert second.context["newest_url"] == reverse("edit-history", args=[question.slug])
        assert second.context["rows"][-1]["is_first"]

    def test_across_pages_the_text_is_compared_with_that_before_it_was_retired(
        self, as_eve: Client, eve: User
    ) -> None:
        question = QuestionFactory()
        edited(question, eve, stem="Which one?")
        editing.retire([question], Change(eve.pk, MORNING, Act.RETIRED))
        for number in range(PER_PAGE):
            edited(question, eve, stem=f"Which {number}?")
        oldest = look(as_eve, question).context["rows"][-1]
        assert "Which <del>one</del><ins>0</ins>?" in oldest["changes"][0][1]

    @pytest.mark.parametrize("below", ["0", "x", "9" * 40, "-1"])
    def test_a_strange_page_is_no_error(self, as_eve: Client, below: str) -> None:
        assert look(as_eve, QuestionFactory(), below=below).status_code == 200

    def test_a_question_that_is_not_there_is_not_found(self, as_eve: Client) -> None:
        assert as_eve.get(reverse("edit-history", args=["nothing"])).status_code == 404

    def test_the_number_of_queries_is_fixed(
        self, as_eve: Client, eve: User, django_assert_num_queries: Any
    ) -> None:
        def history_of(length: int) -> Question:
            question: Question = QuestionFactory()
            for number in range(length):
                edited(question, eve, stem=f"Stem {number}?")
            return question

        short, long = history_of(2), history_of(PER_PAGE * 2)
        Revision.objects.update(batch=uuid4())
        look(as_eve, short)
        with django_assert_num_queries(9):
            look(as_eve, short)
        with django_assert_num_queries(9):
            look(as_eve, long)

    def test_a_draft_does_not_leak_into_it(self, as_eve: Client, eve: User) -> None:
        question = QuestionFactory()
        revision = edited(question, eve, stem="Which one?")
        secret = {**revision.source, "stem": "Which secret plan?"}
        Draft.objects.create(slug=question.slug, source=secret, base=revision, by=eve)
        assert "secret" not in text_of(look(as_eve, question))
        restore(as_eve, revision)
        assert "secret" not in json.dumps(list(Revision.objects.values_list("source", flat=True)))

    def test_nothing_that_was_written_runs(self, as_eve: Client, eve: User) -> None:
        question = QuestionFactory(stem="<script>alert(1)</script>?")
        edited(question, eve, stem="<img src=x onerror=alert(2)>?", explanation="</pre><script>")
        Revision.objects.update(note="<script>alert(3)</script>")
        seen = look(as_eve, question).content.decode().partition('<main id="main"')[2]
        assert "<script" not in seen
        assert "<img src=x" not in seen


@database
@frozen
class TestRestoring:
    def test_a_question_says_again_what_it_said(self, as_eve: Client, eve: User) -> None:
        question = QuestionFactory()
        first = edited(question, eve, stem="Which one?")
        edited(question, eve, stem="Which other?", explanation="Because.")
        response = restore(as_eve, first)
        assert "The version was restored." in text_of(response)
        assert present_source(now(question)) == first.source
        newest = latest(question)
        assert (newest.act, newest.by) == (Act.RESTORED, eve)

    def test_it_can_be_undone(self, as_eve: Client, eve: User) -> None:
        question = QuestionFactory()
        first = edited(question, eve, stem="Which one?")
        second = edited(question, eve, stem="Which other?")
        response = undo(as_eve, restore(as_eve, first))
        assert "Undone" in text_of(response)
        assert present_source(now(question)) == second.source
        assert latest(question).act == Act.UNDONE

    def test_the_wording_alone_leaves_memory_as_it_is(
        self, as_eve: Client, eve: User, alice: User
    ) -> None:
        question = QuestionFactory()
        first = edited(question, eve, stem="Which one?")
        edited(question, eve, stem="Which other?")
        learn(alice, now(question))
        before = card_of(alice, question)
        restore(as_eve, first)
        after = card_of(alice, question)
        assert before
        assert after
        assert (before.state, before.due) == (after.state, after.due)
        assert now(question).version == 1

    def test_an_older_meaning_raises_the_version_and_says_so(
        self, as_eve: Client, eve: User, alice: User
    ) -> None:
        question = QuestionFactory()
        first = edited(question, eve, stem="Which one?")
        edited(question, eve, version=2, stem="Which other?")
        learn(alice, now(question))
        told = text_of(look(as_eve, question))
        assert "this becomes version 3, and 1 learner begins it anew" in told
        response = restore(as_eve, first)
        assert "learners begin version 3 anew" in text_of(response)
        assert (now(question).stem, now(question).version) == ("Which one?", 3)
        card = card_of(alice, question)
        assert card
        assert card.state != State.REVIEW
        assert reviews(alice) == 1

    def test_the_version_is_never_lowered_by_an_undo(self, as_eve: Client, eve: User) -> None:
        question = QuestionFactory()
        first = edited(question, eve, stem="Which one?")
        edited(question, eve, version=2, stem="Which other?")
        undo(as_eve, restore(as_eve, first))
        assert (now(question).stem, now(question).version) == ("Which other?", 4)

    def test_a_retired_question_comes_back_as_it_was(self, as_eve: Client, eve: User) -> None:
        question = QuestionFactory()
        first = edited(question, eve, stem="Which one?")
        editing.retire([question], Change(eve.pk, MORNING, Act.RETIRED))
        response = restore(as_eve, first)
        assert not now(question).is_retired
        assert present_source(now(question)) == first.source
        assert "retired again" in text_of(undo(as_eve, response))
        assert now(question).is_retired

    def test_being_retired_is_a_version_too(self, as_eve: Client, eve: User) -> None:
        question = QuestionFactory()
        edited(question, eve, stem="Which one?")
        editing.retire([question], Change(eve.pk, MORNING, Act.RETIRED))
        retired = latest(question)
        back = edited(question, eve, stem="Which other?")
        response = restore(as_eve, retired)
        assert now(question).is_retired
        assert latest(question).act == Act.RETIRED
        undo(as_eve, response)
        assert present_source(now(question)) == back.source

    def test_what_the_history_did_not_know_is_kept_first(self, as_eve: Client, eve: User) -> None:
        question = QuestionFactory()
        first = edited(question, eve, stem="Which one?")
        Question.objects.filter(pk=question.pk).update(stem="Which, by hand?")
        response = restore(as_eve, first)
        found = Revision.objects.get(act=Act.FOUND)
        assert found.source["stem"] == "Which, by hand?"
        undo(as_eve, response)
        assert now(question).stem == "Which, by hand?"

    def test_what_it_says_already_changes_nothing(self, as_eve: Client, eve: User) -> None:
        question = QuestionFactory()
        first = edited(question, eve, stem="Which one?")
        response = restore(as_eve, first)
        assert "says that already" in text_of(response)
        assert response.context["notice"]["undo_url"] == ""
        assert Revision.objects.count() == 1

    def test_pressed_twice_it_is_restored_once(self, as_eve: Client, eve: User) -> None:
        question = QuestionFactory()
        first = edited(question, eve, stem="Which one?")
        second = edited(question, eve, version=2, stem="Which other?")
        restore(as_eve, first, seen=second.pk)
        assert "says that already" in text_of(restore(as_eve, first, seen=second.pk))
        restore(as_eve, first)
        assert (now(question).version, Revision.objects.count()) == (3, 3)

    def test_what_somebody_else_changed_meanwhile_is_not_overwritten(
        self, as_eve: Client, eve: User, charlie: User
    ) -> None:
        question = QuestionFactory()
        first = edited(question, eve, stem="Which one?")
        seen = edited(question, eve, stem="Which other?")
        theirs = edited(question, charlie, stem="Which third?")
        response = restore(as_eve, first, seen=seen.pk)
        assert "somebody has edited it in the meantime" in text_of(response)
        assert present_source(now(question)) == theirs.source

    def test_an_undo_does_not_overwrite_what_came_after(
        self, as_eve: Client, eve: User, charlie: User
    ) -> None:
        question = QuestionFactory()
        first = edited(question, eve, stem="Which one?")
        edited(question, eve, stem="Which other?")
        response = restore(as_eve, first)
        edited(question, charlie, stem="Which third?")
        assert "somebody has edited it" in text_of(undo(as_eve, response))
        assert now(question).stem == "Which third?"

    def test_a_version_whose_fact_or_topic_is_gone_is_refused_whole(
        self, as_eve: Client, eve: User
    ) -> None:
        question = QuestionFactory()
        first = edited(question, eve, stem="Which one?")
        edited(question, eve, stem="Which other?")
        fact = question.facts.get()
        fact.retired_at = MORNING
        fact.save()
        response = restore(as_eve, first)
        assert f"there is no fact {fact.slug}" in text_of(response)
        assert now(question).stem == "Which other?"

    def test_the_revision_of_another_question_is_not_found(self, as_eve: Client, eve: User) -> None:
        question, other = QuestionFactory.create_batch(2)
        theirs = edited(other, eve, stem="Which one?")
        for pk in (theirs.pk, 0, 10**30):
            url = f"{reverse('edit-history', args=[question.slug])}{pk}/restore/"
            assert as_eve.post(url).status_code == 404

    def test_it_has_to_be_a_post(self, as_eve: Client, eve: User) -> None:
        first = edited(QuestionFactory(), eve, stem="Which one?")
        assert as_eve.get(reverse("edit-restore", args=[first.slug, first.pk])).status_code == 405


CHOICE = {"kind": "single_choice", "stem": "Which?", **SAMPLES["single_choice"].spec}
WORDS = st.lists(st.sampled_from(["a", "Pod", " ", "\n", "  ", ".", "port", "ä"])).map("".join)


class TestDifferences:
    def labels(self, old: Any, new: Any) -> list[str]:
        return [change.label for change in field_changes(old, new)]

    def with_options(self, *options: Any) -> Any:
        return {**CHOICE, "options": list(options)}

    def test_fields_are_called_as_in_the_form(self) -> None:
        one, two, three = CHOICE["options"]
        new = self.with_options(one, {**two, "feedback": "No."}, three)
        assert self.labels(CHOICE, {**new, "stem": "Why?"}) == ["Stem", "Option 2: feedback"]

    def test_a_row_put_in_between_is_all_that_changed(self) -> None:
        one, two, three = CHOICE["options"]
        new = self.with_options(one, {"text": "Headless", "feedback": "That is none."}, two, three)
        (change,) = field_changes(CHOICE, new)
        assert change.label == "Option 2"
        assert [piece.fate for piece in change.pieces] == [Fate.ADDED]
        assert "Headless" in change.pieces[0].text

    def test_a_row_taken_out_is_all_that_changed(self) -> None:
        one, _, three = CHOICE["options"]
        (change,) = field_changes(CHOICE, self.with_options(one, three))
        assert (change.label, change.pieces[0].fate) == ("Option 2", Fate.REMOVED)

    def test_rows_in_another_order_are_said_to_be_that(self) -> None:
        (change,) = field_changes(CHOICE, self.with_options(*CHOICE["options"][::-1]))
        assert change.label == "Options"
        assert "feedback" not in "".join(piece.text for piece in change.pieces)

    def test_a_field_that_came_or_went_is_shown_whole(self) -> None:
        assert field_changes(CHOICE, {**CHOICE, "docs": "docs/a/"})[0].pieces[0].fate is Fate.ADDED
        assert field_changes({**CHOICE, "scenario": True}, CHOICE)[0].pieces[0].text == "yes"

    def test_the_type_of_a_value_matters(self) -> None:
        check = {"path": "a", "hint": "b", "equals": 80}
        old, new = ({"kind": "manifest", "checks": [{**check, "equals": v}]} for v in (1, True))
        assert self.labels(old, new)

    def test_the_version_is_told_elsewhere(self) -> None:
        assert self.labels(CHOICE, {**CHOICE, "version": 2}) == []

    def test_a_change_of_kind_is_a_change_of_fields(self) -> None:
        new = {"kind": "flashcard", "stem": "Which?", "back": "ClusterIP"}
        assert self.labels(CHOICE, new)[:2] == ["Kind", "Back"]

    @given(WORDS, WORDS)
    def test_no_word_is_lost(self, old: str, new: str) -> None:
        found = pieces(old, new)
        assert "".join(each.text for each in found if each.fate is not Fate.ADDED) == old
        assert "".join(each.text for each in found if each.fate is not Fate.REMOVED) == new

    @given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists))
    def test_any_data_can_be_compared(self, value: Any) -> None:
        changed = field_changes({**CHOICE, "options": value}, CHOICE)
        assert bool(changed) == (value != CHOICE["options"])

    def test_long_texts_are_shown_one_after_the_other(self) -> None:
        old, new = "a b " * 3000, "b c " * 3000
        assert [each.fate for each in pieces(old, new)] == [Fate.REMOVED, Fate.ADDED]

    def test_what_is_far_from_a_change_is_left_out(self) -> None:
        lines = [f"line {number}\n" for number in range(200)]
        old, new = "".join(lines), "".join([*lines[:100], "new\n", *lines[100:]])
        shown = abridged(pieces(old, new))
        text = "".join(each.text for each in shown)
        assert [each.fate for each in shown].count(Fate.SKIPPED) == 2
        assert "line 99\nnew\nline 100" in text
        assert "line 5\n" not in text


@database
@frozen
def test_times_are_those_of_the_editor(as_eve: Client, eve: User) -> None:
    eve.timezone = "Asia/Tokyo"
    eve.save()
    question = QuestionFactory()
    edited(question, eve, stem="Which one?")
    Revision.objects.update(at=MORNING + timedelta(hours=8) + MINUTE)
    assert "3 Mar 2026, 02:01" in text_of(look(as_eve, question))
