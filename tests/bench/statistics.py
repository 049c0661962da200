"""Counting the statistics of all questions. The yardstick is to read the same log, and no more."""

from __future__ import annotations

from collections import deque
from functools import partial

from django.utils import timezone

from quizapp.authoring.statistics import counting
from tests.bench.databases import Database, with_content
from tests.bench.figures import Figure
from tests.bench.population import REVIEWS_EACH, populate
from tests.bench.timing import seconds

TITLE = "Statistics of all questions: the yardstick is to read the log"
REVIEWS, MANY_REVIEWS = 100_000, 1_000_000
MOST = 3


def figures(*, is_full: bool) -> list[Figure]:
    reviews = MANY_REVIEWS if is_full else REVIEWS
    database = Database("statistics", copy_of=with_content())
    populate(database.path, reviews // REVIEWS_EACH)
    database.use()
    read = seconds(lambda: deque(counting._log(), maxlen=0))
    taken = seconds(partial(counting.count_all, timezone.now()))
    database.close()
    return [Figure(f"1,000 questions, {reviews:,} reviews", taken, "s", read, most=MOST)]
