"""Takes the figures and prints them. Nothing here passes or fails: a figure stands beside its
yardstick, taken in the same run, and beside its target."""

from __future__ import annotations

import argparse
import os
import platform
import sqlite3
import sys
import time

from tests.bench import (
    answer,
    backlog,
    editing,
    fitting,
    grading,
    load,
    onboarding,
    primer,
    progress,
    scale,
    statistics,
    teams,
    weight,
)
from tests.bench.databases import journal
from tests.bench.figures import table

MODULES = {
    "answer": answer,
    "scale": scale,
    "progress": progress,
    "primer": primer,
    "load": load,
    "grading": grading,
    "fitting": fitting,
    "statistics": statistics,
    "backlog": backlog,
    "editing": editing,
    "onboarding": onboarding,
    "teams": teams,
    "weight": weight,
}


def main() -> None:
    options = _options()
    start = time.perf_counter()
    sections = []
    for name in [options.only] if options.only else MODULES:
        module = MODULES[name]
        _tell(f"{module.TITLE} ...")
        sections.append((module.TITLE, module.figures(is_full=options.full)))
    sys.stdout.write(f"{_machine()}\n\n{table(sections)}\n")
    _tell(f"It took {time.perf_counter() - start:.0f} seconds.")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument(
        "--full",
        action="store_true",
        help="measure the scale with 10,000 learners (takes a minute more, and 4 GB)",
    )
    parser.add_argument("--only", choices=MODULES, help="take these figures only")
    return parser.parse_args()


def _machine() -> str:
    return (
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version} ({journal()}), "
        f"{os.cpu_count()} cores of {platform.machine()}, load {os.getloadavg()[0]:.1f}"
    )


def _tell(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")
