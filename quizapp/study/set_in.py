"""A question set into a chapter: a card in the text, or without script a page of its own.

Answering it there is a review like any other. It is asked again there only when it is due.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_htmx.http import reswap, retarget

from quizapp.content.models import ChapterQuestion
from quizapp.content.rendering import markdown
from quizapp.grading import ResponseError
from quizapp.scheduling.answers import StaleShowing
from quizapp.scheduling.cards import day_of, schedule_of
from quizapp.scheduling.models import Card
from quizapp.scheduling.showing import Showing
from quizapp.study.answering import (
    Asked,
    GoneError,
    asking,
    grade_and_tell,
    read_asked,
)
from quizapp.study.chapters import audience_of, is_due, latest_outcome, set_in
from quizapp.study.feedback import feedback, revealed
from quizapp.study.reading import note_reading
from quizapp.study.review import STALE
from quizapp.study.scopes import StudyScope
from quizapp.web.access import LearnerRequest
from quizapp.web.pages import page
from quizapp.web.standings import standing_sentence


@dataclass(frozen=True)
class _Place:
    """A request for a question at its place in a chapter."""

    request: LearnerRequest
    at: ChapterQuestion

    @property
    def is_card(self) -> bool:
        """Whether the card in the chapter asks, rather than a page of its own."""
        return self.request.htmx.target == f"question-{self.at.question.slug}"

    @property
    def dom(self) -> str:
        return f"-{self.at.question_id}" if self.is_card else ""

    @property
    def url(self) -> str:
        return reverse("chapter-question", args=[self.at.chapter.slug, self.at.question.slug])

    @property
    def chapter_url(self) -> str:
        chapter = reverse("chapter", args=[self.at.chapter.slug])
        return f"{chapter}#question-{self.at.question.slug}"

    def shown(self, part: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
        """The part by itself for the card, otherwise within a page of its own."""
        context = {
            "scope": StudyScope(self.at.chapter.title, self.url, None),
            "question": self.at.question,
            "dom": self.dom,
            "in_chapter": self.is_card,
            "part": part,
            "chapter_url": self.chapter_url,
            **context,
        }
        fragment = "study/_set_in.html" if self.is_card else "study/_chapter_question.html"
        template = "study/chapter_question.html"
        return page(self.request, template, fragment, context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def chapter_question(request: LearnerRequest, chapter: str, question: str) -> HttpResponse:
    place = _Place(request, set_in(chapter, question))
    if not request.user.is_authenticated:
        return _invite(place)
    if place.at.question.is_retired:
        return _gone(place)
    if request.method == "POST":
        return _respond(place, timezone.now())
    return _show(place, timezone.now())


def _invite(place: _Place) -> HttpResponse:
    if place.request.method == "POST":
        return redirect(place.chapter_url)
    context = {"audience": audience_of(place.request.user)}
    return place.shown("study/_set_in_start.html", context)


def _gone(place: _Place) -> HttpResponse:
    """The card leaves the page; from anywhere else the way is back to the chapter."""
    if place.is_card:
        return reswap(HttpResponse(), "delete")
    messages.info(place.request, "That question is no longer asked.")
    return redirect(reverse("chapter", args=[place.at.chapter.slug]))


def _show(place: _Place, now: datetime) -> HttpResponse:
    user, question = place.request.user, place.at.question
    card = Card.objects.of(user).filter(question=question).first()
    wants = place.request.GET
    if (
        card is None
        or not (card.is_suspended or _is_answered(card))
        or ("again" in wants and is_due(card, now))
    ):
        asked = Asked(question, card, Showing.of(question, card, now), form={})
        return _ask(place, asked)
    if "feedback" in wants and _is_answered(card):
        return _look_up(place, card, now)
    return _answered(place, card, now)


def _is_answered(card: Card) -> bool:
    """Not if it was only set aside, or has come to mean something else since."""
    return card.last_review is not None


def _answered(place: _Place, card: Card, now: datetime) -> HttpResponse:
    context = {
        "stem": markdown(place.at.question.stem),
        "state": standing_sentence(card, now, schedule_of(place.request.user)),
        "is_answered": _is_answered(card),
        "is_due": is_due(card, now),
    }
    return place.shown("study/_set_in_answered.html", context)


def _look_up(place: _Place, card: Card, now: datetime) -> HttpResponse:
    """What was answered the last time, and what would have been right."""
    user, question = place.request.user, place.at.question
    day = day_of(user)
    after = {"next_words": "", "state": standing_sentence(card, now, schedule_of(user))}
    spec = question.parsed_spec
    if spec.is_self_rated:
        back = revealed(user, question, card, now)
        context = {"kind_label": spec.label, "stem": markdown(question.stem), **back, **after}
        return place.shown("study/_set_in_back.html", context)
    outcome = latest_outcome(user, question)
    if outcome is None:
        return _answered(place, card, now)
    return place.shown("study/_set_in_feedback.html", feedback(outcome, day, now) | after)


def _ask(
    place: _Place, asked: Asked, more: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    context = asking(place.request.user, asked, is_alone=not place.is_card)
    return place.shown("study/_ask.html", context | (more or {}), status=status)


def _respond(place: _Place, now: datetime) -> HttpResponse:
    user = place.request.user
    try:
        asked = _asked_here(place)
    except GoneError:
        return _stale(place)
    if asked.wants_reveal:
        back = revealed(user, asked.question, asked.card, now)
        return _ask(place, asked, {"revealed": back})
    try:
        outcome = grade_and_tell(user, asked, now)
    except ResponseError as error:
        return _problem(place, asked, str(error))
    except StaleShowing:
        return _stale(place)
    note_reading(user, place.at.chapter, place.at.section, now)
    if asked.question.parsed_spec.is_self_rated:
        return redirect(place.url)
    context = feedback(outcome, day_of(user), now)
    return place.shown("study/_set_in_feedback.html", context)


def _asked_here(place: _Place) -> Asked:
    """Raises GoneError for a form that asks something else."""
    asked = read_asked(place.request)
    if asked.question != place.at.question:
        raise GoneError
    return asked


def _problem(place: _Place, asked: Asked, problem: str) -> HttpResponse:
    if place.request.htmx:
        context = {"problem": problem}
        response = render(place.request, "study/_problem.html", context, status=422)
        return reswap(retarget(response, f"#problem{place.dom}"), "innerHTML")
    return _ask(place, asked, {"problem": problem}, status=422)


def _stale(place: _Place) -> HttpResponse:
    messages.info(place.request, STALE)
    return redirect(place.url)
