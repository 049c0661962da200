"""The page of one question: a form fit for its kind, or the same as YAML."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from quizapp.authoring.edit import acts, drafts
from quizapp.authoring.edit.context import Desk, context, kinds
from quizapp.authoring.edit.saving import without_version
from quizapp.authoring.edit.sheet import Sheet, kind_in, posted_sheet, sheet_of
from quizapp.authoring.models import Draft
from quizapp.authoring.statistics.counting import look_again
from quizapp.content import editing, history
from quizapp.content.models import Question, Revision
from quizapp.content.problems import ContentError
from quizapp.scheduling.flags import clean_reply, settle
from quizapp.scheduling.models import Flag
from quizapp.web.access import LearnerRequest, editor_required
from quizapp.web.moments import instant
from quizapp.web.pages import page

_PAGE = ("authoring/edit.html", "authoring/_edit.html")


@never_cache
@editor_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: LearnerRequest) -> HttpResponse:
    """A question of the kind in the address; without one, the choice of a kind."""
    kind = kind_in(request.POST.get("kind") or request.GET.get("kind", ""))
    if not kind:
        return page(
            request, "authoring/edit.html", "authoring/_edit_kinds.html", {"kinds": kinds()}
        )
    desk = Desk(request.user, kind, timezone.now())
    if request.method == "POST":
        return _posted(request, desk, None)
    begun = {"kind": kind, "topic": request.GET.get("topic", "")[:80]}
    source = {name: value for name, value in begun.items() if value}
    is_yaml = request.GET.get("as") == "yaml"
    return _shown(request, desk, sheet_of(kind, source, None, as_yaml=is_yaml))


@never_cache
@editor_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: LearnerRequest, slug: str) -> HttpResponse:
    """A question that there is, or the draft of one. At most eighteen queries."""
    now = timezone.now()
    row: Question | None = Question.objects.select_related("topic").filter(slug=slug).first()
    draft = Draft.objects.select_related("base", "by").filter(slug=slug).first()
    reasons: tuple[str, ...] = ()
    if draft and draft.live_at and draft.live_at <= now and request.method != "POST":
        outcomes = {each.slug: each for each in drafts.publish_due(now)}
        if slug not in outcomes or outcomes[slug].is_live:
            messages.info(request, "The draft has gone live.")
            return redirect("edit-question", slug)
        reasons = outcomes[slug].reasons
    if row is None and draft is None:
        return _discarded(request, now)
    kind = row.kind if row else kind_in(str(draft.source.get("kind", ""))) if draft else ""
    desk = Desk(request.user, kind or "flashcard", now, row, draft)
    if request.method == "POST":
        return _posted(request, desk, _base(request, slug))
    sheet = _begun(desk, slug, as_yaml=request.GET.get("as") == "yaml", live="live" in request.GET)
    merged = request.GET.get("merged", "")
    return _shown(request, desk, acts.checked(sheet), merged=merged, reasons=reasons)


def _discarded(request: LearnerRequest, now: datetime) -> HttpResponse:
    """What is typed on a draft that somebody has discarded meanwhile begins a new question."""
    kind = kind_in(request.POST.get("kind", ""))
    if not kind:
        raise Http404
    return _posted(request, Desk(request.user, kind, now), None)


def _begun(desk: Desk, slug: str, *, as_yaml: bool, live: bool) -> Sheet:
    """The draft if there is one, unless what learners see was asked for."""
    row, draft = desk.row, desk.draft
    if draft and not (live and row):
        seen = drafts.stamp_of(draft)
        return sheet_of(desk.kind, draft.source, draft.base, seen, as_yaml=as_yaml)
    assert row  # noqa: S101 - the caller has found one of the two
    says = editing.source_of(row)
    base = history.latest("question", slug, {} if row.is_retired else says)
    return sheet_of(desk.kind, without_version(says), base, as_yaml=as_yaml)


def _base(request: LearnerRequest, slug: str) -> Revision | None:
    digits = request.POST.get("base", "")
    if not digits.isdecimal() or len(digits) > 18:
        return None
    revisions = Revision.objects.of("question", slug).select_related("by")
    found: Revision | None = revisions.filter(pk=int(digits)).first()
    return found


def _posted(request: LearnerRequest, desk: Desk, base: Revision | None) -> HttpResponse:
    do, _, what = (request.POST.get("do") or request.GET.get("do", "")).partition(" ")
    if do in ("retire", "restore") and desk.row:
        text, opposite = acts.set_retired(desk, is_retired=do == "retire")
        undo = f"{reverse('edit-question', args=[desk.row.slug])}?do={opposite}"
        messages.info(request, text, extra_tags=undo if opposite else "")
        return redirect("edit-question", desk.row.slug)
    try:
        sheet = posted_sheet(request.POST, desk.kind, desk.slug, base)
    except ContentError as error:
        empty = sheet_of(desk.kind, {"kind": desk.kind}, base)
        return _shown(request, desk, empty.with_problems(error.problems), status=422)
    return _done(request, desk, sheet, do, what)


def _done(request: LearnerRequest, desk: Desk, sheet: Sheet, do: str, what: str) -> HttpResponse:
    """What the button asks for; by itself, Enter checks what was typed."""
    match do:
        case "add" | "remove" | "up" | "down":
            sheet, focus = acts.with_rows_changed(sheet, do, what)
            return _shown(request, desk, sheet, focus=focus)
        case "as-yaml" | "as-form":
            return _shown(request, desk, acts.turned(sheet, as_yaml=do == "as-yaml"))
        case "wording" | "meaning":
            return _save(request, desk, sheet, changes_meaning=do == "meaning")
        case "draft" | "schedule":
            return _keep(request, desk, sheet, is_scheduled=do == "schedule")
    return _shown(request, desk, acts.checked(sheet))


def _save(
    request: LearnerRequest, desk: Desk, sheet: Sheet, *, changes_meaning: bool
) -> HttpResponse:
    is_sure = "sure" in request.POST
    done = acts.save(desk, sheet, changes_meaning=changes_meaning, is_sure=is_sure)
    if done.text:
        messages.info(request, done.text + _mend(request, desk))
        address = reverse("edit-question", args=[done.slug])
        return redirect(f"{address}?merged={done.merged}" if done.merged else address)
    return _shown(
        request,
        desk,
        done.sheet,
        status=422,
        overtaken=done.overtaken,
        asks_again=done.asks_again,
    )


@dataclass(frozen=True, slots=True)
class Mending:
    """Whether saving settles the open flags, and what is told to those who raised them."""

    is_wanted: bool
    reply: str

    @classmethod
    def asked_for(cls, request: LearnerRequest) -> Mending:
        """What the form says; where it was not shown yet, the flags are taken as mended."""
        is_wanted = "mends" in request.POST or "flags_seen" not in request.POST
        return cls(is_wanted, clean_reply(request.POST.get("mend_reply", "")))


def _mend(request: LearnerRequest, desk: Desk) -> str:
    """Settles the flags that the editor has seen; gives a sentence if there were any."""
    mending = Mending.asked_for(request)
    if not (desk.row and mending.is_wanted and "flags_seen" in request.POST):
        return ""
    seen = instant(request.POST.get("flags_seen", "")) or desk.now
    outcome = Flag.Outcome.MENDED
    number = settle(desk.row, outcome, mending.reply, desk.user, desk.now, seen=seen)
    look_again([desk.row.pk])
    if not number:
        return ""
    told = "learner who flagged it is" if number == 1 else f"{number} learners who flagged it are"
    return f" The {told} told."


def _keep(request: LearnerRequest, desk: Desk, sheet: Sheet, *, is_scheduled: bool) -> HttpResponse:
    when: datetime | None = None
    if is_scheduled:
        try:
            when = acts.moment(request.POST.get("live_at", ""), desk.user.zone, desk.now)
        except ContentError as error:
            return _shown(request, desk, sheet.with_problems(error.problems), status=422)
    changes_meaning = "changes_meaning" in request.POST
    kept = acts.keep(desk, sheet, when, changes_meaning=changes_meaning)
    if isinstance(kept, Sheet):
        return _shown(request, desk, kept, status=422)
    messages.info(request, kept.text)
    return redirect("edit-question", kept.slug)


def _shown(
    request: LearnerRequest, desk: Desk, sheet: Sheet, *, status: int = 200, **details: Any
) -> HttpResponse:
    if desk.row is None and desk.draft is None:
        sheet = replace(sheet, base=None)
    filled = context(desk, sheet, posted_at=request.POST.get("live_at", ""), **details)
    filled["mending"] = Mending.asked_for(request)
    if request.method == "POST":
        filled["changes_meaning"] = "changes_meaning" in request.POST
    return page(request, *_PAGE, filled, status=status)
