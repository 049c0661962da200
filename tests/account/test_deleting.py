from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import CHANGE, DELETION, LogEntry
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone

from quizapp.account.deleting import WAYS_IN, LastAdministratorError, delete
from quizapp.admin.looking import ReadOnlyAdmin
from quizapp.onboarding.members.parting import left_without_lead
from quizapp.scheduling.answers import StaleShowing
from quizapp.scheduling.models import Card, DayTally, Review
from quizapp.teams.addresses import vouch
from quizapp.teams.models import Membership, Team, User
from tests.account.people import PASSWORD, member
from tests.account.whole_person import live_fully
from tests.factories import MembershipFactory, QuestionFactory, TeamFactory, UserFactory
from tests.scheduling.studying import DAY, MORNING, answer
from tests.study.browsing import text_of

pytestmark = pytest.mark.django_db

GONE = "Your account and everything in it is gone."
URL = "/settings/delete/"


@pytest.fixture
def alice() -> User:
    return member("alice.lovelace@example.com", name="Alice Lovelace")


def exists(user: User) -> bool:
    return User.objects.filter(pk=user.pk).exists()


# The whole database


def every_cell() -> Iterator[tuple[str, str, str]]:
    """Table, column and value as text, of all that the database holds."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            columns = connection.introspection.get_table_description(cursor, table)
            names = [column.name for column in columns]
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            for row in cursor.fetchall():
                for name, value in zip(names, row, strict=True):
                    yield table, name, str(value)


def columns_of_users() -> set[tuple[str, str]]:
    """Every column that refers to a user, whatever model it belongs to."""
    found = {("django_admin_log", "object_id")}
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            if field.related_model is User:
                found.add((model._meta.db_table, field.column))
    return found


def traces(user: User, *markers: str) -> list[tuple[str, str, str]]:
    refers = columns_of_users()
    return [
        (table, name, value)
        for table, name, value in every_cell()
        if any(marker in value for marker in markers)
        or ((table, name) in refers and value == str(user.pk))
        or (table == "quizapp_user" and name == "id" and value == str(user.pk))
    ]


def sessions_of(user: User) -> list[str]:
    return [
        session.pk
        for session in Session.objects.all()
        if session.get_decoded().get("_auth_user_id") == str(user.pk)
    ]


def test_nothing_of_the_person_is_left_in_the_database(as_alice: Client, alice: User) -> None:
    root = UserFactory(name="Root", is_superuser=True)
    live_fully(alice, "alice wrote this", administrator=root)
    live_fully(root, "root wrote this", administrator=None)
    keys = sessions_of(alice)
    old = next(key for key in keys if key != as_alice.session.session_key)
    Session.objects.filter(pk=old).update(expire_date=timezone.now())
    markers = [
        "alice.lovelace",
        "Alice Lovelace",
        "alice wrote this",
        *keys,
    ]
    before = traces(alice, *markers)
    assert len({(table, name) for table, name, _ in before}) > 20
    of_root = len(traces(root, "root wrote this"))
    as_alice.post(URL, {"password": "guess"})

    response = as_alice.post(URL, {"password": PASSWORD}, follow=True)

    assert GONE in text_of(response)
    assert traces(alice, *markers) == []
    assert sessions_of(alice) == []
    # The administrator loses only what was logged about Alice, and by her about the administrator.
    assert len(traces(root, "root wrote this")) >= of_root - 4


def test_the_log_forgets_every_way_in_that_administrators_changed_or_removed(alice: User) -> None:
    root, bob = UserFactory(is_superuser=True), member("bob@example.com")
    live_fully(alice)
    vouch(bob)
    for model in (User, *WAYS_IN):
        rows = model._default_manager.filter(**{"pk" if model is User else "user": alice.pk})
        assert rows
        LogEntry.objects.log_actions(root.pk, rows, CHANGE)
    removed = EmailAddress(pk=99_999, email=alice.email)
    kept = EmailAddress.objects.get(user=bob)
    LogEntry.objects.log_actions(root.pk, [removed, kept], DELETION)
    delete(alice)
    assert [entry.object_repr for entry in LogEntry.objects.filter(user=root)] == [bob.email]


def test_the_log_has_no_other_rows_of_people() -> None:
    """Those of our own models beside them can only be looked at."""
    changeable = {
        model
        for model, its_admin in admin.site._registry.items()
        if not isinstance(its_admin, ReadOnlyAdmin)
        and any(field.related_model is User for field in model._meta.concrete_fields)
    }
    assert changeable == set(WAYS_IN)


def test_the_search_would_find_a_trace(alice: User) -> None:
    bob = UserFactory(name="Bob")
    answer(bob, QuestionFactory())
    found = {(table, name) for table, name, _ in traces(bob)}
    assert ("quizapp_review", "user_id") in found
    Review.objects.update(response={"text": "a marker"})
    assert ("quizapp_review", "response") in {cell[:2] for cell in traces(alice, "a marker")}


def test_others_keep_everything(as_alice: Client, alice: User) -> None:
    bob = UserFactory(name="Bob")
    question = QuestionFactory()
    answer(bob, question)
    answer(alice, question)
    as_alice.post(URL, {"password": PASSWORD})
    assert not exists(alice)
    assert exists(bob)
    for model in (Card, Review, DayTally):
        assert [row.user_id for row in model._default_manager.all()] == [bob.pk]


# The page


def test_it_says_what_goes_and_offers_the_export_first(as_alice: Client, alice: User) -> None:
    question = QuestionFactory()
    answer(alice, question)
    page = text_of(as_alice.get(URL))
    assert "1 answer, and what you have learned of 1 question" in page
    assert 0 < page.index("/settings/export.json") < page.index("Delete everything")
    assert "quiz" not in page.split("What goes")[1].split("Nobody can")[0]


def test_a_visitor_is_sent_home(client: Client) -> None:
    assert client.get(URL).headers["Location"] == "/"
    assert client.post(URL).headers["Location"] == "/"


def test_looking_deletes_nothing(as_alice: Client, alice: User) -> None:
    as_alice.get(URL)
    as_alice.get(URL, {"password": PASSWORD})
    assert exists(alice)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Give your password"),
        ({"password": "guess"}, "That is not your password."),
        ({"password": "", "sure": "on"}, "Give your password"),
        ({"email": "alice.lovelace@example.com", "sure": "on"}, "Give your password"),
    ],
)
def test_a_member_has_to_give_the_password(
    as_alice: Client, alice: User, fields: dict[str, str], sentence: str
) -> None:
    response = as_alice.post(URL, fields)
    assert (response.status_code, sentence in text_of(response)) == (422, True)
    assert exists(alice)
    assert as_alice.get("/settings/").status_code == 200


def test_the_password_cannot_be_guessed_for_long(as_alice: Client, alice: User) -> None:
    statuses = [as_alice.post(URL, {"password": "guess"}).status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]
    assert as_alice.post(URL, {"password": PASSWORD}).status_code == 429
    assert exists(alice)


def test_a_member_without_password_types_the_address(as_alice: Client, alice: User) -> None:
    alice.set_unusable_password()
    alice.save()
    as_alice.force_login(alice)
    assert 'type="password"' not in text_of(as_alice.get(URL))
    assert as_alice.post(URL, {"email": "bob@example.com"}).status_code == 422
    assert as_alice.post(URL, {"password": PASSWORD}).status_code == 422
    assert exists(alice)
    as_alice.post(URL, {"email": "Alice.Lovelace@Example.com"})
    assert not exists(alice)


def test_a_guest_ticks_a_box(client: Client) -> None:
    guest = User.objects.create_guest()
    answer(guest, QuestionFactory())
    client.force_login(guest)
    assert "your place as a guest in this browser" in text_of(client.get(URL))
    assert "Tick the box" in text_of(client.post(URL))
    assert GONE in text_of(client.post(URL, {"sure": "on"}, follow=True))
    assert not exists(guest)
    assert not Review.objects.exists()


def test_afterwards_nobody_is_signed_in_anywhere(as_alice: Client, alice: User) -> None:
    elsewhere = Client()
    elsewhere.force_login(alice)
    response = as_alice.post(URL, {"password": PASSWORD}, follow=True)
    assert not response.wsgi_request.user.is_authenticated
    assert elsewhere.get("/settings/").headers["Location"] == "/"
    assert not as_alice.session.get("_auth_user_id")


def test_a_second_submit_is_harmless(as_alice: Client, alice: User) -> None:
    as_alice.post(URL, {"password": PASSWORD})
    assert as_alice.post(URL, {"password": PASSWORD}).headers["Location"] == "/"
    delete(alice)
    assert not exists(alice)


def test_a_failure_on_the_way_leaves_everything(
    as_alice: Client, alice: User, monkeypatch: Any
) -> None:
    answer(alice, QuestionFactory())

    def fail(*_: Any) -> None:
        raise ArithmeticError

    monkeypatch.setattr(User.objects.all().__class__, "delete", fail)
    with pytest.raises(ArithmeticError):
        delete(alice)
    assert Review.objects.of(alice).count() == Card.objects.of(alice).count() == 1
    assert as_alice.get(URL).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_answers_in_another_tab_are_not_in_the_way() -> None:
    questions = QuestionFactory.create_batch(4)

    def study(alice: User) -> None:
        for question in questions:
            answer(alice, question, now=MORNING + DAY)

    def in_a_thread(act: Callable[[User], None], alice: User) -> None:
        try:
            act(User(pk=alice.pk))
        except StaleShowing:  # the cards are gone
            pass
        finally:
            connection.close()

    for _ in range(3):
        alice = UserFactory()
        for question in questions:
            answer(alice, question)
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(in_a_thread, (study, delete), (alice, alice)))
        assert not exists(alice)
        assert not Review.objects.exists()


# Teams


def be_in(team: Team, *, role: str = "member", name: str = "", **fields: Any) -> Membership:
    membership: Membership = MembershipFactory(
        team=team, user=UserFactory(name=name, **fields), role=role
    )
    return membership


def test_the_only_lead_of_others_is_told_and_may_go_all_the_same(
    as_alice: Client, alice: User
) -> None:
    platform, storage, shared, joined, own = (
        TeamFactory(name=name) for name in ("Platform", "<b>Storage", "Shared", "Joined", "Own")
    )
    for team in (platform, storage, shared, own):
        MembershipFactory(team=team, user=alice, role="lead")
    MembershipFactory(team=joined, user=alice)
    for team in (platform, platform, storage):
        be_in(team)
    be_in(platform, role="lead", is_active=False)
    Membership.objects.filter(pk=be_in(storage, role="lead").pk).update(left_at=timezone.now())
    be_in(shared, role="lead")
    be_in(joined)
    page = text_of(as_alice.get(URL))
    link = f'<a href="/teams/{platform.pk}/members/">Platform</a>'
    assert f"{link} has no other lead. Hand it over first, or its members are without one." in page
    assert "&lt;b&gt;Storage</a> has no other lead. Hand it over first, or its member is" in page
    assert page.count("has no other lead") == 2
    as_alice.post(URL, {"password": PASSWORD})
    assert not exists(alice)
    archived = Team.objects.exclude(archived_at=None)
    assert [team.name for team in archived] == ["Own"]


def test_who_leads_nobody_reads_nothing_of_teams(as_alice: Client, alice: User) -> None:
    MembershipFactory(user=alice, role="lead")
    archived = TeamFactory(archived_at=timezone.now())
    MembershipFactory(team=archived, user=alice, role="lead")
    be_in(archived)
    page = text_of(as_alice.get(URL))
    assert "has no other lead" not in page
    assert "Teams without you" not in page


def test_many_teams_take_as_many_queries_as_one(
    as_alice: Client, alice: User, django_assert_num_queries: Any
) -> None:
    for queries in (1, 5):
        for _ in range(queries):
            be_in(MembershipFactory(user=alice, role="lead").team)
        with django_assert_num_queries(1):
            assert left_without_lead(alice)


def test_a_team_stays_open_where_its_last_person_may_not_go(alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(is_superuser=True)
    team = MembershipFactory(user=alice, role="lead").team
    with pytest.raises(LastAdministratorError):
        delete(alice)
    team.refresh_from_db()
    assert team.archived_at is None


@pytest.mark.django_db(transaction=True)
def test_of_two_who_go_at_once_the_second_leaves_no_open_team() -> None:
    team = TeamFactory()
    people = [MembershipFactory(team=team, role="lead").user for _ in range(2)]

    def go(user: User) -> None:
        try:
            delete(user)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(go, people))
    team.refresh_from_db()
    assert team.archived_at is not None
    assert not Membership.objects.exists()


# Administrators


def test_the_last_administrator_is_told_what_to_do_instead(as_alice: Client, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(is_superuser=True, is_staff=True)
    UserFactory(is_superuser=True, is_active=False)
    page = text_of(as_alice.get(URL))
    assert "You are the only administrator" in page
    assert "Delete everything" not in page
    page = text_of(as_alice.post(URL, {"password": PASSWORD}))
    assert "You are the only administrator" in page
    with pytest.raises(LastAdministratorError):
        delete(alice)
    assert exists(alice)


def test_one_of_two_administrators_may_go(as_alice: Client, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(is_superuser=True, is_staff=True)
    UserFactory(is_superuser=True)
    as_alice.post(URL, {"password": PASSWORD})
    assert not exists(alice)


@pytest.mark.django_db(transaction=True)
def test_of_two_administrators_who_leave_at_once_one_stays() -> None:
    roots = [UserFactory(is_superuser=True) for _ in range(2)]

    def leave(user: User) -> str:
        try:
            delete(user)
        except LastAdministratorError:
            return "stays"
        finally:
            connection.close()
        return "left"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(leave, roots)) == ["left", "stays"]
    assert User.objects.filter(is_superuser=True).count() == 1
