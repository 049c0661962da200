"""Loading the bank that is shipped, and one of a thousand questions, parsing included."""

from __future__ import annotations

from pathlib import Path
from statistics import median

from django.conf import settings

from quizapp.content.checking import check
from quizapp.content.loading import load
from quizapp.content.loading.result import LoadResult
from quizapp.content.parsing import parse_bank
from quizapp.scheduling.cards import start_anew
from tests.bench.bank import QUESTIONS_PER_TOPIC, TOPICS, thousand_questions
from tests.bench.databases import Database, migrated
from tests.bench.figures import Figure
from tests.bench.timing import seconds

TITLE = f"Loading the bank, and {TOPICS * QUESTIONS_PER_TOPIC:,} questions"
RELOADS = 5


def figures(*, is_full: bool) -> list[Figure]:
    shipped = Path(settings.BASE_DIR) / "content"
    bank = parse_bank(shipped)
    return [
        *_of("The bank", shipped),
        Figure("… checking it", seconds(lambda: check(bank)), "s"),
        *_of("A thousand questions", thousand_questions()),
    ]


def _of(what: str, folder: Path) -> list[Figure]:
    database = Database("loading", copy_of=migrated())
    database.use()
    results: list[LoadResult] = []

    def parse_and_load() -> None:
        results.append(load(parse_bank(folder), on_new_version=start_anew))

    first = seconds(parse_and_load)
    again = [seconds(parse_and_load) for _ in range(RELOADS)]
    parsing = [seconds(lambda: parse_bank(folder)) for _ in range(RELOADS)]
    if [result.has_changes for result in results] != [True] + RELOADS * [False]:
        raise RuntimeError("Loading the same files again has changed something.")
    database.close()
    return [
        Figure(f"{what}: first load", first, "s", most=2),
        Figure("… again without a change", median(again), "s", most=0.5),
        Figure("… of it parsing", median(parsing), "s"),
    ]
