"""Questions brought in from files, and taken out into files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header, urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from quizapp.authoring.bulk.chosen import batch_in, chosen
from quizapp.authoring.transfer import kept
from quizapp.authoring.transfer.out import FORMS
from quizapp.authoring.transfer.out import take_out as taken_out
from quizapp.authoring.transfer.rows import groups, problem_lines, summary
from quizapp.content import importing
from quizapp.content.editing import batches
from quizapp.content.history import Act, Change
from quizapp.content.importing import Outdated, Plan, uploads
from quizapp.content.importing.csv_columns import COLUMNS
from quizapp.content.importing.uploads import Upload
from quizapp.content.models import Topic
from quizapp.content.problems import ContentError, Place, Problem
from quizapp.scheduling.cards import start_anew
from quizapp.web.access import LearnerRequest, editor_required
from quizapp.web.pages import page
from quizapp.web.words import count

MOST_REQUEST = uploads.MOST_BYTES + 50_000
"""Bytes of a form with a file; the fields beside it are short."""

_GONE = (
    "That file is no longer at hand: a file is kept for an hour, or until you look at another. "
    "Choose it again."
)


@csrf_exempt  # Looking for the token reads the file. So size comes first, and then the token.
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@editor_required
def bring_in(request: LearnerRequest) -> HttpResponse:
    if _length(request) > MOST_REQUEST:
        problem = Place("").error(uploads.too_large())
        return _page(request, problems=[problem], status=413)
    return _bring_in(request)


@csrf_protect
def _bring_in(request: LearnerRequest) -> HttpResponse:
    if request.method == "POST":
        return _take(request)
    name = request.GET.get("look", "")
    if not name:
        return _page(request)
    upload = kept.kept(request.user, name)
    if upload is None:
        messages.info(request, _GONE)
        return redirect("edit-import")
    return _page(request, upload, importing.look_at(upload), look=name)


@require_POST
@editor_required
def apply(request: LearnerRequest) -> HttpResponse:
    """Brings in just what was shown, or shows anew what it would be by now."""
    name, shown = request.POST.get("look", ""), request.POST.get("shown", "")
    upload = kept.kept(request.user, name)
    if upload is None:
        messages.info(request, _GONE)
        return redirect("edit-import")
    batch = batch_in(request.POST.get("batch", "")) or uuid4()
    if batches.is_done(batch):
        return _brought_in_already(request, upload, batch)
    note = f"from the file {upload.name}"
    change = Change(request.user.pk, timezone.now(), Act.IMPORTED, note, batch)
    try:
        written = importing.bring_in(upload, shown, change, on_new_version=start_anew)
    except Outdated as outdated:
        if batches.is_done(batch):  # by the same form, which was sent twice in one moment
            return _brought_in_already(request, upload, batch)
        return _page(request, upload, outdated.plan, look=name, is_outdated=True, status=409)
    text = f"{count(len(written), 'question')} brought in from {upload.name}."
    undo = reverse("edit-bulk-undo", args=[batch]) if written else ""
    messages.info(request, text, extra_tags=undo)
    return redirect("edit-import")


def _brought_in_already(request: LearnerRequest, upload: Upload, batch: UUID) -> HttpResponse:
    text = f"{upload.name} was brought in already, and is not brought in again."
    messages.info(request, text, extra_tags=reverse("edit-bulk-undo", args=[batch]))
    return redirect("edit-import")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@editor_required
def take_out(request: LearnerRequest) -> HttpResponse:
    """A file of the questions ticked, or of all that match the filters in the address."""
    form = FORMS.get(request.POST.get("format") or request.GET.get("format", ""), FORMS["yaml"])
    today = timezone.localdate(timezone=request.user.zone)
    taken = taken_out(chosen(request), form, today)
    if taken is None:
        messages.info(request, "Choose some questions first.")
        return redirect("edit-bank")
    response = HttpResponse(taken.content, content_type=taken.content_type)
    disposition = content_disposition_header(as_attachment=True, filename=taken.name)
    response["Content-Disposition"] = disposition
    return response


def _take(request: LearnerRequest) -> HttpResponse:
    """Keeps a file and goes on to what it would do, or says why it cannot be read."""
    file = request.FILES.get("file")
    if file is None:
        return _page(request, problems=[Place("").error("choose a file first")], status=422)
    topic = request.POST.get("topic", "")
    slugs = {each.slug for each in Topic.objects.active()}
    upload = Upload(file.name or "", file.read(), topic if topic in slugs else "")
    try:
        uploads.read(upload)
    except ContentError as error:
        return _page(request, upload, problems=error.problems, status=422)
    look = kept.keep(request.user, upload)
    return redirect(f"{reverse('edit-import')}?{urlencode({'look': look})}")


def _length(request: LearnerRequest) -> int:
    text = request.META.get("CONTENT_LENGTH") or ""
    return int(text[:19]) if text.isdecimal() else 0


def _page(
    request: LearnerRequest,
    upload: Upload | None = None,
    plan: Plan | None = None,
    *,
    look: str = "",
    problems: Sequence[Problem] = (),
    is_outdated: bool = False,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "upload": upload,
        "problems": problem_lines(problems),
        "topics": Topic.objects.active(),
        "columns": COLUMNS,
        "most_megabytes": uploads.MOST_BYTES // 1_000_000,
        "most_questions": f"{uploads.MOST_QUESTIONS:,}",
    }
    if plan is not None:
        to_write = len(plan.to_write)
        context |= {
            "plan": plan,
            "look": look,
            "batch": uuid4(),
            "groups": groups(plan),
            "summary": summary(plan),
            "to_write": to_write,
            "button": f"Bring in {count(to_write, 'question')}",
            "is_outdated": is_outdated,
        }
    return page(request, "authoring/import.html", "authoring/_import.html", context, status=status)
