"""Taking times: in turns, so that whatever else the machine does slows all contenders alike."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.db import connections

Action = Callable[[], object]
Contender = Callable[[int], Action]
"""Prepares, outside the time taken, what is to be done in a round."""

WARM_UP = 4
ROUNDS = 32
ALL_ROUNDS = WARM_UP + ROUNDS


def seconds(action: Action) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def medians(**contenders: Contender) -> dict[str, float]:
    """Median milliseconds of each contender, over rounds in which each has one turn."""
    taken: dict[str, list[float]] = {name: [] for name in contenders}
    for number in range(ALL_ROUNDS):
        for name, contender in contenders.items():
            taken[name].append(seconds(contender(number)))
    return {name: 1000 * median(times[WARM_UP:]) for name, times in taken.items()}


@dataclass(slots=True)
class DatabaseWork:
    """What the database had to do: statements with BEGIN and COMMIT, and the seconds they took."""

    statements: int = 0
    seconds: float = 0.0
    commit_seconds: float = 0.0


@contextmanager
def watched() -> Iterator[DatabaseWork]:
    """Count and time the statements of the block. Watching itself takes a little time."""
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
