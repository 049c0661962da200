"""What a learner looks for among the questions met, as the address of the page says it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from quizapp.content.models import Fact, Topic
from quizapp.grading.responses import storable
from quizapp.scheduling import found
from quizapp.scheduling.found import Order, Standing, Wanted

FARTHEST_PAGE = 10**6

Choice = TypeVar("Choice", bound=StrEnum)
Named = TypeVar("Named", Fact, Topic)


@dataclass(frozen=True, slots=True)
class Search:
    """The filters, and what there is to choose from. `facts` are those of the chosen topic."""

    text: str
    topic: Topic | None
    fact: Fact | None
    standing: Standing | None
    order: Order
    page: int
    topics: list[Topic]
    facts: list[Fact]

    @property
    def wanted(self) -> Wanted:
        return Wanted(
            text=self.text,
            topic_id=self.topic.pk if self.topic else None,
            fact_id=self.fact.pk if self.fact else None,
            standing=self.standing,
        )

    def address(self, name: str = "browse", page: int = 1) -> str:
        """Where these filters lead to on the named page."""
        fields = {
            "text": self.text,
            "topic": self.topic.slug if self.topic else "",
            "fact": self.fact.slug if self.fact else "",
            "state": self.standing or "",
            "sort": "" if self.order is Order.SOONEST else self.order,
            "page": str(page) if page > 1 else "",
        }
        query = urlencode({field: value for field, value in fields.items() if value})
        return f"{reverse(name)}?{query}" if query else reverse(name)


def read_search(query: QueryDict) -> Search:
    """At most two queries. Values that mean nothing are passed over."""
    topics = list(Topic.objects.active())
    topic = _by_slug(topics, query.get("topic", ""))
    wanted_fact = storable(query.get("fact", ""))
    facts = _facts(topic, wanted_fact)
    fact = _by_slug(facts, wanted_fact)
    if fact and not topic:
        topic = next((each for each in topics if each.pk == fact.topic_id), None)
    page = query.get("page", "")
    return Search(
        text=" ".join(found.words_of(query.get("text", ""))),
        topic=topic,
        fact=fact,
        standing=_choice(Standing, query.get("state", "")),
        order=_choice(Order, query.get("sort", "")) or Order.SOONEST,
        page=min(int(page[:7]), FARTHEST_PAGE) if page.isdecimal() else 1,
        topics=topics,
        facts=facts,
    )


def _facts(topic: Topic | None, slug: str) -> list[Fact]:
    """Those of the topic; without one, those of the topic that the wanted fact belongs to."""
    facts = Fact.objects.active()
    if topic:
        return list(facts.filter(topic=topic))
    return list(facts.filter(topic__facts__slug=slug)) if slug else []


def _by_slug(rows: Iterable[Named], slug: str) -> Named | None:
    return next((row for row in rows if row.slug == slug), None)


def _choice(choices: type[Choice], value: str) -> Choice | None:
    return choices(value) if value in list(choices) else None
