"""What only shows across files: ids used twice, and ids that lead nowhere.

This looks at the raw data, so that an id counts as known even while its file has other errors.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from quizapp.content.problems import Place, Problem

Located = tuple[Place, Any]
"""Raw data, and the place that it stands at."""

Named = tuple[Place, str]
"""An id, and the place that it is written at."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A slug that a chapter names: of its topic, of a fact it states, of a question set in."""

    place: Place
    noun: str
    slug: str


def broken_references(
    tracks: Located, topics: Mapping[str, Located], confusables: Located
) -> Iterator[Problem]:
    """Every id that is given twice, and every one that is used but not given.

    Topics are by slug. The data of a file that could not be read is None; while there is such a
    file, no fact can be called unknown.
    """
    found = list(_items(*tracks, "tracks"))
    facts = [fact for topic in topics.values() for fact in _items(*topic, "facts")]
    questions = [item for topic in topics.values() for item in _items(*topic, "questions")]
    yield from _repeated(_ids(found))
    yield from _repeated(_ids(facts))
    yield from _repeated(_ids(questions))
    mixed_up = list(_items(*confusables, "confusables"))
    yield from _repeated(_ids(mixed_up))
    known = {name for _, name in _ids(facts)}
    for place, raw in found:
        yield from _broken_list(place, raw, "topics", set(topics), "topic")
    if any(raw is None for _, raw in topics.values()):
        return
    sides = (side for each in mixed_up for side in _items(*each, "sides"))
    for place, raw in (*questions, *sides):
        yield from _broken_list(place, raw, "facts", known, "fact")
    for each in topics.values():
        yield from _broken_extensions(list(_items(*each, "facts")), known)


def broken_placements(placed: Iterable[Placed], topics: Mapping[str, Located]) -> Iterator[Problem]:
    """Every topic, fact and question that a chapter names in vain, or a second time.

    While a topic file cannot be read, no fact and no question can be called unknown.
    """
    known: dict[str, set[str] | None] = {"topic": set(topics), "fact": None, "question": None}
    if all(raw is not None for _, raw in topics.values()):
        for noun in ("fact", "question"):
            items = (item for topic in topics.values() for item in _items(*topic, f"{noun}s"))
            known[noun] = {name for _, name in _ids(items)}
    first: dict[tuple[str, str], Place] = {}
    for each in placed:
        slugs = known[each.noun]
        if slugs is not None and each.slug not in slugs:
            yield each.place.error(_unknown(each.slug, slugs, each.noun))
        key = each.noun, each.slug
        if each.noun != "topic" and key in first:
            done = "stated" if each.noun == "fact" else "set in"
            message = f"take {each.slug} out here: it is {done} at {first[key]} already"
            yield each.place.error(message)
        first.setdefault(key, each.place)


def _broken_extensions(facts: Iterable[Located], known: set[str]) -> Iterator[Problem]:
    """Facts of one topic that extend what they cannot: it has to stand above, and not extend."""
    above: dict[str, bool] = {}
    for place, raw in facts:
        base = raw.get("extends")
        at = place.at("extends")
        if isinstance(base, str) and base not in known:
            yield at.error(_unknown(base, known, "fact"))
        elif isinstance(base, str) and base not in above:
            yield at.error(f"put {base} above, in the same topic: this fact completes it")
        elif isinstance(base, str) and above[base]:
            yield at.error(f"extend a fact of the primer: {base} is an extension itself")
        if isinstance(raw.get("id"), str):
            above[raw["id"]] = base is not None


def _unknown(name: str, known: set[str], noun: str) -> str:
    likely = get_close_matches(name, known, n=1)
    hint = f"; did you mean {likely[0]}?" if likely else ""
    return f"there is no {noun} {name}{hint}"


def _items(place: Place, raw: Any, field: str) -> Iterator[Located]:
    """The mappings in a field that should be a list of them."""
    items = raw.get(field) if isinstance(raw, dict) else None
    for index, item in enumerate(items if isinstance(items, list) else ()):
        if isinstance(item, dict):
            yield place.at(field, index), item


def _ids(items: Iterable[Located]) -> Iterator[Named]:
    for place, raw in items:
        if isinstance(raw.get("id"), str):
            yield place.at("id"), raw["id"]


def _repeated(names: Iterable[Named]) -> Iterator[Problem]:
    first: dict[str, Place] = {}
    for place, name in names:
        if name in first:
            yield place.error(f"choose another id: {name} is taken by {first[name]}")
        first.setdefault(name, place)


def _broken_list(
    place: Place, raw: Any, field: str, known: set[str], noun: str
) -> Iterator[Problem]:
    """Ids in a list that are unknown or repeated."""
    names = raw.get(field)
    seen: set[str] = set()
    for index, name in enumerate(names if isinstance(names, list) else ()):
        if not isinstance(name, str):
            continue
        if name not in known:
            yield place.at(field, index).error(_unknown(name, known, noun))
        if name in seen:
            yield place.at(field, index).error(f"name {name} only once")
        seen.add(name)
