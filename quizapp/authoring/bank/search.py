"""What an editor looks for in the bank, as the address of the list says it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from quizapp.content.models import Fact, Topic
from quizapp.grading import KINDS
from quizapp.grading.responses import storable
from quizapp.scheduling.found import words_of

FARTHEST_PAGE = 10**6


class Standing(StrEnum):
    """Where a question stands. A draft of a question in use stands in two places."""

    LIVE = "live"
    DRAFT = "draft"
    RETIRED = "retired"


class Origin(StrEnum):
    """Who says what a question says: the files, the browser, or both, each something else."""

    FILE = "file"
    BROWSER = "browser"
    BOTH = "both"


class Figures(StrEnum):
    """What the item statistics say of a question."""

    ATTENTION = "attention"
    FEW = "few-responses"
    EASY = "too-easy"
    HARD = "too-hard"
    FLAT = "low-discrimination"


class Order(StrEnum):
    TOPIC = "topic"
    CHANGED = "changed"
    ATTENTION = "attention"
    FACILITY = "facility"
    DISCRIMINATION = "discrimination"
    RESPONSES = "responses"
    FLAGS = "flags"


Choice = TypeVar("Choice", bound=StrEnum)
Named = TypeVar("Named", Fact, Topic)


@dataclass(frozen=True, slots=True)
class Search:
    """The filters; what is empty does not narrow."""

    text: str = ""
    topic: Topic | None = None
    fact: Fact | None = None
    kind: str = ""
    standing: Standing | None = None
    origin: Origin | None = None
    is_flagged: bool = False
    figures: Figures | None = None
    order: Order = Order.TOPIC
    page: int = 1

    @property
    def words(self) -> list[str]:
        return self.text.split()

    @property
    def is_everything(self) -> bool:
        return replace(self, order=Order.TOPIC, page=1) == Search()

    def query(self, page: int = 1) -> str:
        values = {
            "text": self.text,
            "topic": self.topic.slug if self.topic else "",
            "fact": self.fact.slug if self.fact else "",
            "kind": self.kind,
            "state": self.standing or "",
            "source": self.origin or "",
            "flagged": "yes" if self.is_flagged else "",
            "figures": self.figures or "",
            "sort": "" if self.order is Order.TOPIC else self.order,
            "page": str(page) if page > 1 else "",
        }
        return urlencode({name: value for name, value in values.items() if value})

    def address(self, name: str = "edit-bank", page: int = 1) -> str:
        """Where these filters lead to on the named page."""
        query = self.query(page)
        return f"{reverse(name)}?{query}" if query else reverse(name)


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is to choose from. `facts` are those of the chosen topic."""

    topics: list[Topic]
    facts: list[Fact]

    @property
    def topics_in_use(self) -> list[Topic]:
        return [topic for topic in self.topics if not topic.is_retired]


def read_search(query: QueryDict) -> tuple[Search, Choices]:
    """At most two queries. Values that mean nothing are passed over."""
    topics = list(Topic.objects.all())
    topic = _by_slug(topics, query.get("topic", ""))
    wanted_fact = storable(query.get("fact", ""))
    facts = _facts(topic, wanted_fact)
    fact = _by_slug(facts, wanted_fact)
    if fact and not topic:
        topic = next((each for each in topics if each.pk == fact.topic_id), None)
    kind, page = query.get("kind", ""), query.get("page", "")
    search = Search(
        text=" ".join(words_of(query.get("text", ""))),
        topic=topic,
        fact=fact,
        kind=kind if kind in KINDS else "",
        standing=_choice(Standing, query.get("state", "")),
        origin=_choice(Origin, query.get("source", "")),
        is_flagged=query.get("flagged") == "yes",
        figures=_choice(Figures, query.get("figures", "")),
        order=_choice(Order, query.get("sort", "")) or Order.TOPIC,
        page=min(int(page[:7]), FARTHEST_PAGE) if page.isdecimal() else 1,
    )
    return search, Choices(topics, facts)


def _facts(topic: Topic | None, slug: str) -> list[Fact]:
    """Those of the topic; without one, those of the topic that the wanted fact belongs to."""
    if topic:
        return list(Fact.objects.filter(topic=topic).order_by("position"))
    return list(Fact.objects.filter(topic__facts__slug=slug)) if slug else []


def _by_slug(rows: Iterable[Named], slug: str) -> Named | None:
    return next((row for row in rows if row.slug == slug), None)


def _choice(choices: type[Choice], value: str) -> Choice | None:
    return choices(value) if value in list(choices) else None
