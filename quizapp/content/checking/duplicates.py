"""A rule against asking the same thing the same way twice."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from quizapp.content.checking.choices import keys
from quizapp.content.checking.words import words
from quizapp.content.parsing import Bank
from quizapp.content.problems import Problem
from quizapp.content.schema import Question
from quizapp.grading import Spec
from quizapp.grading.choice import ChoiceSpec
from quizapp.grading.cloze import Cloze
from quizapp.grading.flashcard import Flashcard
from quizapp.grading.manifest import Manifest
from quizapp.grading.matching import Matching
from quizapp.grading.ordering import Ordering
from quizapp.grading.text_key import TextKey

_ALIKE = 0.6
"""The share of their words from which two questions of one kind count as the same."""


def no_two_questions_ask_the_same(bank: Bank) -> Iterator[Problem]:
    """Compares, among questions of one kind, the words of stem and key: Jaccard's index.

    Two sets can only be so much alike if they share one of their rarest words, so that only
    those are compared (the prefix filter of Bayardo, Ma and Srikant, 2007).
    """
    texts = [_words_of(question) for question in bank.questions]
    in_how_many = Counter(word for text in texts for word in text)
    seen: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, (question, text) in enumerate(zip(bank.questions, texts, strict=True)):
        rare = _rarest(text, in_how_many)
        others = sorted({other for word in rare for other in seen[question.kind, word]})
        for other in others:
            if _likeness(text, texts[other]) >= _ALIKE:
                first = bank.questions[other]
                message = f"ask something else: {first.slug} ({first.place}) asks this too"
                yield question.place.at("stem").error(message)
                break
        for word in rare:
            seen[question.kind, word].append(number)


def _words_of(question: Question) -> frozenset[str]:
    text = " ".join([question.stem, *_asked(question.spec)])
    return frozenset(word.casefold() for word in words(text.replace("```", " ")))


def _asked(spec: Spec) -> Sequence[str]:
    """What a learner has to find: many a question is told apart by that alone."""
    asked: Sequence[str] = ()
    match spec:
        case ChoiceSpec():
            asked = [option.text for option in keys(spec)]
        case TextKey():
            asked = spec.accept[:1]
        case Cloze():
            asked = [spec.text, *(blank.accept[0] for blank in spec.blanks.values())]
        case Ordering():
            asked = spec.steps
        case Matching():
            asked = [text for pair in spec.pairs for text in (pair.left, pair.right)]
        case Flashcard():
            asked = [spec.back]
        case Manifest():
            asked = [spec.solution]
    return asked


def _rarest(text: frozenset[str], in_how_many: Mapping[str, int]) -> list[str]:
    """As many of its rarest words as cannot all be missing from a text that is alike."""
    by_rarity = sorted(text, key=lambda word: (in_how_many[word], word))
    return by_rarity[: len(text) - math.ceil(_ALIKE * len(text)) + 1]


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other)
