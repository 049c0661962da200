"""A bank of a thousand questions: the real ones over and over, under other ids."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from django.conf import settings

from quizapp.content.parsing import Bank, parse_bank
from quizapp.content.schema import Question
from quizapp.content.sources import as_yaml

TOPICS = 10
QUESTIONS_PER_TOPIC = 100


@cache
def real_bank() -> Bank:
    return parse_bank(settings.CONTENT_DIR)


@cache
def thousand_questions() -> Path:
    """A folder with ten topics of a hundred questions each."""
    folder = Path(settings.DATA_DIR) / "bank"
    (folder / "topics").mkdir(parents=True)
    questions = cycle(real_bank().questions)
    slugs, mixed_up = [], []
    for number in range(1, TOPICS + 1):
        slugs.append(f"topic-{number}")
        topic = _topic(number, list(islice(questions, QUESTIONS_PER_TOPIC)))
        (folder / "topics" / f"{slugs[-1]}.yaml").write_text(as_yaml(topic))
        mixed_up += _confusables(number, {fact["id"] for fact in topic["facts"]})
    track = {"id": "all", "title": "Everything", "summary": "All topics.", "topics": slugs}
    (folder / "tracks.yaml").write_text(as_yaml({"tracks": [track]}))
    (folder / "confusables.yaml").write_text(as_yaml({"confusables": mixed_up}))
    return folder


def _topic(number: int, questions: Sequence[Question]) -> dict[str, Any]:
    drilled = {fact for question in questions for fact in question.facts}
    facts = [fact.source() for fact in real_bank().facts if fact.id in drilled]
    return {
        "title": f"Topic {number}",
        "summary": "Real questions under other ids.",
        "facts": [_renamed(fact, number) for fact in facts],
        "questions": [
            {
                **_renamed(question.source(), number, place),
                "facts": [f"{fact}-{number}" for fact in question.facts],
            }
            for place, question in enumerate(questions)
        ],
    }


def _confusables(number: int, facts: set[str]) -> list[dict[str, Any]]:
    """Those of which every side has a fact in the topic."""
    found = []
    for confusable in real_bank().confusables:
        entry = _renamed(confusable.source(), number)
        for side in entry["sides"]:
            renamed = [f"{fact}-{number}" for fact in side["facts"]]
            side["facts"] = [fact for fact in renamed if fact in facts]
        if all(side["facts"] for side in entry["sides"]):
            found.append(entry)
    return found


def _renamed(source: dict[str, Any], *numbers: int) -> dict[str, Any]:
    """The entry as a file has it, where the topic is the file itself."""
    suffix = "-".join(map(str, numbers))
    entry = {name: value for name, value in source.items() if name not in ("topic", "extends")}
    return {**entry, "id": f"{source['id']}-{suffix}"}
