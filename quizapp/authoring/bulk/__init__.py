"""Acts on many questions at once: looked at first, done as one, taken back as one."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST

from quizapp.authoring.bank.rows import short
from quizapp.authoring.bulk.chosen import batch_in, chosen, ids_in
from quizapp.authoring.bulk.planning import Deed, Plan, Skipped, carry_out, plan
from quizapp.authoring.bulk.words import done_words, title_of, undone_words
from quizapp.content.editing import batches
from quizapp.content.history import Act, Change
from quizapp.content.importing import undoing
from quizapp.content.models import Question, Revision, Topic
from quizapp.web.access import LearnerRequest, editor_required
from quizapp.web.pages import is_ours, page

EXPORT = "export"
SHOWN = 50
"""So many questions a preview names; of the others it gives the number."""
_CHOOSE_FIRST = "Choose some questions first, or all that match."
_CHOOSE_TOPIC = "Choose the topic to move them to."


@editor_required
@require_http_methods(["GET", "HEAD", "POST"])
def look(request: LearnerRequest) -> HttpResponse:
    """What would be done. Nothing is written, but the many ids may be too long for an address."""
    if request.method != "POST":
        return redirect("edit-bank")
    act, ids = request.POST.get("act", ""), chosen(request)
    if not ids:
        return _back(request, _CHOOSE_FIRST)
    if act == EXPORT:
        return _page(request, "export", ids, _export(request, ids))
    if act not in list(Deed):
        return _back(request, "Choose what to do with them.")
    deed, topic = Deed(act), _topic(request)
    if deed is Deed.MOVE and topic is None:
        return _back(request, _CHOOSE_TOPIC)
    return _page(request, deed, ids, _planned(plan(deed, ids, topic)))


@require_POST
@editor_required
def apply(request: LearnerRequest) -> HttpResponse:
    act, topic = request.POST.get("act", ""), _topic(request)
    batch = batch_in(request.POST.get("batch", ""))
    ids = ids_in(request.POST.get("questions", "").split(","))
    is_whole = act in list(Deed) and batch and ids and (act != Deed.MOVE or topic)
    if not is_whole or batch is None:
        return _back(request, "Nothing was changed: the form was not whole. Choose again.")
    done = carry_out(
        Deed(act),
        ids,
        topic if act == Deed.MOVE else None,
        by=request.user,
        at=timezone.now(),
        batch=batch,
    )
    undo = reverse("edit-bulk-undo", args=[batch])
    if done is None:
        return _back(request, "That was done already, and is not done again.", undo)
    return _back(request, done_words(done), undo if done.changed else "")


@require_POST
@editor_required
def undo(request: LearnerRequest, batch: UUID) -> HttpResponse:
    change = Change(request.user.pk, timezone.now(), Act.UNDONE)
    try:
        result = _taken_back(batch, change)
    except Revision.DoesNotExist as error:
        raise Http404 from error
    return _back(request, undone_words(result))


def _taken_back(batch: UUID, change: Change) -> batches.TakenBack:
    """Whatever was done in it: an act on the list, or the import of a file."""
    try:
        return batches.take_back(batch, change)
    except Revision.DoesNotExist:
        return undoing.take_back(batch, change)


def _topic(request: LearnerRequest) -> Topic | None:
    topic: Topic | None = (
        Topic.objects.active().filter(slug=request.POST.get("to", "").replace("\0", "")).first()
    )
    return topic


def _back(request: LearnerRequest, text: str, undo_url: str = "") -> HttpResponse:
    """To the list that the act began from, with a notice."""
    messages.info(request, text, extra_tags=undo_url)
    return redirect(_next(request))


def _next(request: LearnerRequest) -> str:
    url = request.POST.get("next", "")
    return url if is_ours(request, url) else reverse("edit-bank")


def _page(
    request: LearnerRequest, act: str, ids: list[int], context: dict[str, Any]
) -> HttpResponse:
    common = {
        "act": act,
        "title": title_of(act, context.get("topic")),
        "ids": ",".join(map(str, ids)),
        "batch": uuid4(),
        "next": _next(request),
        "is_export": act == EXPORT,
    }
    return page(request, "authoring/bulk.html", "authoring/_bulk.html", common | context)


def _planned(planned: Plan) -> dict[str, Any]:
    return {
        "topic": planned.topic,
        "number": len(planned.changed),
        "learners": planned.learners if planned.changed else 0,
        "named": _named(planned.changed),
        "more": max(0, len(planned.changed) - SHOWN),
        "skipped": [_skipped(each) for each in planned.skipped],
        "number_skipped": planned.number_skipped,
    }


def _skipped(skipped: Skipped) -> dict[str, Any]:
    return {
        "why": skipped.why,
        "number": len(skipped.questions),
        "named": _named(skipped.questions),
        "more": max(0, len(skipped.questions) - SHOWN),
    }


def _export(request: LearnerRequest, ids: list[int]) -> dict[str, Any]:
    rows = Question.objects.filter(pk__in=ids).defer("explanation", "spec")
    questions = list(rows.select_related("topic").order_by("topic__position", "position", "pk"))
    if request.POST.get("all") == "1":
        query = "&".join(part for part in (request.META["QUERY_STRING"], "all=1") if part)
    else:
        query = urlencode({"question": ids}, doseq=True)
    return {
        "number": len(questions),
        "named": _named(questions),
        "more": max(0, len(questions) - SHOWN),
        "export_url": f"{reverse('edit-export')}?{query}&format=",
    }


def _named(questions: list[Question]) -> list[dict[str, str]]:
    return [
        {"slug": each.slug, "stem": short(each.stem), "topic": each.topic.title}
        for each in questions[:SHOWN]
    ]
