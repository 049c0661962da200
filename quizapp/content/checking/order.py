"""Rules about the order in which learners meet facts and questions."""

from __future__ import annotations

from collections.abc import Iterator

from quizapp.content.parsing import Bank
from quizapp.content.problems import Problem

_MOST_FACTS = 25


def topics_are_not_too_long(bank: Bank) -> Iterator[Problem]:
    for topic in bank.topics:
        count = len(topic.facts)
        if count > _MOST_FACTS:
            message = f"divide this topic: it has {count} facts, over {_MOST_FACTS}"
            yield topic.place.at("facts").warning(message)


def questions_build_on_earlier_topics(bank: Bank) -> Iterator[Problem]:
    order = {topic.slug: place for place, topic in enumerate(bank.topics)}
    topic_of = {fact.slug: fact.topic for fact in bank.facts}
    for question in bank.questions:
        for index, slug in enumerate(question.facts):
            topic = topic_of.get(slug, question.topic)
            if order[topic] > order[question.topic]:
                message = f"drill {slug} in its own topic, {topic}: here it has not been met yet"
                yield question.place.at("facts", index).warning(message)


def extensions_are_asked_after_what_they_complete(bank: Bank) -> Iterator[Problem]:
    for topic in bank.topics:
        first: dict[str, int] = {}
        for place, question in enumerate(topic.questions):
            for slug in question.facts:
                first.setdefault(slug, place)
        for fact in topic.facts:
            base = fact.extends
            if base in first and fact.slug in first and first[fact.slug] < first[base]:
                question = topic.questions[first[fact.slug]]
                message = f"move this below the first question on {base}, which {fact.slug} extends"
                yield question.place.warning(message)
