from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.progress.heat_map import calendar, level_bounds
from quizapp.progress.plots import bar_plot, calibration_plot, nice_top, share_plot

MONDAY = date(2026, 3, 2)

shares = st.floats(0, 1)


@pytest.mark.parametrize(
    ("most", "top"),
    [
        (0, 4),
        (3, 4),
        (4, 4),
        (5, 6),
        (9, 10),
        (11, 20),
        (37, 40),
        (59, 60),
        (101, 200),
        (999, 1000),
    ],
)
def test_a_scale_ends_at_a_round_number(most: int, top: int) -> None:
    assert nice_top(most) == top


@given(st.integers(0, 10**6))
def test_the_end_of_a_scale_is_even_and_not_far_above(most: int) -> None:
    top = nice_top(most)
    assert top % 2 == 0
    assert most <= top <= max(4, 2 * most)


def test_bars_stand_on_the_bottom_and_reach_their_value() -> None:
    plot = bar_plot([0, 2, 4], ["a", "b", "c"], ["", "x", ""], height=100)
    assert [(bar.y, bar.height) for bar in plot.bars] == [(100, 0), (50, 50), (0, 100)]
    assert [(row.label, row.y) for row in plot.rows] == [("0", 100), ("2", 50), ("4", 0)]
    assert [(column.label, column.x) for column in plot.columns] == [("x", 50)]


@given(st.lists(st.integers(0, 5000), min_size=1, max_size=60))
def test_bars_stay_within_the_plot_and_apart(values: list[int]) -> None:
    plot = bar_plot(values, [""] * len(values), [""] * len(values))
    for bar in plot.bars:
        assert 0 <= bar.y <= plot.height
        assert bar.y + bar.height == pytest.approx(plot.height, abs=0.02)
        assert 0 <= bar.x < bar.x + bar.width <= 100
    for one, next_one in zip(plot.bars, plot.bars[1:], strict=False):
        assert one.x + one.width < next_one.x


def test_months_without_enough_reviews_leave_a_gap() -> None:
    plot = share_plot([0.9, None, 0.8, 0.9], list("abcd"), list("abcd"), wished=0.9, height=100)
    assert [dot.title for dot in plot.dots] == ["a", "c", "d"]
    assert [(line.x1, line.x2) for line in plot.lines] == [(62.5, 87.5)]
    assert plot.reference
    assert plot.reference.y1 == plot.reference.y2 == plot.dots[0].y
    assert [row.label for row in plot.rows] == ["70%", "80%", "90%", "100%"]


@pytest.mark.parametrize(
    ("least", "lowest"), [(0.75, "70%"), (0.65, "60%"), (0.5, "50%"), (0.2, "0%")]
)
def test_the_scale_of_shares_begins_as_low_as_it_has_to(least: float, lowest: str) -> None:
    assert share_plot([least], [""], [""], wished=0.9).rows[0].label == lowest


@given(st.lists(st.one_of(st.none(), shares), max_size=12), st.floats(0.7, 0.97))
def test_shares_stay_within_the_plot(values: list[float | None], wished: float) -> None:
    plot = share_plot(values, [""] * len(values), [""] * len(values), wished)
    assert len(plot.dots) == sum(value is not None for value in values)
    assert all(0 <= dot.y <= plot.height and 0 <= dot.x <= 100 for dot in plot.dots)


def test_a_model_that_is_right_has_its_dots_on_the_diagonal() -> None:
    plot = calibration_plot([(10, 0.75, 0.75), (40, 0.9, 0.9)], ["", ""], height=100)
    for dot in plot.dots:
        assert dot.x + dot.y == pytest.approx(100, abs=0.02)
    assert plot.dots[0].radius < plot.dots[1].radius
    assert plot.reference
    assert (plot.reference.x1, plot.reference.y1) == (0, 100)


def test_more_recalled_than_predicted_lies_above_the_diagonal() -> None:
    dot = calibration_plot([(10, 0.7, 0.9)], [""], height=100).dots[0]
    assert dot.x + dot.y < 100


@given(st.lists(st.tuples(st.integers(1, 9999), shares, shares), max_size=9))
def test_the_calibration_stays_within_the_plot(bins: list[tuple[int, float, float]]) -> None:
    plot = calibration_plot(bins, [""] * len(bins))
    assert all(0 <= dot.x <= 100 and 0 <= dot.y <= plot.height for dot in plot.dots)


@pytest.mark.parametrize(
    ("most", "bounds"),
    [(0, [1, 2, 3, 4]), (4, [1, 2, 3, 4]), (8, [1, 3, 5, 7]), (40, [1, 11, 21, 31])],
)
def test_levels_are_quarters_of_the_most(most: int, bounds: list[int]) -> None:
    assert level_bounds(most) == bounds


@given(st.integers(4, 10**5))
def test_the_busiest_day_has_the_highest_level(most: int) -> None:
    assert sum(most >= bound for bound in level_bounds(most)) == 4


def test_the_calendar_has_a_column_a_week_with_monday_on_top() -> None:
    days = [(MONDAY + timedelta(days=n), n % 5) for n in range(10)]
    plot = calendar(days, [f"{day}" for day, _ in days])
    columns = sorted({cell.x for cell in plot.cells})
    rows = sorted({cell.y for cell in plot.cells})
    assert (len(columns), len(rows)) == (2, 7)
    assert (plot.cells[7].x, plot.cells[7].y) == (columns[1], rows[0])
    assert plot.cells[0].level == 0
    assert plot.cells[4].level == 4
    assert max(cell.x for cell in plot.cells) + plot.size <= plot.width
    assert max(cell.y for cell in plot.cells) + plot.size <= plot.height


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(8, 27))
def test_months_are_labelled_without_running_into_each_other(some_day: date, weeks: int) -> None:
    first = some_day - timedelta(days=some_day.weekday())
    days = [(first + timedelta(days=n), 0) for n in range(7 * weeks)]
    plot = calendar(days, [""] * len(days))
    places = [label.x for label in plot.months]
    assert places
    assert all(b - a >= 3 * 13 for a, b in itertools.pairwise(places))
    assert places[-1] + 2 * 13 <= plot.width
