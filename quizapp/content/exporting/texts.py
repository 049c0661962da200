"""The new texts of content files, made from what rows say and the texts as they are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from quizapp.content import schema
from quizapp.content.exporting.files import FileChange
from quizapp.content.loading.plan import Plans, Step
from quizapp.content.loading.three_way import Outcome
from quizapp.content.parsing import Bank, question_from
from quizapp.content.problems import ContentError
from quizapp.content.schema import Source, digest_of
from quizapp.content.settling.references import Key
from quizapp.content.yaml_text import editing, writing

_FIRST = ("id", "kind", "version", "facts", "bloom", "scenario", "docs", "stem")
_LAST = ("explanation",)
_IN_TOPIC = ("facts", "questions")
_HEADER = "# yaml-language-server: $schema={}\n"
_NO_FILE = "The {noun} {slug} stands in the topic {topic}, which has no file."
_BY_HAND = {
    "chapters": "The chapter {slug} was changed in the database. Change primer/{slug}.md by hand.",
    "topics": "The topic {slug} was retired in the database. Delete topics/{slug}.yaml by hand.",
}


class UnwritableError(ValueError):
    """The files could not be made to say what the rows say; a sentence tells which entry."""


class Texts:
    """What each file should hold, and the texts that hold it.

    `unwritable` has a sentence for each entry that was changed in the database and cannot be
    brought into a file, and `counts` tells how many were added, changed, moved and removed.
    """

    def __init__(self, folder: Path, bank: Bank, plans: Plans) -> None:
        self.folder = folder
        self.bank = bank
        self.plans = plans
        self.unwritable: dict[Key, str] = {}
        self.counts: Counter[str] = Counter()

    def changes(self) -> list[FileChange]:
        """The files whose text changes. Raises UnwritableError for a text of unknown shape."""
        files = [*self._topic_files(), self._list_file("tracks"), self._list_file("confusables")]
        return [file for file in files if file]

    @cached_property
    def _kept(self) -> dict[Key, Source]:
        """What the rows say that were changed in the database alone; empty for retired ones."""
        kept: dict[Key, Source] = {}
        for name, plan in vars(self.plans).items():
            for step in plan:
                if step.outcome is Outcome.KEPT and step.stored:
                    key = (name, step.slug)
                    problem = self._problem(name, step)
                    if problem:
                        self.unwritable[key] = problem
                    else:
                        kept[key] = _in_order(name, step.stored.active_source)
        return kept

    def _problem(self, name: str, step: Step[Any]) -> str:
        source = step.stored.active_source if step.stored else {}
        if name == "chapters" or (name == "topics" and not source):
            return _BY_HAND[name].format(slug=step.slug)
        topic = source.get("topic", "")
        if topic and topic not in self._topics:
            return _NO_FILE.format(noun=name.removesuffix("s"), slug=step.slug, topic=topic)
        if name == "questions" and source:
            try:
                is_same = digest_of(_in_order(name, source)) == digest_of(source)
            except ContentError as error:
                return f"The question {step.slug} has errors: {error}"
            if not is_same:
                return f"The question {step.slug} has texts with space around them. Save it again."
        return ""

    @cached_property
    def _topics(self) -> dict[str, schema.Topic | None]:
        """Topics that have a file, and None for those that get one."""
        topics: dict[str, schema.Topic | None] = {each.slug: each for each in self.bank.topics}
        for step in self.plans.topics:
            is_kept = step.outcome is Outcome.KEPT and step.stored
            if is_kept and step.stored and not step.stored.row.is_retired:
                topics.setdefault(step.slug, None)
        return topics

    def _topic_files(self) -> Iterable[FileChange | None]:
        arriving = self._arriving()
        brought = self._brought(arriving)
        for slug, topic in self._topics.items():
            old: Source = _head(topic.source()) if topic else {"title": "", "summary": ""}
            new: Source = _head(self._kept.get(("topics", slug)) or old)
            for name in _IN_TOPIC:
                entries = getattr(topic, name) if topic else ()
                old[name] = [_plain(_in_order(name, each.source())) for each in entries]
                staying = [self._staying(name, each) for each in entries]
                new[name] = [each for each in staying if each] + arriving[slug, name]
            path = self.folder / "topics" / f"{slug}.yaml"
            yield self._file(path, old, new, brought, "../topic.schema.json")

    def _staying(self, name: str, entry: schema.Entry) -> Source | None:
        """What an entry says that stays in its file; None if it does not."""
        wanted = self._kept.get((name, entry.slug))
        if wanted is None:
            return _plain(_in_order(name, entry.source()))
        if not wanted:
            self.counts["removed"] += 1
            return None
        if wanted["topic"] != entry.topic:
            self.counts["moved"] += 1
            return None
        self.counts["changed"] += 1
        return _plain(wanted)

    def _arriving(self) -> dict[tuple[str, str], list[Source]]:
        """By topic and list, what comes new into a file or from another, in the rows' order."""
        arriving: dict[tuple[str, str], list[Source]] = defaultdict(list)
        for name in _IN_TOPIC:
            plan = getattr(self.plans, name)
            for step in sorted(plan, key=lambda each: (_position(each), each.slug)):
                wanted = self._kept.get((name, step.slug))
                if wanted and not (step.entry and step.entry.topic == wanted["topic"]):
                    arriving[wanted["topic"], name].append(_plain(wanted))
                    self.counts["added"] += step.entry is None
        return arriving

    def _brought(self, arriving: Mapping[tuple[str, str], list[Source]]) -> dict[str, str]:
        """The texts of entries that move, with their comments, by slug."""
        brought = {}
        for (_, name), entries in arriving.items():
            homes = {
                each.slug: (topic, index)
                for topic in self.bank.topics
                for index, each in enumerate(getattr(topic, name))
            }
            for wanted in entries:
                if wanted["id"] in homes:
                    topic, index = homes[wanted["id"]]
                    text = (self.folder / "topics" / f"{topic.slug}.yaml").read_bytes().decode()
                    old = _plain(_in_order(name, getattr(topic, name)[index].source()))
                    try:
                        brought[wanted["id"]] = editing.item_text(text, name, index, old, wanted)
                    except ValueError:  # written between brackets, where no comments can be
                        continue
        return brought

    def _list_file(self, name: str) -> FileChange | None:
        """A file that holds nothing but a list of entries."""
        entries: tuple[schema.Entry, ...] = getattr(self.bank, name)
        old = [each.source() for each in entries]
        new = []
        for each, source in zip(entries, old, strict=True):
            wanted = self._kept.get((name, each.slug), source)
            if wanted:
                new.append(wanted)
            if wanted != source:
                self.counts["changed" if wanted else "removed"] += 1
        known = {each.slug for each in entries}
        steps = sorted(getattr(self.plans, name), key=lambda each: (_position(each), each.slug))
        added = [self._kept.get((name, step.slug)) for step in steps if step.slug not in known]
        new += [source for source in added if source]
        self.counts["added"] += sum(1 for source in added if source)
        path = self.folder / f"{name}.yaml"
        return self._file(path, {name: old}, {name: new}, {}, f"{name}.schema.json")

    def _file(
        self, path: Path, old: Source, new: Source, brought: Mapping[str, str], schema_name: str
    ) -> FileChange | None:
        if old == new:
            return None
        before = path.read_bytes() if path.exists() else None
        if before is not None:
            text = before.decode()
        else:
            old = {name: [] if isinstance(value, list) else value for name, value in new.items()}
            fields = [writing.field(name, value, indent=0) for name, value in old.items()]
            text = _HEADER.format(schema_name) + "".join(fields)
        try:
            after = editing.changed(text, old, new, brought)
        except ValueError as error:
            raise UnwritableError(f"{path} cannot be changed: {error}.") from None
        return FileChange(path, before, after.encode())


def _position(step: Step[Any]) -> int:
    return step.stored.row.position if step.stored else 0


def _head(source: Source) -> Source:
    return {name: source[name] for name in ("title", "summary")}


def _plain(source: Source) -> Source:
    """Without the topic, which the name of the file tells."""
    return {name: value for name, value in source.items() if name != "topic"}


def _in_order(name: str, source: Source) -> Source:
    """A source with its fields in the order in which authors write them.

    Databases need not keep the order of fields. Raises ContentError for a broken question.
    """
    if name != "questions" or not source:
        return source
    parsed = question_from(_plain(source), source["topic"]).source()
    own = [each for each in parsed if each not in (*_FIRST, *_LAST)]
    return {each: parsed[each] for each in (*_FIRST, *own, *_LAST) if each in parsed}
