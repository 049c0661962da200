"""Content that changes while others load, learn and look."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from quizapp.content import editing
from quizapp.content.editing import NewVersion
from quizapp.content.editing.many import save_all
from quizapp.content.history import Act, Change
from quizapp.content.loading import load
from quizapp.content.loading.result import LoadResult
from quizapp.content.models import Question, Topic
from quizapp.content.parsing import parse_bank, question_from
from quizapp.content.sources import stored_content
from tests.content.banks import SERVICES, fact, load_from, question, topic, track, write_bank
from tests.factories import UserFactory
from tests.scheduling.studying import DAY, MORNING, answer, learn, reviews

pytestmark = pytest.mark.django_db(transaction=True)

RAISED = question(version=2)
CHANGE = Change(None, MORNING, Act.EDITED)
NODES = topic([question("on-nodes", facts=["nodes-run-pods"])], [fact("nodes-run-pods")])


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A bank that has been loaded, and has a new topic and a new meaning since."""
    load_from(write_bank(tmp_path, {SERVICES: topic([question()])}))
    topics = {SERVICES: topic([RAISED]), "nodes": NODES}
    return write_bank(tmp_path, topics, [track(topics=[SERVICES, "nodes"])])


def closing(act: Callable[[], Any]) -> Callable[[], Any]:
    def closed() -> Any:
        try:
            return act()
        finally:
            connection.close()

    return closed


def test_two_load_the_same_new_topic_at_once(folder: Path, pool: ThreadPoolExecutor) -> None:
    second: list[Future[LoadResult]] = []

    def meanwhile(_: Collection[int]) -> None:
        second.append(pool.submit(closing(lambda: load_from(folder))))
        with pytest.raises(TimeoutError):
            second[0].result(timeout=0.2)

    assert load(parse_bank(folder), on_new_version=meanwhile).has_changes
    assert not second[0].result().has_changes
    assert set(Topic.objects.values_list("slug", flat=True)) == {SERVICES, "nodes"}


def test_a_topic_that_comes_while_content_is_read_does_no_harm(folder: Path) -> None:
    waiting = [folder]

    def slowly(execute: Any, *query: Any) -> Any:
        found = execute(*query)
        if waiting:
            load_from(waiting.pop())
        return found

    with connection.execute_wrapper(slowly):
        assert stored_content().questions
    assert not waiting


ONE_WRITER = pytest.mark.skipif(connection.vendor == "sqlite", reason="there is one writer")


def load_all(folder: Path, meanwhile: NewVersion) -> None:
    load(parse_bank(folder), on_new_version=meanwhile)


def edit(_: Path, meanwhile: NewVersion) -> None:
    editing.save(question_from(RAISED, SERVICES), CHANGE, on_new_version=meanwhile)


def edit_many(_: Path, meanwhile: NewVersion) -> None:
    save_all([question_from(RAISED, SERVICES)], CHANGE, on_new_version=meanwhile)


@ONE_WRITER
@pytest.mark.parametrize("act", [load_all, edit, edit_many])
def test_learners_who_know_a_question_need_not_wait(
    folder: Path, pool: ThreadPoolExecutor, act: Callable[[Path, NewVersion], None]
) -> None:
    """Who waited with a card in hand would wait for ever for someone who wants that card."""
    alice, what_stays = UserFactory(), Question.objects.get(slug="what-stays")
    learn(alice, what_stays)

    def meanwhile(_: Collection[int]) -> None:
        repeated = closing(lambda: answer(alice, what_stays, now=MORNING + DAY))
        pool.submit(repeated).result(timeout=2)

    act(folder, meanwhile)
    assert reviews(alice) == 2
