"""Rules about right responses: that they are right, all of them, and not given away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from statistics import median

from quizapp.content.checking.choices import distractors, keys, real_choices_in, true_or_false_in
from quizapp.content.checking.words import alike, visible, words
from quizapp.content.parsing import Bank
from quizapp.content.problems import Place, Problem
from quizapp.grading.choice import ChoiceSpec, Option
from quizapp.grading.cloze import Cloze
from quizapp.grading.manifest import Manifest
from quizapp.grading.short_answer import ShortAnswer
from quizapp.grading.text_key import TextKey

_LONGER_BY = 1.3
_MOST_LONGEST = 0.35
_LEAST_TRUE, _MOST_TRUE = 0.4, 0.6
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NAME_OF_KIND = re.compile(r"[A-Z][A-Za-z]+")
_PART = re.compile(r"(\w+)(?:\[(\d+)\])?")


def keys_are_not_the_longest(bank: Bank) -> Iterator[Problem]:
    for question, spec in real_choices_in(bank):
        if all(len(words(option.text)) <= 3 for option in spec.options):
            continue  # names are as long as they are
        length = median(map(_length, keys(spec)))
        most = _LONGER_BY * median(map(_length, distractors(spec)))
        if length > most:
            first = spec.options.index(keys(spec)[0])
            message = f"shorten the right option to {int(most)} characters, it has {int(length)}"
            place = question.place.at("options", first, "text")
            yield place.error(f"{message}, or lengthen the others")


def keys_are_not_the_longest_too_often(bank: Bank) -> Iterator[Problem]:
    specs = [spec for _, spec in real_choices_in(bank) if len(keys(spec)) == 1]
    longest = [spec for spec in specs if is_longest(spec)]
    if len(specs) >= 20 and len(longest) > _MOST_LONGEST * len(specs):
        message = f"let the right option be the longest in at most {_MOST_LONGEST:.0%} of questions"
        yield bank.place.error(f"{message}; now it is in {len(longest)} of {len(specs)}")


def true_and_false_are_balanced(bank: Bank) -> Iterator[Problem]:
    specs = [spec for _, spec in true_or_false_in(bank)]
    true = sum(alike(keys(spec)[0].text) == "true" for spec in specs)
    if len(specs) >= 10 and not _LEAST_TRUE <= true / len(specs) <= _MOST_TRUE:
        message = "let True be right in 40% to 60% of true or false questions"
        yield bank.place.error(f"{message}; now it is in {true} of {len(specs)}")


def variants_are_accepted(bank: Bank) -> Iterator[Problem]:
    for question in bank.questions:
        for place, key in _text_keys(question.place, question.spec):
            best = key.accept[0]
            spaced = _HUMP.sub(" ", best)
            if _NAME_OF_KIND.fullmatch(best) and not key.accepts(spaced):
                yield place.at("accept").warning(f"accept “{spaced}” too: learners write it so")


def manifests_prove_right(bank: Bank) -> Iterator[Problem]:
    for question in bank.questions:
        if isinstance(question.spec, Manifest):
            for sentence in question.spec.problems():
                field, index = _PART.findall(sentence)[0]
                place = question.place.at(field)
                yield (place.at(int(index)) if index else place).error(sentence)


def _length(option: Option) -> int:
    return len(visible(option.text))


def is_longest(spec: ChoiceSpec) -> bool:
    """Whether the one key is longer than every distractor."""
    return _length(keys(spec)[0]) > max(map(_length, distractors(spec)))


def _text_keys(place: Place, spec: object) -> Iterator[tuple[Place, TextKey]]:
    """The typed responses in a question, but for code, where spelling is not free."""
    if isinstance(spec, ShortAnswer):
        yield place, spec
    if isinstance(spec, Cloze) and "```" not in spec.text:
        for name, blank in spec.blanks.items():
            if not blank.choices:
                yield place.at("blanks", name), blank
