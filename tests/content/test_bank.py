"""The bank that is shipped: all that it promises to hold, and the order in which it is met."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
from django.conf import settings

from quizapp.content.checking import check
from quizapp.content.checking.figures import questions_of
from quizapp.content.models import Question
from quizapp.content.parsing import Bank, parse_bank
from quizapp.grading import KINDS
from quizapp.grading.manifest import Manifest
from quizapp.scheduling.line_up import line_up
from quizapp.scheduling.memory import Rating
from tests.content.banks import load_from
from tests.factories import UserFactory
from tests.scheduling.studying import DAY, MORNING, answer

FOLDER = Path(settings.BASE_DIR / "content")
LEAST = Counter(dict.fromkeys(KINDS, 25)) | Counter(manifest=28)
LEAST["matching"] = LEAST["ordering"] = 15


@pytest.fixture(scope="module")
def bank() -> Bank:
    return parse_bank(FOLDER)


def test_it_keeps_every_rule(bank: Bank) -> None:
    assert [str(problem) for problem in check(bank)] == []


def test_it_has_all_facts_in_topics_of_a_good_size(bank: Bank) -> None:
    extensions = [fact for fact in bank.facts if fact.extends]
    assert (len(bank.facts) - len(extensions), len(extensions)) == (109, 60)
    assert all(12 <= len(topic.facts) <= 25 for topic in bank.topics)


def test_it_has_enough_of_everything(bank: Bank) -> None:
    kinds = Counter(question.kind for question in bank.questions)
    deep = sum(question.bloom in {"apply", "analyse"} for question in bank.questions)
    assert len(bank.questions) >= 420
    assert not LEAST - kinds
    assert deep >= 0.4 * len(bank.questions)
    assert sum(question.scenario for question in bank.questions) >= 60


def test_the_readme_tells_its_size(bank: Bank) -> None:
    readme = (settings.BASE_DIR / "README.md").read_text()
    manifests = sum(question.kind == "manifest" for question in bank.questions)
    assert f"{len(bank.facts)} facts in eleven topics" in readme
    assert f"over {len(bank.questions) // 10 * 10} questions" in readme
    assert f"{manifests} manifests to write or repair" in readme
    assert len(bank.topics) == len(bank.chapters) == 11
    assert [track.title for track in bank.tracks if f"*{track.title}*" not in readme] == []


def test_an_extension_stands_right_behind_what_it_completes(bank: Bank) -> None:
    for topic in bank.topics:
        base = None
        for fact in topic.facts:
            assert fact.extends in (None, base)
            base = base if fact.extends else fact.slug


def test_tracks_lead_to_every_fact(bank: Bank) -> None:
    tracks = {track.slug: track for track in bank.tracks}
    roles = {"application-developer", "platform-on-call", "storage"}
    assert set(tracks) == {"kubernetes-primer", "beyond-the-primer", *roles}
    source = {fact.slug for fact in bank.facts if not fact.extends}
    primer = questions_of(bank, tracks["kubernetes-primer"])
    beyond = questions_of(bank, tracks["beyond-the-primer"])
    assert {slug for question in primer for slug in question.facts} == source
    drilled = {slug for question in beyond for slug in question.facts}
    assert {fact.slug for fact in bank.facts if fact.extends} <= drilled
    assert len(primer) + len(beyond) == len(bank.questions)


def exercises() -> Mapping[str, Manifest]:
    questions = parse_bank(FOLDER).questions
    return {each.slug: each.spec for each in questions if isinstance(each.spec, Manifest)}


@pytest.mark.parametrize(("slug", "exercise"), exercises().items(), ids=exercises())
def test_an_exercise_grades_all_that_comes_with_it(slug: str, exercise: Manifest) -> None:
    for right in (exercise.solution, *exercise.also_correct):
        grade = exercise.grade(right)
        assert (grade.score, grade.is_correct) == (1, True)
    for wrong in exercise.wrong:
        grade = exercise.grade(wrong.manifest)
        assert 0 <= grade.score < 1
        assert wrong.message in (grade.hint, *(note.text for note in grade.notes))
    assert exercise.grade(exercise.starter).score < 1
    assert len(exercise.also_correct) >= 1
    assert len(exercise.wrong) >= 3


@pytest.mark.django_db
def test_ideas_are_met_before_what_builds_on_them(bank: Bank) -> None:
    """Ten new questions a day beside the reviews, until every fact has been asked."""
    load_from(FOLDER)
    learner = UserFactory(new_per_day=10)
    facts = {fact.slug: fact for fact in bank.facts}
    questions = {question.slug: question for question in bank.questions}
    rows = Question.objects.in_bulk()
    order = [topic.slug for topic in bank.topics]
    met: set[str] = set()
    now = MORNING
    while met != set(facts):
        lined_up = line_up(learner, now)
        for candidate in lined_up.new:
            question = questions[rows[candidate.question_id].slug]
            asked = set(question.facts)
            bases = {base for slug in asked if (base := facts[slug].extends)}
            assert bases <= met | asked, question.slug
            earlier = order[: order.index(question.topic)]
            missed = {each.slug for each in facts.values() if each.topic in earlier} - met
            assert missed == set(), question.slug
            met |= asked
        for candidate in (*lined_up.reviews, *lined_up.new):
            answer(learner, rows[candidate.question_id], Rating.EASY, now)
        now += DAY
        assert now < MORNING + 60 * DAY
