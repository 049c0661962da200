"""Drafts: kept complete or not, shown by link, put live later, never lost."""

from __future__ import annotations

from datetime import UTC, datetime
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from quizapp.authoring.edit.acts import moment
from quizapp.authoring.edit.drafts import publish_due
from quizapp.authoring.models import Draft
from quizapp.content.models import Question, Revision
from quizapp.content.problems import ContentError
from quizapp.scheduling.memory import State
from quizapp.scheduling.models import Card
from quizapp.teams.models import User
from tests.authoring.editing import form_on, opened, press, text_of, url_of
from tests.factories import FactFactory, QuestionFactory, UserFactory
from tests.kinds import SAMPLES
from tests.scheduling.studying import DAY, MORNING, card_of, learn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]

NOON = {"live_at": "2026-03-02T12:00"}


@pytest.fixture
def question() -> Question:
    made: Question = QuestionFactory(kind="flashcard", slug="svc-default")
    return made


@pytest.fixture
def as_frank() -> Client:
    client = Client()
    client.force_login(UserFactory(name="Frank", is_superuser=True))
    return client


def published() -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("publishdrafts", stdout=out, stderr=err)
    return out.getvalue().strip(), err.getvalue().strip()


def begun(client: Client, kind: str = "flashcard") -> tuple[str, dict[str, str]]:
    url = f"{reverse('edit-new')}?kind={kind}"
    return url, form_on(client.get(url))


def test_a_draft_is_kept_and_learners_see_the_question_as_it_was(
    as_eve: Client, eve: User, question: Question
) -> None:
    form = opened(as_eve, question)
    before = Question.objects.values().get()
    response = press(as_eve, question, "draft", form, back="Something new.", stem="")
    assert response.status_code == 302
    assert Question.objects.values().get() == before
    draft = Draft.objects.get()
    assert (draft.by, draft.changed_at, draft.base_id) == (eve, MORNING, int(form["base"]))
    page = as_eve.get(url_of(question))
    again = form_on(page)
    assert (again["back"], again["stem"]) == ("Something new.", "")
    assert "This is a draft by Eve" in text_of(page)
    assert opened(as_eve, question, "?live")["back"] == form["back"]


@pytest.mark.parametrize("kind", SAMPLES)
def test_an_empty_draft_of_any_kind_is_kept(as_eve: Client, kind: str) -> None:
    url, form = begun(as_eve, kind)
    response = as_eve.post(url, {**form, "id": "svc-new", "do": "draft"})
    assert response["Location"] == url_of("svc-new")
    page = as_eve.get(url_of("svc-new"))
    assert page.status_code == 200
    assert form_on(page)["kind"] == kind
    assert Question.objects.count() == 0


@pytest.mark.parametrize("slug", ["", "Not An Id", "x" * 81, "../up"])
def test_a_draft_needs_an_id(as_eve: Client, slug: str) -> None:
    url, form = begun(as_eve)
    response = as_eve.post(url, {**form, "id": slug, "stem": "Half", "do": "draft"})
    assert response.status_code == 422
    assert form_on(response)["stem"] == "Half"
    assert not Draft.objects.exists()


def test_yaml_that_cannot_be_read_is_kept_as_typed(as_eve: Client, question: Question) -> None:
    form = opened(as_eve, question, "?as=yaml")
    press(as_eve, question, "draft", form, yaml="id: svc-default\nstem: [half")
    again = opened(as_eve, question)
    assert again["yaml"] == "id: svc-default\r\nstem: [half"
    assert published() == ("0 drafts put live.", "")


def test_a_draft_under_a_number_is_kept_and_kept_again(as_eve: Client) -> None:
    url, form = begun(as_eve)
    yaml = "id: 5\nkind: flashcard"
    as_eve.post(url, {"kind": "flashcard", "topic": "", "yaml": yaml, "do": "draft"})
    form = opened(as_eve, "5")
    assert press(as_eve, "5", "draft", form, yaml=f"{yaml}\nback: Half").status_code == 302
    assert "back: Half" in opened(as_eve, "5")["yaml"]


def test_a_draft_is_put_live(as_eve: Client, alice: User, question: Question) -> None:
    learn(alice, question, MORNING - 7 * DAY)
    press(as_eve, question, "draft", opened(as_eve, question), explanation="Better.")
    card = Card.objects.values().get()
    assert press(as_eve, question, "wording", opened(as_eve, question)).status_code == 302
    question.refresh_from_db()
    assert question.explanation == "Better."
    assert Card.objects.values().get() == card
    assert not Draft.objects.exists()


def test_a_new_question_goes_from_draft_to_live(as_eve: Client) -> None:
    fact = FactFactory()
    url, form = begun(as_eve)
    form |= {"id": "svc-new", "stem": "What stays?", "do": "draft"}
    as_eve.post(url, form)
    form = opened(as_eve, "svc-new") | {"back": "The Service.", "explanation": "It does."}
    form |= {"topic": fact.topic.slug, "facts-0-text": fact.slug, "bloom": "apply"}
    assert press(as_eve, "svc-new", "wording", form)["Location"] == url_of("svc-new")
    assert Question.objects.get().slug == "svc-new"
    assert not Draft.objects.exists()


def test_a_draft_goes_live_when_its_time_has_come(
    as_eve: Client, eve: User, alice: User, question: Question, time_machine: Any
) -> None:
    learn(alice, question, MORNING - 7 * DAY)
    User.objects.filter(pk=eve.pk).update(timezone="America/New_York")
    form = opened(as_eve, question) | {"back": "Other.", "changes_meaning": "yes"}
    response = press(as_eve, question, "schedule", form, **NOON)
    assert response.status_code == 302
    assert Draft.objects.get().live_at == datetime(2026, 3, 2, 17, tzinfo=UTC)
    page = as_eve.get(url_of(question))
    assert "It goes live on 2 March 2026 at 12:00" in text_of(page)
    assert form_on(page)["live_at"] == NOON["live_at"]
    time_machine.move_to(datetime(2026, 3, 2, 16, 59, tzinfo=UTC), tick=False)
    assert published() == ("0 drafts put live.", "")
    time_machine.move_to(datetime(2026, 3, 2, 17, 1, tzinfo=UTC), tick=False)
    assert published() == ("1 draft put live.", "")
    assert published() == ("0 drafts put live.", "")
    question.refresh_from_db()
    assert (question.spec, question.version) == ({"back": "Other."}, 2)
    card = card_of(alice, question)
    assert card
    assert (card.state, card.reps) == (State.LEARNING, 1)
    revision = Revision.objects.of("question", question.slug).first()
    assert (revision.by, revision.note) == (eve, "from a draft")


def test_an_editor_who_opens_it_puts_it_live_too(
    as_eve: Client, question: Question, time_machine: Any
) -> None:
    press(as_eve, question, "schedule", opened(as_eve, question), **NOON, back="Other.")
    time_machine.move_to(MORNING + DAY, tick=False)
    response = as_eve.get(url_of(question), follow=True)
    assert "The draft has gone live." in text_of(response)
    question.refresh_from_db()
    assert question.spec == {"back": "Other."}


def test_only_a_good_draft_gets_a_time_to_come(as_eve: Client, question: Question) -> None:
    form = opened(as_eve, question)
    for more, said in (
        ({**NOON, "back": ""}, "Is missing."),
        ({"live_at": "2026-03-01T12:00"}, "Choose a time to come, within ten years."),
        ({"live_at": ""}, "Choose a date and a time."),
        ({"live_at": "soon"}, "Choose a date and a time."),
        ({"live_at": "0001-01-01T00:00"}, "Choose a"),
    ):
        response = press(as_eve, question, "schedule", form, **more)
        assert response.status_code == 422
        assert said in text_of(response)
    assert not Draft.objects.exists()


def test_only_what_there_is_can_be_named_by_what_is_to_go_live(
    as_eve: Client, question: Question
) -> None:
    form = opened(as_eve, question, "?as=yaml")
    fact = question.facts.get().slug
    yaml = form["yaml"].replace(f"- {fact}", "- no-such-fact")
    response = press(as_eve, question, "schedule", form, **NOON, yaml=yaml)
    assert response.status_code == 422
    assert "There is no fact no-such-fact." in text_of(response)
    assert not Draft.objects.exists()


def test_the_tick_outlives_a_time_that_is_wrong(as_eve: Client, question: Question) -> None:
    form = opened(as_eve, question)
    assert "changes_meaning" not in form
    refused = press(as_eve, question, "schedule", form, live_at="", changes_meaning="yes")
    assert form_on(refused)["changes_meaning"] == "yes"
    press(as_eve, question, "schedule", form_on(refused), **NOON)
    again = opened(as_eve, question)
    assert again.pop("changes_meaning") == "yes"
    refused = press(as_eve, question, "schedule", again, live_at="")
    assert "changes_meaning" not in form_on(refused)


def test_that_the_meaning_changes_can_be_said_later(as_eve: Client, question: Question) -> None:
    press(as_eve, question, "schedule", opened(as_eve, question), **NOON, back="Other.")
    form = opened(as_eve, question)
    press(as_eve, question, "schedule", form, changes_meaning="yes")
    assert Draft.objects.get().changes_meaning
    published_at_noon = publish_due(MORNING + DAY)
    assert [each.is_live for each in published_at_noon] == [True]
    assert Question.objects.get().version == 2


def test_a_draft_that_loses_its_time_says_so(as_eve: Client, question: Question) -> None:
    press(as_eve, question, "schedule", opened(as_eve, question), **NOON, back="Other.")
    press(as_eve, question, "draft", opened(as_eve, question))
    assert "goes live at no set time any more" in text_of(as_eve.get(url_of(question)))
    assert Draft.objects.get().live_at is None


def test_what_the_editor_chose_in_a_conflict_goes_live(
    as_eve: Client, as_frank: Client, question: Question
) -> None:
    press(as_eve, question, "schedule", opened(as_eve, question), **NOON, explanation="Eve's.")
    form = opened(as_frank, question, "?live")
    press(as_frank, question, "wording", form, explanation="Frank's.")
    clash = form_on(press(as_eve, question, "wording", opened(as_eve, question)))
    for button in ("draft", "schedule"):
        undecided = press(as_eve, question, button, clash)
        assert undecided.status_code == 422
        assert "Choose for each field below" in text_of(undecided)
        assert "Frank's." in text_of(undecided).replace("&#x27;", "'")
    press(as_eve, question, "schedule", form_on(undecided), **{"clash-0-take": "ours"})
    assert [each.reasons for each in publish_due(MORNING + DAY)] == [()]
    assert Question.objects.get().explanation == "Eve's."


def test_a_time_is_that_of_the_editors_clock() -> None:
    zone = ZoneInfo("Asia/Kolkata")
    found = moment("2026-03-02T20:30", zone, MORNING)
    assert found.astimezone(UTC) == datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
    for text in ("9999-12-31T23:59:59-23:59", "0001-01-01T00:00+05:00"):
        with pytest.raises(ContentError):
            moment(text, zone, MORNING)


def test_the_last_evening_of_the_year_is_still_to_come() -> None:
    """In Los Angeles, when the new year has begun at Greenwich."""
    zone = ZoneInfo("America/Los_Angeles")
    found = moment("2026-12-31T20:00", zone, datetime(2027, 1, 1, 2, tzinfo=UTC))
    assert found.astimezone(UTC) == datetime(2027, 1, 1, 4, tzinfo=UTC)


def test_a_draft_goes_live_though_its_author_is_gone(
    as_eve: Client, as_frank: Client, eve: User, question: Question
) -> None:
    press(as_eve, question, "schedule", opened(as_eve, question), **NOON, back="Other.")
    eve.delete()
    assert "This is a draft: learners" in text_of(as_frank.get(url_of(question)))
    assert [each.is_live for each in publish_due(MORNING + DAY)] == [True]
    assert Question.objects.get().spec == {"back": "Other."}
    history = as_frank.get(reverse("edit-history", args=[question.slug]))
    assert "Edited by an account that is gone" in text_of(history)


def test_a_draft_that_no_longer_fits_is_left_and_reported(
    as_eve: Client, as_frank: Client, question: Question, time_machine: Any
) -> None:
    press(as_eve, question, "schedule", opened(as_eve, question), **NOON, explanation="Eve's.")
    form = opened(as_frank, question, "?live")
    press(as_frank, question, "wording", form, explanation="Frank's.")
    time_machine.move_to(MORNING + DAY, tick=False)
    reason = "svc-default: Explanation: somebody else has changed this too"
    for _ in range(2):
        assert published() == ("0 drafts put live, 1 draft left.", reason)
    page = as_eve.get(url_of(question))
    assert "no longer fits" in text_of(page)
    assert reason.partition(": ")[2] in text_of(page)
    assert form_on(page)["explanation"] == "Eve's."
    clash = press(as_eve, question, "wording", form_on(page))
    assert "Frank's." in text_of(clash).replace("&#x27;", "'")
    question.refresh_from_db()
    assert question.explanation == "Frank's."


def test_a_draft_joins_what_others_changed_elsewhere(
    as_eve: Client, as_frank: Client, question: Question, time_machine: Any
) -> None:
    press(as_eve, question, "schedule", opened(as_eve, question), **NOON, explanation="Eve's.")
    press(as_frank, question, "wording", opened(as_frank, question, "?live"), stem="Frank's?")
    time_machine.move_to(MORNING + DAY, tick=False)
    assert published()[0] == "1 draft put live."
    question.refresh_from_db()
    assert (question.stem, question.explanation) == ("Frank's?", "Eve's.")


@pytest.mark.parametrize("spoiled", ["retired", "fact", "taken"])
def test_what_speaks_against_a_draft(
    as_eve: Client, question: Question, time_machine: Any, spoiled: str
) -> None:
    press(as_eve, question, "schedule", opened(as_eve, question), **NOON, explanation="Eve's.")
    if spoiled == "retired":
        press(as_eve, question, "retire", {})
    elif spoiled == "fact":
        question.facts.update(retired_at=MORNING)
    else:
        Draft.objects.update(base=None)
    outcome = publish_due(MORNING + DAY)[0]
    assert not outcome.is_live
    assert outcome.reasons[0].startswith(
        {"retired": "the q", "fact": "facts", "taken": "id"}[spoiled]
    )
    assert Draft.objects.count() == 1


def test_two_editors_keep_two_drafts_and_neither_is_lost(
    as_eve: Client, as_frank: Client, question: Question, time_machine: Any
) -> None:
    ours, theirs = opened(as_eve, question), opened(as_frank, question)
    press(as_frank, question, "draft", theirs, explanation="Frank's.")
    time_machine.move_to(MORNING + DAY, tick=False)
    response = press(as_eve, question, "draft", ours, explanation="Eve's.")
    assert response.status_code == 422
    said = text_of(response).replace("&#x27;", "'")
    assert "Frank has kept another draft meanwhile" in said
    assert "Frank's." in said
    assert Draft.objects.get().source["explanation"] == "Frank's."
    form = form_on(response)
    assert form["explanation"] == "Eve's."
    assert press(as_eve, question, "draft", form).status_code == 302
    assert Draft.objects.get().source["explanation"] == "Eve's."


def test_saving_leaves_the_draft_of_another_alone(
    as_eve: Client, as_frank: Client, question: Question
) -> None:
    ours = opened(as_eve, question)
    press(as_frank, question, "draft", opened(as_frank, question), explanation="Frank's.")
    press(as_eve, question, "wording", ours, stem="Eve's?")
    assert Draft.objects.get().source["explanation"] == "Frank's."


def test_a_new_draft_takes_no_id_of_another(as_eve: Client) -> None:
    url, form = begun(as_eve)
    as_eve.post(url, {**form, "id": "svc-new", "stem": "One?", "do": "draft"})
    response = as_eve.post(url, {**form, "id": "svc-new", "stem": "Two?", "do": "draft"})
    assert response.status_code == 422
    assert Draft.objects.get().source["stem"] == "One?"


def test_a_new_draft_takes_no_id_of_a_question(as_eve: Client, question: Question) -> None:
    url, form = begun(as_eve, "ordering")
    response = as_eve.post(url, {**form, "id": question.slug, "stem": "Mine?", "do": "draft"})
    assert response.status_code == 422
    assert "there is a question svc-default already" in text_of(response)
    assert form_on(response)["stem"] == "Mine?"
    assert not Draft.objects.exists()


@pytest.mark.parametrize("button", ["draft", "check", "add facts"])
def test_what_is_typed_outlives_a_draft_that_another_discards(
    as_eve: Client, as_frank: Client, button: str
) -> None:
    url, form = begun(as_eve)
    as_eve.post(url, {**form, "id": "svc-new", "do": "draft"})
    form = opened(as_eve, "svc-new")
    as_frank.post(reverse("edit-discard", args=["svc-new"]), {"seen": form["seen"]})
    response = press(as_eve, "svc-new", button, form, stem="Long work?")
    if button == "draft":
        form = opened(as_eve, "svc-new")
    else:
        form = form_on(response)
        assert form["id"] == "svc-new"
    assert form["stem"] == "Long work?"


def test_a_draft_is_discarded_as_it_was_seen(
    as_eve: Client, as_frank: Client, question: Question, time_machine: Any
) -> None:
    url = reverse("edit-discard", args=[question.slug])
    press(as_eve, question, "draft", opened(as_eve, question), explanation="Eve's.")
    seen = opened(as_eve, question)["seen"]
    time_machine.move_to(MORNING + DAY, tick=False)
    press(as_frank, question, "draft", opened(as_frank, question), explanation="Frank's.")
    as_eve.post(url, {"seen": seen})
    assert Draft.objects.get().source["explanation"] == "Frank's."
    as_eve.post(url, {"seen": opened(as_eve, question)["seen"]})
    assert not Draft.objects.exists()
    assert as_eve.get(url).status_code == 405


def test_discarding_a_new_question_leads_to_the_bank(as_eve: Client) -> None:
    url, form = begun(as_eve)
    as_eve.post(url, {**form, "id": "svc-new", "do": "draft"})
    seen = opened(as_eve, "svc-new")["seen"]
    response = as_eve.post(reverse("edit-discard", args=["svc-new"]), {"seen": seen})
    assert response["Location"] == reverse("edit-bank")


@pytest.mark.parametrize("kind", SAMPLES)
def test_whoever_has_the_link_sees_the_draft_as_learners_would(
    as_eve: Client, client: Client, kind: str
) -> None:
    question = QuestionFactory(kind=kind)
    press(as_eve, question, "draft", opened(as_eve, question), stem="Only in the draft?")
    response = client.get(reverse("draft-shown", args=[Draft.objects.get().preview_key]))
    assert response.status_code == 200
    assert "Only in the draft?" in text_of(response)
    assert "This is why." in text_of(response)
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]
    html = response.content.decode()
    assert "<form" not in html
    assert "/edit/questions/" not in html


def test_a_draft_that_is_not_complete_says_so(as_eve: Client, client: Client) -> None:
    url, form = begun(as_eve)
    as_eve.post(url, {**form, "id": "svc-new", "do": "draft"})
    response = client.get(reverse("draft-shown", args=[Draft.objects.get().preview_key]))
    assert "Not complete yet" in text_of(response)


def test_the_link_ends_with_the_draft(as_eve: Client, client: Client, question: Question) -> None:
    press(as_eve, question, "draft", opened(as_eve, question), stem="Draft?")
    url = reverse("draft-shown", args=[Draft.objects.get().preview_key])
    assert client.post(url).status_code == 405
    press(as_eve, question, "wording", opened(as_eve, question))
    assert client.get(url).status_code == 404
    for guess in ("guess", "\0", "x" * 999):
        assert client.get(reverse("draft-shown", args=[guess])).status_code == 404


def test_learners_see_nothing_of_a_draft(
    as_eve: Client, as_alice: Client, question: Question
) -> None:
    press(as_eve, question, "draft", opened(as_eve, question), stem="Only in the draft?")
    page = as_alice.get(reverse("review")).content.decode()
    assert "Only in the draft?" not in page
    assert as_alice.get(url_of(question)).status_code == 404
