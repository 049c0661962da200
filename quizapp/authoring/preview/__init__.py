"""The preview beside the form of a question, which changes as one types, and trying it out."""

from __future__ import annotations

from typing import Any

from django.core import signing
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django_htmx.http import reswap, retarget

from quizapp.authoring.preview.question import BACK, DOM, Preview, read_posted
from quizapp.authoring.preview.rows import located, proof_rows
from quizapp.content.problems import ContentError
from quizapp.grading import ResponseError
from quizapp.web.access import LearnerRequest, editor_required
from quizapp.web.pages import page
from quizapp.web.responding import graded, wants_reveal
from quizapp.web.responses import RATED

STALE = "This preview is out of date. Go back to the form and preview the question again."


@never_cache
@require_POST
@editor_required
def preview(request: LearnerRequest) -> HttpResponse:
    """What the form says as learners will see it, or why it cannot be shown."""
    post = request.POST
    try:
        shown = Preview(
            read_posted(post), request.user, timezone.now(), try_url=reverse("edit-try")
        )
    except ContentError as error:
        kind = post.get("kind", "")
        return _panel(request, {"problems": located(error, kind, is_yaml="yaml" in post)})
    return _panel(request, _both_sides(request, shown))


@never_cache
@require_POST
@editor_required
def try_it(request: LearnerRequest) -> HttpResponse:
    """Grades a response with the question's own spec. No review is logged, no card is touched."""
    try:
        shown = Preview.unseal(
            request.POST.get("token", ""),
            request.user,
            timezone.now(),
            try_url=reverse("edit-try"),
            dom=BACK if request.GET.get("dom") == BACK else DOM,
        )
    except (signing.BadSignature, ContentError):
        return _stale(request)
    form, action = dict(request.POST.lists()), request.POST.get("action", "")
    if action == "again":
        return _tried(request, shown, {"part": shown.asked(request)})
    if wants_reveal(shown.spec, form):
        return _tried(request, shown, {"part": shown.asked_back(request)})
    try:
        tried = graded(shown.spec, form)
    except ResponseError as error:
        return _problem(request, shown, str(error))
    if shown.spec.is_self_rated:
        rated = {"rated": RATED[tried.response], "part": shown.asked(request)}
        return _tried(request, shown, rated)
    context = {"part": shown.explained(tried), "again": shown}
    return _tried(request, shown, context)


def _both_sides(request: LearnerRequest, shown: Preview) -> dict[str, Any]:
    return {
        "part": shown.asked(request),
        "feedback": shown.feedback(request),
        "proofs": proof_rows(shown.spec),
    }


def _panel(request: LearnerRequest, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """What fills the panel; without htmx, which fills none, a page with a panel of its own."""
    if request.htmx:
        return render(request, "authoring/_preview.html", context, status=status)
    context = {**context, "is_page": True}
    template, fragment = "authoring/preview.html", "authoring/_preview_page.html"
    return page(request, template, fragment, context, status=status)


def _tried(
    request: LearnerRequest, shown: Preview, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    if request.htmx:
        return render(request, "authoring/_preview_try.html", context, status=status)
    return _panel(request, _both_sides(request, shown) | context, status=status)


def _problem(request: LearnerRequest, shown: Preview, problem: str) -> HttpResponse:
    """The question again with what was given, and a sentence about what is missing."""
    if request.htmx:
        response = render(request, "study/_problem.html", {"problem": problem}, status=422)
        return reswap(retarget(response, f"#problem{shown.dom}"), "innerHTML")
    part = shown.asked(request, dict(request.POST.lists()), problem=problem)
    return _tried(request, shown, {"part": part}, status=422)


def _stale(request: LearnerRequest) -> HttpResponse:
    problem = {"where": "", "message": STALE}
    if request.htmx:
        return render(request, "authoring/_preview_problems.html", {"problems": [problem]})
    return _panel(request, {"problems": [problem]}, status=422)
