"""What calls for an editor's look, in words, and only on enough responses."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.authoring.statistics.attention import (
    LEAST_COMPARED,
    LEAST_KNOWN,
    LEAST_RESPONSES,
    LEAST_SURE,
    Figures,
    Option,
    attention,
)
from quizapp.authoring.statistics.formulas import correlation_interval, wilson

SOUND = Figures(
    responses=200,
    facility=0.6,
    facility_low=0.53,
    facility_high=0.67,
    compared=150,
    discrimination=0.4,
    discrimination_low=0.26,
    discrimination_high=0.53,
    sure=100,
    confidently_wrong=0.2,
    known=300,
    lapse_share=0.1,
)
OPTIONS = [
    Option("A", is_key=True, shown=200, chosen=120),
    Option("B", is_key=False, shown=200, chosen=50),
    Option("C", is_key=False, shown=200, chosen=30),
]


def with_facility(share: float, number: int) -> Figures:
    interval = wilson(share, number)
    assert interval
    return replace(
        SOUND,
        responses=number,
        facility=share,
        facility_low=interval.low,
        facility_high=interval.high,
    )


def with_discrimination(index: float, number: int) -> Figures:
    interval = correlation_interval(index, number)
    assert interval
    return replace(SOUND, compared=number, discrimination=index, discrimination_high=interval.high)


def never_chosen(*letters: str, shown: int = 200) -> list[Option]:
    return [
        replace(option, shown=shown, chosen=0) if option.letter in letters else option
        for option in OPTIONS
    ]


def reasons(figures: Figures = SOUND, options: list[Option] = OPTIONS, flags: int = 0) -> list[str]:
    return list(attention(figures, options, open_flags=flags).reasons)


def test_a_sound_question_calls_for_nothing() -> None:
    found = attention(SOUND, OPTIONS)
    assert found.number == 0
    assert not found.reasons


def test_a_question_without_responses_calls_for_nothing() -> None:
    assert not reasons(Figures(), [])


@pytest.mark.parametrize(
    ("letters", "words"),
    [
        ("C", "nobody picks option C"),
        ("BC", "nobody picks options B and C"),
        ("A", "nobody picks option A, though it is right"),
    ],
)
def test_nobody_picks_an_option(letters: str, words: str) -> None:
    assert reasons(options=never_chosen(*letters)) == [words]


def test_three_idle_distractors_are_listed() -> None:
    fourth = Option("D", is_key=False, shown=90)
    assert reasons(options=[*never_chosen("B", "C"), fourth]) == ["nobody picks options B, C and D"]


@pytest.mark.parametrize(
    ("index", "number", "words"),
    [
        (-0.3, 60, ["strong learners miss it: is the key right?"]),
        (-0.3, 25, ["strong learners miss it: is the key right?"]),
        (-0.1, 25, []),
        (0.02, 400, ["weak learners get it right as often as strong ones"]),
        (0.1, 60, []),
    ],
)
def test_strong_learners_miss_it(index: float, number: int, words: list[str]) -> None:
    assert reasons(with_discrimination(index, number)) == words


@pytest.mark.parametrize(
    ("share", "number", "words"),
    [
        (0.98, 200, ["almost everybody knows it: it teaches nothing new"]),
        (1.0, 40, ["almost everybody knows it: it teaches nothing new"]),
        (1.0, 31, []),
        (0.1, 60, ["hardly anybody knows it: is it clear, and is the key right?"]),
        (0.2, 60, []),
    ],
)
def test_almost_everybody_or_hardly_anybody_knows_it(
    share: float, number: int, words: list[str]
) -> None:
    assert reasons(with_facility(share, number)) == words


def test_where_everybody_is_right_the_idle_distractors_go_without_saying() -> None:
    assert reasons(with_facility(1.0, 200), never_chosen("B", "C")) == [
        "almost everybody knows it: it teaches nothing new"
    ]


@pytest.mark.parametrize(
    ("share", "sure", "words"),
    [
        (0.5, 40, ["half of those who were sure were wrong"]),
        (0.7, 20, ["70 % of those who were sure were wrong"]),
        (1.0, 10, ["all of those who were sure were wrong"]),
        (0.5, 10, []),
        (0.25, 100, []),
    ],
)
def test_those_who_were_sure_were_wrong(share: float, sure: int, words: list[str]) -> None:
    assert reasons(replace(SOUND, confidently_wrong=share, sure=sure)) == words


@pytest.mark.parametrize(
    ("share", "known", "words"),
    [
        (0.3, 100, ["it slips often: 30 % of reviews"]),
        (0.3, 20, []),
        (0.15, 1_000, []),
    ],
)
def test_it_slips_often(share: float, known: int, words: list[str]) -> None:
    assert reasons(replace(SOUND, lapse_share=share, known=known)) == words


def test_flags_need_no_responses() -> None:
    assert reasons(Figures(), [], flags=1) == ["1 open flag"]
    assert reasons(Figures(), [], flags=3) == ["3 open flags"]


@pytest.mark.parametrize(
    "figures",
    [
        replace(with_discrimination(-0.9, 60), compared=LEAST_COMPARED - 1),
        replace(with_facility(1.0, 60), responses=LEAST_RESPONSES - 1),
        replace(with_facility(0.0, 60), responses=LEAST_RESPONSES - 1),
        replace(SOUND, confidently_wrong=1.0, sure=LEAST_SURE - 1),
        replace(SOUND, lapse_share=1.0, known=LEAST_KNOWN - 1),
    ],
)
def test_too_few_say_nothing(figures: Figures) -> None:
    assert not reasons(figures)


def test_an_option_that_few_have_seen_is_not_idle_yet() -> None:
    assert not reasons(options=never_chosen("C", shown=LEAST_RESPONSES - 1))


def test_the_gravest_reason_comes_first_and_all_add_up() -> None:
    figures = replace(with_discrimination(-0.5, 60), lapse_share=0.3)
    found = attention(figures, never_chosen("C"), open_flags=2)
    assert found.reasons == (
        "strong learners miss it: is the key right?",
        "2 open flags",
        "it slips often: 30 % of reviews",
        "nobody picks option C",
    )
    alone = attention(figures, OPTIONS).number + attention(SOUND, never_chosen("C")).number
    assert found.number == pytest.approx(alone + attention(SOUND, open_flags=2).number)


def test_learners_who_rate_themselves_are_believed_in_slips_alone() -> None:
    figures = replace(with_facility(1.0, 200), confidently_wrong=1.0, lapse_share=0.3)
    found = attention(figures, is_self_rated=True, open_flags=1)
    assert found.reasons == ("1 open flag", "it slips often: 30 % of reviews")


@given(st.integers(1, 500), st.floats(0, 1), st.integers(0, 9))
def test_more_flags_never_call_less(number: int, share: float, flags: int) -> None:
    figures = with_facility(share, number)
    fewer, more = (attention(figures, open_flags=each) for each in (flags, flags + 1))
    assert 0 <= fewer.number <= more.number
    assert (fewer.number > 0) == bool(fewer.reasons)
