"""How fast quizapp is: `python -m tests.bench [--full] [--only NAME]`.

Nothing here passes or fails. Each figure stands beside its yardstick, taken in the same run, and
beside its target.
"""

from __future__ import annotations

import argparse
import os
import platform
import sqlite3
import sys
import time

import django

FIGURES = ("answer", "scale", "load", "grading", "weight")


def main() -> None:
    options = _options()
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
    django.setup()
    from importlib import import_module

    from django.core.management import call_command

    from tests.bench.figures import table

    start = time.perf_counter()
    _say("Collecting static files")
    call_command("collectstatic", interactive=False, verbosity=0)
    sections = []
    for name in FIGURES:
        if options.only in (None, name):
            module = import_module(f"tests.bench.{name}")
            _say(module.TITLE)
            sections.append((module.TITLE, module.figures(is_full=options.full)))
    sys.stdout.write(f"{_machine()}\n\n{table(sections)}\n")
    _say(f"Took {time.perf_counter() - start:.0f} s")
