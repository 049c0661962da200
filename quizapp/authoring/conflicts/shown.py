"""What was changed both in the files and in the browser, side by side and field by field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from quizapp.authoring.history.diff import Fate, Piece, label, pieces
from quizapp.content import settling
from quizapp.content.editing.merging import differences, merge, put
from quizapp.content.loading.plan import plans_for
from quizapp.content.loading.three_way import Outcome
from quizapp.content.parsing import Bank, parse_bank
from quizapp.content.problems import Problem
from quizapp.content.schema import Source
from quizapp.content.settling import AnyStep, Choice
from quizapp.content.settling.references import Key
from quizapp.content.sources import as_yaml, stored_content

MOST_SHOWN = 30
"""Conflicts on one page; the others come up when these are settled."""
_UNPICKED = frozenset({"id", "version"})
_SIDES = ("ours", "theirs")


@dataclass(frozen=True, slots=True)
class Field:
    """A field in which the sides differ. `name` is that of its radio buttons, `picked` a side."""

    name: str
    label: str
    ours: SafeString
    theirs: SafeString
    picked: str
    is_clash: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A conflict. Fields can be chosen one by one where `can_pick`."""

    entry: str
    noun: str
    slug: str
    where: str
    token: str
    fields: list[Field]
    can_pick: bool
    is_gone: bool
    is_retired: bool
    whole: str
    problems: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """The files as they are now beside the rows. `waiting` are the conflicts, in their order."""

    bank: Bank
    errors: list[str]
    waiting: dict[Key, AnyStep] = field(default_factory=dict)
    to_export: int = 0
    to_load: int = 0

    @property
    def token(self) -> str:
        return settling.token_of(self.waiting)

    def shown(
        self, picks: Mapping[str, Mapping[str, str]], problems: Mapping[str, Sequence[str]]
    ) -> list[Shown]:
        """The conflicts to show, with sides that were picked before, by entry and field."""
        steps = dict(list(self.waiting.items())[:MOST_SHOWN])
        bases = settling.bases_of(steps)
        return [
            _shown(key, step, bases.get(key), picks.get(entry, {}), problems.get(entry, ()))
            for key, step in steps.items()
            for entry in ["/".join(key)]
        ]


def compared() -> Comparison:
    """Reads all files anew. Twelve queries, however much there is."""
    bank = parse_bank(Path(settings.CONTENT_DIR))
    errors = [_short(problem) for problem in bank.errors]
    if errors:  # entries of a broken file would seem to be gone
        return Comparison(bank, errors)
    plans = plans_for(bank, stored_content(), None)
    counts = [outcome for plan in vars(plans).values() for outcome in map(_direction, plan)]
    return Comparison(
        bank, [], settling.conflicts(plans), counts.count("export"), counts.count("load")
    )


def _direction(step: AnyStep) -> str:
    if step.outcome is Outcome.KEPT:
        return "export"
    return "load" if step.is_from_file or step.outcome is Outcome.RETIRED else ""


def _short(problem: Problem) -> str:
    return str(problem).removeprefix(f"{settings.CONTENT_DIR}/")


def short_problems(problems: Sequence[Problem]) -> list[str]:
    """Problems as an author reads them, with file names as from the folder of content.

    What has been put together from both sides stands in no file.
    """
    return [
        ": ".join(part for part in (each.field, each.message) if part)
        if each.file == settling.NO_FILE
        else _short(each)
        for each in problems
    ]


def picked_source(step: AnyStep, picks: Mapping[str, str]) -> Choice:
    """A question with each differing field from the side that was picked for it.

    Fields without a pick stay as in the row.
    """
    ours, theirs = _sides(step)
    if not ours or not theirs:
        return "ours"
    merged = ours
    for name, (path, _, value) in _differing(ours, theirs):
        if picks.get(name) == "theirs":
            merged = put(merged, path, value)
    return merged


def _sides(step: AnyStep) -> tuple[Source, Source]:
    return (
        step.stored.active_source if step.stored else {},
        step.entry.source() if step.entry else {},
    )


def _differing(ours: Source, theirs: Source) -> list[tuple[str, tuple[Any, Any, Any]]]:
    """Fields that differ, each under a name that holds as long as both sides stay the same."""
    found = [each for each in differences(ours, theirs) if each[0][0] not in _UNPICKED]
    return [(f"pick-{number}", each) for number, each in enumerate(found)]


def _shown(
    key: Key,
    step: AnyStep,
    base: Source | None,
    picks: Mapping[str, str],
    problems: Sequence[str],
) -> Shown:
    ours, theirs = _sides(step)
    kind = str(ours.get("kind") or theirs.get("kind") or "")
    has_both = bool(ours and theirs)
    merged = merge(base or {}, ours, theirs)
    clashes = {clash.path for clash in merged.clashes}
    taken = set(merged.taken) if base else set()
    fields = []
    for name, (path, one, other) in _differing(ours, theirs) if has_both else ():
        is_taken = any(path[: len(each)] == each for each in taken)
        parts = pieces(_text(one), _text(other))
        picked = picks.get(name, "theirs" if is_taken else "ours")
        fields.append(
            Field(
                name=name,
                label=label(kind, path) if kind else ".".join(map(str, path)),
                ours=marked(parts, {Fate.KEPT: "{}", Fate.REMOVED: "<mark>{}</mark>"}),
                theirs=marked(parts, {Fate.KEPT: "{}", Fate.ADDED: "<mark>{}</mark>"}),
                picked=picked if picked in _SIDES else "ours",
                is_clash=base is None or any(path[: len(each)] == each for each in clashes),
            )
        )
    where = str(step.entry.place) if step.entry else ""
    return Shown(
        entry="/".join(key),
        noun=key[0].removesuffix("s"),
        slug=step.slug,
        where=where.removeprefix(f"{settings.CONTENT_DIR}/"),
        token=settling.token_of({key: step}),
        fields=fields,
        can_pick=has_both and key[0] == "questions",
        is_gone=not theirs,
        is_retired=not ours,
        whole="" if has_both else as_yaml(ours or theirs),
        problems=problems,
    )


def marked(parts: Iterable[Piece], marks: Mapping[Fate, str]) -> SafeString:
    """The pieces for whose fate there is a mark, each within it."""
    shown = (format_html(marks[each.fate], each.text) for each in parts if each.fate in marks)
    return format_html_join("", "{}", ((each,) for each in shown))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return as_yaml(value).removesuffix("...\n").rstrip("\n") if not _is_plain(value) else str(value)


def _is_plain(value: Any) -> bool:
    return isinstance(value, bool | int | float)
