"""What bringing in a file would do, as the page shows it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from quizapp.authoring.edit.saving import touches_key
from quizapp.authoring.history.diff import Fate, Piece, field_changes, label
from quizapp.authoring.history.rows import marked
from quizapp.content.importing import Plan, Row, Status
from quizapp.content.problems import Problem
from quizapp.content.rendering import plain_text
from quizapp.grading import KINDS
from quizapp.scheduling.memory import State
from quizapp.scheduling.models import Card
from quizapp.web.words import count

LONGEST = 600
"""So many characters of a value are shown; the export has the rest."""
_LONGEST_STEM = 160
_MOST_COMPARED = 20_000_000
_LONGEST_SLUG = 80

_TITLES = {
    Status.WRONG: "Wrong",
    Status.CHANGED: "Changed",
    Status.RETURNED: "Comes back",
    Status.NEW: "New",
    Status.UNCHANGED: "Unchanged",
}


@dataclass(frozen=True, slots=True)
class Group:
    """All questions of the file with which the same happens, in the order of the file."""

    status: str
    title: str
    rows: list[dict[str, Any]]


def groups(plan: Plan) -> list[Group]:
    """Two queries at most, however many rows there are: those that need a person come first."""
    known = [row.stored.row.pk for row in plan.to_write if row.entry and row.stored]
    learners, changes = learners_of(known), _Changes()
    return [
        Group(
            status,
            title,
            [_shown(row, learners, changes) for row in plan.rows if row.status is status],
        )
        for status, title in _TITLES.items()
        if plan.counts[status]
    ]


def learners_of(questions: Collection[int]) -> dict[int, int]:
    """How many learners have a memory of each of the questions that anybody remembers."""
    if not questions:
        return {}
    cards = Card.objects.filter(question__in=questions).exclude(state=State.NEW)
    return dict(cards.order_by().values_list("question").annotate(number=Count("pk")))


def summary(plan: Plan) -> str:
    """`2 new, 1 changed, 14 unchanged`."""
    words = {status: title.lower() for status, title in _TITLES.items()}
    words[Status.RETURNED] = "back from retirement"
    numbers = ((plan.counts[status], word) for status, word in words.items())
    return ", ".join(f"{number} {word}" for number, word in numbers if number)


def problem_lines(problems: Iterable[Problem]) -> list[dict[str, str]]:
    """Problems of a file as a whole."""
    return [
        {"where": f"line {each.line}" if each.line > 1 else "", "message": _sentence(each)}
        for each in problems
    ]


def _sentence(problem: Problem) -> str:
    text = f"{problem.field}: {problem.message}" if problem.field else problem.message
    return text if text.endswith((".", "?")) else f"{text}."


def _shown(row: Row, learners: dict[int, int], changes: _Changes) -> dict[str, Any]:
    number = learners.get(row.stored.row.pk, 0) if row.stored else 0
    return {
        "slug": _shortened(row.slug, _LONGEST_SLUG),
        "where": _where(row),
        "problems": [_problem(each, row) for each in row.problems],
        "about": _about(row),
        "stem": _shortened(plain_text(row.entry.stem), _LONGEST_STEM) if row.entry else "",
        "changes": changes.of(row),
        "memory": _memory(row, number),
        "raises": row.raises_version,
        "is_known": row.stored is not None,
    }


def _where(row: Row) -> str:
    line = f"line {row.given.place.line}"
    return line if row.given.row is None else f"row {row.given.row}, {line}"


def _about(row: Row) -> str:
    if not row.entry:
        return ""
    return f"{KINDS[row.entry.kind].label} in {row.entry.topic}"


def _problem(problem: Problem, row: Row) -> dict[str, str]:
    is_csv = row.given.row is not None
    column = f"column {problem.field}" if problem.field and is_csv else problem.field
    line = "" if is_csv else f"line {problem.line}"
    return {"where": ", ".join(filter(None, (line, column))), "message": problem.message}


def _memory(row: Row, learners: int) -> str:
    """What becomes of what learners know, for a question that changes."""
    if not row.entry or not row.stored or row.status is Status.UNCHANGED:
        return ""
    version = row.stored.row.version
    raised = f"Meaning changes, version {version} to {row.entry.version}"
    if not learners:
        return (
            f"{raised}: nobody has met it yet." if row.raises_version else "Nobody has met it yet."
        )
    who = count(learners, "learner")
    has, keeps, meets = ("has", "keeps", "meets") if learners == 1 else ("have", "keep", "meet")
    if row.raises_version:
        return f"{raised}: {who} {meets} it again as a new one."
    kept = f"{who} who {has} met it {keeps} what they learned."
    if touches_key(row.entry.kind, row.stored.source, row.entry.source()):
        stays = f"What counts as right changes, but the version stays {version}"
        return f"{stays}: {kept} Write version {version + 1} if the meaning changes."
    return f"Wording only: {kept}"


class _Changes:
    """Fields that change. Comparing word by word costs most where texts are long and many.

    So what is over the budget is shown as it is now and as it will be, one after the other.
    """

    def __init__(self) -> None:
        self.budget = _MOST_COMPARED

    def of(self, row: Row) -> list[dict[str, str]]:
        if not row.stored or not row.entry or row.status is Status.UNCHANGED:
            return []
        self.budget -= sum(len(_text(old)) * len(_text(new)) for _, old, new in row.changes)
        if self.budget > 0:
            compared = field_changes(row.stored.source, row.entry.source())
            return [{"field": each.label, "text": marked(each.pieces)} for each in compared]
        return [
            {"field": label(row.entry.kind, path), "text": marked(_whole(old, new))}
            for path, old, new in row.changes
        ]


def _whole(old: Any, new: Any) -> list[Piece]:
    texts = ((Fate.REMOVED, _text(old)), (Fate.ADDED, _text(new)))
    return [Piece(fate, _shortened(text, LONGEST)) for fate, text in texts if text]


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most].rstrip()}…"
