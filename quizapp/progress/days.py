"""A learner's dates of a thousand instants, at a fraction of what asking for each would cost."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from itertools import chain
from typing import Any

from django.db.models import Field, Func

from quizapp.scheduling.day import LearnerDay

EPOCH_YEAR = 1970
LAST_YEAR = 9998


class Epoch(Func):
    """An instant of the database as whole seconds since 1970, which cost nothing to read.

    Of no field in particular, or Django would make integers of the integers one by one.
    """

    output_field = Field()
    template = "CAST(EXTRACT(EPOCH FROM date_trunc('second', %(expressions)s)) AS bigint)"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "CAST(strftime('%%%%s', %(expressions)s) AS INTEGER)"
        return self.as_sql(compiler, connection, template=template, **context)


def dates_between(day: LearnerDay, first: float, last: float) -> Callable[[float], int]:
    """A function from an instant between these two, in seconds since 1970, to the ordinal of the
    learner's date, as `date.toordinal` has it."""
    first_year = _year(first) - 1
    years = range(first_year, _year(last) + 2)
    starts = list(chain.from_iterable(_starts(day, year) for year in years))
    before_first = date(first_year, 1, 1).toordinal() - 1

    def ordinal(at: float) -> int:
        return before_first + bisect_right(starts, at)

    return ordinal


def _year(at: float) -> int:
    """The year, which may be one off."""
    return min(max(int(EPOCH_YEAR + at / (365.2425 * 86_400)), 2), LAST_YEAR)


@lru_cache(maxsize=256)
def _starts(day: LearnerDay, year: int) -> tuple[float, ...]:
    """When each date of a year begins, in seconds since 1970."""
    first, end = date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()
    return tuple(
        day.start_of(date.fromordinal(ordinal)).timestamp() for ordinal in range(first, end)
    )
