"""The same answer among many learners and among a hundred, in turns."""

from __future__ import annotations

from functools import partial

from django.utils import timezone

from quizapp.scheduling.queue import Scope, next_card
from tests.bench.databases import Database, with_content
from tests.bench.figures import Figure
from tests.bench.learning import answers
from tests.bench.population import CARDS_EACH, REVIEWS_EACH, populate
from tests.bench.timing import ALL_ROUNDS, Action, medians
from tests.bench.watching import WatchedAnswers

TITLE = "Scale: the yardstick is the same with 100 learners"
FEW, MANY, VERY_MANY = 100, 1_000, 10_000
MOST = 1.25


class Population:
    """A database with so many learners, some of whom are about to respond or to ask."""

    def __init__(self, learners: int) -> None:
        self.learners = learners
        self.database = Database(f"learners-{learners}", copy_of=with_content())
        populate(self.database.path, learners)
        self.database.use()
        prepared = answers(3 * ALL_ROUNDS)
        self.answers = prepared[:ALL_ROUNDS]
        self.askers = [answer.user for answer in prepared[ALL_ROUNDS : 2 * ALL_ROUNDS]]
        self.watched = WatchedAnswers(prepared[2 * ALL_ROUNDS :])
        # What was read while preparing must not be at hand when the time is taken.
        self.database.close()
        self.database.connect()

    def __str__(self) -> str:
        cards, reviews = self.learners * CARDS_EACH, self.learners * REVIEWS_EACH
        return f"{self.learners:,} learners, {cards:,} cards, {reviews:,} reviews"

    def answer(self, number: int) -> Action:
        self.database.use()
        return self.answers[number].request(htmx=True).send

    def watched_answer(self, number: int) -> Action:
        self.database.use()
        return self.watched.turn(number)

    def next_card(self, number: int) -> Action:
        self.database.use()
        return partial(next_card, self.askers[number], timezone.now(), Scope())


def figures(*, is_full: bool) -> list[Figure]:
    few, many = Population(FEW), Population(VERY_MANY if is_full else MANY)
    taken = medians(
        few=few.answer,
        many=many.answer,
        few_next=few.next_card,
        many_next=many.next_card,
        few_watched=few.watched_answer,
        many_watched=many.watched_answer,
    )
    megabytes = many.database.path.stat().st_size / 1e6
    for population in (few, many):
        population.database.close()
    return [
        Figure(f"Answer: {many}", taken["many"], "ms", taken["few"], most=MOST),
        Figure("Next card", taken["many_next"], "ms", taken["few_next"], most=MOST),
        *many.watched.shares(f"Answer, {many.learners:,} learners"),
        *few.watched.shares(f"Answer, {few.learners:,} learners"),
        Figure("Size of the database", megabytes, "MB", digits=0),
    ]
