"""What is found in the bank: questions, and drafts of questions that are to come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from quizapp.authoring.bank.search import Figures, Order, Origin, Search, Standing
from quizapp.authoring.models import Draft
from quizapp.authoring.statistics.attention import (
    EASY,
    HARD,
    LEAST_COMPARED,
    LEAST_RESPONSES,
    POOR_DISCRIMINATION,
)
from quizapp.content.models import Question, QuestionFact, QuestionText
from quizapp.content.question_texts import folded, text_of
from quizapp.scheduling.models import Flag

_IN_TOPIC = ("topic__position", "topic__slug", "position", "pk")


def _present(figure: str, **conditions: Any) -> Case:
    """A figure, unless it was counted when the question meant something else."""
    return Case(
        When(statistics__version=F("version"), **conditions, then=F(f"statistics__{figure}"))
    )


_KEYS: dict[Order, tuple[Any, ...]] = {
    Order.TOPIC: _IN_TOPIC,
    Order.CHANGED: (F("written__changed_at").desc(nulls_last=True), "pk"),
    # Nobody meets a retired question. The next count finds out; the list knows at once.
    Order.ATTENTION: (_present("attention", retired_at=None).desc(nulls_last=True), "pk"),
    Order.FACILITY: (_present("facility").asc(nulls_last=True), "pk"),
    Order.DISCRIMINATION: (_present("discrimination").asc(nulls_last=True), "pk"),
    Order.RESPONSES: (_present("responses").desc(nulls_last=True), "pk"),
    Order.FLAGS: (F("open_flags").desc(nulls_last=True), *_IN_TOPIC),
}

Questions = QuerySet[Question]


class Found:
    """The list that a search gives: first drafts of new questions, then questions."""

    def __init__(self, search: Search) -> None:
        self.search = search
        drafts = list(Draft.objects.order_by("-changed_at")) if _wants_drafts(search) else []
        matching = [draft for draft in drafts if _has_words(draft, search.words)]
        known = _known({draft.slug for draft in drafts})
        self.new = [draft for draft in matching if draft.slug not in known and _fits(draft, search)]
        self.questions = _questions(search, [draft.slug for draft in matching])

    @cached_property
    def ids(self) -> list[int]:
        """Of all questions, in the order of the list."""
        return list(self._keys)

    def count(self) -> int:
        # To look through all texts a second time takes longer than to hand all keys over.
        number = len(self.ids) if self.search.words else self.questions.count()
        return len(self.new) + number

    def part(self, start: int, stop: int) -> tuple[list[Draft], list[int]]:
        """What stands between two places of the list: drafts, and primary keys of questions.

        The keys alone are put into order, since the questions themselves are long.
        """
        new = self.new[start:stop]
        start, stop = (max(0, place - len(self.new)) for place in (start, stop))
        keys = self.ids if self.search.words else self._keys
        return new, list(keys[start:stop]) if stop else []

    @property
    def _keys(self) -> QuerySet[Any, int]:
        return _in_order(self.questions, self.search.order).values_list("pk", flat=True)


def shown(ids: Sequence[int]) -> list[Question]:
    """What the list shows of questions, in the order of the keys, in one query."""
    rows: Any = (
        Question.objects.filter(pk__in=ids)
        .select_related("topic", "statistics", "written")
        .defer("explanation", "spec", "written__text")
    )
    by_key = {row.pk: row for row in rows}
    return [by_key[key] for key in ids if key in by_key]


def open_flags(ids: Sequence[int]) -> dict[int, int]:
    """How many flags of each question wait to be settled."""
    flags = Flag.objects.open().filter(question__in=ids).order_by().values_list("question")
    return dict(flags.annotate(number=Count("pk")))


def drafts_of(questions: Sequence[Question]) -> dict[str, Draft]:
    """Their drafts, by slug."""
    drafts = Draft.objects.filter(slug__in=[question.slug for question in questions])
    return {draft.slug: draft for draft in drafts.defer("source")}


def _questions(search: Search, drafted: Sequence[str]) -> Questions:
    """`drafted` are the slugs of the drafts that have the words."""
    return Question.objects.filter(*_conditions(search), _says(search.words, drafted))


def _conditions(search: Search) -> Iterator[Q]:
    if search.topic:
        yield Q(topic=search.topic)
    if search.fact:
        drilling = QuestionFact.objects.filter(fact=search.fact)
        yield Q(pk__in=drilling.values("question"))
    if search.kind:
        yield Q(kind=search.kind)
    if search.standing is Standing.DRAFT:
        yield Q(slug__in=Draft.objects.values("slug"))
    elif search.standing:
        yield Q(retired_at__isnull=search.standing is Standing.LIVE)
    if search.origin:
        yield _is_from(search.origin)
    if search.is_flagged:
        yield Q(pk__in=Flag.objects.open().values("question"))
    if search.figures:
        yield _has(search.figures)


def _says(words: Sequence[str], drafted: Sequence[str]) -> Q:
    """All texts are read once, in the order in which they lie, and not question by question.

    They are kept folded, so that the place of a word is looked for, which takes a fraction of
    what LIKE takes.
    """
    if not words:
        return Q()
    texts = QuestionText.objects.filter(
        *(GreaterThan(StrIndex("text", Value(folded(word))), 0) for word in words)
    )
    says = Q(pk__in=texts.values("question"))
    return says | Q(slug__in=drafted) if drafted else says


def _in_order(rows: Questions, order: Order) -> Questions:
    if order is Order.FLAGS:
        flags = Flag.objects.open().filter(question=OuterRef("pk")).order_by().values("question")
        rows = rows.annotate(
            open_flags=Subquery(flags.annotate(number=Count("pk")).values("number"))
        )
    return rows.order_by(*_KEYS[order])


def _is_from(origin: Origin) -> Q:
    """A question that is retired here while the files have it differs from them, too."""
    is_in_files = ~Q(source_digest="")
    is_the_same = Q(retired_at=None, source_digest=F("written__digest"))
    match origin:
        case Origin.FILE:
            return is_in_files & is_the_same
        case Origin.BROWSER:
            return ~is_in_files
        case Origin.BOTH:
            return is_in_files & ~is_the_same


def _has(figures: Figures) -> Q:
    """As `attention` judges. Figures that were counted under another meaning say nothing."""
    is_counted = Q(statistics__version=F("version"))
    is_enough = is_counted & Q(statistics__responses__gte=LEAST_RESPONSES)
    match figures:
        case Figures.ATTENTION:
            return is_counted & Q(statistics__attention__gt=0, retired_at=None)
        case Figures.FEW:
            return ~is_enough
        case Figures.EASY:
            return is_enough & Q(statistics__facility_low__gt=EASY)
        case Figures.HARD:
            return is_enough & Q(statistics__facility_high__lt=HARD)
        case Figures.FLAT:
            is_compared = is_counted & Q(statistics__compared__gte=LEAST_COMPARED)
            return is_compared & Q(statistics__discrimination_high__lt=POOR_DISCRIMINATION)


def _wants_drafts(search: Search) -> bool:
    return search.standing is Standing.DRAFT


def _known(slugs: set[str]) -> set[str]:
    if not slugs:
        return set()
    return set(Question.objects.filter(slug__in=slugs).values_list("slug", flat=True))


def _has_words(draft: Draft, words: Sequence[str]) -> bool:
    text = text_of({**_source(draft), "slug": draft.slug})
    return all(folded(word) in text for word in words)


def _fits(draft: Draft, search: Search) -> bool:
    """Whether a draft of a new question, which nobody has answered yet, matches the filters."""
    source = _source(draft)
    return (
        (not search.topic or source.get("topic") == search.topic.slug)
        and (not search.fact or search.fact.slug in _facts(source))
        and (not search.kind or source.get("kind") == search.kind)
        and search.origin in (None, Origin.BROWSER)
        and search.figures in (None, Figures.FEW)
        and not search.is_flagged
    )


def _facts(source: dict[str, Any]) -> list[Any]:
    facts = source.get("facts")
    return facts if isinstance(facts, list) else []


def _source(draft: Draft) -> dict[str, Any]:
    """What was typed, which need not be a question."""
    return draft.source if isinstance(draft.source, dict) else {"text": draft.source}
