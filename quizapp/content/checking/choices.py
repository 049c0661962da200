"""The choice questions of a bank, as the rules look at them."""

from __future__ import annotations

from collections.abc import Iterator

from quizapp.content.checking.words import alike
from quizapp.content.parsing import Bank
from quizapp.content.schema import Question
from quizapp.grading.choice import ChoiceSpec, Option


def choices_in(bank: Bank) -> Iterator[tuple[Question, ChoiceSpec]]:
    """Single and multiple choice, with their specs."""
    for question in bank.questions:
        if isinstance(question.spec, ChoiceSpec):
            yield question, question.spec


def true_or_false_in(bank: Bank) -> Iterator[tuple[Question, ChoiceSpec]]:
    return (each for each in choices_in(bank) if is_true_or_false(each[1]))


def real_choices_in(bank: Bank) -> Iterator[tuple[Question, ChoiceSpec]]:
    """Choice questions other than true or false."""
    return (each for each in choices_in(bank) if not is_true_or_false(each[1]))


def is_true_or_false(spec: ChoiceSpec) -> bool:
    return sorted(alike(option.text) for option in spec.options) == ["false", "true"]


def keys(spec: ChoiceSpec) -> list[Option]:
    return [option for option in spec.options if option.correct]


def distractors(spec: ChoiceSpec) -> list[Option]:
    return [option for option in spec.options if not option.correct]
