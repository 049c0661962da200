"""What bringing in a topic file leaves as it is: the topic and its facts."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from quizapp.content import sources
from quizapp.content.importing.uploads import Contents
from quizapp.content.models import Fact, Topic
from quizapp.content.parsing.files import validated
from quizapp.content.problems import ContentError
from quizapp.content.schema import Fact as FactEntry
from quizapp.content.schema import Source

_MOST_NAMED = 5


def differing(contents: Contents) -> Iterator[str]:
    """Sentences on what a topic file says of its topic and facts that the bank does not.

    At most two queries.
    """
    given = contents.about.get("facts")
    topic = Topic.objects.active().filter(slug=contents.topic).first() if contents.about else None
    if topic is None:
        return
    told = {"title": topic.title, "summary": topic.summary}
    for name, text in told.items():
        if name in contents.about and contents.about[name] != text:
            yield f"The {name} of the topic stays as it is."
    others = _other_facts(given, contents) if isinstance(given, list) else ()
    if other := list(islice(others, _MOST_NAMED + 1)):
        named = ", ".join(other[:_MOST_NAMED]) + (" and others" if other[_MOST_NAMED:] else "")
        yield f"Facts come in by loading the content's files. The bank has others than: {named}."


def _other_facts(given: list[Any], contents: Contents) -> Iterator[str]:
    """Ids of facts that the bank does not have, or that say something else there."""
    slugs = [raw["id"] for raw in given if isinstance(raw, dict) and isinstance(raw.get("id"), str)]
    found = Fact.objects.active().filter(slug__in=slugs).select_related("topic", "extends")
    rows = {row.slug: row for row in found}
    for raw in given:
        slug = raw.get("id") if isinstance(raw, dict) else None
        row = rows.get(slug) if isinstance(slug, str) else None
        said = row and sources.fact_source(
            row, row.topic.slug, row.extends.slug if row.extends else ""
        )
        if said != _fact_source(raw, contents):
            yield str(slug)[:80]


def _fact_source(raw: Any, contents: Contents) -> Source | None:
    try:
        fact = validated(FactEntry, raw, contents.place)
    except ContentError:
        return None
    fact.stand(contents.place, contents.topic)
    return fact.source()
