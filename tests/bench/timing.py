"""Taking times: in turns, so that whatever else the machine does slows all contenders alike."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from statistics import median

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
    """Median milliseconds of each contender, over rounds in which each has one turn.

    The order changes from round to round, since a turn after a wait for the disk takes longer.
    """
    taken: dict[str, list[float]] = {name: [] for name in contenders}
    for number in range(ALL_ROUNDS):
        for name in random.Random(number).sample(list(contenders), len(contenders)):
            taken[name].append(seconds(contenders[name](number)))
    return {name: 1000 * median(times[WARM_UP:]) for name, times in taken.items()}
