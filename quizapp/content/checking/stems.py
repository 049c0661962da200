"""Rules about the stem."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quizapp.content.checking.words import last_sentence, prose, without_emphasis, words
from quizapp.content.parsing import Bank
from quizapp.content.problems import Problem

_MOST_WORDS = 40
_MOST_NEGATIVE = 0.05
_NEGATIVE = re.compile(r"\b(not|except|never)\b", re.IGNORECASE)
_OF_SEVERAL_PARTS = frozenset({"matching", "ordering", "multiple_choice", "cloze", "manifest"})


def stems_are_questions(bank: Bank) -> Iterator[Problem]:
    for question in bank.questions:
        if not prose(question.stem).rstrip("*_ ").endswith(("?", ":")):
            yield question.place.at("stem").error("end the stem with a question mark or a colon")


def stems_are_short(bank: Bank) -> Iterator[Problem]:
    for question in bank.questions:
        count = len(words(prose(question.stem)))
        if count > _MOST_WORDS and not question.scenario and question.kind != "manifest":
            message = f"shorten the stem to {_MOST_WORDS} words, it has {count}"
            yield question.place.at("stem").warning(f"{message}, or mark a story as a scenario")


def recall_drills_one_fact(bank: Bank) -> Iterator[Problem]:
    for question in bank.questions:
        is_recall = question.bloom == "remember" and question.kind not in _OF_SEVERAL_PARTS
        if is_recall and len(question.facts) > 1:
            message = "ask for one fact only, or split the question: it is there to be remembered"
            yield question.place.at("facts").warning(message)


def negatives_are_emphasised(bank: Bank) -> Iterator[Problem]:
    for question in bank.questions:
        found = _NEGATIVE.search(without_emphasis(last_sentence(question.stem)))
        if found:
            word = found[0]
            message = f"ask without “{word}”, or emphasise it: **{word}**"
            yield question.place.at("stem").error(message)


def negatives_are_few(bank: Bank) -> Iterator[Problem]:
    asked = bank.questions
    negative = [each for each in asked if _NEGATIVE.search(last_sentence(each.stem))]
    if len(asked) >= 20 and len(negative) > _MOST_NEGATIVE * len(asked):
        message = f"ask for what is not so in at most {_MOST_NEGATIVE:.0%} of all stems"
        yield bank.place.error(f"{message}; now it is in {len(negative)} of {len(asked)}")
