"""Rules about options: that they teach, and that the wrong ones do not stand out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from quizapp.content.checking.choices import choices_in, distractors, keys, real_choices_in
from quizapp.content.checking.words import alike, prose, words
from quizapp.content.parsing import Bank
from quizapp.content.problems import Problem
from quizapp.grading.single_choice import SingleChoice

_LEAST_WORDS = 5
_RARE = 0.05
_ABSOLUTE = re.compile(r"\b(always|only|never)\b", re.IGNORECASE)
_IS_CODE = re.compile(r"`[^`]+`")


def feedback_is_given_on_each_option(bank: Bank) -> Iterator[Problem]:
    for question, spec in choices_in(bank):
        said: set[str] = set()
        key_speaks_for_itself = isinstance(spec, SingleChoice)
        for index, option in enumerate(spec.options):
            if option.correct and key_speaks_for_itself:
                continue  # what there is to say of the only key is the explanation
            place = question.place.at("options", index)
            if not option.feedback:
                what = "right" if option.correct else "wrong"
                yield place.warning(f"add feedback that says what is {what} about this option")
                continue
            if len(words(option.feedback)) < _LEAST_WORDS:
                message = f"say more: feedback takes at least {_LEAST_WORDS} words"
                yield place.at("feedback").warning(message)
            if alike(option.feedback) in said:
                message = "say something of this very option: another has the same feedback"
                yield place.at("feedback").warning(message)
            said.add(alike(option.feedback))


def options_are_parallel(bank: Bank) -> Iterator[Problem]:
    for question, spec in real_choices_in(bank):
        texts = [option.text for option in spec.options]
        place = question.place.at("options")
        if len({text.endswith(".") for text in texts}) > 1:
            yield place.warning("end all options with a full stop, or none")
        if len({bool(_IS_CODE.fullmatch(text)) for text in texts}) > 1:
            yield place.warning("make the options alike: some are only code, others are not")


def absolutes_are_not_left_to_distractors(bank: Bank) -> Iterator[Problem]:
    for question, spec in real_choices_in(bank):
        if any(_ABSOLUTE.search(key.text) for key in keys(spec)):
            continue
        for index, option in enumerate(spec.options):
            if found := _ABSOLUTE.search(option.text):
                message = f"drop “{found[0]}”: it gives the option away as wrong"
                yield question.place.at("options", index, "text").warning(message)


def no_rare_word_gives_the_key_away(bank: Bank) -> Iterator[Problem]:
    """A word is rare if few stems have it; small banks do not tell which words are rare.

    Where every option is named in the stem, naming gives nothing away.
    """
    in_stems = Counter(word for each in bank.questions for word in _long_words(each.stem))
    for question, spec in real_choices_in(bank):
        right = set().union(*(_long_words(key.text) for key in keys(spec)))
        wrong = set().union(*(_long_words(option.text) for option in distractors(spec)))
        shared = (_long_words(question.stem) & right) - wrong
        rare = sorted(word for word in shared if in_stems[word] <= _RARE * len(bank.questions))
        is_named = [alike(option.text) in alike(question.stem) for option in spec.options]
        if rare and len(bank.questions) >= 20 and not all(is_named):
            message = f"“{rare[0]}” stands in the stem and in the right option only: reword one"
            yield question.place.at("stem").warning(message)


def _long_words(text: str) -> set[str]:
    return {word.casefold() for word in words(prose(text)) if len(word) >= 5}
