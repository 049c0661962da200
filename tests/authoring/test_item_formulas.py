"""The formulas against examples worked by hand or published, and what always holds of them."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from math import sqrt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from quizapp.authoring.statistics.formulas import (
    correlation_interval,
    discrimination,
    efficiency,
    mean,
    rest,
    wilson,
)

SCORES = st.sampled_from([0, 1 / 3, 0.5, 2 / 3, 1.0])
RESTS = st.integers(-100, 100).map(lambda hundredths: hundredths / 100)
PAIRS = st.lists(st.tuples(SCORES, RESTS), min_size=2, max_size=40)

TABLES = st.integers(2, 6).flatmap(
    lambda wide: st.lists(st.lists(SCORES, min_size=wide, max_size=wide), min_size=3, max_size=12)
)


def columns(pairs: Sequence[tuple[float, float]]) -> tuple[list[float], list[float]]:
    return [score for score, _ in pairs], [rest for _, rest in pairs]


# Newcombe, Two-sided confidence intervals for the single proportion (1998), table I, method 3.
@pytest.mark.parametrize(
    ("right", "number", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_gives_the_published_intervals(
    right: int, number: int, low: float, high: float
) -> None:
    interval = wilson(right / number, number)
    assert interval == pytest.approx((low, high), abs=5e-5)


def test_nothing_is_no_evidence() -> None:
    assert mean([]) is None
    assert wilson(0.5, 0) is None
    assert discrimination([], []) is None
    assert efficiency([1], [0.5]) is None
    assert correlation_interval(0.5, 3) is None


# Mean 0.6 and 2, sums of squares 1.2 and 10; sorted alike, the sum of products would be 3.
@pytest.mark.parametrize(
    ("scores", "rests", "index", "share"),
    [
        pytest.param([1, 1, 1, 0, 0], [4, 3, 2, 1, 0], 3 / sqrt(12), 1, id="only the strong"),
        pytest.param([0, 1, 1, 0, 1], [4, 3, 2, 1, 0], -1 / sqrt(12), -1 / 3, id="the weak too"),
        # Mean 0.5 and 2, sums of squares 0.5 and 2, of products 0.5; sorted alike 1.
        pytest.param([1, 0.5, 0.5, 0], [3, 1, 2, 2], 0.5, 0.5, id="partial scores"),
        pytest.param([1, 0.5, 0], [3, 2, 1], 1, 1, id="in proportion"),
        pytest.param([0, 0.5, 1], [3, 2, 1], -1, -1, id="the wrong way round"),
        pytest.param([1, 1, 1], [3, 2, 1], None, None, id="everybody right"),
        pytest.param([1, 0, 1], [2, 2, 2], None, None, id="equally strong"),
    ],
)
def test_discrimination_and_efficiency_as_worked_by_hand(
    scores: list[float], rests: list[float], index: float | None, share: float | None
) -> None:
    assert discrimination(scores, rests) == pytest.approx(index)
    assert efficiency(scores, rests) == pytest.approx(share)


def test_fisher_gives_the_interval_worked_by_hand() -> None:
    # atanh 0.5 = 0.5493 and 1.96 / sqrt(25) = 0.3920: from tanh 0.1573 to tanh 0.9413.
    assert correlation_interval(0.5, 28) == pytest.approx((0.1560, 0.7358), abs=1e-4)
    assert correlation_interval(1, 4) == (1, 1)


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_a_share_out_of_range_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        wilson(share, 10)


@pytest.mark.parametrize("index", [discrimination, efficiency])
def test_each_score_needs_its_rest(index: object) -> None:
    assert callable(index)
    with pytest.raises(ValueError, match="3 scores cannot go with 2"):
        index([1, 0, 1], [1, 0])


def test_there_is_no_rest_without_others() -> None:
    with pytest.raises(ValueError, match="without other questions"):
        rest(0.4, 0.4, 0)


@given(st.floats(0, 1), st.integers(1, 10_000))
def test_the_interval_holds_the_share_and_more_cases_narrow_it(share: float, number: int) -> None:
    interval, later = wilson(share, number), wilson(share, 4 * number)
    assert interval
    assert later
    assert 0 <= interval.low <= share <= interval.high <= 1
    assert later.high - later.low < interval.high - interval.low


@given(st.floats(0, 1), st.integers(1, 10_000))
def test_the_interval_of_right_mirrors_that_of_wrong(share: float, number: int) -> None:
    right, wrong = wilson(share, number), wilson(1 - share, number)
    assert right
    assert wrong
    assert (1 - wrong.high, 1 - wrong.low) == pytest.approx(right)


@given(PAIRS)
def test_the_indices_keep_their_ranges_and_agree_in_sign(pairs: list[tuple[float, float]]) -> None:
    index, share = discrimination(*columns(pairs)), efficiency(*columns(pairs))
    assert (index is None) == (share is None)
    if index is not None and share is not None:
        assert -1 <= index <= 1
        assert share <= 1
        assert index * share >= 0
        assert abs(index) <= abs(share) + 1e-9


@given(PAIRS)
def test_the_index_is_the_correlation_of_the_textbook(pairs: list[tuple[float, float]]) -> None:
    scores, rests = columns(pairs)
    assume(len(set(scores)) > 1 and len(set(rests)) > 1)
    assert discrimination(scores, rests) == pytest.approx(
        statistics.correlation(scores, rests), abs=1e-9
    )


@given(PAIRS, st.integers(-50, 50), st.sampled_from([0.1, 1, 7]))
def test_neither_scale_nor_order_of_the_rest_matters(
    pairs: list[tuple[float, float]], shift: int, scale: float
) -> None:
    moved = [(score, shift + scale * rest) for score, rest in reversed(pairs)]
    for index in (discrimination, efficiency):
        assert index(*columns(moved)) == pytest.approx(index(*columns(pairs)), abs=1e-6)


@given(PAIRS)
def test_with_right_and_wrong_exchanged_the_index_turns_round(
    pairs: list[tuple[float, float]],
) -> None:
    scores, rests = columns(pairs)
    index = discrimination(scores, rests)
    turned = discrimination([1 - score for score in scores], rests)
    assert turned == (None if index is None else pytest.approx(-index, abs=1e-9))


@given(TABLES)
def test_where_all_have_met_the_same_the_index_is_that_of_the_marks(
    table: list[list[float]],
) -> None:
    """A row a learner, a column a question: Moodle adds up the other marks of the row."""
    scores = [row[0] for row in table]
    marks = [sum(row[1:]) for row in table]
    facilities = [sum(column) / len(table) for column in zip(*table, strict=True)]
    excesses = [
        [score - facility for score, facility in zip(row, facilities, strict=True)] for row in table
    ]
    rests = [rest(sum(row), row[0], len(row) - 1) for row in excesses]
    for index in (discrimination, efficiency):
        assert index(scores, rests) == pytest.approx(index(scores, marks), abs=1e-6)
