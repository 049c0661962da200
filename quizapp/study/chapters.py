"""What the pages of the primer show: chapters, the questions set in, facts, and one's own state."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal

from django.conf import settings
from django.db import connection
from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from quizapp.content.models import Chapter, ChapterFact, ChapterQuestion, Fact, Question
from quizapp.content.primer.blocks import blocks_of, text_of
from quizapp.grading import ResponseError
from quizapp.scheduling.answers import Outcome
from quizapp.scheduling.models import Card, Review
from quizapp.study.models import Reading
from quizapp.study.reading import ReadingPlace, place_of, readings
from quizapp.teams.models import User

Audience = Literal["learner", "guest", "outsider"]
"""Who reads: somebody signed in, a visitor who may start at once, or one who has to sign in."""


@dataclass(frozen=True, slots=True)
class ChapterStanding:
    """A chapter on the shelf. `read_percent` is None for a chapter that was never opened."""

    chapter: Chapter
    questions: int
    answered: int
    place: ReadingPlace | None
    read_percent: int | None


@dataclass(frozen=True, slots=True)
class OpenChapter:
    """A chapter as it is read: its own text as stored, slugs and titles of those around it."""

    slug: str
    title: str
    summary: str
    body: str
    diagrams: str
    previous: tuple[str, str] | None
    next: tuple[str, str] | None


# Written out, since the ORM takes several times longer to write it than the database to answer,
# and reading is what has to be quick. The texts of the other chapters are left where they are.
_OPEN = """
    SELECT slug, title,
        CASE WHEN slug = %s THEN summary END,
        CASE WHEN slug = %s THEN body END,
        CASE WHEN slug = %s THEN diagrams END
    FROM quizapp_chapter
    WHERE retired_at IS NULL
    ORDER BY position, slug
"""


def audience_of(user: Any) -> Audience:
    if user.is_authenticated:
        return "learner"
    return "guest" if settings.QUIZAPP_GUESTS else "outsider"


def shelf(user: User | None) -> list[ChapterStanding]:
    """All chapters in their order. Two queries, and two more for a learner."""
    listed = Chapter.objects.active().select_related("topic").defer("body", "diagrams")
    questions = _questions_by_chapter()
    answered = _answered_by_chapter(user) if user else {}
    begun = readings(user) if user else {}
    standings = []
    for chapter in listed:
        reading = begun.get(chapter.pk)
        place = place_of(reading) if reading else None
        standings.append(
            ChapterStanding(
                chapter=chapter,
                questions=questions.get(chapter.pk, 0),
                answered=answered.get(chapter.pk, 0),
                place=place,
                read_percent=_read_percent(reading) if reading else None,
            )
        )
    return standings


def _questions_by_chapter() -> dict[int, int]:
    rows = ChapterQuestion.objects.filter(question__retired_at=None).values_list("chapter")
    return dict(rows.annotate(Count("pk")).order_by())


def _answered_by_chapter(user: User) -> dict[int, int]:
    cards = Card.objects.of(user).filter(reps__gt=0, question__retired_at=None)
    rows = cards.filter(question__set_in__isnull=False).values_list("question__set_in__chapter")
    return dict(rows.annotate(Count("pk")).order_by())


def _read_percent(reading: Reading) -> int:
    """How much of the chapter lies before or in the section that was read last."""
    anchors = [section.anchor for section in text_of(reading.chapter).sections]
    place = anchors.index(reading.anchor) if reading.anchor in anchors else 0
    return round(100 * (place + 1) / len(anchors))


def open_chapter(slug: str) -> OpenChapter:
    """A chapter to read, or 404. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, [slug] * 3)
        rows = cursor.fetchall()
    here = next((place for place, row in enumerate(rows) if row[0] == slug), None)
    if here is None:
        raise Http404
    before = rows[here - 1][:2] if here else None
    after = rows[here + 1][:2] if here + 1 < len(rows) else None
    title, summary, body, diagrams = rows[here][1:]
    return OpenChapter(slug, title, summary, body, diagrams, before, after)


def body_html(chapter: OpenChapter, audience: Audience) -> SafeString:
    """The text with its cards, the same for everybody in the audience, made once per process."""
    text = (chapter.slug, chapter.title, chapter.summary, chapter.body, chapter.diagrams)
    return _body_html(*text, audience)


@lru_cache(maxsize=256)
def _body_html(
    slug: str, title: str, summary: str, body: str, diagrams: str, audience: Audience
) -> SafeString:
    chapter = Chapter(
        slug=slug, title=title, summary=summary, body=body, diagrams=json.loads(diagrams)
    )
    context = {
        "chapter": chapter,
        "audience": audience,
        "blocks": blocks_of(chapter),
        "contents": [section for section in text_of(chapter).sections if section.anchor],
    }
    return render_to_string("study/_chapter_body.html", context)


def set_in(chapter_slug: str, question_slug: str) -> ChapterQuestion:
    """Where a chapter asks a question. 404 if it does not."""
    asked = ChapterQuestion.objects.filter(
        chapter__slug=chapter_slug, chapter__retired_at=None, question__slug=question_slug
    )
    found: ChapterQuestion = get_object_or_404(
        asked.select_related("chapter", "question").defer("chapter__body", "chapter__diagrams")
    )
    return found


def passages(fact: Fact) -> list[ChapterFact]:
    """Where the primer states a fact. One query."""
    found = ChapterFact.objects.filter(fact=fact, chapter__retired_at=None)
    with_chapters = found.select_related("chapter").defer("chapter__body", "chapter__diagrams")
    return list(with_chapters.order_by("chapter__position"))


def drilling(fact: Fact, user: User | None) -> tuple[list[Card], int]:
    """The learner's cards of its questions that were met, and how many were not. Two queries."""
    total = Question.objects.active().filter(facts=fact).count()
    if user is None:
        return [], total
    cards = Card.objects.of(user).filter(
        question__facts=fact, question__retired_at=None, reps__gt=0
    )
    met = list(cards.select_related("question").order_by("question__position"))
    return met, total - len(met)


def latest_outcome(user: User, question: Question) -> Outcome | None:
    """The latest response and what it was worth, as far as it may be told before a quiz ends.

    None if there is none, or if the question cannot take it any more.
    """
    reviews = Review.objects.of(user).standing().told().filter(question=question)
    review = reviews.select_related("question").order_by("-pk").first()
    try:
        return Outcome(review, question.parsed_spec.grade(review.response)) if review else None
    except ResponseError:
        return None


def is_due(card: Card, now: datetime) -> bool:
    is_buried = card.buried_until is not None and card.buried_until > now
    return card.due <= now and not card.is_suspended and not is_buried


def active_or_404(slug: str) -> Chapter:
    chapter: Chapter = get_object_or_404(Chapter.objects.active(), slug=slug)
    return chapter


def fact_or_404(slug: str) -> Fact:
    fact: Fact = get_object_or_404(Fact.objects.active().select_related("topic"), slug=slug)
    return fact
