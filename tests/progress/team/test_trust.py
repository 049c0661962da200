from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from quizapp.progress.team.trust_words import FEWEST, Case, cases_of, deviation, spans_of
from quizapp.scheduling.goals import trust
from quizapp.scheduling.goals.trust import Bin, Forecasts, WeeksAhead
from quizapp.teams.models import User
from tests.study.browsing import text_of

pytestmark = pytest.mark.django_db

EMPTY = Bin(0.0, 0.1, 0, None, None)


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets what was measured."""

    def measure(forecasts: list[Bin], answers: list[Bin], *weeks: WeeksAhead) -> None:
        cases = sum(each.cases for each in forecasts)
        found = Forecasts(
            forecasts, cases, 0.06 if cases else None, 0.81 if cases else None, list(weeks)
        )
        monkeypatch.setattr(trust, "forecasts", lambda *_: found)
        monkeypatch.setattr(trust, "answers", lambda _: answers)

    return measure


def test_the_sentence_comes_first(as_alice: Client, measured: Any) -> None:
    measured([EMPTY, Bin(0.8, 0.9, 300, 0.85, 0.81), Bin(0.9, 1.0, 12, 0.93, 0.9)], [])
    page = text_of(as_alice.get("/teams/trust/"))
    assert (
        "Of <strong>312 forecasts</strong> that have come due here, <strong>81%</strong> were "
        "within their interval, which is meant to hold 90%. On average they were "
        "<strong>4 points too high</strong>, and off by 6 points either way."
    ) in page


def test_only_what_holds_enough_cases_is_judged(as_alice: Client, measured: Any) -> None:
    measured(
        [Bin(0.8, 0.9, FEWEST, 0.85, 0.81), Bin(0.9, 1.0, FEWEST - 1, 0.93, 0.9)],
        [Bin(0.7, 0.8, 500, 0.75, 0.7), Bin(0.8, 0.9, 3, 0.85, 0.1)],
        WeeksAhead(8, FEWEST - 1, 0.3, 0.4),
        WeeksAhead(0, FEWEST, 0.02, 0.95),
    )
    page = text_of(as_alice.get("/teams/trust/"))
    assert page.count('<circle class="dot"') == 2
    assert "<title>Forecast 85%, came to 81%: 20 forecasts</title>" in page
    assert "<title>Expected 75%, recalled 70% of 500 answers</title>" in page
    assert page.count("too few to judge") == 3
    assert re.search(
        r'In the last week</th> <td class="number">2 points</td> <td class="number">95%</td>', page
    )
    assert "5 to 8 weeks" in page
    assert "30 points" not in page
    assert "that chance was on average <strong>5 points too high</strong>" in page


def test_few_forecasts_are_too_few_to_say(as_alice: Client, measured: Any) -> None:
    measured([Bin(0.8, 0.9, 1, 0.85, 0.81)], [Bin(0.8, 0.9, 2, 0.85, 0.81)])
    page = text_of(as_alice.get("/teams/trust/"))
    assert "Only 1 forecast has come due here so far: too few to say" in page
    assert "81%" not in page
    assert "Only 2 answers could be compared" in page
    assert "<svg width" not in page


def test_an_installation_without_any_says_who_fills_the_page(
    as_alice: Client, measured: Any
) -> None:
    measured([EMPTY], [EMPTY])
    page = text_of(as_alice.get("/teams/trust/"))
    assert "No forecast has come due here yet" in page
    assert "<code>manage.py noteforecasts</code>" in page
    assert "No answer could be compared" in page


def test_it_says_what_the_figures_cannot_know(as_alice: Client) -> None:
    assert "What the figures cannot know" in text_of(as_alice.get("/teams/trust/"))


def test_it_is_for_every_account_and_for_nobody_else(client: Client, as_charlie: Client) -> None:
    assert as_charlie.get("/teams/trust/").status_code == 200
    assert client.get("/teams/trust/").status_code == 302
    client.force_login(User.objects.create_guest())
    assert client.get("/teams/trust/").status_code == 302


@pytest.mark.parametrize(
    ("expected", "outcome", "words"),
    [
        (0.85, 0.81, "4 points too high"),
        (0.80, 0.81, "1 point too low"),
        (0.801, 0.8, "neither too high nor too low"),
    ],
)
def test_the_difference_in_words(expected: float, outcome: float, words: str) -> None:
    assert deviation([Case(0.8, 0.9, 40, expected, outcome)]) == words
    assert deviation([]) == ""


def test_the_difference_weighs_by_cases() -> None:
    assert deviation([Case(0, 1, 30, 0.8, 0.7), Case(0, 1, 10, 0.4, 0.5)]) == "5 points too high"


def test_weeks_are_taken_together_the_earlier_they_were() -> None:
    by_weeks = [
        WeeksAhead(0, 2, 0.1, 1.0),
        WeeksAhead(5, 30, 0.1, 0.5),
        WeeksAhead(8, 10, 0.3, 0.9),
        WeeksAhead(9, 1, 0.2, 0.0),
        WeeksAhead(500, 4, 0.2, 0.0),
    ]
    assert spans_of(by_weeks) == [
        ("In the last week", 2, 0.1, 1.0),
        ("5 to 8 weeks", 40, pytest.approx(0.15), pytest.approx(0.6)),
        ("9 to 12 weeks", 1, 0.2, 0.0),
        ("Longer", 4, 0.2, 0.0),
    ]


def test_bins_without_cases_are_left_out() -> None:
    assert cases_of([EMPTY, Bin(0.8, 0.9, 2, 0.85, 0.8)]) == [Case(0.8, 0.9, 2, 0.85, 0.8)]
