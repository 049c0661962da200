"""Fitting the memory model to a hundred thousand reviews, from the rows to the parameters."""

from __future__ import annotations

from functools import partial

from django.utils import timezone

from quizapp.scheduling import refitting
from tests.bench.databases import Database, with_content
from tests.bench.figures import Figure
from tests.bench.population import REVIEWS_EACH, populate
from tests.bench.timing import seconds

TITLE = "Fitting the memory model"
REVIEWS = 100_000


def figures(*, is_full: bool) -> list[Figure]:
    database = Database("fitting", copy_of=with_content())
    populate(database.path, REVIEWS // REVIEWS_EACH)
    database.use()
    histories = list(refitting._histories())
    taken = seconds(partial(refitting.fit_pool, timezone.now()))
    database.close()
    reviews = sum(len(history) for history in histories)
    return [Figure(f"{reviews:,} reviews pooled, read and fitted", taken, "s", most=3)]
