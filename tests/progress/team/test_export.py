"""The lead's page as files: for spreadsheets, and for programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from quizapp.progress.team.exporting import COLUMNS
from quizapp.teams.models import Absence, Membership, Team, User
from tests.progress.team.people import AT_RISK, NOW, OVERDUE, READY, assignment_of, member_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Members stand as the tests say, as if they had just been counted."""
    monkeypatch.setattr("quizapp.progress.team.members.refresh", lambda *_: 0)
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def three(platform: Team) -> Team:
    assignment_of(platform)
    member_of(platform, "Alice", last_answer_at=None)
    member_of(platform, "Bob", **AT_RISK)
    member_of(platform, "Carol", **READY)
    return platform


def csv_of(client: Client, team: Team, query: str = "") -> list[dict[str, str]]:
    response = client.get(reverse("team-csv", args=[team.pk]) + query)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    text = response.content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def json_of(client: Client, team: Team, query: str = "") -> Any:
    response = client.get(reverse("team-json", args=[team.pk]) + query)
    assert response["Content-Type"] == "application/json"
    return json.loads(response.content)


def test_the_csv_has_plain_numbers_and_iso_dates(as_dora: Client, three: Team) -> None:
    rows = csv_of(as_dora, three)
    assert tuple(rows[0]) == COLUMNS
    assert [row["name"] for row in rows] == ["Bob", "Alice", "Carol"]
    assert rows[0] | {"counted_at": ""} == {
        "name": "Bob",
        "status": "at-risk",
        "reason": "Needs 14 minutes a day; the limit is 10.",
        "due_on": "2026-03-12",
        "target": "0.85",
        "readiness": "0.31",
        "readiness_low": "0.64",
        "readiness_high": "0.79",
        "forecast": "0.55",
        "forecast_low": "0.4",
        "forecast_high": "0.66",
        "answers": "143",
        "met": "140",
        "total": "221",
        "minutes_this_week": "4",
        "minutes_needed": "8.0",
        "last_answer_at": "2026-03-02T14:05:00+00:00",
        "counted_at": "",
        "leave_from": "",
        "leave_until": "",
    }
    assert rows[1]["last_answer_at"] == ""


def test_spreadsheets_know_the_file_for_utf_8(as_dora: Client, three: Team) -> None:
    member_of(three, "Élodie")
    content = as_dora.get(reverse("team-csv", args=[three.pk])).content
    assert content.startswith(b'\xef\xbb\xbf"name","status",')
    assert "Élodie".encode() in content


@pytest.mark.parametrize(
    "name",
    [
        '=HYPERLINK("https://evil.example","Alice")',
        "+1",
        "-1",
        "@SUM(A1)",
        "\tx",
        "\r=1",
        "  =1+1",
        "\uff1d1+1",
        "'=1+1",
    ],
)
def test_no_name_is_a_formula(as_dora: Client, three: Team, name: str) -> None:
    member_of(three, name)
    assert f"'{name}" in [row["name"] for row in csv_of(as_dora, three)]


def test_no_part_of_a_name_is_a_formula_where_semicolons_divide(
    as_dora: Client, three: Team
) -> None:
    """As they do in a spreadsheet of somebody whose decimals have a comma."""
    member_of(three, "A;=1+1;")
    text = as_dora.get(reverse("team-csv", args=[three.pk])).content.decode("utf-8-sig")
    assert "A;=1+1;" in text
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    assert not any(cell.startswith("=") for row in rows for cell in row)


def test_nothing_is_forecast_for_a_date_that_is_over(as_dora: Client, platform: Team) -> None:
    assignment_of(platform, due_on=date(2026, 3, 1))
    member_of(platform, "Alice", **OVERDUE)
    (row,) = csv_of(as_dora, platform)
    assert (row["readiness"], row["forecast"], row["forecast_low"]) == ("0.4", "", "")
    assert json_of(as_dora, platform)["members"][0]["forecast_high"] is None


def test_the_files_have_the_rows_that_the_page_has(as_dora: Client, three: Team) -> None:
    query = "?status=at-risk&text=bob"
    assert [row["name"] for row in csv_of(as_dora, three, query)] == ["Bob"]
    found = json_of(as_dora, three, query)
    assert [row["name"] for row in found["members"]] == ["Bob"]
    assert found["filter"] == {"text": "bob", "status": "at-risk"}
    assert [row["name"] for row in csv_of(as_dora, three, "?sort=-name")] == [
        "Carol",
        "Bob",
        "Alice",
    ]


def test_the_files_have_all_pages(as_dora: Client, three: Team) -> None:
    for number in range(27):
        member_of(three, f"Member {number}")
    assert len(csv_of(as_dora, three, "?page=2")) == 30
    assert len(json_of(as_dora, three)["members"]) == 30


def test_the_json_says_what_its_figures_mean(as_dora: Client, three: Team) -> None:
    found = json_of(as_dora, three)
    assert found["team"] == "Platform"
    assert found["generated_at"] == "2026-03-02T14:05:00+00:00"
    assert "not met yet count as not known" in found["definitions"]["readiness"]
    assert "the last two weeks" in found["definitions"]["forecast"]
    assert found["assignment"]["target"] == 0.85
    assert found["assignment"]["due_on"] == "2026-03-12"
    alice = found["members"][1]
    assert tuple(alice) == COLUMNS
    assert alice["readiness"] == 0.72
    assert alice["last_answer_at"] is None


def test_leave_and_those_without_an_assignment_are_in_the_files(
    as_dora: Client, platform: Team
) -> None:
    alice = member_of(platform, "Alice")
    Absence.objects.create(
        membership=Membership.objects.get(user=alice),
        first_day=date(2026, 3, 1),
        last_day=date(2026, 3, 6),
    )
    (row,) = csv_of(as_dora, platform)
    assert (row["status"], row["readiness"], row["met"]) == ("none", "", "")
    assert (row["leave_from"], row["leave_until"]) == ("2026-03-01", "2026-03-06")
    found = json_of(as_dora, platform)
    assert found["assignment"] is None
    assert found["members"][0]["readiness"] is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Platform", "quizapp-platform-2026-03-02.csv"),
        ('Rock "n" Roll; x=1\r\nSet-Cookie: a', "quizapp-rock-n-roll-x1-set-cookie-a-2026-03-02"),
        ("平台", "quizapp-team-"),
    ],
)
def test_the_file_is_named_for_the_team_and_the_day(
    as_dora: Client, dora: Any, three: Team, name: str, expected: str
) -> None:
    Team.objects.filter(pk=three.pk).update(name=name)
    header = as_dora.get(reverse("team-csv", args=[three.pk]))["Content-Disposition"]
    assert header.startswith(f'attachment; filename="{expected}')
    assert header.endswith('2026-03-02.csv"')


def test_the_day_in_the_name_of_a_file_is_that_of_the_lead(
    as_dora: Client, dora: User, three: Team
) -> None:
    User.objects.filter(pk=dora.pk).update(timezone="Pacific/Kiritimati")  # 04:05 on 3 March
    for name in ("team-csv", "team-json"):
        header = as_dora.get(reverse(name, args=[three.pk]))["Content-Disposition"]
        assert "quizapp-platform-2026-03-03." in header


def test_there_are_as_many_queries_for_few_rows_as_for_many(as_dora: Client, three: Team) -> None:
    def number() -> int:
        with CaptureQueriesContext(connection) as captured:
            csv_of(as_dora, three)
        return len(captured)

    few = number()
    for each in range(27):
        member_of(three, f"Member {each}")
    assert number() == few


def test_an_empty_team_has_an_empty_file(as_dora: Client, platform: Team) -> None:
    assert csv_of(as_dora, platform) == []
    assert json_of(as_dora, platform)["members"] == []
