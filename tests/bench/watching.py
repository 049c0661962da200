"""What the database has to do for an answer, and how much of the time that takes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.db import connections

from tests.bench.figures import Figure
from tests.bench.learning import Answer
from tests.bench.timing import WARM_UP, Action, seconds

RIGHT = b'data-verdict="right"'


@dataclass(slots=True)
class DatabaseWork:
    """Statements, with BEGIN and COMMIT, and the seconds that they took."""

    statements: int = 0
    seconds: float = 0.0
    commit_seconds: float = 0.0


class WatchedAnswers:
    """Answers sent as fragments with an eye on the database, which itself takes a little time."""

    def __init__(self, answers: Sequence[Answer]) -> None:
        self.answers = answers
        self.totals: list[float] = []
        self.works: list[DatabaseWork] = []

    def turn(self, number: int) -> Action:
        request = self.answers[number].request(htmx=True)

        def send() -> None:
            bodies: list[bytes] = []
            with _watched() as work:
                self.totals.append(seconds(lambda: bodies.append(request.send().body)))
            self.works.append(work)
            if RIGHT not in bodies[0]:
                raise RuntimeError("A right response was not taken for one.")

        return send

    @property
    def statements(self) -> int:
        return max(work.statements for work in self.works)

    @property
    def commit(self) -> float:
        return self._median(lambda _, work: work.commit_seconds)

    @property
    def without_commit(self) -> float:
        return self._median(lambda total, work: total - work.commit_seconds)

    def shares(self, name: str) -> list[Figure]:
        """What the database took of an answer, and what Python took."""
        database = self._median(lambda _, work: work.seconds)
        python = self._median(lambda total, work: total - work.seconds)
        percent = 100 * database / (database + python)
        return [
            Figure(f"{name}: Python, {100 - percent:.0f} %", python, "ms"),
            Figure(f"{name}: database, {percent:.0f} %", database, "ms"),
        ]

    def _median(self, part: Callable[[float, DatabaseWork], float]) -> float:
        """Milliseconds."""
        parts = [part(*each) for each in zip(self.totals, self.works, strict=True)]
        return 1000 * median(parts[WARM_UP:])


@contextmanager
def _watched() -> Iterator[DatabaseWork]:
    work = DatabaseWork()
    connection: Any = connections["default"]
    commit = connection.commit

    def timed_execute(execute: Callable[..., object], *arguments: object) -> object:
        start = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            work.statements += 1
            work.seconds += time.perf_counter() - start

    def timed_commit() -> None:
        taken = seconds(commit)
        work.statements += 1
        work.seconds += taken
        work.commit_seconds += taken

    connection.commit = timed_commit
    try:
        with connection.execute_wrapper(timed_execute):
            yield work
    finally:
        del connection.commit
