from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from quizapp.authoring import transfer
from quizapp.content import editing
from quizapp.content.editing import batches
from quizapp.content.history import Act, Change
from quizapp.content.models import Question, Revision, Topic
from quizapp.content.parsing import question_from
from quizapp.scheduling.memory import State
from quizapp.scheduling.models import Card
from quizapp.teams.models import User
from tests.content.banks import question
from tests.factories import FactFactory, QuestionFactory, TopicFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]

HOME = "/edit/import/"
NOW = datetime(2026, 2, 27, 8, tzinfo=UTC)
FLASHCARD = """\
- id: what-stays
  topic: services
  kind: flashcard
  stem: What stays when Pods go?
  facts: [pods-come-and-go]
  bloom: apply
  explanation: The Service keeps its address.
  back: A stable address.
"""
CHANGED = FLASHCARD.replace("A stable address.", "An address.")


@pytest.fixture(autouse=True)
def nothing_kept() -> Any:
    cache.clear()


@pytest.fixture
def services() -> Topic:
    topic: Topic = TopicFactory(slug="services", title="Services")
    FactFactory(slug="pods-come-and-go", topic=topic)
    return topic


@pytest.fixture
def what_stays(services: Topic) -> Question:
    return saved()


def saved(**fields: Any) -> Question:
    entry = question_from(question(**fields), "services")
    return editing.save(entry, Change(None, NOW, Act.ADDED), on_new_version=lambda _: None)


def learned(row: Question, *users: User, state: State = State.REVIEW) -> None:
    for user in users:
        Card.objects.create(user=user, question=row, state=state, due=NOW, reps=3, stability=9.0)


def choose(client: Client, text: str | bytes, name: str = "new.yaml", **fields: str) -> Any:
    data = text.encode() if isinstance(text, str) else text
    return client.post(HOME, {"file": SimpleUploadedFile(name, data), **fields}, follow=True)


def agree(client: Client, response: Any, **fields: str) -> Any:
    context = response.context
    form = {
        "look": context["look"],
        "shown": context["plan"].fingerprint,
        "batch": context["batch"],
        **fields,
    }
    return client.post("/edit/import/apply/", form, follow=True)


def said(response: HttpResponse) -> str:
    return " ".join(response.content.decode().split())


# Looking at a file


def test_an_editor_sees_what_a_file_would_do_before_it_does_anything(
    as_eve: Client, what_stays: Question
) -> None:
    page = choose(as_eve, CHANGED + FLASHCARD.replace("what-stays", "what-goes"))

    text = said(page)
    assert "new.yaml: 1 changed, 1 new" in text
    assert "Nobody has met it yet." in text
    assert "<del>A stable</del><ins>An</ins> address." in text
    assert "Bring in 2 questions" in text
    assert Question.objects.get().spec == {"back": "A stable address."}


def test_a_change_of_meaning_says_how_many_learners_meet_it_again(
    as_eve: Client, alice: User, charlie: User, what_stays: Question
) -> None:
    learned(what_stays, alice, charlie)
    learned(what_stays, UserFactory(), state=State.NEW)

    text = said(choose(as_eve, CHANGED + "  version: 2\n"))

    assert "Meaning changes, version 1 to 2: 2 learners meet it again as a new one." in text


def test_a_change_of_wording_says_who_keeps_what_they_learned(
    as_eve: Client, alice: User, what_stays: Question
) -> None:
    learned(what_stays, alice)

    text = said(choose(as_eve, FLASHCARD.replace("The Service keeps", "It keeps")))

    assert "Wording only: 1 learner who has met it keeps what they learned." in text


def test_a_key_that_changes_under_the_same_version_is_pointed_out(
    as_eve: Client, alice: User, services: Topic
) -> None:
    row = saved(kind="single_choice")
    learned(row, alice)
    source = "id,topic,kind,facts,bloom,stem,explanation,option_1,option_2,option_3,correct\n"
    cells = "what-stays,services,single_choice,pods-come-and-go,apply,What stays?,It.,"

    text = said(choose(as_eve, f"{source}{cells}ClusterIP,NodePort,LoadBalancer,2", "new.csv"))

    assert "What counts as right changes, but the version stays 1: 1 learner who has met it" in text
    assert "Write version 2 if the meaning changes." in text


def test_a_row_that_is_wrong_says_where_and_why_and_nothing_can_be_brought_in(
    as_eve: Client, services: Topic
) -> None:
    page = choose(
        as_eve, "id,kind,facts\nwhat-goes,flashcard,no-fact\n", "new.csv", topic="services"
    )

    text = said(page)
    assert "new.csv: 1 wrong" in text
    assert "row 2, line 2" in text
    assert "<strong>column stem:</strong> is missing" in text
    assert "Nothing can be brought in until every question is right." in text
    assert 'name="shown"' not in text


def test_problems_in_yaml_name_line_and_field(as_eve: Client, services: Topic) -> None:
    text = said(choose(as_eve, FLASHCARD.replace("bloom: apply", "bloom: guess")))

    assert "<strong>line 6, bloom:</strong> write" in text


def test_what_is_said_already_needs_no_bringing_in(as_eve: Client, what_stays: Question) -> None:
    text = said(choose(as_eve, FLASHCARD))

    assert "new.yaml: 1 unchanged" in text
    assert "There is nothing to bring in" in text


def test_a_retired_question_comes_back(as_eve: Client, what_stays: Question) -> None:
    editing.retire([what_stays], Change(None, NOW, Act.RETIRED))

    page = choose(as_eve, FLASHCARD)

    assert "new.yaml: 1 back from retirement" in said(page)
    agree(as_eve, page)
    assert not Question.objects.get().is_retired


def test_html_in_a_file_stays_text_on_the_page(as_eve: Client, what_stays: Question) -> None:
    hostile = "<script>alert(1)</script>"

    pages = [
        choose(as_eve, FLASHCARD.replace("A stable address.", hostile)),
        choose(as_eve, FLASHCARD.replace("what-stays", f"'{hostile}'")),
        choose(as_eve, FLASHCARD.replace("topic: services", f"topic: {hostile}")),
        choose(as_eve, FLASHCARD, f"{hostile}.yaml"),
        choose(as_eve, f"id,kind,{hostile}\n", "new.csv"),
    ]

    for page in pages:
        assert hostile not in page.content.decode()
        assert "alert(1)" in page.content.decode() or page is pages[3]


def test_looking_takes_as_many_queries_for_one_question_as_for_many(
    as_eve: Client, alice: User, services: Topic, django_assert_num_queries: Any
) -> None:
    for number in (1, 30):
        rows = [saved(slug=f"card-{number}-{each}") for each in range(number)]
        for row in rows:
            learned(row, alice)
        text = "".join(CHANGED.replace("what-stays", row.slug) for row in rows)
        page = choose(as_eve, text)
        assert page.context["to_write"] == number
        with django_assert_num_queries(11):
            as_eve.get(HOME, {"look": page.context["look"]})


def test_very_long_changes_are_shown_without_being_compared(
    as_eve: Client, services: Topic
) -> None:
    saved(back="old " * 2400)

    text = said(choose(as_eve, FLASHCARD.replace("A stable address.", "new " * 2400)))

    assert text.count("old old") < 200
    assert "</del><ins>new new new" in text


# Bringing it in


def test_what_was_shown_is_brought_in_as_one_act_with_its_undo(
    as_eve: Client, eve: User, what_stays: Question
) -> None:
    page = choose(as_eve, CHANGED + FLASHCARD.replace("what-stays", "what-goes"))

    done = agree(as_eve, page)

    assert "2 questions brought in from new.yaml." in said(done)
    revisions = Revision.objects.filter(act=Act.IMPORTED)
    (batch,) = {each.batch for each in revisions}
    assert {each.by for each in revisions} == {eve}
    assert f"/edit/bulk/{batch}/undo/" in said(done)
    as_eve.post(f"/edit/bulk/{batch}/undo/", {"next": HOME})
    what_stays.refresh_from_db()
    assert what_stays.spec == {"back": "A stable address."}
    assert Question.objects.get(slug="what-goes").is_retired


def test_a_raised_version_lets_learners_start_anew(
    as_eve: Client, alice: User, what_stays: Question
) -> None:
    learned(what_stays, alice)

    agree(as_eve, choose(as_eve, CHANGED + "  version: 2\n"))

    card = Card.objects.get()
    assert (card.state, card.question_version) == (State.LEARNING, 2)


def test_a_change_of_the_bank_in_between_is_shown_anew(
    as_eve: Client, what_stays: Question
) -> None:
    page = choose(as_eve, CHANGED)
    saved(back="Charlie's back.")

    again = agree(as_eve, page)

    assert again.status_code == 409
    assert "The bank has changed since you looked." in said(again)
    assert "<del>Charlie&#x27;s back</del><ins>An address</ins>." in said(again)
    assert Question.objects.get().spec == {"back": "Charlie's back."}
    agree(as_eve, again)
    assert Question.objects.get().spec == {"back": "An address."}


def test_a_second_press_brings_in_nothing_again(as_eve: Client, what_stays: Question) -> None:
    page = choose(as_eve, CHANGED)
    undo = agree(as_eve, page).context["notice"]["undo_url"]

    again = agree(as_eve, page)

    assert "new.yaml was brought in already, and is not brought in again." in said(again)
    assert again.context["notice"]["undo_url"] == undo
    assert Revision.objects.filter(act=Act.IMPORTED).count() == 1


def test_the_back_button_after_an_undo_brings_in_nothing_again(
    as_eve: Client, what_stays: Question
) -> None:
    page = choose(as_eve, CHANGED)
    as_eve.post(agree(as_eve, page).context["notice"]["undo_url"])

    agree(as_eve, page)

    what_stays.refresh_from_db()
    assert what_stays.spec == {"back": "A stable address."}
    agree(as_eve, choose(as_eve, CHANGED))
    what_stays.refresh_from_db()
    assert what_stays.spec == {"back": "An address."}


def test_the_same_form_sent_twice_in_one_moment_is_one_import(
    as_eve: Client, what_stays: Question, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other was done between the first look at the history and the turn of this one."""
    page = choose(as_eve, CHANGED)
    agree(as_eve, page)
    answers = iter([False, True])
    monkeypatch.setattr(batches, "is_done", lambda _batch: next(answers))

    assert "was brought in already" in said(agree(as_eve, page))


@pytest.mark.parametrize("fields", [{"shown": ""}, {"shown": "0" * 64}])
def test_nothing_is_brought_in_that_was_not_shown(
    as_eve: Client, services: Topic, fields: dict[str, str]
) -> None:
    assert agree(as_eve, choose(as_eve, FLASHCARD), **fields).status_code == 409
    assert not Question.objects.exists()


def test_wrong_rows_cannot_be_agreed_to(as_eve: Client, services: Topic) -> None:
    page = choose(as_eve, FLASHCARD + FLASHCARD)

    assert agree(as_eve, page).status_code == 409
    assert not Question.objects.exists()


def test_a_file_is_at_hand_for_an_hour(as_eve: Client, services: Topic, time_machine: Any) -> None:
    page = choose(as_eve, FLASHCARD)
    time_machine.move_to(timezone.now() + timedelta(minutes=61))

    assert "That file is no longer at hand" in said(agree(as_eve, page))
    assert not Question.objects.exists()


def test_only_the_latest_file_of_an_editor_is_at_hand(as_eve: Client, services: Topic) -> None:
    first = choose(as_eve, FLASHCARD)
    choose(as_eve, FLASHCARD.replace("what-stays", "what-goes"))

    assert "That file is no longer at hand" in said(agree(as_eve, first))


def test_another_editor_cannot_bring_in_what_one_has_chosen(
    as_eve: Client, eve: User, services: Topic
) -> None:
    page = choose(as_eve, FLASHCARD)
    other = UserFactory()
    other.groups.set(eve.groups.all())
    as_other = Client()
    as_other.force_login(other)

    agree(as_other, page)

    assert not Question.objects.exists()


# Files that cannot be read


def test_a_file_that_cannot_be_read_says_why(as_eve: Client, services: Topic) -> None:
    page = choose(as_eve, 'id,kind\n"a,b\n', "new.csv")

    assert page.status_code == 422
    assert "Line 2: a cell of this row opens with a quote that is never closed." in said(page)


def test_no_file_is_no_file(as_eve: Client) -> None:
    page = as_eve.post(HOME, {"topic": "services"})

    assert page.status_code == 422
    assert "choose a file first" in said(page)


def test_a_file_that_is_too_large_is_not_even_read(as_eve: Client) -> None:
    class Unread:
        def read(self, *_: Any) -> bytes:
            raise AssertionError("The file was read.")

        readline = read

    page = as_eve.generic(
        "POST",
        HOME,
        b"",
        content_type="multipart/form-data; boundary=x",
        **{"CONTENT_LENGTH": str(transfer.MOST_REQUEST + 1), "wsgi.input": Unread()},
    )

    assert page.status_code == 413
    assert "split the file: it is larger than 2 MB" in said(page)


def test_the_form_is_protected_though_its_size_comes_first(eve: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(eve)

    assert choose(strict, FLASHCARD).status_code == 403
    token = said(strict.get(HOME)).partition('name="csrfmiddlewaretoken" value="')[2][:64]
    assert choose(strict, FLASHCARD, csrfmiddlewaretoken=token).status_code == 200


# Taking out


def test_questions_that_were_chosen_are_downloaded_in_their_order(
    as_eve: Client, eve: User, services: Topic
) -> None:
    rows = [QuestionFactory(slug=slug, topic=services) for slug in ("second", "first")]
    ids = "&".join(f"question={row.pk}" for row in rows)

    User.objects.filter(pk=eve.pk).update(timezone="Pacific/Honolulu")  # where it is the 1st

    response = as_eve.get(f"/edit/export/?{ids}&question=999999&question=x&format=csv")

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == (
        'attachment; filename="questions-services-2026-03-01.csv"'
    )
    text = response.content.decode("utf-8-sig")
    assert [line.partition(",")[0] for line in text.splitlines()] == ["id", "second", "first"]


@pytest.mark.parametrize("form", ["yaml", "csv"])
def test_what_is_taken_out_can_be_brought_in_and_changes_nothing(
    as_eve: Client, what_stays: Question, form: str
) -> None:
    QuestionFactory(stem="=1+1?", topic=what_stays.topic)

    taken = as_eve.post("/edit/export/?", {"all": "1", "format": form})

    page = choose(as_eve, taken.content, f"questions.{form}")
    assert f"questions.{form}: 2 unchanged" in said(page)


def test_all_that_match_the_filters_are_taken_out(as_eve: Client, what_stays: Question) -> None:
    QuestionFactory()

    taken = as_eve.get("/edit/export/?all=1&topic=services&format=yaml")

    assert taken["Content-Type"] == "application/yaml; charset=utf-8"
    assert taken.content.decode().count("- id: ") == 1


def test_no_cell_of_an_export_is_a_formula(as_eve: Client, services: Topic) -> None:
    row = QuestionFactory(stem="=HYPERLINK(1)?", explanation="@SUM(1)", topic=services)

    text = as_eve.get(f"/edit/export/?question={row.pk}&format=csv").content.decode("utf-8-sig")

    assert ",'=HYPERLINK(1)?," in text
    assert ",'@SUM(1)" in text


def test_without_a_choice_there_is_nothing_to_download(as_eve: Client) -> None:
    assert as_eve.get("/edit/export/?format=csv").url == "/edit/"


def test_an_export_takes_as_many_queries_for_one_as_for_many(
    as_eve: Client, services: Topic, django_assert_num_queries: Any
) -> None:
    for number in (1, 20):
        rows = QuestionFactory.create_batch(number, topic=services)
        ids = "&".join(f"question={row.pk}" for row in rows)
        with django_assert_num_queries(6):
            as_eve.get(f"/edit/export/?{ids}&format=csv")
