"""Rules about options, and how they stand beside one another."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quizapp.content.checking.choices import choices_in, is_true_or_false
from quizapp.content.checking.words import alike
from quizapp.content.parsing import Bank
from quizapp.content.problems import Problem

_ABOUT_OTHERS = re.compile(
    r"\b(all|none|both|any|neither|either) of the (above|below|others?)\b"
    r"|^(all|none|both|any|neither) of (these|them|the (options|answers))$"
    r"|^(both |neither |either )?[a-e]( and | or | nor |, | & )[a-e]$",
    re.IGNORECASE,
)


def options_are_few_and_different(bank: Bank) -> Iterator[Problem]:
    for question, spec in choices_in(bank):
        place = question.place.at("options")
        if len(spec.options) not in (3, 4) and not is_true_or_false(spec):
            message = f"give three or four options, not {len(spec.options)}"
            yield place.error(f"{message}; only True and False stand alone")
        seen: set[str] = set()
        for index, option in enumerate(spec.options):
            text = alike(option.text)
            if text in seen:
                yield place.at(index, "text").error("write another option: this one is there twice")
            seen.add(text)


def no_option_is_about_others(bank: Bank) -> Iterator[Problem]:
    for question, spec in choices_in(bank):
        for index, option in enumerate(spec.options):
            if _ABOUT_OTHERS.search(alike(option.text)):
                place = question.place.at("options", index, "text")
                yield place.error("write an option that speaks for itself, not about other options")


def true_and_false_are_pinned(bank: Bank) -> Iterator[Problem]:
    for question, spec in choices_in(bank):
        if is_true_or_false(spec) and not all(option.pinned for option in spec.options):
            place = question.place.at("options")
            yield place.error("keep True and False in place: add `pinned: true` to both")
