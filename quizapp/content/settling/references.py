"""What an entry refers to, and whether the database has it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from quizapp.content import schema
from quizapp.content.problems import ContentError, Problem
from quizapp.content.sources import StoredContent

Key = tuple[str, str]
"""The name of a plan, such as "questions", and the slug of an entry."""


def check_loaded(entries: Iterable[Any], coming: Collection[Key], stored: StoredContent) -> None:
    """Raises ContentError where one of the entries would refer to what the database does not have.

    `coming` will be there as soon as they are.
    """
    problems: list[Problem] = []
    for entry in entries:
        for name, slug in references(entry):
            there = vars(stored)[name].get(slug)
            if (name, slug) not in coming and (there is None or there.row.is_retired):
                message = f"there is no {name.removesuffix('s')} {slug} in the database: load it"
                problems.append(entry.place.error(message))
    if problems:
        raise ContentError(problems)


def references(entry: Any) -> Iterator[Key]:
    """The topics, facts and questions that an entry names."""
    if entry.topic:
        yield "topics", entry.topic
    match entry:
        case schema.Question():
            yield from (("facts", slug) for slug in entry.facts)
        case schema.Fact(extends=str(slug)):
            yield "facts", slug
        case schema.Track():
            yield from (("topics", slug) for slug in entry.topics)
        case schema.Confusable():
            yield from (("facts", slug) for side in entry.sides for slug in side.facts)
        case _:
            text = getattr(entry, "text", None)
            yield from (("facts", each.slug) for each in (text.facts if text else ()))
            yield from (("questions", each.slug) for each in (text.questions if text else ()))
