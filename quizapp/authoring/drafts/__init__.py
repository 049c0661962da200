"""Drafts: shown to whoever has the link, and discarded."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from quizapp.authoring.drafts.presenting import as_learners_see_it
from quizapp.authoring.edit import drafts
from quizapp.authoring.models import Draft
from quizapp.content.models import Question
from quizapp.grading.responses import storable
from quizapp.web.access import LearnerRequest, Request, editor_required


@require_POST
@editor_required
def discard(request: LearnerRequest, slug: str) -> HttpResponse:
    """Takes a draft away, in the state in which the page has shown it."""
    is_known = Question.objects.filter(slug=slug).exists()
    drafts.drop(slug, request.POST.get("seen", ""))
    if Draft.objects.filter(slug=slug).exists():
        messages.info(request, "The draft has been changed since you saw it, and was left alone.")
        return redirect("edit-question", slug)
    messages.info(request, "The draft is gone.")
    return redirect("edit-question", slug) if is_known else redirect("edit-bank")


@never_cache
@require_safe
def shown(request: Request, key: str) -> HttpResponse:
    """A draft as learners would see it, for whoever has the key. Nothing is answered here."""
    draft = get_object_or_404(Draft, preview_key=storable(key))
    response = render(request, "authoring/draft.html", as_learners_see_it(draft))
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response
