"""Rules about the chapters of the primer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from quizapp.content.parsing import Bank
from quizapp.content.problems import Problem

WORDS_PER_QUESTION = 150
LEAST_WORDS, MOST_WORDS = 150, 500


def chapters_state_every_fact(bank: Bank) -> Iterator[Problem]:
    taught = {chapter.topic for chapter in bank.chapters}
    stated = {each.slug for chapter in bank.chapters for each in chapter.text.facts}
    for fact in bank.facts:
        if fact.topic in taught and fact.slug not in stated:
            yield fact.place.warning("state this fact in a chapter of its topic")


def chapters_ask_often(bank: Bank) -> Iterator[Problem]:
    """A chapter as a whole, and each of its sections."""
    message = f"set in a question for every {WORDS_PER_QUESTION} words"
    for chapter in bank.chapters:
        words, asked = chapter.text.words, len(chapter.text.questions)
        if asked < words // WORDS_PER_QUESTION:
            yield chapter.place.warning(f"{message}; it has {asked} in {words}")
        by_section = Counter(each.section for each in chapter.text.questions)
        for section in chapter.text.sections:
            asked = by_section[section.anchor]
            if section.anchor and asked < section.words // WORDS_PER_QUESTION:
                place = chapter.at_line(section.line, section.title)
                yield place.warning(f"{message}; it has {asked} in {section.words}")


def questions_are_set_in_after_their_facts(bank: Bank) -> Iterator[Problem]:
    """A fact that no chapter states may be asked anywhere."""
    stated = {
        each.slug: (number, each.line)
        for number, chapter in enumerate(bank.chapters)
        for each in chapter.text.facts
    }
    drilled = {question.slug: question.facts for question in bank.questions}
    for number, chapter in enumerate(bank.chapters):
        for each in chapter.text.questions:
            for fact in drilled.get(each.slug, ()):
                if stated.get(fact, (number, 0)) > (number, each.line):
                    message = f"set {each.slug} in further down: it drills {fact}, stated later"
                    yield chapter.at_line(each.line, "::question").warning(message)


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
