from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from quizapp.scheduling.models import DayTally
from quizapp.teams.models import User
from tests.factories import QuestionFactory, UserFactory
from tests.scheduling.studying import DAY, MORNING, answer

PASSWORD = "correct horse battery staple"
ADD = reverse("admin:quizapp_user_add")
ALICE = {
    "email": "Alice@Example.com",
    "name": "Alice",
    "timezone": "Europe/Berlin",
    "password1": PASSWORD,
    "password2": PASSWORD,
}

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_root(client: Client) -> Client:
    client.force_login(UserFactory(email="root@example.com", is_staff=True, is_superuser=True))
    return client


def errors(response: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = response.context["adminform"].form.errors
    return found


def fields_of(response: Any) -> dict[str, Any]:
    """What a browser would send back of the form that is shown."""
    form = response.context["adminform"].form
    values = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    return {name: value for name, value in values.items() if value not in (None, False)}


def test_an_administrator_adds_a_learner_who_can_sign_in(as_root: Client) -> None:
    assert as_root.get(ADD).status_code == 200
    as_root.post(ADD, ALICE)
    alice = User.objects.get(name="Alice")
    assert (alice.email, alice.timezone) == ("alice@example.com", "Europe/Berlin")
    assert (alice.is_guest, alice.is_staff) == (False, False)
    assert Client().login(username="alice@example.com", password=PASSWORD)


def test_an_administrator_changes_a_password(as_root: Client) -> None:
    as_root.post(ADD, ALICE)
    alice = User.objects.get(name="Alice")
    change = as_root.get(reverse("admin:quizapp_user_change", args=[alice.pk]))
    assert "../password/" in change.content.decode()
    url = reverse("admin:auth_user_password_change", args=[alice.pk])
    new = {"usable_password": "true", "password1": "another staple", "password2": "another staple"}
    as_root.post(url, new)
    assert Client().login(username=alice.email, password="another staple")


def test_a_users_other_fields_can_be_changed_and_the_password_stays(as_root: Client) -> None:
    as_root.post(ADD, ALICE)
    alice = User.objects.get(name="Alice")
    url = reverse("admin:quizapp_user_change", args=[alice.pk])
    sent = fields_of(as_root.get(url)) | {"new_per_day": 25}
    assert as_root.post(url, sent)["Location"] == reverse("admin:quizapp_user_changelist")
    alice.refresh_from_db()
    assert alice.new_per_day == 25
    assert alice.check_password(PASSWORD)


def test_guests_stay_guests_when_they_are_changed(as_root: Client) -> None:
    guest = User.objects.create_guest()
    url = reverse("admin:quizapp_user_change", args=[guest.pk])
    as_root.post(url, fields_of(as_root.get(url)) | {"name": "Somebody"})
    guest.refresh_from_db()
    assert (guest.name, guest.email, guest.is_guest) == ("Somebody", None, True)


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"email": ""}, "email", "This field is required."),
        ({"email": "ROOT@example.com"}, "email", "Somebody has an account with this address"),
        ({"email": "root@example.com"}, "email", "Somebody has an account with this address"),
        ({"timezone": "Middle/Earth"}, "timezone", "is not the name of a time zone"),
        ({"password1": "short", "password2": "short"}, "password2", "This password is too short"),
        ({"password2": "different"}, "password2", "didn’t match"),
    ],
)
def test_a_mistake_in_a_new_user_is_told(
    as_root: Client, change: dict[str, str], field: str, sentence: str
) -> None:
    response = as_root.post(ADD, ALICE | change)
    assert sentence in str(errors(response)[field])
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    "change", [{"email": ""}, {"is_guest": "on"}], ids=["no address", "a guest with an address"]
)
def test_everybody_has_an_address_but_guests(as_root: Client, change: dict[str, str]) -> None:
    as_root.post(ADD, ALICE)
    url = reverse("admin:quizapp_user_change", args=[User.objects.get(name="Alice").pk])
    response = as_root.post(url, fields_of(as_root.get(url)) | change)
    assert "A guest has no e-mail address" in str(errors(response)["email"])


def test_a_day_that_begins_elsewhere_moves_what_was_done_on_it(as_root: Client) -> None:
    alice = UserFactory(email="alice@example.com", timezone="UTC", rollover_hour=0)
    answer(alice, QuestionFactory(), now=MORNING.replace(hour=1))
    url = reverse("admin:quizapp_user_change", args=[alice.pk])
    fields = fields_of(as_root.get(url))
    joined = alice.date_joined
    fields |= {"rollover_hour": 4, "date_joined_0": joined.date(), "date_joined_1": joined.time()}
    assert as_root.post(url, fields).status_code == 302
    yesterday = (MORNING - DAY).date()
    assert list(DayTally.objects.of(alice).values_list("day", flat=True)) == [yesterday]
