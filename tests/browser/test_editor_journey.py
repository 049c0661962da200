"""A wrong key, from the learner who flags it to the file that says it right."""

from __future__ import annotations

import difflib
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from quizapp.content.models import Question
from quizapp.grading.base import opaque_id
from quizapp.scheduling.answers import Verdict, record
from quizapp.scheduling.memory import Rating
from quizapp.scheduling.models import Flag, Review
from quizapp.scheduling.showing import Showing
from quizapp.teams.models import User
from tests.browser.conftest import OpenPage
from tests.browser.test_preview import eve, sign_in
from tests.content.banks import fact, question, topic, write_bank
from tests.factories import UserFactory
from tests.scheduling.studying import MORNING

__all__ = ["eve"]  # a fixture

STEM = "Which type does a Service get when none is named?"
OPTIONS = [
    {"text": "ClusterIP", "feedback": "An internal address would be reachable by nobody."},
    {"text": "NodePort", "correct": True},
    {"text": "LoadBalancer", "feedback": "That would cost a balancer for each Service."},
]
COMMENT = "# The types of Services, for everybody.\n"


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    asked = question("svc-default", "single_choice", stem=STEM, options=OPTIONS)
    write_bank(tmp_path, {"services": topic([asked, question("what-stays")], [fact()])})
    path = file_of(tmp_path)
    path.write_text(COMMENT + path.read_text())
    settings.CONTENT_DIR = tmp_path
    call_command("loadcontent", stdout=StringIO())
    return tmp_path


def file_of(folder: Path) -> Path:
    return folder / "topics" / "services.yaml"


def output_of(command: str, *arguments: str) -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


def many_respond(asked: Question) -> None:
    """Forty others, of whom nearly all say what is right and is not the key."""
    for number in range(40):
        text = "NodePort" if number % 10 == 0 else "ClusterIP"
        spec = asked.parsed_spec
        response = spec.read({"option": [opaque_id(text)]})
        grade = spec.grade(response)
        rating = Rating.GOOD if grade.is_correct else Rating.AGAIN
        record(
            Showing.of(asked, None, MORNING),
            user=UserFactory(),
            question=asked,
            card=None,
            verdict=Verdict(response, grade, rating, is_sure=True),
            now=MORNING,
        )


def learner_flags(page: Page) -> User:
    page.goto("/")
    page.get_by_role("button", name="Start").click()
    expect(page.locator(".stem")).to_contain_text(STEM)
    page.get_by_text("ClusterIP", exact=True).click()
    page.get_by_role("button", name="Check").click()
    expect(page.locator(".verdict")).to_contain_text("Not right")
    page.locator("summary", has_text="Flag").click()
    page.get_by_label("The answer is wrong").check()
    page.get_by_label("Anything to add?").fill("ClusterIP is the default.")
    page.get_by_role("button", name="Send to the editors").click()
    expect(page.locator("#notice")).to_contain_text("The editors will look at it.")
    return User.objects.get(is_guest=True)


def editor_mends(page: Page) -> None:
    page.goto("/edit/")
    page.get_by_label("Flagged by learners").check()
    row = page.locator(".bank-row")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("1 open flag")
    expect(row).to_contain_text("of those who were sure were wrong")
    row.get_by_role("link", name=STEM).click()
    expect(page.locator(".item-statistics")).to_contain_text("41 first responses")
    expect(page.locator(".edit-mending")).to_contain_text("1 learner has flagged it")
    first = page.get_by_role("group", name="Option 1")
    first.get_by_label("This is the key").check()
    first.get_by_label("Feedback").fill("The default opens nothing to the outside.")
    second = page.get_by_role("group", name="Option 2")
    second.get_by_label("Feedback").fill("A port on each node has to be asked for.")
    expect(page.locator(".preview-feedback")).to_contain_text("has to be asked for")
    page.get_by_label("What else to tell them").fill("You were right.")
    page.get_by_role("button", name="Meaning changed").click()
    status = page.get_by_role("status").first
    expect(status).to_contain_text("Saved as version 2: 41 learners will meet it again")
    expect(status).to_contain_text("The learner who flagged it is told.")


def learner_meets_it_again(page: Page, learner: User) -> None:
    page.goto("/")
    expect(page.locator(".flag-news")).to_contain_text("Mended.")
    expect(page.locator(".flag-news")).to_contain_text("You were right.")
    page.get_by_role("button", name="Got it").click()
    expect(page.locator(".flag-news")).to_have_count(0)
    page.goto("/review/")
    expect(page.locator(".stem")).to_contain_text(STEM)
    page.get_by_text("ClusterIP", exact=True).click()
    page.get_by_role("button", name="Check").click()
    expect(page.locator(".verdict")).to_contain_text("Right.")
    reviews = Review.objects.of(learner).order_by("pk")
    assert list(reviews.values_list("question_version", "rating")) == [
        (1, Rating.AGAIN),
        (2, Rating.GOOD),
    ]


def conflict_is_settled(page: Page, folder: Path) -> None:
    text = file_of(folder).read_text()
    file_of(folder).write_text(text.replace("when none is named?", "without a type?"))
    page.goto("/edit/conflicts/")
    conflict = page.locator("section.conflict")
    expect(conflict.get_by_role("link", name="svc-default")).to_be_visible()
    expect(conflict).to_contain_text("without a type?")
    page.get_by_role("button", name="Use what is chosen").click()
    expect(page.locator(".changes")).to_be_visible()
    page.get_by_role("button", name="Settle").click()
    expect(page.locator("#notice")).to_contain_text("1 conflict settled.")
    asked = Question.objects.get(slug="svc-default")
    assert asked.stem == "Which type does a Service get without a type?"
    assert asked.spec["options"][0]["correct"] is True


def export_is_small(folder: Path) -> None:
    before = file_of(folder).read_text().splitlines()
    output_of("exportcontent")
    after = file_of(folder).read_text().splitlines()
    changed = [line for line in difflib.ndiff(before, after) if line[0] in "+-"]
    assert after[0] == COMMENT.strip()
    assert len(changed) <= 6, changed
    assert any("version: 2" in line for line in changed)
    assert "Nothing changed." in output_of("loadcontent")
    output_of("exportcontent", "--check")


def csv_goes_out_and_in(page: Page, folder: Path) -> None:
    page.goto("/edit/?text=svc-default")
    page.get_by_label("Choose svc-default").check()
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as started:
        page.get_by_role("link", name="CSV").click()
    path = folder / "questions.csv"
    started.value.save_as(path)
    text = path.read_text(encoding="utf-8-sig")
    old = Question.objects.get(slug="svc-default").explanation
    path.write_text(text.replace(old, "The most cautious type is the default."))
    page.goto("/edit/import/")
    page.locator("[name=file]").set_input_files(path)
    page.get_by_role("button", name="Look at it").click()
    expect(page.locator(".import-plan")).to_contain_text("1 changed")
    expect(page.locator(".import-plan")).to_contain_text("Wording only")
    page.locator(".import-apply button").click()
    expect(page.locator("#notice")).to_contain_text("1 question")
    asked = Question.objects.get(slug="svc-default")
    assert asked.explanation == "The most cautious type is the default."
    assert asked.version >= 2


def test_from_a_flag_to_the_file(
    page: Page, open_page: OpenPage, live_server: Any, eve: User, folder: Path
) -> None:
    editor_page = open_page(accept_downloads=True)
    learner = learner_flags(page)
    many_respond(Question.objects.get(slug="svc-default"))
    output_of("itemstatistics")
    sign_in(editor_page, live_server, eve)
    editor_mends(editor_page)
    assert Flag.objects.get().outcome == Flag.Outcome.MENDED
    learner_meets_it_again(page, learner)
    conflict_is_settled(editor_page, folder)
    export_is_small(folder)
    csv_goes_out_and_in(editor_page, folder)
