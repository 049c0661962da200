"""Second looks at one question: the rules of good content that make sense for it alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress

from quizapp.content import schema, sources
from quizapp.content.checking import RULES
from quizapp.content.checking.bank import (
    facts_are_asked_in_two_ways,
    many_questions_go_beyond_recall,
)
from quizapp.content.checking.chapters import (
    chapters_ask_often,
    chapters_state_every_fact,
    questions_are_set_in_after_their_facts,
    sections_are_of_a_good_length,
)
from quizapp.content.checking.distractors import no_rare_word_gives_the_key_away
from quizapp.content.checking.duplicates import no_two_questions_ask_the_same
from quizapp.content.checking.keys import (
    keys_are_not_the_longest_too_often,
    true_and_false_are_balanced,
)
from quizapp.content.checking.order import (
    extensions_are_asked_after_what_they_complete,
    questions_build_on_earlier_topics,
    topics_are_not_too_long,
)
from quizapp.content.checking.stems import negatives_are_few
from quizapp.content.models import Fact, Question, Topic
from quizapp.content.parsing import Bank, question_from
from quizapp.content.problems import ContentError, Place, Problem
from quizapp.content.schema import Question as Entry

_ABOUT_THE_BANK = frozenset(
    {
        chapters_ask_often,
        chapters_state_every_fact,
        extensions_are_asked_after_what_they_complete,
        facts_are_asked_in_two_ways,
        keys_are_not_the_longest_too_often,
        many_questions_go_beyond_recall,
        negatives_are_few,
        no_rare_word_gives_the_key_away,
        no_two_questions_ask_the_same,
        questions_are_set_in_after_their_facts,
        questions_build_on_earlier_topics,
        sections_are_of_a_good_length,
        topics_are_not_too_long,
        true_and_false_are_balanced,
    }
)
"""Rules about shares, order and chapters, of which one question by itself tells nothing."""

RULES_FOR_ONE = tuple(rule for rule in RULES if rule not in _ABOUT_THE_BANK)

_MOST_OTHERS = 100


def advice_on(entry: Entry) -> list[Problem]:
    """What the rules say of a question, among those of its kind in its topic. Four queries."""
    topic = Topic.objects.filter(slug=entry.topic).first()
    if topic is None:
        return []
    alone = _bank(topic, entry)
    found = [problem for rule in RULES_FOR_ONE for problem in rule(alone)]
    among = _bank(topic, entry, list(_others(topic, entry)))
    found += no_two_questions_ask_the_same(among)
    return [problem for problem in found if problem.file == entry.place.file]


def _bank(topic: Topic, entry: Entry, others: Sequence[Entry] = ()) -> Bank:
    drilled = Fact.objects.active().filter(slug__in=entry.facts) if not others else ()
    made = schema.Topic.model_construct(
        title=topic.title,
        summary=topic.summary,
        facts=tuple(_fact(fact, topic.slug) for fact in drilled),
        questions=(*others, entry),
    )
    made.stand(Place("topic"), topic.slug)
    return Bank(Place("topic"), (), (made,), ())


def _fact(row: Fact, topic: str) -> schema.Fact:
    source = sources.fact_source(row, topic, "")
    fact = schema.Fact.model_construct(**{k: v for k, v in source.items() if k != "topic"})
    fact.stand(Place("fact"), topic)
    return fact


def _others(topic: Topic, entry: Entry) -> Iterator[Entry]:
    """The other questions of that kind and topic, with which it may be confused."""
    rows = Question.objects.active().filter(topic=topic, kind=entry.kind)
    for row in rows.exclude(slug=entry.slug).order_by("position")[:_MOST_OTHERS]:
        source = sources.question_source(row, topic.slug, list(entry.facts))
        raw = {name: value for name, value in source.items() if name != "topic"}
        with suppress(ContentError):  # a row from before a rule of the parser
            yield question_from(raw, topic.slug, Place(row.slug))
