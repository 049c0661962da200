"""Whatever people do in the browser and in the files, in any order, nothing of it is lost."""

from __future__ import annotations

import re
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from quizapp.content import editing, settling
from quizapp.content.exporting import compare, export
from quizapp.content.history import Act, Change
from quizapp.content.loading import load
from quizapp.content.loading.plan import plans_for
from quizapp.content.models import Question, Revision, Topic
from quizapp.content.parsing import parse_bank, question_from
from quizapp.content.sources import stored_content
from quizapp.grading import bounded_yaml
from quizapp.scheduling.cards import start_anew
from quizapp.scheduling.models import Card, Review
from quizapp.teams.models import User
from tests.factories import UserFactory
from tests.scheduling.studying import MORNING, answer

TOPICS = ("services", "nodes")
SLUGS = ("first", "second", "third")
HEAD = """\
title: {0}   # by hand
summary: About {0}.
facts:
  - id: {0}-fact
    fact: It is so.
    why: 'It was made so.'
    docs: docs/concepts/

questions:
"""
ENTRY = """\

  # about {0}
  - id: {0}
    kind: flashcard
    facts: [{1}-fact]  # one is enough
    bloom: apply
    stem: "What is {0}?"
    back: The {0}.
    explanation: >-
      So it is with
      the {0}.
"""
SENTENCES = st.sampled_from(["{}", "'{}'", "{}: so", "# {}", "a\nb {}", "long " * 30 + "{}"])
slugs = st.sampled_from(SLUGS)
sides = st.sampled_from(["ours", "theirs"])


class RoundTrip(RuleBasedStateMachine):
    """Editors, authors of files and a learner at work on three questions in two topics.

    Each edit writes a text that no other has, so that it can be told where it is now.
    """

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = Path(self.temporary.name)
        self.made = 0
        self.typed: list[str] = []
        self.reviews: list[dict[str, Any]] = []
        self.versions: dict[str, int] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)
        self.temporary.cleanup()

    @initialize()
    def begin(self) -> None:
        (self.folder / "topics").mkdir()
        for number, topic in enumerate(TOPICS):
            entries = [ENTRY.format(slug, topic) for slug in SLUGS[2 * number : 2 * number + 2]]
            self.path(topic).write_text(HEAD.format(topic) + "".join(entries))
        track = "tracks:\n- {id: all, title: All, summary: All., topics: [services, nodes]}\n"
        (self.folder / "tracks.yaml").write_text(track)
        self.alice: User = UserFactory()
        load(parse_bank(self.folder), on_new_version=start_anew)
        for question in Question.objects.all():
            answer(self.alice, question)
        self.reviews = list(Review.objects.order_by("pk").values())

    def path(self, topic: str) -> Path:
        return self.folder / "topics" / f"{topic}.yaml"

    def text(self, sentence: str) -> str:
        self.made += 1
        return sentence.format(f"text{self.made:04}")

    def change(self, act: str) -> Change:
        return Change(None, MORNING, act)

    @rule(
        slug=slugs,
        sentence=SENTENCES,
        name=st.sampled_from(["stem", "back"]),
        raises=st.booleans(),
        topic=st.sampled_from([None, *TOPICS]),
    )
    def edit_in_browser(
        self, slug: str, sentence: str, name: str, *, raises: bool, topic: str | None
    ) -> None:
        row = Question.objects.get(slug=slug)
        source = editing.source_of(row) | {name: self.text(sentence)}
        source["topic"] = topic or source["topic"]
        raw = source | {"version": row.version + raises}
        entry = question_from(raw, raw.pop("topic"))
        editing.save(entry, self.change(Act.EDITED), on_new_version=start_anew)
        self.typed.append(f"text{self.made:04}")

    @rule(slug=slugs)
    def retire_in_browser(self, slug: str) -> None:
        editing.retire(Question.objects.filter(slug=slug), self.change(Act.RETIRED))

    @rule(slug=slugs)
    def restore_in_browser(self, slug: str) -> None:
        editing.restore(Question.objects.filter(slug=slug), self.change(Act.RESTORED))

    @rule(topic=st.sampled_from(TOPICS), place=st.integers(0, 3), raises=st.booleans())
    def edit_file(self, topic: str, place: int, *, raises: bool) -> None:
        """As by a person with a text editor: a line of one entry says something else."""
        text = self.path(topic).read_text()
        entries = bounded_yaml.parse(text).documents[0]["questions"]
        if place < len(entries):
            slug = entries[place]["id"]
            start = text.index(f"  - id: {slug}\n")
            end = text.find("\n  - id: ", start)
            chunk = text[start : end if end > 0 else len(text)]
            changed = re.sub(r"( bloom: )\w+", rf"\g<1>{self._bloom(chunk)}", chunk, count=1)
            changed = changed.replace(
                "    explanation:", f"    docs: docs/{self._mark()}\n    explanation:"
            )
            changed = self._without_old_docs(changed)
            if raises:
                before = max(entries[place].get("version", 1), self._version(slug))
                changed = re.sub(r"\n    version: \d+", "", changed)
                changed = changed.replace("    kind:", f"    version: {before + 1}\n    kind:", 1)
            self.path(topic).write_text(text.replace(chunk, changed))

    def _version(self, slug: str) -> int:
        return Question.objects.get(slug=slug).version

    def _bloom(self, chunk: str) -> str:
        return "analyse" if "bloom: apply" in chunk else "apply"

    def _mark(self) -> str:
        self.made += 1
        self.typed.append(f"text{self.made:04}")
        return self.typed[-1]

    def _without_old_docs(self, chunk: str) -> str:
        """Each entry has one such field; an older one is what this edit overwrites."""
        old = re.findall(r"    docs: docs/(text\d+)/?\n", chunk)
        for mark in old[:-1]:
            chunk = chunk.replace(f"    docs: docs/{mark}\n", "")
            if not self._is_loaded(mark):  # its author has thrown it away
                self.typed.remove(mark)
        return chunk

    def _is_loaded(self, mark: str) -> bool:
        return any(mark in str(each) for each in self._remembered())

    @rule(slug=slugs, name=st.sampled_from(["stem", "back"]), raises=st.booleans())
    def edit_on_both_sides(self, slug: str, name: str, *, raises: bool) -> None:
        for topic in TOPICS:
            entries = bounded_yaml.parse(self.path(topic).read_text()).documents[0]["questions"]
            for place, entry in enumerate(entries):
                if entry["id"] == slug:
                    self.edit_file(topic, place, raises=raises)
        self.edit_in_browser(slug, "{}", name, raises=False, topic=None)

    @rule(topic=st.sampled_from(TOPICS), place=st.integers(0, 3))
    def remove_from_file(self, topic: str, place: int) -> None:
        """Only what has been loaded: what its author throws away unseen is nobody's loss."""
        text = self.path(topic).read_text()
        entries = bounded_yaml.parse(text).documents[0]["questions"]
        if place < len(entries) and len(entries) > 1:
            start = self._start(text, entries[place]["id"])
            end = min(
                (at for each in entries if (at := self._start(text, each["id"])) > start),
                default=None,
            )
            chunk = text[start:end]
            marks = re.findall(r"text\d{4}", chunk)
            if all(self._is_loaded(mark) for mark in marks):
                self.path(topic).write_text(text.replace(chunk, ""))

    @rule(settle=st.sampled_from([None, "ours", "theirs"]))
    def load(self, settle: Any) -> None:
        bank = parse_bank(self.folder)
        assert not bank.errors
        with suppress(ValueError):  # a version that was lowered
            load(bank, settle=settle, on_new_version=start_anew)

    @rule(settle=st.sampled_from([None, "ours", "theirs"]))
    def export(self, settle: Any) -> None:
        before = compare(self.folder)
        change = self.change(Act.SETTLED)
        result = export(self.folder, change, settle=settle, on_new_version=start_anew)
        assert not result.unwritable
        after = compare(self.folder)
        assert not after.files
        assert len(after.conflicts) == (0 if settle else len(before.conflicts))
        if not result.unloaded and not after.conflicts:
            loaded = load(parse_bank(self.folder), on_new_version=start_anew)
            assert not loaded.has_changes

    @rule(choice=st.sampled_from(["ours", "theirs", "merged"]))
    def settle_one(self, choice: str) -> None:
        bank = parse_bank(self.folder)
        waiting = settling.conflicts(plans_for(bank, stored_content(), None))
        for key, step in list(waiting.items())[:1]:
            end: Any = choice
            if choice == "merged":
                ours = step.stored.active_source if step.stored else {}
                theirs = step.entry.source() if step.entry else {}
                both = bool(ours and theirs)
                end = ours | {"docs": theirs.get("docs", "")} if both else "ours"
                end = {name: value for name, value in end.items() if value != ""} if both else end
            settling.settle(bank, {key: end}, self.change(Act.SETTLED), on_new_version=start_anew)
            again = settling.conflicts(plans_for(bank, stored_content(), None))
            assert key not in again

    def _start(self, text: str, slug: str) -> int:
        """Where an entry begins, or the comment on it."""
        comment = text.find(f"  # about {slug}\n")
        return comment if comment >= 0 else text.index(f"  - id: {slug}\n")

    def _remembered(self) -> list[Any]:
        rows = [editing.source_of(row) for row in Question.objects.all()]
        return [*rows, *Revision.objects.values_list("source", flat=True)]

    @precondition(lambda self: self.reviews)
    @invariant()
    def every_edit_is_somewhere(self) -> None:
        said = str(self._remembered()) + "".join(self.path(each).read_text() for each in TOPICS)
        assert [mark for mark in self.typed if mark not in said] == []

    @precondition(lambda self: self.reviews)
    @invariant()
    def no_review_and_no_card_is_lost(self) -> None:
        assert list(Review.objects.order_by("pk").values()) == self.reviews
        cards = Card.objects.values_list("question__slug", flat=True)
        assert set(cards) == set(SLUGS)

    @precondition(lambda self: self.reviews)
    @invariant()
    def no_version_falls(self) -> None:
        versions = dict(Question.objects.values_list("slug", "version"))
        for slug, version in versions.items():
            assert version >= self.versions.get(slug, 1)
        self.versions = versions

    @precondition(lambda self: self.reviews)
    @invariant()
    def the_files_stay_readable_and_keep_the_hand_of_their_author(self) -> None:
        assert parse_bank(self.folder).errors == []
        for topic in TOPICS:
            text = self.path(topic).read_text()
            assert text.startswith(f"title: {topic}   # by hand\n")
            assert Topic.objects.active().filter(slug=topic).exists()
            for slug in re.findall(r"# about (\w+)\n", text):
                assert f"\n  # about {slug}\n  - id: {slug}\n" in text


@pytest.mark.django_db
class TestRoundTrip(RoundTrip.TestCase):  # type: ignore[misc,name-defined]
    settings = settings(
        max_examples=25,
        stateful_step_count=16,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
