from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from quizapp.authoring.models import Draft, ItemStatistics
from quizapp.content import history
from quizapp.content.models import Question, Track
from quizapp.scheduling.flags import flag, settle
from quizapp.scheduling.models import Card, DayTally, MemoryFit, Review
from quizapp.study.models import Quiz, Reading
from quizapp.teams.models import User
from quizapp.web.access import EDIT
from tests.account.whole_person import be_in_a_team
from tests.factories import (
    ChapterFactory,
    ConfusableFactory,
    FactFactory,
    QuestionFactory,
    UserFactory,
)
from tests.scheduling.studying import DAY, MORNING, answer, learn
from tests.study.browsing import text_of

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


def test_a_day_that_begins_elsewhere_moves_what_was_done_on_it_and_what_is_due(
    as_root: Client,
) -> None:
    alice = UserFactory(email="alice@example.com", timezone="UTC", rollover_hour=0)
    card = learn(alice, QuestionFactory(), now=MORNING.replace(hour=1))
    due = card.due
    url = reverse("admin:quizapp_user_change", args=[alice.pk])
    fields = fields_of(as_root.get(url))
    joined = alice.date_joined
    fields |= {"rollover_hour": 4, "date_joined_0": joined.date(), "date_joined_1": joined.time()}
    assert as_root.post(url, fields).status_code == 302
    yesterday = (MORNING - DAY).date()
    assert list(DayTally.objects.of(alice).values_list("day", flat=True)) == [yesterday]
    card.refresh_from_db()
    assert card.due == due.replace(hour=4)


# The lists


def leave_rows(number: int) -> None:
    """Rows of everything, each of a learner, a question, a topic of its own."""
    for _ in range(number):
        user, question = UserFactory(name="Some Body"), QuestionFactory()
        fact = FactFactory(extends=FactFactory())
        user.groups.add(Group.objects.get(name="Editors"))
        be_in_a_team(user)
        answer(user, question)
        flag(user, question, "typo", "A comment.", MORNING)
        settle(question, "answered", "A reply.", user, MORNING)
        ConfusableFactory(facts=[fact])
        chapter = ChapterFactory()
        Reading.objects.create(user=user, chapter=chapter)
        Track.objects.create(slug=f"role-{user.pk}", title="Track")
        change = history.Change(user.pk, MORNING, history.Act.EDITED)
        change.revision("question", question.slug, {"stem": "Why?"}).save()
        Draft.objects.create(slug=question.slug, source={}, by=user)
        ItemStatistics.objects.create(question=question, version=1, counted_at=MORNING)
        Quiz.objects.create(user=user, title="Quiz", share_key=f"{user.pk:043}")
        MemoryFit.objects.create(
            user=user,
            reviews=1,
            parameters=[1.0],
            is_adopted=False,
            log_loss=1,
            log_loss_before=1,
            log_loss_constant=1,
            log_loss_moving_average=1,
        )


OURS = sorted(
    model._meta.model_name or ""
    for model in admin.site._registry
    if model._meta.app_label == "quizapp"
)
NOT_LISTED = {
    "chapterfact": "shown by its chapter",
    "chapterquestion": "shown by its chapter",
    "confusablefact": "shown by its confusable",
    "questionfact": "shown by its question",
    "questiontext": "shown by its question",
    "quizquestion": "shown by its quiz",
    "setuplink": "a secret",
    "tracktopic": "shown by its track",
}


def address(name: str, page: str = "changelist", *args: int) -> str:
    return reverse(f"admin:quizapp_{name}_{page}", args=args)


def test_every_table_can_be_looked_at_or_is_left_out_for_a_reason() -> None:
    names = {model._meta.model_name for model in apps.get_app_config("quizapp").get_models()}
    assert names - set(OURS) <= set(NOT_LISTED)


def queries_of_lists(client: Client) -> dict[str, int]:
    queries = {}
    for name in OURS:
        client.get(address(name))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address(name)).status_code == 200
        queries[name] = len(captured)
    return queries


def test_each_list_takes_the_same_queries_for_few_rows_and_many(as_root: Client) -> None:
    leave_rows(2)
    few = queries_of_lists(as_root)
    leave_rows(4)
    assert queries_of_lists(as_root) == few
    assert max(few.values()) <= 8
    for name in OURS:
        assert len(as_root.get(address(name)).context["cl"].result_list) >= 6, name


@pytest.mark.parametrize("words", ["body", "question-1", "learner1@example.com", "\0", "%", "'"])
def test_every_list_can_be_searched(as_root: Client, words: str) -> None:
    leave_rows(1)
    for name in OURS:
        assert as_root.get(address(name), {"q": words}).status_code in (200, 302), name


@pytest.mark.parametrize("name", ["team", "question", "review"])
def test_no_search_is_too_long(as_root: Client, name: str) -> None:
    """In one field, in two, and in three, the most that a list is searched in."""
    leave_rows(1)
    assert as_root.get(address(name), {"q": "a " * 400}).status_code in (200, 302)


def test_what_is_not_a_person_can_only_be_looked_at(as_root: Client) -> None:
    leave_rows(1)
    for name in OURS:
        if name == "user":
            continue
        model = apps.get_model("quizapp", name)
        pk = model._default_manager.order_by("pk").values_list("pk", flat=True)[0]
        assert as_root.get(address(name, "change", pk)).status_code == 200, name
        for url in (
            address(name, "add"),
            address(name, "change", pk),
            address(name, "delete", pk),
        ):
            assert as_root.post(url, {"slug": "changed", "post": "yes"}).status_code == 403, url
        assert model._default_manager.filter(pk=pk).exists(), name


def test_none_of_it_is_there_for_others(client: Client, eve: User) -> None:
    for user, status in ((UserFactory(), 302), (eve, 302), (UserFactory(is_staff=True), 403)):
        client.force_login(user)
        for name in OURS:
            assert client.get(address(name)).status_code == status, f"{user} {name}"


def test_responses_and_keys_stay_out_of_sight(as_root: Client) -> None:
    leave_rows(1)
    Review.objects.update(response={"text": "what was said"})
    draft, quiz = Draft.objects.get(), Quiz.objects.get()
    for name, pk, secret in (
        ("review", Review.objects.get().pk, "what was said"),
        ("draft", draft.pk, draft.preview_key),
        ("quiz", quiz.pk, quiz.share_key),
    ):
        assert secret not in text_of(as_root.get(address(name)))
        assert secret not in text_of(as_root.get(address(name, "change", pk)))


def test_content_leads_to_the_editors_page(as_root: Client) -> None:
    question: Question = QuestionFactory(slug="what-is-a-pod")
    link = f'href="{reverse("edit-question", args=["what-is-a-pod"])}"'
    assert link in text_of(as_root.get(address("question")))
    assert link in text_of(as_root.get(address("question", "change", question.pk)))


def test_a_flag_leads_to_the_inbox(as_root: Client) -> None:
    question = QuestionFactory(slug="what-is-a-pod")
    flag(UserFactory(), question, "typo", "", MORNING)
    link = f'href="{reverse("edit-flags")}?state=open&amp;question=what-is-a-pod"'
    assert link in text_of(as_root.get(address("flag")))


# Rights


def choose(client: Client, action: str, *users: User, **more: str) -> Any:
    fields = {"action": action, "_selected_action": [user.pk for user in users]}
    return client.post(address("user"), fields | more, follow=True)


def test_an_administrator_makes_editors_and_takes_it_back(as_root: Client, alice: User) -> None:
    response = choose(as_root, "make_editors", alice)
    assert "1 person may edit now." in text_of(response)
    assert User.objects.get(pk=alice.pk).has_perm(EDIT)
    assert LogEntry.objects.get(object_id=str(alice.pk)).change_message == "1 person may edit now."
    response = choose(as_root, "stop_editing", alice)
    assert "1 person is not in the group Editors any more." in text_of(response)
    assert not User.objects.get(pk=alice.pk).has_perm(EDIT)


def test_guests_are_not_made_editors(as_root: Client) -> None:
    guest = User.objects.create_guest()
    assert "0 people may edit now." in text_of(choose(as_root, "make_editors", guest))
    assert not User.objects.get(pk=guest.pk).has_perm(EDIT)


def test_people_who_may_only_look_change_no_rights(client: Client, alice: User) -> None:
    staff = UserFactory(is_staff=True)
    staff.user_permissions.add(Permission.objects.get(codename="view_user"))
    client.force_login(staff)
    assert client.get(address("user")).status_code == 200
    choose(client, "make_editors", alice)
    assert not User.objects.get(pk=alice.pk).has_perm(EDIT)


# Deleting people


def by_action(client: Client, user: User) -> None:
    choose(client, "delete_selected", user, post="yes")


def by_page(client: Client, user: User) -> None:
    client.post(address("user", "delete", user.pk), {"post": "yes"})


@pytest.mark.parametrize("delete", [by_action, by_page])
def test_a_person_is_deleted_with_everything(
    as_root: Client, alice: User, delete: Callable[[Client, User], None]
) -> None:
    answer(alice, QuestionFactory())
    delete(as_root, alice)
    assert not User.objects.filter(pk=alice.pk).exists()
    assert not Card.objects.exists()


@pytest.mark.parametrize("delete", [by_action, by_page])
def test_the_only_administrator_stays(
    as_root: Client, delete: Callable[[Client, User], None]
) -> None:
    root = User.objects.get(is_superuser=True)
    delete(as_root, root)
    assert User.objects.filter(pk=root.pk).exists()


def test_one_of_two_administrators_may_go(as_root: Client) -> None:
    other = UserFactory(is_superuser=True)
    by_page(as_root, other)
    assert not User.objects.filter(pk=other.pk).exists()


def test_the_page_that_asks_is_as_quick_after_years_of_study(as_root: Client, alice: User) -> None:
    url = address("user", "delete", alice.pk)
    as_root.get(url)
    sizes = []
    for number in (1, 20):
        for question in QuestionFactory.create_batch(number):
            answer(alice, question)
        with CaptureQueriesContext(connection) as captured:
            page = text_of(as_root.get(url))
        assert "with everything that is kept about this person" in page
        sizes.append(len(captured))
    assert sizes[0] == sizes[1]
