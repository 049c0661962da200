"""What files and browser both changed: looked at side by side, and settled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from quizapp.authoring.conflicts.preview import Preview, decided_now, previews
from quizapp.authoring.conflicts.shown import Comparison, compared, picked_source, short_problems
from quizapp.content import settling
from quizapp.content.history import Act, Change
from quizapp.content.problems import ContentError
from quizapp.content.settling import Choice, StaleError
from quizapp.content.settling.references import Key
from quizapp.scheduling.cards import start_anew
from quizapp.web.access import LearnerRequest, editor_required
from quizapp.web.pages import page
from quizapp.web.words import count

_STALE = "Meanwhile something was changed, so nothing was settled. Here is how it is now."
_GONE = "That is settled already, or no conflict any more. Here is how it is now."


@never_cache
@editor_required
@require_safe
def conflicts(request: LearnerRequest) -> HttpResponse:
    """Reads all files. A fixed number of queries."""
    return _conflicts(request, compared())


@never_cache
@require_POST
@editor_required
def settle(request: LearnerRequest) -> HttpResponse:
    """First shows what a choice comes to, and does it when that is confirmed."""
    comparison = compared()
    keys = _keys(request.POST, comparison)
    steps = {key: comparison.waiting[key] for key in keys if key in comparison.waiting}
    token = request.POST.get("token", "")
    if not steps or settling.token_of(steps) != token:
        return _again(request, _STALE if steps else _GONE)
    choice = request.POST.get("choice", "")
    choices = _choices(request.POST, comparison, keys, choice)
    if choices is None:
        return _again(request, "Choose first which side is to win.")
    try:
        if "confirmed" not in request.POST:
            decided = decided_now(comparison, choices)
            return _preview(request, previews(decided), len(decided))
        change = Change(request.user.pk, timezone.now(), Act.SETTLED, batch=uuid4())
        done = settling.settle(
            comparison.bank, choices, change, token=token, on_new_version=start_anew
        )
    except StaleError:
        return _again(request, _STALE)
    except ContentError as error:
        problems = short_problems(error.problems)
        entry = request.POST.get("entry", "")
        return _conflicts(request, comparison, {entry: _picks(request.POST)}, {entry: problems})
    waiting = any(
        step.source and step.entry and step.source != step.entry.source() for step in done
    )
    hint = " Export now brings the files up to it." if waiting else ""
    messages.info(request, f"{count(len(done), 'conflict')} settled.{hint}")
    return redirect("edit-conflicts")


def _again(request: LearnerRequest, text: str) -> HttpResponse:
    messages.info(request, text)
    return redirect("edit-conflicts")


def _keys(form: QueryDict, comparison: Comparison) -> list[Key]:
    """The conflicts that the form is about; `all` means all that are waiting."""
    entry = form.get("entry", "")
    if entry == "all":
        return list(comparison.waiting)
    name, _, slug = entry.partition("/")
    return [(name, slug)]


def _choices(
    form: QueryDict, comparison: Comparison, keys: Sequence[Key], choice: str
) -> dict[Key, Choice] | None:
    if choice == "ours":
        return dict.fromkeys(keys, "ours")
    if choice == "theirs":
        return dict.fromkeys(keys, "theirs")
    if choice == "picked" and len(keys) == 1 and keys[0][0] == "questions":
        return {keys[0]: picked_source(comparison.waiting[keys[0]], _picks(form))}
    return None


def _picks(form: QueryDict) -> dict[str, str]:
    return {name: form.get(name, "") for name in form if name.startswith("pick-")}


def _conflicts(
    request: LearnerRequest,
    comparison: Comparison,
    picks: Mapping[str, Mapping[str, str]] | None = None,
    problems: Mapping[str, Sequence[str]] | None = None,
) -> HttpResponse:
    """With what was picked and what is wrong with it, by entry, where settling was refused."""
    number = len(comparison.waiting)
    shown = comparison.shown(picks or {}, problems or {})
    context = {
        "errors": comparison.errors,
        "shown": shown,
        "number": number,
        "number_said": count(number, "conflict"),
        "more": number - len(shown),
        "token": comparison.token if number else "",
        "to_export": comparison.to_export,
        "to_load": comparison.to_load,
        "problems": (problems or {}).get("all", ()),
    }
    status = 422 if problems else 200
    template = "authoring/conflicts.html", "authoring/_conflicts.html"
    return page(request, *template, context, status=status)


def _preview(request: LearnerRequest, shown: Sequence[Preview], number: int) -> HttpResponse:
    names = ("entry", "token", "choice", *_picks(request.POST))
    context = {
        "previews": shown,
        "number": number,
        "more": number - len(shown),
        "kept": [(name, request.POST.get(name, "")) for name in names],
    }
    return page(request, "authoring/conflicts.html", "authoring/_conflicts_settle.html", context)
