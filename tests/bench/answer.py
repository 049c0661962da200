"""One answer through the whole stack, beside a page that does as little as a page can."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from django.conf import settings

from tests.bench.databases import Database, with_content
from tests.bench.figures import Figure
from tests.bench.learning import RIGHT, Answer, answers
from tests.bench.population import populate
from tests.bench.timing import ALL_ROUNDS, DatabaseWork, medians, seconds, watched

TITLE = "One answer"
LEARNERS = 100
WATCHED_ROUNDS = 16


def figures(*, is_full: bool) -> list[Figure]:
    database = Database("one-answer", copy_of=with_content())
    populate(database.path, LEARNERS)
    database.use()
    prepared = answers(2 * ALL_ROUNDS + WATCHED_ROUNDS)
    fragments, pages = prepared[:ALL_ROUNDS], prepared[ALL_ROUNDS : 2 * ALL_ROUNDS]
    taken = medians(
        yardstick=lambda number: _yardstick(pages[number], "yardstick"),
        fragment=lambda number: fragments[number].request(htmx=True).send,
        bare=lambda number: _yardstick(pages[number], "bare-yardstick"),
        page=lambda number: pages[number].request(htmx=False).send,
        flush=lambda _: _flush,
    )
    works = works_of(prepared[2 * ALL_ROUNDS :])
    commit = median(1000 * work.commit_seconds for _, work in works)
    database.close()
    return [
        Figure("Fragment for htmx", taken["fragment"], "ms", taken["yardstick"], most=4, aim=3),
        Figure("Whole page, without JavaScript", taken["page"], "ms", taken["yardstick"], 4, 3),
        Figure("Fragment, less its commit", taken["fragment"] - commit, "ms", taken["yardstick"]),
        Figure("Fragment, yardstick loads no user", taken["fragment"], "ms", taken["bare"]),
        Figure("Queries, with BEGIN and COMMIT", works[0][1].statements, most=12, digits=0),
        *shares("Fragment, watched", works),
        Figure("… of it the commit, with its flush to disk", commit, "ms"),
        Figure("For comparison: 4 KB written and flushed", taken["flush"], "ms"),
    ]


def works_of(prepared: Sequence[Answer]) -> list[tuple[float, DatabaseWork]]:
    """Seconds that each answer took as a fragment, and the database's part of it."""
    works = []
    for answer in prepared:
        request = answer.request(htmx=True)
        bodies: list[bytes] = []
        with watched() as work:
            taken = seconds(lambda: bodies.append(request.send().body))  # noqa: B023 - called now
        if RIGHT not in bodies[0]:
            raise RuntimeError("A right response was not taken for one.")
        works.append((taken, work))
    return works


def shares(name: str, works: Sequence[tuple[float, DatabaseWork]]) -> list[Figure]:
    """What the database took of an answer, and what Python took."""
    database = median(1000 * work.seconds for _, work in works)
    python = median(1000 * (taken - work.seconds) for taken, work in works)
    percent = 100 * database / (database + python)
    return [
        Figure(f"{name}: database, {percent:.0f} %", database, "ms"),
        Figure(f"{name}: Python, {100 - percent:.0f} %", python, "ms"),
    ]


def _yardstick(answer: Answer, name: str):  # noqa: ANN202
    return answer.browser.request(f"/{name}/{answer.question_id}/").send


def _flush() -> None:
    path = Path(settings.DATA_DIR) / "flush"
    with path.open("ab", buffering=0) as file:
        file.write(bytes(4096))
        os.fdatasync(file.fileno())
