"""What the selects of the form offer: topics, and facts by topic."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from quizapp.authoring.edit.fields import Choices
from quizapp.content.models import Fact, Topic
from quizapp.content.rendering import plain_text

_MOST = 400
_LONGEST = 110


def topics() -> Choices:
    return [("", [(row.slug, row.title) for row in Topic.objects.active()])]


def facts(topic: str, chosen: Collection[str]) -> Choices:
    """The facts of the topic, then those of the others; in one query.

    Of a very large bank only the first of the others are offered, and those that are chosen.
    """
    groups: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    groups[topic, ""] = []
    rows = Fact.objects.active().order_by("topic__position", "topic__slug", "position")
    left = _MOST
    for slug, text, of, title in rows.values_list("slug", "fact", "topic__slug", "topic__title"):
        if of == topic or slug in chosen or left > 0:
            left -= of != topic
            key = (of, "") if of == topic else (of, title)
            groups[key].append((slug, _short(text)))
    return [(title, group) for (_, title), group in groups.items() if group]


def _short(text: str) -> str:
    text = plain_text(text)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rstrip()} …"
