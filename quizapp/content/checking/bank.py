"""Rules about the bank as a whole, and about its facts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from quizapp.content.parsing import Bank
from quizapp.content.problems import Place, Problem
from quizapp.content.schema import Question

_LEAST_BEYOND_RECALL = 0.4
_TIED_TO_TIME = re.compile(r"\b(recent(ly)?|newer|nowadays|currently|lately)\b", re.IGNORECASE)
_VERSION = re.compile(r"\b1\.\d+\b")


def facts_are_asked_in_two_ways(bank: Bank) -> Iterator[Problem]:
    drills: dict[str, list[Question]] = defaultdict(list)
    for question in bank.questions:
        for slug in question.facts:
            drills[slug].append(question)
    for fact in bank.facts:
        questions = drills[fact.id]
        if len({question.kind for question in questions}) < 2:
            has = f"it has {len(questions)}" if len(questions) != 1 else "it has one"
            message = f"ask for this fact in at least two questions of different kinds; {has}"
            yield fact.place.error(message)
        if questions and not any(question.spec.is_production for question in questions):
            message = "add a question in which learners produce this fact, instead of choosing it"
            yield fact.place.error(message)


def many_questions_go_beyond_recall(bank: Bank) -> Iterator[Problem]:
    deep = sum(question.bloom in {"apply", "analyse"} for question in bank.questions)
    total = len(bank.questions)
    if total >= 20 and deep < _LEAST_BEYOND_RECALL * total:
        message = f"ask to apply or analyse in at least {_LEAST_BEYOND_RECALL:.0%} of all questions"
        yield bank.place.error(f"{message}; now it is in {deep} of {total}")


def versions_are_named(bank: Bank) -> Iterator[Problem]:
    for place, text in _claims(bank):
        found = _TIED_TO_TIME.search(text)
        if found and not _VERSION.search(text):
            yield place.warning(f"name the Kubernetes version instead of “{found[0]}”")


def _claims(bank: Bank) -> Iterator[tuple[Place, str]]:
    """The texts that state what is so."""
    for fact in bank.facts:
        yield fact.place.at("fact"), fact.fact
        yield fact.place.at("precision"), fact.precision
    for question in bank.questions:
        yield question.place.at("explanation"), question.explanation
