from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from quizapp.progress.plots import trend_plot
from quizapp.progress.team.week_rows import SPANS, Week, weeks_of
from quizapp.scheduling.models import DayTally, ReadinessNote
from quizapp.teams.models import Assignment, Membership, Team, User
from tests.factories import QuestionFactory, TeamFactory
from tests.progress.team.onboarded import assign, join
from tests.scheduling.studying import MORNING
from tests.study.browsing import text_of

pytestmark = pytest.mark.django_db

TODAY = MORNING.date()
"""A Monday."""
DAY = timedelta(days=1)


def address(team: Team, **query: Any) -> str:
    words = "&".join(f"{key}={value}" for key, value in query.items())
    return f"/teams/{team.pk}/weeks/?{words}"


def tally(user: User, day: date, reviews: int = 10, known: int = 0, recalled: int = 0) -> None:
    DayTally.objects.create(
        user=user,
        day=day,
        reviews=reviews,
        known=known,
        recalled=recalled,
        duration_ms=reviews * 30_000,
    )


def note(assignment: Assignment, user: User, day: date, readiness: float, forecast: float) -> None:
    ReadinessNote.objects.create(
        assignment=assignment,
        user=user,
        noted_on=day,
        due_on=TODAY + 30 * DAY,
        readiness=readiness,
        forecast=forecast,
        forecast_low=forecast,
        forecast_high=forecast,
    )


def test_days_are_summed_by_the_week_that_they_belong_to(platform: Team) -> None:
    ann, ben = join(platform, "Ann", "Ben")
    tally(ann, TODAY, 4, known=3, recalled=2)
    tally(ann, TODAY - DAY, 6)  # Sunday
    tally(ann, TODAY - 7 * DAY, 8, known=20, recalled=15)  # the Monday before
    tally(ben, TODAY - 2 * DAY, 2)
    tally(ben, TODAY - 11 * 7 * DAY, 2)
    tally(ben, TODAY - 11 * 7 * DAY - DAY, 500)  # longer ago than is shown
    found = weeks_of(platform, None, TODAY, 12)
    assert [week.monday for week in found] == [
        TODAY - timedelta(weeks=back) for back in reversed(range(12))
    ]
    assert found[-1] == Week(TODAY, studied=1, reviews=4, known=3, recalled=2, minutes=2)
    assert found[-2] == Week(
        TODAY - 7 * DAY, studied=2, reviews=16, known=20, recalled=15, minutes=8
    )
    assert found[0].reviews == 2
    assert sum(week.reviews for week in found) == 22


def test_of_those_who_learn_in_the_team_now(platform: Team, dora: User) -> None:
    ann, ben = join(platform, "Ann", "Ben")
    (stranger,) = join(TeamFactory(), "Stranger")
    for user in (ann, ben, stranger, dora):
        tally(user, TODAY)
    Membership.objects.filter(user=ben).update(left_at=MORNING)
    assert weeks_of(platform, None, TODAY, 12)[-1].reviews == 10
    assign(
        platform,
        QuestionFactory().topic,
        membership=Membership.objects.get(team=platform, user=dora),
    )
    assert weeks_of(platform, None, TODAY, 12)[-1].reviews == 20


def test_notes_are_averaged_over_the_members_up_to_the_date(platform: Team) -> None:
    made = assign(platform, QuestionFactory().topic)
    other = assign(platform, QuestionFactory().topic)
    ann, ben, gone = join(platform, "Ann", "Ben", "Cyd")
    Membership.objects.filter(user=gone).update(left_at=MORNING)
    note(made, gone, TODAY - 7 * DAY, 1.0, 1.0)
    note(made, ann, TODAY - 7 * DAY, 0.2, 0.6)
    note(made, ben, TODAY - 6 * DAY, 0.4, 0.9)
    note(other, ann, TODAY - 7 * DAY, 1.0, 1.0)
    note(made, ann, TODAY, 0.5, 0.7)
    ReadinessNote.objects.filter(noted_on=TODAY).update(due_on=TODAY - DAY)
    found = weeks_of(platform, made, TODAY, 12)
    assert found[-2].noted == 2
    assert found[-2].readiness == pytest.approx(0.3)
    assert found[-2].forecast == pytest.approx(0.75)
    assert found[-1].noted == 0
    assert found[-1].readiness is None


def test_the_page_shows_plots_with_tables_beside_them(as_dora: Client, platform: Team) -> None:
    made = assign(platform, QuestionFactory().topic, target=0.8)
    (ann,) = join(platform, "Ann")
    tally(ann, TODAY - 7 * DAY, 40, known=40, recalled=30)
    tally(ann, TODAY, 2, known=2, recalled=2)
    note(made, ann, TODAY - 7 * DAY, 0.2, 0.6)
    page = text_of(as_dora.get(address(platform)))
    assert "the dashed line is the target of 80%" in page
    assert "<title>Week of 23 Feb: readiness 20%</title>" in page
    assert "<title>Week of 23 Feb: forecast 60%</title>" in page
    row = '23 February 2026</th> <td class="number">20%</td> <td class="number">60%</td>'
    assert row in page
    assert "<title>Week of 23 Feb: 20 minutes</title>" in page
    assert "21 minutes in 12 weeks" in page
    assert '75% <span class="quiet">of 40</span>' in page
    assert "2: too few to say" in page
    assert page.count('role="img"') == 2


def test_one_goes_further_back_when_asked(as_dora: Client, platform: Team) -> None:
    (ann,) = join(platform, "Ann")
    tally(ann, TODAY - 20 * 7 * DAY)
    assert "Nobody of the team has studied in these 12 weeks." in text_of(
        as_dora.get(address(platform))
    )
    page = text_of(as_dora.get(address(platform, weeks=26)))
    assert "5 minutes in 26 weeks" in page
    assert '<option value="26" selected>' in page
    assert "these 12 weeks" in text_of(as_dora.get(address(platform, weeks=99999)))


def test_an_empty_page_says_who_fills_it(as_dora: Client, platform: Team) -> None:
    join(platform, "Ann")
    page = text_of(as_dora.get(address(platform)))
    assert "Nothing is assigned to anybody yet" in page
    assert "Assign a track" in page
    assign(platform, QuestionFactory().topic)
    page = text_of(as_dora.get(address(platform)))
    assert "<code>manage.py noteforecasts</code>" in page
    assert "Nobody of the team has studied in these 12 weeks." in page


def test_many_members_take_as_many_queries_as_few(
    as_dora: Client, platform: Team, django_assert_num_queries: Any
) -> None:
    made = assign(platform, QuestionFactory().topic)
    for number in (1, 40):
        for user in join(platform, *(f"{number} {each}" for each in range(number))):
            tally(user, TODAY)
            note(made, user, TODAY, 0.5, 0.5)
        with django_assert_num_queries(6):
            as_dora.get(address(platform, weeks=26))


def test_members_and_strangers_have_no_such_page(
    client: Client, as_charlie: Client, platform: Team
) -> None:
    client.force_login(join(platform, "Ann")[0])
    assert client.get(address(platform)).status_code == 404
    assert as_charlie.get(address(platform)).status_code == 404


levels = st.lists(st.none() | st.floats(0, 1), min_size=1, max_size=max(SPANS))


@given(levels, st.floats(0.5, 0.95))
def test_a_trend_stays_within_the_plot_and_joins_all_its_dots(
    shares: list[float | None], target: float
) -> None:
    steps = [""] * len(shares)
    plot = trend_plot([("one", shares), ("other", shares)], steps, steps, target)
    for line in plot.lines:
        assert len(line.dots) == sum(share is not None for share in shares)
        assert len(line.joins) == max(0, len(line.dots) - 1)
        assert all(0 <= dot.y <= plot.height and 0 < dot.x < 100 for dot in line.dots)
    assert 0 <= plot.reference.y1 == plot.reference.y2 <= plot.height
