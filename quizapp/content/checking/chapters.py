"""Rules about the chapters of the primer."""

from __future__ import annotations

from collections.abc import Iterator

from quizapp.content.parsing import Bank
from quizapp.content.problems import Problem

WORDS_PER_QUESTION = 150
LEAST_WORDS, MOST_WORDS = 60, 500


def chapters_state_every_fact(bank: Bank) -> Iterator[Problem]:
    taught = {chapter.topic for chapter in bank.chapters}
    stated = {each.slug for chapter in bank.chapters for each in chapter.text.facts}
    for fact in bank.facts:
        if fact.topic in taught and fact.slug not in stated:
            yield fact.place.warning("state this fact in a chapter of its topic")


def chapters_ask_often(bank: Bank) -> Iterator[Problem]:
    for chapter in bank.chapters:
        words, asked = chapter.text.words, len(chapter.text.questions)
        needed = words // WORDS_PER_QUESTION
        if asked < needed:
            message = f"set in a question for every {WORDS_PER_QUESTION} words"
            yield chapter.place.warning(f"{message}; it has {asked} in {words}")


def sections_are_of_a_good_length(bank: Bank) -> Iterator[Problem]:
    for chapter in bank.chapters:
        for section in chapter.text.sections:
            place = chapter.at_line(section.line, section.title)
            if section.words > MOST_WORDS:
                message = f"divide this section: it has {section.words} words, over {MOST_WORDS}"
                yield place.warning(message)
            elif section.anchor and section.words < LEAST_WORDS:
                message = f"join this section to another: it has {section.words} words, under"
                yield place.warning(f"{message} {LEAST_WORDS}")
