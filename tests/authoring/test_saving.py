"""Saving: wording or meaning, two editors at once, and nobody's progress lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from quizapp.authoring.edit.saving import touches_key
from quizapp.content import editing
from quizapp.content.history import Act, Change
from quizapp.content.models import Question, Revision, Topic
from quizapp.scheduling.flags import flag
from quizapp.scheduling.memory import State
from quizapp.scheduling.models import Card, Flag, Review
from quizapp.teams.models import User
from tests.authoring.editing import form_on, opened, press, text_of, url_of
from tests.authoring.test_edit import source
from tests.factories import QuestionFactory, UserFactory
from tests.scheduling.studying import DAY, MORNING, answer, card_of, learn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]


@pytest.fixture
def question() -> Question:
    made: Question = QuestionFactory(kind="single_choice", slug="svc-default")
    return made


@pytest.fixture
def frank() -> User:
    user: User = UserFactory(name="Frank", is_superuser=True)
    return user


@pytest.fixture
def as_frank(frank: User) -> Client:
    client = Client()
    client.force_login(frank)
    return client


def logs() -> list[dict[str, Any]]:
    return list(Review.objects.order_by("pk").values())


def test_a_change_of_wording_keeps_every_memory(
    as_eve: Client, eve: User, alice: User, question: Question
) -> None:
    learn(alice, question, MORNING - 7 * DAY)
    card, log = Card.objects.values().get(), logs()
    form = opened(as_eve, question)
    response = press(as_eve, question, "wording", form, explanation="It opens nothing.")
    assert response.status_code == 302
    question.refresh_from_db()
    assert (question.explanation, question.version) == ("It opens nothing.", 1)
    assert Card.objects.values().get() == card
    assert logs() == log
    revision = Revision.objects.of("question", question.slug).first()
    assert (revision.act, revision.by, revision.at) == ("edited", eve, MORNING)
    assert revision.source == editing.source_of(question)


def test_a_wrong_key_is_mended_and_learners_meet_the_question_again(
    as_eve: Client, alice: User, charlie: User, question: Question
) -> None:
    learn(alice, question, MORNING - 7 * DAY)
    answer(charlie, question, now=MORNING - DAY)
    log = logs()
    page = as_eve.get(url_of(question))
    assert "2 learners with a card will meet it again" in text_of(page)
    form = form_on(page) | {"options-correct": "1", "options-0-feedback": "It opens nothing."}
    response = press(as_eve, question, "meaning", form)
    assert response["Location"] == url_of(question)
    said = text_of(as_eve.get(url_of(question)))
    assert "Saved as version 2: 2 learners will meet it again." in said
    question.refresh_from_db()
    assert question.version == 2
    assert question.spec["options"][1]["correct"] is True
    for user in (alice, charlie):
        card = card_of(user, question)
        assert card
        assert (card.state, card.due, card.question_version) == (State.LEARNING, MORNING, 2)
    assert logs() == log


def test_a_second_submit_of_the_same_form_changes_nothing(
    as_eve: Client, alice: User, question: Question
) -> None:
    learn(alice, question, MORNING - 7 * DAY)
    form = opened(as_eve, question) | {"options-correct": "1", "options-0-feedback": "No, not it."}
    press(as_eve, question, "meaning", form)
    question.refresh_from_db()
    answer(alice, question)
    card, rows = Card.objects.values().get(), Question.objects.values().get()
    assert press(as_eve, question, "meaning", form).status_code == 302
    assert Card.objects.values().get() == card
    assert Question.objects.values().get() == rows
    assert Revision.objects.count() == 2


def test_a_changed_key_saved_as_wording_is_asked_about_once(
    as_eve: Client, question: Question
) -> None:
    form = opened(as_eve, question) | {"options-correct": "1", "options-0-feedback": "No, not it."}
    response = press(as_eve, question, "wording", form)
    assert response.status_code == 422
    assert "What is right has changed, so most likely the meaning has" in text_of(response)
    assert Revision.objects.count() == 1
    again = form_on(response)
    assert again.pop("sure")
    assert again == form
    assert press(as_eve, question, "wording", form_on(response)).status_code == 302
    question.refresh_from_db()
    assert question.version == 1
    assert question.spec["options"][1]["correct"] is True


OPTIONS = source("single_choice")["options"]
CHECKS = source("manifest")["checks"]


@pytest.mark.parametrize(
    ("kind", "change", "is_likely"),
    [
        ("single_choice", {"options": [OPTIONS[1], OPTIONS[0], OPTIONS[2]]}, False),
        ("single_choice", {"options": [*OPTIONS, {"text": "Headless"}]}, False),
        ("single_choice", {"options": [{**OPTIONS[0], "feedback": "Yes."}, *OPTIONS[1:]]}, False),
        ("single_choice", {"options": [{**OPTIONS[0], "text": "Other"}, *OPTIONS[1:]]}, True),
        ("single_choice", {"stem": "Which one?"}, False),
        ("flashcard", {"back": "Nothing."}, True),
        ("flashcard", {"explanation": "Why."}, False),
        ("short_answer", {"accept": ["NodePort"]}, True),
        ("short_answer", {"wrong": []}, False),
        ("ordering", {"steps": ["c", "b", "a"]}, True),
        ("matching", {"distractors": []}, False),
        ("matching", {"pairs": [{"left": "a", "right": "b"}, {"left": "c", "right": "d"}]}, True),
        ("cloze", {"blanks": {"port": {"accept": ["81"]}}}, True),
        ("manifest", {"checks": CHECKS[1:]}, True),
        ("manifest", {"checks": [{**CHECKS[0], "hint": "So."}, *CHECKS[1:]]}, False),
        ("manifest", {"checks": [{**CHECKS[0], "equals": "x"}, *CHECKS[1:]]}, True),
        ("manifest", {"starter": "kind: Pod"}, False),
    ],
)
def test_what_is_most_likely_a_change_of_meaning(
    kind: str, change: dict[str, Any], *, is_likely: bool
) -> None:
    before = source(kind)
    assert touches_key(kind, before, before | change) is is_likely


def test_two_editors_change_two_fields_and_both_are_in(
    as_eve: Client, as_frank: Client, question: Question
) -> None:
    ours, theirs = opened(as_eve, question), opened(as_frank, question)
    press(as_frank, question, "wording", theirs, options_1_feedback="Frank's feedback here.")
    response = press(as_eve, question, "wording", ours, explanation="Eve's explanation.")
    assert "?merged=" in response["Location"]
    question.refresh_from_db()
    assert question.explanation == "Eve's explanation."
    assert question.spec["options"][1]["feedback"] == "Frank's feedback here."
    said = text_of(as_eve.get(response["Location"]))
    assert "Meanwhile Frank changed: options. Both are in." in said
    assert "Option 2: feedback" in said
    assert "That one opens a port on each node." in said
    assert Revision.objects.count() == 3


def test_both_change_one_field_and_the_second_chooses(
    as_eve: Client, as_frank: Client, question: Question
) -> None:
    ours, theirs = opened(as_eve, question), opened(as_frank, question)
    theirs |= {"explanation": "Frank's.", "stem": "Frank's stem?"}
    press(as_frank, question, "wording", theirs)
    response = press(
        as_eve, question, "wording", ours, explanation="Eve's.", options_1_feedback="By Eve, too."
    )
    assert response.status_code == 422
    said = text_of(response)
    for text in ("Frank changed this question", "Eve's.", "Frank's.", "Frank's stem?"):
        assert text in said.replace("&#x27;", "'")
    form = form_on(response)
    assert (form["stem"], form["explanation"]) == ("Frank's stem?", "Eve's.")
    assert form["options-1-feedback"] == "By Eve, too."
    undecided = press(as_eve, question, "wording", form)
    assert undecided.status_code == 422
    assert "Choose for each field below" in text_of(undecided)
    form = form_on(undecided)
    saved = press(as_eve, question, "wording", {**form, "clash-0-take": "theirs"})
    assert saved.status_code == 302
    question.refresh_from_db()
    assert (question.stem, question.explanation) == ("Frank's stem?", "Frank's.")
    assert question.spec["options"][1]["feedback"] == "By Eve, too."


def test_the_second_may_keep_their_own(
    as_eve: Client, as_frank: Client, question: Question
) -> None:
    ours, theirs = opened(as_eve, question), opened(as_frank, question)
    press(as_frank, question, "wording", theirs, explanation="Frank's.")
    form = form_on(press(as_eve, question, "wording", ours, explanation="Eve's."))
    press(as_eve, question, "wording", {**form, "clash-0-take": "ours"})
    question.refresh_from_db()
    assert question.explanation == "Eve's."
    texts = [each.source["explanation"] for each in Revision.objects.order_by("pk")]
    assert texts == ["This is why.", "Frank's.", "Eve's."]


def test_choices_outlive_what_is_pressed_in_between(
    as_eve: Client, as_frank: Client, question: Question
) -> None:
    ours, theirs = opened(as_eve, question), opened(as_frank, question)
    press(as_frank, question, "wording", theirs, explanation="Frank's.")
    form = form_on(press(as_eve, question, "wording", ours, explanation="Eve's."))
    form["clash-0-take"] = "theirs"
    added = form_on(press(as_eve, question, "add options", form))
    assert added["clash-0"] == '["explanation"]'
    assert added["clash-0-take"] == "theirs"


@pytest.mark.parametrize(
    "path",
    ["x", "[]", "[[]]", '["a", null]', "[" * 900, '["options", 99]', '["explanation", "in", "it"]'],
)
def test_a_forged_choice_does_no_harm(as_eve: Client, question: Question, path: str) -> None:
    form = opened(as_eve, question) | {"clash-0": path, "clash-0-take": "theirs"}
    assert press(as_eve, question, "wording", form).status_code == 302
    assert Revision.objects.count() == 1


def test_what_does_not_go_together_is_shown_together(
    as_eve: Client, as_frank: Client, question: Question
) -> None:
    """Each leaves one key, but of two different options."""
    ours, theirs = opened(as_eve, question), opened(as_frank, question)
    feedback = {"options-0-feedback": "Not this one."}
    press(as_frank, question, "meaning", theirs | feedback, **{"options-correct": "1"})
    response = press(as_eve, question, "meaning", ours | feedback, **{"options-correct": "2"})
    assert response.status_code == 422
    question.refresh_from_db()
    assert question.spec["options"][1]["correct"] is True
    assert question.version == 2


def test_two_changes_of_meaning_raise_the_version_twice(
    as_eve: Client, as_frank: Client, question: Question, alice: User
) -> None:
    ours, theirs = opened(as_eve, question), opened(as_frank, question)
    press(as_frank, question, "meaning", theirs, explanation="Frank's.")
    question.refresh_from_db()
    learn(alice, question)
    press(as_eve, question, "meaning", ours, stem="Eve's?")
    question.refresh_from_db()
    assert (question.version, question.stem, question.explanation) == (3, "Eve's?", "Frank's.")
    card = card_of(alice, question)
    assert card
    assert card.state == State.LEARNING


def test_a_question_retired_meanwhile_is_not_brought_back_unawares(
    as_eve: Client, as_frank: Client, question: Question
) -> None:
    form = opened(as_eve, question)
    press(as_frank, question, "retire", {})
    response = press(as_eve, question, "wording", form, stem="Eve's?")
    assert response.status_code == 422
    assert "retired this question while you worked on it" in text_of(response)
    question.refresh_from_db()
    assert question.is_retired
    assert press(as_eve, question, "wording", form_on(response)).status_code == 302
    question.refresh_from_db()
    assert (question.is_retired, question.stem) == (False, "Eve's?")


def test_retiring_and_restoring_keeps_all_progress(
    as_eve: Client, alice: User, question: Question
) -> None:
    learn(alice, question, MORNING - 7 * DAY)
    card, log = Card.objects.values().get(), logs()
    press(as_eve, question, "retire", {})
    question.refresh_from_db()
    assert question.is_retired
    page = as_eve.get(url_of(question))
    assert "Restore" in text_of(page)
    undo = page.context["notice"]["undo_url"]
    as_eve.post(undo)
    question.refresh_from_db()
    assert not question.is_retired
    assert Card.objects.values().get() == card
    assert logs() == log
    acts = Revision.objects.order_by("pk").values_list("act", flat=True)
    assert list(acts)[-2:] == ["retired", "restored"]


@pytest.mark.parametrize(
    ("gone", "reason"),
    [("topic", "its topic, Services, is retired"), ("fact", "its fact svc-fact is retired")],
)
def test_what_has_lost_its_place_is_not_brought_back(
    as_eve: Client, question: Question, gone: str, reason: str
) -> None:
    press(as_eve, question, "retire", {})
    if gone == "topic":
        Topic.objects.update(retired_at=MORNING, title="Services")
    else:
        question.facts.update(retired_at=MORNING, slug="svc-fact")
    press(as_eve, question, "restore", {})
    assert f"It stays retired: {reason}." in text_of(as_eve.get(url_of(question)))
    question.refresh_from_db()
    assert question.is_retired


def test_what_was_typed_outlives_a_change_of_kind(as_eve: Client, question: Question) -> None:
    form = opened(as_eve, question)
    Question.objects.update(kind="flashcard", spec={"back": "The cluster IP."})
    response = press(as_eve, question, "check", form, explanation="By Eve.")
    assert "explanation: By Eve." in form_on(response)["yaml"]
    assert press(as_eve, question, "wording", form, explanation="By Eve.").status_code == 302
    question.refresh_from_db()
    assert (question.kind, question.explanation) == ("flashcard", "By Eve.")


def test_an_id_never_changes(as_eve: Client, question: Question) -> None:
    form = opened(as_eve, question, "?as=yaml")
    form["yaml"] = form["yaml"].replace("id: svc-default", "id: svc-other")
    response = press(as_eve, question, "wording", form)
    assert response.status_code == 422
    assert "Write svc-default: an id never changes" in text_of(response)
    assert Question.objects.get().slug == "svc-default"


def test_a_version_written_by_hand_is_a_change_of_meaning(
    as_eve: Client, alice: User, question: Question
) -> None:
    learn(alice, question)
    form = opened(as_eve, question, "?as=yaml")
    press(as_eve, question, "wording", form, yaml=form["yaml"] + "version: 4\r\n")
    said = text_of(as_eve.get(url_of(question)))
    assert "Saved as version 4: 1 learner will meet it again." in said
    question.refresh_from_db()
    assert question.version == 4
    card = card_of(alice, question)
    assert card
    assert card.state == State.LEARNING
    form = opened(as_eve, question, "?as=yaml")
    press(as_eve, question, "wording", form, yaml=form["yaml"] + "version: 2\r\n")
    question.refresh_from_db()
    assert question.version == 4


def test_the_files_see_that_the_browser_has_changed_it(as_eve: Client, question: Question) -> None:
    Question.objects.update(source_digest="as loaded")
    press(as_eve, question, "wording", opened(as_eve, question), explanation="By hand.")
    question.refresh_from_db()
    assert question.source_digest == "as loaded"


def test_a_form_without_the_revision_it_began_from_overwrites_nothing(
    as_eve: Client, question: Question, frank: User
) -> None:
    form = opened(as_eve, question) | {"base": "x", "stem": "Eve's?"}
    response = press(as_eve, question, "wording", form)
    assert response.status_code == 422
    assert response.context["clashes"][0]["label"] == "Stem"
    form["base"] = str(10**17)
    assert press(as_eve, question, "wording", form).status_code == 422


def test_only_editors_save(as_alice: Client, question: Question) -> None:
    assert as_alice.post(url_of(question), {"do": "retire"}).status_code == 404
    assert as_alice.get(reverse("edit-new")).status_code == 404
    question.refresh_from_db()
    assert not question.is_retired


def test_a_change_of_topic_is_saved(as_eve: Client, question: Question) -> None:
    other = QuestionFactory(kind="flashcard")
    press(as_eve, question, "wording", opened(as_eve, question), topic=other.topic.slug)
    question.refresh_from_db()
    assert question.topic == other.topic


def test_the_history_begins_with_what_there_was(as_eve: Client, question: Question) -> None:
    opened(as_eve, question)
    found = Revision.objects.get()
    assert (found.act, found.by) == ("found", None)
    editing.retire([question], Change(None, MORNING, Act.RETIRED))
    opened(as_eve, question)
    assert Revision.objects.count() == 2


class TestMendingFlags:
    @pytest.fixture
    def flagged(self, alice: User) -> Question:
        question: Question = QuestionFactory()
        flag(alice, question, "wrong_key", "Two are right.", MORNING)
        return question

    def test_saving_settles_what_the_editor_has_seen(
        self, as_eve: Client, alice: User, flagged: Question
    ) -> None:
        assert "1 learner has flagged it" in text_of(as_eve.get(url_of(flagged)))
        form = opened(as_eve, flagged)
        response = press(
            as_eve, flagged, "wording", form, stem="Which one, then?", mend_reply="Thank you."
        )
        assert response.status_code == 302
        settled = Flag.objects.get()
        assert (settled.outcome, settled.reply) == (Flag.Outcome.MENDED, "Thank you.")
        alice.refresh_from_db()
        assert alice.has_news
        page = text_of(as_eve.get(url_of(flagged)))
        assert "The learner who flagged it is told." in page
        assert "has flagged it" not in page

    def test_without_the_tick_the_flags_stay_open(self, as_eve: Client, flagged: Question) -> None:
        form = opened(as_eve, flagged)
        del form["mends"]
        press(as_eve, flagged, "wording", form, stem="Which one, then?")
        assert Flag.objects.open().count() == 1

    def test_what_is_not_saved_settles_nothing(self, as_eve: Client, flagged: Question) -> None:
        form = opened(as_eve, flagged)
        response = press(as_eve, flagged, "wording", form, stem="", mend_reply="Thank you.")
        assert response.status_code == 422
        assert form_on(response)["mend_reply"] == "Thank you."
        assert Flag.objects.open().count() == 1

    def test_a_flag_raised_meanwhile_stays_open(
        self, as_eve: Client, charlie: User, flagged: Question
    ) -> None:
        form = opened(as_eve, flagged)
        flag(charlie, flagged, "typo", "", timezone.now() + timedelta(minutes=1))
        press(as_eve, flagged, "wording", form, stem="Which one, then?")
        assert Flag.objects.open().get().user == charlie
