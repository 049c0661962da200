from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client

from quizapp.account.settings_form import SettingsForm
from quizapp.scheduling import tallies
from quizapp.scheduling.answers import StaleShowing
from quizapp.scheduling.models import DayTally
from quizapp.teams.models import User
from tests.factories import QuestionFactory, UserFactory
from tests.scheduling.studying import MORNING, answer, learn
from tests.study.browsing import text_of

pytestmark = pytest.mark.django_db

FIELDS = {
    "name": "Alice",
    "timezone": "Europe/Berlin",
    "rollover_hour": "5",
    "new_per_day": "7",
    "minutes_per_day": "20",
    "easy_days": ["5", "6"],
    "retention": "87",
}
HTMX = {"HTTP_HX_REQUEST": "true"}


def save(client: Client, **change: Any) -> Any:
    fields = {key: value for key, value in {**FIELDS, **change}.items() if value is not None}
    return client.post("/settings/", fields)


def test_a_visitor_is_sent_home(client: Client) -> None:
    for address in ("/settings/", "/settings/cost/"):
        assert client.get(address).headers["Location"] == "/"


def test_the_form_shows_what_is_set(as_alice: Client, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(
        timezone="Asia/Tokyo",
        rollover_hour=3,
        new_per_day=12,
        minutes_per_day=25,
        easy_days=[6],
        desired_retention=0.85,
    )
    page = text_of(as_alice.get("/settings/"))
    assert '<option value="Asia/Tokyo" selected>Tokyo</option>' in page
    assert page.count(" selected>") == 2
    assert '<option value="3" selected>03:00</option>' in page
    assert 'name="new_per_day" value="12"' in page
    assert 'name="minutes_per_day" value="25"' in page
    assert 'name="retention" value="85"' in page
    assert re.findall(r'name="easy_days" value="(\d)"[^>]* checked', page) == ["6"]


def test_settings_are_saved_and_said_to_be(as_alice: Client, alice: User) -> None:
    response = save(as_alice)
    assert (response.status_code, response.headers["Location"]) == (302, "/settings/")
    assert "Your settings are saved." in text_of(as_alice.get("/settings/"))
    assert "Your settings are saved." not in text_of(as_alice.get("/settings/"))
    alice.refresh_from_db()
    assert alice.name == "Alice"
    assert alice.timezone == "Europe/Berlin"
    assert alice.rollover_hour == 5
    assert alice.new_per_day == 7
    assert alice.minutes_per_day == 20
    assert alice.easy_days == [5, 6]
    assert alice.desired_retention == 0.87


def test_what_is_left_empty_means_no_limit_and_no_easy_day(as_alice: Client, alice: User) -> None:
    save(as_alice, name="", minutes_per_day="", easy_days=None)
    alice.refresh_from_db()
    assert (alice.name, alice.minutes_per_day, alice.easy_days) == ("", None, [])


def test_saving_touches_nothing_else(as_alice: Client, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(reviews_per_day=33, memory_parameters={"version": 6})
    before = User.objects.filter(pk=alice.pk).values().get()
    save(as_alice, email="root@example.com", is_staff="on", is_superuser="on")
    after = User.objects.filter(pk=alice.pk).values().get()
    assert {name for name in after if after[name] != before[name]} == {
        "timezone",
        "rollover_hour",
        "new_per_day",
        "minutes_per_day",
        "easy_days",
        "desired_retention",
    }


def test_a_guest_has_settings_too(client: Client) -> None:
    guest = User.objects.create_guest()
    client.force_login(guest)
    assert client.get("/settings/").status_code == 200
    save(client, name="")
    guest.refresh_from_db()
    assert guest.timezone == "Europe/Berlin"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": "x" * 151}, "Give a name of 150 letters or fewer."),
        ({"timezone": "Middle/Earth"}, "is not the name of a time zone"),
        ({"rollover_hour": "24"}, "Choose an hour from the list."),
        ({"new_per_day": ""}, "How many new questions a day?"),
        ({"new_per_day": "-1"}, "give 0 or more"),
        ({"new_per_day": "101"}, "Give 100 or less"),
        ({"new_per_day": "ten"}, "Give a whole number."),
        ({"minutes_per_day": "0"}, "Give 1 or more"),
        ({"minutes_per_day": "601"}, "Give 600 or less"),
        ({"minutes_per_day": "1.5"}, "Give a whole number, or nothing"),
        ({"easy_days": list("0123456")}, "Leave at least one day as it is"),
        ({"easy_days": ["7"]}, "Choose days of the week."),
        ({"retention": "69"}, "Give a whole number from 70 to 97."),
        ({"retention": "98"}, "Give a whole number from 70 to 97."),
        ({"retention": ""}, "Give a whole number from 70 to 97."),
    ],
)
def test_a_mistake_is_told_next_to_its_field_and_nothing_is_saved(
    as_alice: Client, alice: User, change: dict[str, Any], sentence: str
) -> None:
    before = User.objects.filter(pk=alice.pk).values().get()
    response = save(as_alice, **change)
    assert response.status_code == 422
    page = text_of(response)
    (name,) = change
    assert "Nothing is saved yet" in page
    assert f'id="id_{name}_error"' in page
    assert sentence in page
    assert User.objects.filter(pk=alice.pk).values().get() == before


def test_a_zone_that_is_not_listed_stays_selected(as_alice: Client, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(timezone="Etc/GMT+3")
    page = text_of(as_alice.get("/settings/"))
    assert '<option value="Etc/GMT+3" selected>' in page
    save(as_alice, timezone="Etc/GMT+3")
    alice.refresh_from_db()
    assert alice.timezone == "Etc/GMT+3"


def test_a_name_is_never_markup(as_alice: Client) -> None:
    save(as_alice, name='"><b>Alice</b>', timezone='"><b>Zone</b>')
    page = text_of(save(as_alice, name='"><b>Alice</b>', timezone='"><b>Zone</b>'))
    assert "<b>" not in page
    assert "&lt;b&gt;Alice" in page


def test_days_are_added_up_anew_where_they_begin_elsewhere(
    as_alice: Client, alice: User, charlie: User
) -> None:
    """At 22:00 in UTC it is the next morning in Tokyo."""
    question = QuestionFactory()
    late = MORNING + timedelta(hours=13)
    answer(alice, question, now=late)
    answer(charlie, question, now=late)
    assert [tally.day for tally in DayTally.objects.of(alice)] == [date(2026, 3, 2)]
    save(as_alice, timezone="Asia/Tokyo", rollover_hour="4")
    assert [tally.day for tally in DayTally.objects.of(alice)] == [date(2026, 3, 3)]
    save(as_alice, timezone="Asia/Tokyo", rollover_hour="8")
    assert [tally.day for tally in DayTally.objects.of(alice)] == [date(2026, 3, 2)]
    assert [tally.day for tally in DayTally.objects.of(charlie)] == [date(2026, 3, 2)]


def test_reviews_keep_their_dates_where_days_begin_elsewhere(as_alice: Client, alice: User) -> None:
    """Four in the morning in UTC is one in the afternoon in Tokyo."""
    card = learn(alice, QuestionFactory())
    due = card.due
    assert due.hour == 4
    save(as_alice, timezone="Asia/Tokyo", rollover_hour="4")
    card.refresh_from_db()
    assert card.due == due.replace(tzinfo=ZoneInfo("Asia/Tokyo"))


@pytest.mark.django_db(transaction=True)
def test_who_moves_while_answering_is_not_stuck() -> None:
    alice = UserFactory()
    questions = QuestionFactory.create_batch(8)
    for question in questions:
        learn(alice, question, MORNING - timedelta(days=100))

    def move() -> None:
        for zone in ("Asia/Tokyo", "UTC", "Asia/Tokyo"):
            form = SettingsForm.of(alice, FIELDS | {"timezone": zone})
            assert form.is_valid()
            form.save(alice)

    def study() -> None:
        for question in questions:
            answer(User.objects.get(pk=alice.pk), question)

    def in_a_thread(act: Callable[[], None]) -> None:
        try:
            act()
        except StaleShowing:  # no more than an answer to be given again
            pass
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(in_a_thread, (move, study)))
    assert User.objects.get().timezone == "Asia/Tokyo"


def test_where_the_days_cannot_be_added_up_nothing_is_saved(
    as_alice: Client, alice: User, monkeypatch: Any
) -> None:
    """Saved without them, a second try would find the days where they are, and the sums wrong."""
    before = User.objects.values().get(pk=alice.pk)

    def fail(*_: Any) -> None:
        raise ArithmeticError

    monkeypatch.setattr(tallies, "rebuild", fail)
    with pytest.raises(ArithmeticError):
        save(as_alice)
    assert User.objects.values().get(pk=alice.pk) == before


@pytest.mark.parametrize("number", [0, 1, 40])
def test_the_page_takes_a_fixed_number_of_queries(
    as_alice: Client, alice: User, number: int, django_assert_num_queries: Any
) -> None:
    for question in QuestionFactory.create_batch(number):
        learn(alice, question)
    as_alice.get("/settings/")
    with django_assert_num_queries(7):
        as_alice.get("/settings/")


# The cost


def cost(client: Client, **fields: Any) -> str:
    asked = {"retention": "90", "new_per_day": "10", **fields}
    return text_of(client.get("/settings/cost/", asked, **HTMX))


def minutes(page: str) -> int:
    words = page.split("about ")[1].split(" ")
    return int(words[0])


def test_the_page_says_what_the_settings_cost(as_alice: Client) -> None:
    QuestionFactory.create_batch(30)
    page = text_of(as_alice.get("/settings/"))
    assert "<strong>At 90%:</strong>" in page
    assert "with typical habits, as you have not answered anything yet" in page
    assert "30 new ones" in page
    assert "What other values cost" not in page


def test_without_questions_nothing_costs_anything(as_alice: Client) -> None:
    assert "There are no questions yet" in cost(as_alice)


def test_more_retention_and_more_new_questions_cost_more(as_alice: Client) -> None:
    QuestionFactory.create_batch(300)
    usual = minutes(cost(as_alice))
    assert minutes(cost(as_alice, retention="97")) > usual > minutes(cost(as_alice, retention="70"))
    assert minutes(cost(as_alice, new_per_day="20")) > usual
    assert "Without new questions there is nothing to learn" in cost(as_alice, new_per_day="0")


def test_it_says_what_it_rests_on(as_alice: Client, alice: User) -> None:
    questions = QuestionFactory.create_batch(100)
    answer(alice, questions[0])
    page = cost(as_alice)
    assert "from the 1 question that you are learning and 99 new ones" in page
    assert "mostly with typical habits: you have given 1 answer so far" in page
    for question in questions[1:]:
        answer(alice, question)
    page = cost(as_alice)
    assert "from the 100 questions that you are learning and 0 new ones" in page
    assert "with your habits in your latest 100 answers and your pace of" in page


def test_asking_for_the_cost_changes_nothing(as_alice: Client, alice: User) -> None:
    before = User.objects.filter(pk=alice.pk).values().get()
    cost(as_alice, retention="75", new_per_day="3")
    as_alice.post("/settings/", {**FIELDS, "action": "compare"})
    assert User.objects.filter(pk=alice.pk).values().get() == before


def test_other_values_are_compared_when_asked_for(as_alice: Client) -> None:
    assert "<table" not in cost(as_alice, compared="1")
    QuestionFactory.create_batch(30)
    assert "<table" not in cost(as_alice)
    page = cost(as_alice, compared="1")
    assert re.findall(r'<th scope="row">(\d+)%</th>', page) == ["80", "85", "90", "95"]


def test_without_script_the_costs_come_with_the_form_as_it_was_filled_in(as_alice: Client) -> None:
    QuestionFactory.create_batch(3)
    response = as_alice.post("/settings/", {**FIELDS, "action": "compare"})
    page = text_of(response)
    assert response.status_code == 200
    assert "<strong>At 87%:</strong>" in page
    assert "What other values cost" in page
    assert 'name="new_per_day" value="7"' in page


@pytest.mark.parametrize(
    "fields", [{"retention": ""}, {"retention": "101"}, {"new_per_day": "x"}, {"retention": "nan"}]
)
def test_while_a_value_makes_no_sense_no_cost_is_shown(
    as_alice: Client, fields: dict[str, str]
) -> None:
    page = cost(as_alice, **fields)
    assert "Give a retention from 70 to 97%" in page


def test_the_cost_by_itself_is_no_page(as_alice: Client) -> None:
    response = as_alice.get("/settings/cost/?retention=90&new_per_day=10")
    assert response.headers["Location"] == "/settings/"


def test_nobody_sees_the_cards_of_others(as_alice: Client, charlie: User) -> None:
    question = QuestionFactory()
    learn(charlie, question)
    assert "easy days, from 1 new one" in cost(as_alice)
