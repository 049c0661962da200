"""The editor's list of 10,000 questions among many reviews, and of a hundred, in turns."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import cycle, islice
from typing import Any

from django.contrib.auth.models import Permission
from django.db import connections
from django.utils import timezone
from django.utils.http import urlencode

from quizapp.authoring.models import ItemStatistics
from quizapp.content import question_texts, sources
from quizapp.content.models import Fact, Question, QuestionFact, QuestionText, Topic
from quizapp.scheduling.models import Flag
from quizapp.teams.models import User
from tests.bench.bank import real_bank
from tests.bench.databases import Database, migrated
from tests.bench.figures import Figure
from tests.bench.learning import signed_in
from tests.bench.population import CARDS_EACH, REVIEWS_EACH, populate
from tests.bench.timing import Action, medians

TITLE = "Editing: the yardstick is the list of 100 questions, with 50,000 reviews"
FEW, MANY = 100, 10_000
FEW_LEARNERS, SOME_LEARNERS, MANY_LEARNERS = 100, 200, 2_000
MOST = 1.5
LISTS: dict[str, dict[str, Any]] = {
    "The list, by topic": {},
    "Its second page": {"page": 2},
    "Those that are live": {"state": "live"},
    "Sorted by attention": {"sort": "attention"},
    "Sorted by facility": {"sort": "facility"},
    "Newest change first": {"sort": "changed"},
    "Most open flags first": {"sort": "flags"},
    "Changed in the browser": {"source": "both"},
    "A search in all texts": {"text": "pod"},
}


class Bank:
    """A database with so many questions and learners, and an editor before the list."""

    def __init__(self, questions: int, learners: int) -> None:
        self.questions, self.learners = questions, learners
        self.database = Database(f"bank-{questions}", copy_of=migrated())
        self.database.use()
        _questions(questions)
        self.database.close()
        populate(self.database.path, learners, min(CARDS_EACH, questions))
        self.database.connect()
        self.database.use()
        editor = User.objects.create_user("editor@example.com")
        editor.user_permissions.add(Permission.objects.get(codename="edit_content"))
        self.browser = signed_in(editor)
        question_texts.fill_in()
        _figures()
        with connections["default"].cursor() as cursor:
            cursor.execute("PRAGMA optimize")
        # What was read while preparing must not be at hand when the time is taken.
        self.database.close()
        self.database.connect()

    def __str__(self) -> str:
        return f"{self.questions:,} questions, {self.learners * REVIEWS_EACH:,} reviews"

    def look(self, query: dict[str, Any]) -> Action:
        self.database.use()
        return self.browser.request(f"/edit/?{urlencode(query)}").send


def figures(*, is_full: bool) -> list[Figure]:
    few = Bank(FEW, FEW_LEARNERS)
    many = Bank(MANY, MANY_LEARNERS if is_full else SOME_LEARNERS)
    found = []
    for name, query in LISTS.items():
        taken = medians(
            few=lambda _, query=query: few.look(query),
            many=lambda _, query=query: many.look(query),
        )
        label = f"{name}: {many}" if not query else name
        found.append(Figure(label, taken["many"], "ms", taken["few"], most=MOST))
    for bank in (few, many):
        bank.database.close()
    return found


def _questions(number: int) -> None:
    """The real ones over and over under other ids, a hundred to a topic."""
    topics = [
        Topic(slug=f"topic-{place}", title=f"Topic {place}", position=place)
        for place in range(number // 100)
    ]
    Topic.objects.bulk_create(topics)
    facts = [
        Fact(slug=f"fact-{topic.slug}", topic=topic, fact="A fact.", why="So.", docs="docs/a/")
        for topic in topics
    ]
    Fact.objects.bulk_create(facts)
    rows = [
        Question(
            slug=f"question-{place}",
            topic=topics[place // 100],
            position=place % 100,
            retired_at=timezone.now() if place % 50 == 49 else None,
            **sources.question_values(entry) | {"version": 1},
        )
        for place, entry in enumerate(islice(cycle(real_bank().questions), number))
    ]
    Question.objects.bulk_create(rows, batch_size=500)
    QuestionFact.objects.bulk_create(
        (QuestionFact(question=row, fact=facts[place // 100]) for place, row in enumerate(rows)),
        batch_size=500,
    )


def _figures() -> None:
    """Statistics of all questions, flags on one in fifty, half of them other than in the files."""
    now, somebody = timezone.now(), User.objects.earliest("pk")
    questions = list(Question.objects.select_related("written").defer("spec"))
    ItemStatistics.objects.bulk_create(_statistics(questions), batch_size=500)
    Flag.objects.bulk_create(
        Flag(user=somebody, question=each, question_version=1, reason="typo")
        for each in questions[::50]
    )
    for place, each in enumerate(questions):
        each.source_digest = ("f" * 64, each.written.digest, "f" * 64, "")[place % 4]
        each.written.changed_at = now - timedelta(minutes=place * 7919 % 10_007)
    Question.objects.bulk_update(questions, ["source_digest"], batch_size=500)
    QuestionText.objects.bulk_update(
        [each.written for each in questions], ["changed_at"], batch_size=500
    )


def _statistics(questions: list[Question]) -> Iterator[ItemStatistics]:
    for place, question in enumerate(questions):
        share = place * 7919 % 1009 / 1009
        yield ItemStatistics(
            question=question,
            version=1,
            responses=place % 300,
            facility=share,
            facility_low=max(0, share - 0.05),
            facility_high=min(1, share + 0.05),
            discrimination=share - 0.2,
            options={f"{number:08x}": [place % 300, place % 70] for number in range(4)},
            attention=place % 5,
            reasons=["nobody picks option C"] if place % 5 else [],
            counted_at=timezone.now(),
        )
