"""The primer: its chapters, one chapter to read, one fact by itself."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from quizapp.content.primer.blocks import text_of
from quizapp.content.rendering import markdown, markdown_inline, plain_text
from quizapp.scheduling.cards import schedule_of
from quizapp.study import chapters
from quizapp.study.reading import note_reading
from quizapp.web.access import LearnerRequest, learner_required
from quizapp.web.explaining import docs_link
from quizapp.web.pages import page
from quizapp.web.standings import standing_sentence

NOTED = 204


@never_cache
@require_safe
def primer(request: LearnerRequest) -> HttpResponse:
    user = request.user if request.user.is_authenticated else None
    standings = chapters.shelf(user)
    begun = [each.place for each in standings if each.place]
    context = {
        "visitor": user is None,
        "standings": standings,
        "reading": max(begun, key=lambda place: place.read_at, default=None),
    }
    return page(request, "study/primer.html", "study/_primer.html", context)


@never_cache
@require_safe
def chapter(request: LearnerRequest, slug: str) -> HttpResponse:
    shown = chapters.open_chapter(slug)
    audience = chapters.audience_of(request.user)
    body = chapters.body_html(shown, audience)
    context = {"chapter": shown, "audience": audience, "body": body}
    return page(request, "study/chapter.html", "study/_chapter.html", context)


@require_POST
@learner_required
def chapter_reading(request: LearnerRequest, slug: str) -> HttpResponse:
    """A section has come into view. One that the chapter does not have is passed over."""
    read = chapters.active_or_404(slug)
    anchor = request.POST.get("section", "")
    if text_of(read).title_of(anchor):
        note_reading(request.user, read, anchor, timezone.now())
    return HttpResponse(status=NOTED)


@never_cache
@require_safe
def fact(request: LearnerRequest, slug: str) -> HttpResponse:
    now = timezone.now()
    shown = chapters.fact_or_404(slug)
    user = request.user if request.user.is_authenticated else None
    met, unmet = chapters.drilling(shown, user)
    context = {
        "visitor": user is None,
        "fact": shown,
        "title": plain_text(shown.fact),
        "statement": markdown_inline(shown.fact),
        "why": markdown(shown.why),
        "misconception": markdown(shown.misconception),
        "precision": markdown(shown.precision),
        "docs": docs_link(shown.docs),
        "passages": chapters.passages(shown),
        "met": [
            (markdown(card.question.stem), standing_sentence(card, now, schedule_of(user)))
            for card in met
            if user
        ],
        "unmet": unmet,
    }
    return page(request, "study/fact.html", "study/_fact.html", context)
