"""What an editor sees of a question before it is saved, and trying it without leaving a trace."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from quizapp.authoring.preview.samples import MOST, samples
from quizapp.content.editing import source_of
from quizapp.content.models import Question, Revision
from quizapp.content.sources import as_yaml
from quizapp.content.teaching import teaching_of, teaching_of_facts
from quizapp.grading import KINDS, parse_spec
from quizapp.scheduling.models import Card, DayTally, Review
from quizapp.teams.models import User
from tests.factories import ChapterFactory, ConfusableFactory, FactFactory, QuestionFactory
from tests.kinds import SAMPLES, SERVICE
from tests.study.browsing import respond, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]

HTMX = {"HX-Request": "true"}


def preview(client: Client, question: Question, headers: Any = HTMX, **changed: Any) -> Any:
    """Previews a question as YAML, with some of its fields changed."""
    source = source_of(question) | changed
    form = {"topic": source.pop("topic"), "yaml": as_yaml(source)}
    return client.post(reverse("edit-preview"), form, headers=headers)


def token_in(response: Any) -> str:
    found = re.search(r'name="token" value="([^"]+)"', response.content.decode())
    assert found
    return found[1]


def try_it(client: Client, token: str, fields: dict[str, Any], headers: Any = HTMX) -> Any:
    return client.post(reverse("edit-try"), {"token": token, **fields}, headers=headers)


def traces() -> tuple[int, int, int]:
    return Review.objects.count(), Card.objects.count(), DayTally.objects.count()


def verdict_in(response: Any) -> str:
    """The feedback of a page, with the ids and headings of one that stands alone."""
    _, start, rest = response.content.decode().partition('<header class="verdict"')
    feedback = re.split(r'<form|<div id="problem', start + rest)[0]
    alone = feedback.replace("-preview", "").replace("h3", "h1").replace(" autofocus", "")
    return " ".join(alone.split())


def in_their_order(kind: str) -> dict[str, Any]:
    """The sample of a kind without shuffling."""
    spec = dict(SAMPLES[kind].spec)
    if "options" in spec:
        spec["options"] = [{**option, "pinned": True} for option in spec["options"]]
    return spec


@pytest.mark.parametrize("kind", KINDS)
def test_both_sides_of_a_question_of_any_kind_are_shown(as_eve: Client, kind: str) -> None:
    question = QuestionFactory(kind=kind, stem="Which **one**?", explanation="Because of it.")
    seen = text_of(preview(as_eve, question))
    assert "Which <strong>one</strong>?" in seen
    assert "Because of it." in seen
    assert f'action="{reverse("edit-try")}?dom=-preview"' in seen


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "flashcard"])
def test_the_feedback_is_that_of_a_review(as_eve: Client, as_alice: Client, kind: str) -> None:
    question = QuestionFactory(kind=kind, spec=in_their_order(kind))
    wrong = {"action": "check", **SAMPLES[kind].wrong}
    tried = try_it(as_eve, token_in(preview(as_eve, question)), wrong)
    reviewed = respond(as_alice, wrong, headers=HTMX)
    assert verdict_in(tried)
    assert verdict_in(tried) == verdict_in(reviewed)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("outcome", ["right", "wrong"])
def test_trying_a_question_leaves_no_trace(
    as_eve: Client, eve: User, kind: str, outcome: str
) -> None:
    question = QuestionFactory(kind=kind)
    token = token_in(preview(as_eve, question))
    before = traces(), Revision.objects.count(), Question.objects.get(), vars(eve)
    tried = try_it(as_eve, token, {"action": "check", **getattr(SAMPLES[kind], outcome)})
    assert tried.status_code == 200
    after = traces(), Revision.objects.count(), Question.objects.get(), vars(eve)
    assert before == after
    assert traces() == (0, 0, 0)
    if kind != "flashcard":
        assert ('data-verdict="right"' in tried.content.decode()) == (outcome == "right")
        assert "no review was logged" in text_of(tried)


def test_it_is_graded_as_the_form_has_it_not_as_it_is_saved(as_eve: Client) -> None:
    question = QuestionFactory(kind="short_answer")
    token = token_in(preview(as_eve, question, accept=["Headless"]))
    tried = try_it(as_eve, token, {"action": "check", "text": "headless"})
    assert 'data-verdict="right"' in tried.content.decode()


def test_a_question_that_is_new_needs_no_id_yet(as_eve: Client) -> None:
    question = QuestionFactory()
    source = source_of(question)
    del source["id"]
    form = {"topic": "", "yaml": as_yaml({k: v for k, v in source.items() if k != "topic"})}
    response = as_eve.post(reverse("edit-preview"), form, headers=HTMX)
    assert question.stem in text_of(response)


def test_not_sure_shows_the_answer_and_nothing_given_asks_for_a_response(as_eve: Client) -> None:
    token = token_in(preview(as_eve, QuestionFactory()))
    assert "Here is the answer." in text_of(try_it(as_eve, token, {"action": "unsure"}))
    refused = try_it(as_eve, token, {"action": "check"})
    assert refused.status_code == 422
    assert refused["HX-Retarget"] == "#problem-preview"
    assert "Give a response first" in text_of(refused)


def test_it_can_be_tried_again(as_eve: Client) -> None:
    question = QuestionFactory()
    token = token_in(preview(as_eve, question))
    tried = try_it(as_eve, token, {"action": "check", **SAMPLES["single_choice"].wrong})
    again = try_it(as_eve, token_in(tried), {"action": "again"})
    assert question.stem in text_of(again)
    assert "verdict" not in text_of(again)


def test_a_flashcard_shows_its_back_and_takes_a_rating(as_eve: Client) -> None:
    token = token_in(preview(as_eve, QuestionFactory(kind="flashcard")))
    back = try_it(as_eve, token, {"action": "reveal"})
    assert "A stable address." in text_of(back)
    assert "tomorrow" in text_of(back) or "in 10 minutes" in text_of(back)
    assert "Rated Good." in text_of(try_it(as_eve, token, {"recalled": "3"}))
    assert traces() == (0, 0, 0)


def test_without_script_it_is_a_page_of_its_own(as_eve: Client) -> None:
    question = QuestionFactory()
    whole = preview(as_eve, question, headers={})
    assert "<title>" in text_of(whole)
    assert "that this one was opened from" in text_of(whole)
    wrong = {"action": "check", **SAMPLES["single_choice"].wrong}
    tried = try_it(as_eve, token_in(whole), wrong, headers={})
    assert 'data-verdict="confident"' in text_of(tried)
    refused = try_it(as_eve, token_in(whole), {"action": "check"}, headers={})
    assert refused.status_code == 422
    assert "Give a response first" in text_of(refused)


def test_what_cannot_be_parsed_says_where_and_why(as_eve: Client) -> None:
    question = QuestionFactory()
    problems = preview(as_eve, question, bloom="guess").context["problems"]
    assert [each["where"][:5] for each in problems] == ["Line "]
    form = {"kind": "single_choice", "stem": "Which?", "options-0-text": "One"}
    response = as_eve.post(reverse("edit-preview"), form, headers=HTMX)
    assert "Thinking level:" in text_of(response)
    assert "Explanation:" in text_of(response)
    assert "is missing" in text_of(response)


@pytest.mark.parametrize("text", ["", "a: [", "- 1\n- 2", "&a [*a]", "x" * 300_000])
def test_hostile_yaml_is_a_sentence(as_eve: Client, text: str) -> None:
    response = as_eve.post(reverse("edit-preview"), {"yaml": text, "topic": ""}, headers=HTMX)
    assert response.status_code == 200
    assert response.context["problems"]


def test_a_form_of_no_kind_is_a_sentence(as_eve: Client) -> None:
    response = as_eve.post(reverse("edit-preview"), {"kind": "riddle"}, headers=HTMX)
    assert "write one of flashcard" in text_of(response)


@pytest.mark.parametrize("token", ["", "x", "a:b:c"])
def test_a_token_that_is_not_ours_is_refused(as_eve: Client, token: str) -> None:
    assert "out of date" in text_of(try_it(as_eve, token, {"action": "check"}))
    whole = try_it(as_eve, token, {"action": "check"}, headers={})
    assert whole.status_code == 422
    assert "out of date" in text_of(whole)


def test_the_token_of_one_editor_is_of_no_use_to_another(as_eve: Client, client: Client) -> None:
    token = token_in(preview(as_eve, QuestionFactory()))
    client.force_login(User.objects.create_superuser("ada@example.com", "pass"))
    assert "out of date" in text_of(try_it(client, token, {"action": "check"}))


@pytest.mark.parametrize("kind", KINDS)
def test_ids_are_unique_and_apart_from_those_of_the_form(as_eve: Client, kind: str) -> None:
    question = QuestionFactory(kind=kind)
    html = preview(as_eve, question, headers={}).content.decode()
    ids = re.findall(r'\sid="([^"]*)"', html)
    assert len(ids) == len(set(ids))
    stage = html.partition('<div class="preview-stage"')[2].partition("</section>\n</div>")[0]
    for each in re.findall(r'\sid="([^"]*)"', stage.partition("page-footer")[0]):
        assert "-preview" in each or each.startswith("proofs"), each
    assert "autofocus" not in stage.partition("page-footer")[0]


PAYLOAD = '<script>alert(1)</script><img src=x onerror="alert(1)">[x](javascript:alert(1))'


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_that_an_editor_writes_runs(as_eve: Client, kind: str) -> None:
    def hostile(value: Any) -> Any:
        match value:
            case str():
                return f"{value} {PAYLOAD}"
            case list():
                return [hostile(each) for each in value]
            case dict():
                kept = ("equals", "path", "solution", "text" if "blanks" in value else "")
                return {k: v if k in kept else hostile(v) for k, v in value.items()}
        return value

    spec = hostile(SAMPLES[kind].spec)
    question = QuestionFactory(kind=kind, stem=PAYLOAD, explanation=PAYLOAD, spec=spec)
    response = preview(as_eve, question)
    assert "problems" not in response.context
    seen = response.content.decode()
    assert "<script" not in seen
    assert "<img" not in seen
    assert 'href="javascript' not in seen


class TestManifests:
    wrong = SERVICE.format(port=81)

    def shown(self, client: Client, **changed: Any) -> Any:
        question = QuestionFactory(kind="manifest")
        return preview(client, question, **changed)

    def test_each_manifest_is_graded_and_each_check_shows_what_it_matched(
        self, as_eve: Client
    ) -> None:
        mistake = {"manifest": self.wrong, "message": "81?", "fails": ["spec.ports[*].port"]}
        response = self.shown(as_eve, also_correct=[SERVICE.format(port=80)], wrong=[mistake])
        solution, variant, wrong = response.context["proofs"]
        assert [each["is_as_meant"] for each in (solution, variant, wrong)] == [True] * 3
        assert "as it lists" in wrong["words"]
        port = wrong["traces"][1]
        assert not port["holds"]
        assert [each["value"] for each in port["matches"]] == ["<code>81</code>"]
        assert "equals <code>80</code>" in text_of(response)

    def test_what_is_graded_otherwise_than_meant_is_told(self, as_eve: Client) -> None:
        mistake = {"manifest": self.wrong, "message": "81?", "fails": ["spec.selector.app"]}
        response = self.shown(as_eve, also_correct=["kind: ["], wrong=[mistake])
        solution, variant, wrong = response.context["proofs"]
        assert solution["is_as_meant"]
        assert not variant["is_as_meant"]
        (line, fault), *_ = variant["faults"]
        assert f"Line {line}: {fault}" in text_of(response)
        assert "spec.ports[*].port" in wrong["words"]
        assert "but lists <code>spec.selector.app</code>" in wrong["words"]

    def test_a_path_that_leads_nowhere_says_so(self, as_eve: Client) -> None:
        check = {"path": "spec.type", "matches": "Node.*", "hint": "Say which type."}
        response = self.shown(as_eve, checks=[check])
        assert "The path leads to nothing in <code>Service/web</code>." in text_of(response)
        assert "matches <code>Node.*</code>" in text_of(response)


def test_the_teaching_of_facts_is_that_of_a_question_that_drills_them() -> None:
    main, other, stray = FactFactory.create_batch(3)
    ConfusableFactory(facts=[main, other])
    ConfusableFactory(facts=[stray, other], sides=["a", "b"])
    question = QuestionFactory(facts=[other, main])
    ChapterFactory(states=(main,))
    ChapterFactory(states=(other, main))
    expected = teaching_of([question.pk])[question.pk]
    assert expected.contrast
    assert teaching_of_facts([other.slug, main.slug]) == expected


def test_the_teaching_of_no_facts_is_nothing() -> None:
    teaching = teaching_of_facts(["no-such-fact"])
    assert (list(teaching.statements), teaching.contrast) == ([], None)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "flashcard"])
def test_the_first_sample_is_right_and_the_others_are_not(kind: str) -> None:
    spec = parse_spec(kind, SAMPLES[kind].spec)
    right, *others = samples(spec)
    assert spec.grade(right.response).is_correct
    assert others
    assert not any(spec.grade(other.response).is_correct for other in others)


def test_samples_are_bounded() -> None:
    wrong = [{"text": f"w{n}", "feedback": "No."} for n in range(50)]
    spec = parse_spec("short_answer", {"accept": ["yes it is"], "wrong": wrong})
    assert len(samples(spec)) == MOST


def test_the_number_of_queries_does_not_depend_on_the_facts(
    as_eve: Client, django_assert_max_num_queries: Any
) -> None:
    question = QuestionFactory(facts=FactFactory.create_batch(5))
    preview(as_eve, question)
    with django_assert_max_num_queries(8):
        preview(as_eve, question)
