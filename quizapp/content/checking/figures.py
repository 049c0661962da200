"""What a bank covers, in figures that an author watches while it grows. No Django here."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from statistics import mean

from quizapp.content.checking.choices import keys, real_choices_in, true_or_false_in
from quizapp.content.checking.keys import is_longest
from quizapp.content.checking.words import alike
from quizapp.content.parsing import Bank
from quizapp.content.schema import Question, Track
from quizapp.grading import KINDS

_LEVELS = ("remember", "understand", "apply", "analyse")


def coverage_lines(bank: Bank) -> Iterator[str]:
    """A line for each figure; none for a bank without questions."""
    if not bank.questions:
        return
    yield from _facts(bank)
    total = len(bank.questions)
    by_kind = Counter(question.kind for question in bank.questions)
    yield _line("kinds", (f"{kind} {_share(by_kind[kind], total)}" for kind in KINDS))
    by_level = Counter[str](question.bloom for question in bank.questions)
    yield _line("thinking", (f"{level} {_share(by_level[level], total)}" for level in _LEVELS))
    deep = by_level["apply"] + by_level["analyse"]
    scenarios = sum(question.scenario for question in bank.questions)
    yield _line("beyond recall", [_share(deep, total)])
    yield _line("scenarios", [_share(scenarios, total)])
    yield from _keys(bank)
    for track in bank.tracks:
        yield _line(f"track {track.slug}", [_track(bank, track)])
    if bank.chapters:
        yield _line("primer", _primer(bank))


def questions_of(bank: Bank, track: Track) -> list[Question]:
    """The questions that a track means, in the order in which they are met."""
    extensions = {fact.slug for fact in bank.facts if fact.extends}
    wanted = {"all": (True, False), "extensions": (True,), "primer": (False,)}[track.covers]
    return [
        question
        for question in bank.questions
        if question.topic in track.topics and (not extensions.isdisjoint(question.facts)) in wanted
    ]


def _facts(bank: Bank) -> Iterator[str]:
    drills = _drills(bank)
    extensions = sum(fact.extends is not None for fact in bank.facts)
    sizes = [len(topic.facts) for topic in bank.topics]
    yield _line(
        "facts",
        [
            f"{len(bank.facts)}, of which {extensions} are extensions",
            f"{min(sizes)} to {max(sizes)} in each of {len(sizes)} topics",
        ],
    )
    numbers = Counter(len(drills[fact.slug]) for fact in bank.facts)
    yield _line("facts by questions", _histogram(numbers, "question"))
    kinds = Counter(len({each.kind for each in drills[fact.slug]}) for fact in bank.facts)
    yield _line("facts by kinds", _histogram(kinds, "kind"))


def _drills(bank: Bank) -> Mapping[str, list[Question]]:
    drills: dict[str, list[Question]] = defaultdict(list)
    for question in bank.questions:
        for slug in question.facts:
            drills[slug].append(question)
    return drills


def _histogram(numbers: Mapping[int, int], noun: str) -> Iterator[str]:
    for number, facts in sorted(numbers.items()):
        yield f"{facts} with {number} {noun if number == 1 else f'{noun}s'}"


def _keys(bank: Bank) -> Iterator[str]:
    statements = [spec for _, spec in true_or_false_in(bank)]
    true = sum(alike(keys(spec)[0].text) == "true" for spec in statements)
    choices = [spec for _, spec in real_choices_in(bank) if len(keys(spec)) == 1]
    written = Counter(spec.options.index(keys(spec)[0]) + 1 for spec in choices)
    if statements:
        count = f"of {len(statements)} statements"
        yield _line("key balance", [f"True is right in {_share(true, len(statements))} {count}"])
    if choices:
        count = f"of {len(choices)} choices"
        places = (f"place {place} in {written[place]}" for place in sorted(written))
        yield _line("key as written", [f"{', '.join(places)} {count}, shuffled when shown"])
        longest = sum(is_longest(spec) for spec in choices)
        yield _line(
            "length cue", [f"the key is longest in {_share(longest, len(choices))} {count}"]
        )


def _track(bank: Bank, track: Track) -> str:
    facts = {slug for question in questions_of(bank, track) for slug in question.facts}
    asked = len(questions_of(bank, track))
    return f"{asked} questions on {len(facts)} facts in {len(track.topics)} topics"


def _primer(bank: Bank) -> Iterator[str]:
    texts = [chapter.text for chapter in bank.chapters]
    words, asked = sum(text.words for text in texts), sum(len(text.questions) for text in texts)
    sections = [section.words for text in texts for section in text.sections if section.anchor]
    diagrams = {block.path for text in texts for block in text.diagrams}
    yield f"{len(texts)} chapters of {words} words in {len(sections)} sections"
    if sections:
        average = f"{mean(sections):.0f} on average"
        yield f"sections of {min(sections)} to {max(sections)} words, {average}"
    if asked:
        yield f"{asked} questions set in, one in {words / asked:.0f} words"
    yield f"{len(diagrams)} diagrams"


def _share(part: int, whole: int) -> str:
    return f"{part} ({part / whole:.0%})"


def _line(name: str, parts: Iterable[str]) -> str:
    return f"{name}: {'; '.join(parts)}"
