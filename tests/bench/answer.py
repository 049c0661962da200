"""One answer through the whole stack, beside a page that does as little as a page can."""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings

from tests.bench.databases import Database, with_content
from tests.bench.figures import Figure
from tests.bench.learning import Answer, answers
from tests.bench.population import populate
from tests.bench.timing import ALL_ROUNDS, Action, medians
from tests.bench.watching import WatchedAnswers

TITLE = "One answer"
LEARNERS = 100


def figures(*, is_full: bool) -> list[Figure]:
    database = Database("one-answer", copy_of=with_content())
    populate(database.path, LEARNERS)
    database.use()
    prepared = answers(3 * ALL_ROUNDS)
    fragments, pages = prepared[:ALL_ROUNDS], prepared[ALL_ROUNDS : 2 * ALL_ROUNDS]
    watched = WatchedAnswers(prepared[2 * ALL_ROUNDS :])
    taken = medians(
        yardstick=lambda number: _yardstick(pages[number], "yardstick"),
        fragment=lambda number: fragments[number].request(htmx=True).send,
        bare=lambda number: _yardstick(pages[number], "bare-yardstick"),
        page=lambda number: pages[number].request(htmx=False).send,
        watched=watched.turn,
        next=lambda number: _next_question(pages[number]),
    )
    flush = medians(flush=lambda _: _flush)["flush"]
    database.close()
    yardstick = taken["yardstick"]
    return [
        Figure("Fragment for htmx", taken["fragment"], "ms", yardstick, most=4, aim=3),
        Figure("Whole page, without JavaScript", taken["page"], "ms", yardstick, most=4, aim=3),
        Figure("Fragment, yardstick loads no user", taken["fragment"], "ms", taken["bare"]),
        Figure("Fragment, less its commit", watched.without_commit, "ms", yardstick),
        Figure("Queries, with BEGIN and COMMIT", watched.statements, most=12, digits=0),
        *watched.shares("Fragment"),
        Figure("… of it the commit, with its flush to disk", watched.commit, "ms"),
        Figure("For comparison: 4 KB written and flushed", flush, "ms"),
        Figure("The next question, as a fragment", taken["next"], "ms", yardstick),
    ]


def _yardstick(answer: Answer, name: str) -> Action:
    return answer.browser.request(f"/{name}/{answer.question.pk}/").send


def _next_question(answer: Answer) -> Action:
    return answer.browser.request("/review/", HX_REQUEST="true").send


def _flush() -> None:
    path = Path(settings.DATA_DIR) / "flush"
    with path.open("ab", buffering=0) as file:
        file.write(bytes(4096))
        os.fdatasync(file.fileno())
