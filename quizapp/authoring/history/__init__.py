"""Who changed a question, what and when; and the way back to any version of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from quizapp.authoring.edit.saving import learners_with_memory, present_source
from quizapp.authoring.history.restoring import OvertakenError, Restored
from quizapp.authoring.history.restoring import restore as put_back
from quizapp.authoring.history.rows import history_page, rows
from quizapp.content.history import Act, Change
from quizapp.content.models import Question, Revision
from quizapp.content.problems import ContentError
from quizapp.content.rendering import plain_text
from quizapp.content.schema import Question as Entry
from quizapp.web.access import LearnerRequest, editor_required
from quizapp.web.pages import page

LARGEST_ID = 2**63 - 1


@never_cache
@editor_required
@require_safe
def history(request: LearnerRequest, slug: str) -> HttpResponse:
    """At most seven queries, however long the history is."""
    question = get_object_or_404(Question.objects.select_related("topic"), slug=slug)
    present = present_source(question)
    below = _key(request.GET.get("below"))
    found = history_page(slug, below)
    newest = found.revisions[0] if found.revisions and not below else None
    here = reverse("edit-history", args=[slug])
    context: dict[str, Any] = {
        "question": question,
        "title": plain_text(question.stem.partition("\n\n")[0]),
        "scope": {"url": here},
        "rows": rows(found, question, present, request.user.zone),
        "seen": found.newest,
        # An upgrade or the database itself may have changed it without a word.
        "is_unknown": not below and (newest is None or newest.source != present),
        "learners": learners_with_memory(question),
        "newest_url": here if below else "",
        "older_url": f"{here}?below={found.older}" if found.older else "",
    }
    return page(request, "authoring/history.html", "authoring/_history.html", context)


@require_POST
@editor_required
def restore(request: LearnerRequest, slug: str, pk: int) -> HttpResponse:
    """Brings a version back. As an undo (`?undo`), it takes back the last time that was done."""
    revision = get_object_or_404(
        Revision.objects.of(Entry.noun, slug).filter(pk__lte=LARGEST_ID), pk=min(pk, LARGEST_ID)
    )
    get_object_or_404(Question, slug=slug)
    is_undo = "undo" in request.GET
    act = Act.UNDONE if is_undo else Act.RESTORED
    note = "" if is_undo else f"as of {revision.at:%Y-%m-%d %H:%M} UTC"
    change = Change(request.user.pk, timezone.now(), act, note)
    seen = _key(request.POST.get("seen", request.GET.get("seen")))
    try:
        restored = put_back(revision, change, seen=seen)
    except OvertakenError:
        text = "Nothing was changed: somebody has edited it in the meantime. Look at that first."
        messages.info(request, text)
    except ContentError as error:
        reasons = "; ".join(f"{each.field}: {each.message}" for each in error.problems)
        messages.info(
            request, f"Nothing was changed. That version does not fit any more: {reasons}."
        )
    else:
        _tell(request, slug, restored, is_undo=is_undo)
    return redirect("edit-history", slug)


def _tell(request: LearnerRequest, slug: str, restored: Restored, *, is_undo: bool) -> None:
    if not restored.is_changed:
        messages.info(request, "Nothing was changed: the question says that already.")
        return
    text = "Undone: it says again what it said before." if is_undo else "The version was restored."
    if not restored.after.source:
        text = "The question is retired again."
    if restored.version:
        text += f" The meaning changed with it: learners begin version {restored.version} anew."
    url = reverse("edit-restore", args=[slug, restored.before.pk])
    undo = f"{url}?undo=yes&seen={restored.after.pk}"
    messages.info(request, text, extra_tags="" if is_undo else undo)


def _key(value: str | None) -> int | None:
    return int(value[:18]) if value and value.isascii() and value.isdecimal() else None
