"""What wrong responses have in common, and what would have been right. No Django here.

A belief is the part of a response that was wrong: an option that was chosen, what was put in a
blank or beside a left side, or the whole of a response that has no parts.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from quizapp.grading import ResponseError, Spec


class Given(NamedTuple):
    """A response as JSON text, and how many members gave it."""

    response: str
    members: int


class Belief(NamedTuple):
    """A wrong part as Markdown, and how many members share it."""

    text: str
    members: int


MOST_BELIEFS = 3


def shared(spec: Spec, responses: Iterable[Given], fewest: int) -> list[Belief]:
    """The beliefs that at least so many members share, the commonest first; three at most.

    Spelling is not told apart by case or space. A response that does not fit the question any
    more says nothing.
    """
    members: Counter[str] = Counter()
    written: dict[str, Counter[str]] = {}
    for given in responses:
        try:
            parts = set(_wrong_parts(spec, given.response))
        except (ResponseError, ValueError):
            continue
        by_key = {" ".join(part.casefold().split()): part for part in parts}
        for key, part in by_key.items():
            members[key] += given.members
            written.setdefault(key, Counter())[part] += given.members
    ranked = sorted(members.items(), key=lambda item: (-item[1], item[0]))
    return [
        Belief(max(written[key].items(), key=lambda item: (item[1], item[0]))[0], number)
        for key, number in ranked
        if number >= fewest
    ][:MOST_BELIEFS]


def right_parts(spec: Spec) -> list[str]:
    """What is right, in pieces of Markdown; empty where only the explanation can say."""
    if spec.layout == "checks" or spec.is_self_rated:
        return []
    notes = spec.grade(None).notes
    match spec.layout:
        case "options":
            return [note.part for note in notes if note.expected]
        case "places":
            return [note.part for note in notes]
        case "pairs":
            return [f"{note.part}: {note.expected}" for note in notes]
        case _:
            return [note.expected for note in notes]


def _wrong_parts(spec: Spec, response: str) -> Iterator[str]:
    if spec.layout == "checks" or spec.is_self_rated:
        return
    notes = spec.grade(json.loads(response)).notes
    if spec.layout == "places":
        placed = sorted((note for note in notes if note.given), key=lambda note: int(note.given))
        yield " → ".join(note.part for note in placed)
        return
    for note in notes:
        if note.is_right is False and note.given:
            if spec.layout == "options":
                yield note.part
            elif note.part:
                yield f"{note.part}: {note.given}"
            else:
                yield note.given
