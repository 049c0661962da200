"""How well past forecasts came true."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from quizapp.progress import plots
from quizapp.progress.team.trust_words import FEWEST, Case, cases_of, deviation, spans_of, total
from quizapp.scheduling.goals import trust as measured
from quizapp.scheduling.goals.projecting import COVERAGE
from quizapp.scheduling.goals.words import percent
from quizapp.web.access import LearnerRequest, account_required
from quizapp.web.pages import page
from quizapp.web.words import count


@never_cache
@account_required
@require_safe
def trust(request: LearnerRequest) -> HttpResponse:
    """Of the whole installation, and of nobody in particular."""
    found = measured.forecasts()
    answers = cases_of(measured.answers(timezone.now()))
    forecasts = cases_of(found.bins)
    context = {
        "fewest": FEWEST,
        "coverage": percent(COVERAGE),
        "cases": found.cases,
        "is_telling": found.cases >= FEWEST,
        "inside": percent(found.inside) if found.inside is not None else "",
        "error": _points(found.error or 0),
        "deviation": deviation(forecasts),
        "forecasts": _compared(
            forecasts,
            lambda each: (
                f"Forecast {percent(each.expected)}, came to {percent(each.outcome)}: "
                + count(each.number, "forecast")
            ),
        ),
        "weeks": [
            {
                "name": each.words,
                "cases": each.number,
                "error": _points(each.error),
                "inside": percent(each.inside),
                "is_telling": each.number >= FEWEST,
            }
            for each in spans_of(found.by_weeks)
        ],
        "answers": _compared(
            answers,
            lambda each: (
                f"Expected {percent(each.expected)}, recalled {percent(each.outcome)} "
                f"of {count(each.number, 'answer')}"
            ),
        ),
        "answers_total": total(answers),
        "answers_deviation": deviation(answers),
        "answers_are_telling": total(answers) >= FEWEST,
    }
    return page(request, "teams/trust.html", "teams/_trust.html", context)


def _compared(cases: Sequence[Case], title: Callable[[Case], str]) -> dict[str, Any] | None:
    """A plot of the bins that hold enough to judge, and a table of all; None if there is none."""
    if not cases:
        return None
    telling = [case for case in cases if case.number >= FEWEST]
    drawn = [(case.number, case.expected, case.outcome) for case in telling]
    return {
        "plot": plots.calibration_plot(drawn, [title(case) for case in telling])
        if telling
        else None,
        "rows": [
            {
                "span": f"{round(100 * case.low)} to {percent(case.high)}",
                "expected": percent(case.expected),
                "outcome": percent(case.outcome),
                "number": case.number,
                "is_telling": case.number >= FEWEST,
            }
            for case in cases
        ],
    }


def _points(error: float) -> str:
    return count(round(100 * error), "point")
