"""The same answer among many learners and among a hundred, in turns."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.utils import timezone

from quizapp.scheduling.queue import Scope, next_card
from tests.bench.answer import shares, works_of
from tests.bench.databases import Database, with_content
from tests.bench.figures import Figure
from tests.bench.learning import Answer, answers
from tests.bench.population import CARDS_EACH, REVIEWS_EACH, populate
from tests.bench.timing import ALL_ROUNDS, medians

TITLE = "Scale: the yardstick is the same with 100 learners"
FEW, MANY, VERY_MANY = 100, 1_000, 10_000
MOST = 1.25
WATCHED_ROUNDS = 16


class Population:
    """A database with so many learners, some of whom are about to respond or to ask."""

    def __init__(self, learners: int) -> None:
        self.database = Database(f"learners-{learners}", copy_of=with_content())
        populate(self.database.path, learners)
        self.database.use()
        prepared = answers(2 * ALL_ROUNDS + WATCHED_ROUNDS)
        self.answers = prepared[:ALL_ROUNDS]
        self.askers = [answer.user for answer in prepared[ALL_ROUNDS : 2 * ALL_ROUNDS]]
        self.watched_answers: list[Answer] = prepared[2 * ALL_ROUNDS :]
        # What was read while preparing must not be at hand when the time is taken.
        self.database.close()
        self.database.connect()

    def answer(self, number: int) -> Callable[[], object]:
        self.database.use()
        self.database.connection.ensure_connection()
        return self.answers[number].request(htmx=True).send

    def next_card(self, number: int) -> Callable[[], object]:
        self.database.use()
        return partial(next_card, self.askers[number], timezone.now(), Scope())


def figures(*, is_full: bool) -> list[Figure]:
    learners = VERY_MANY if is_full else MANY
    few, many = Population(FEW), Population(learners)
    taken = medians(
        few_answer=few.answer,
        many_answer=many.answer,
        few_next=few.next_card,
        many_next=many.next_card,
    )
    size = (
        f"{learners:,} learners, {learners * CARDS_EACH:,} cards, "
        f"{learners * REVIEWS_EACH:,} reviews"
    )
    few.database.use()
    few_works = works_of(few.watched_answers)
    many.database.use()
    many_works = works_of(many.watched_answers)
    megabytes = many.database.path.stat().st_size / 1e6
    for population in (few, many):
        population.database.close()
    return [
        Figure(f"Answer: {size}", taken["many_answer"], "ms", taken["few_answer"], most=MOST),
        Figure("Next card", taken["many_next"], "ms", taken["few_next"], most=MOST),
        *shares(f"Answer, {learners:,} learners", many_works),
        *shares(f"Answer, {FEW:,} learners", few_works),
        Figure("Size of the database", megabytes, "MB", digits=0),
    ]
