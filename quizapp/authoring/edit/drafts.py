"""Drafts: work on a question that learners do not see yet, and how it goes live."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from quizapp.authoring.edit.kinds import label_of
from quizapp.authoring.edit.saving import Overtaken, Work, save, taken_id
from quizapp.authoring.models import Draft
from quizapp.content.history import Act, Change
from quizapp.content.models import Question, Revision
from quizapp.content.problems import ContentError, Place
from quizapp.content.schema import Source, check_slug
from quizapp.grading.manifest_checks import same
from quizapp.teams.models import User

NOTE = "from a draft"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a draft. Without reasons it is live."""

    slug: str
    reasons: tuple[str, ...] = ()

    @property
    def is_live(self) -> bool:
        return not self.reasons


@dataclass(frozen=True, slots=True)
class Kept:
    """What is to be kept: the form as plain data, complete or not."""

    source: Source
    base: Revision | None
    live_at: datetime | None = None
    changes_meaning: bool = False


def keep(kept: Kept, by: User, now: datetime, *, seen: str) -> Draft | None:
    """Keeps work as the draft of its question. None if somebody else has kept one meanwhile.

    `seen` is the stamp of the draft that the work began from, "" if there was none. Raises
    ContentError for an id that could not be one, and for a new question under a known one's.
    """
    slug = str(kept.source.get("id") or "")
    try:
        check_slug(slug)
        if len(slug) > 80:
            raise ValueError("shorten this to 80 characters")  # noqa: TRY301
    except ValueError as error:
        raise ContentError([Place("question").at("id").error(str(error))]) from None
    if kept.base is None and not seen and Question.objects.filter(slug=slug).exists():
        raise ContentError([taken_id(kept.source)])
    values = {
        "source": kept.source,
        "base": kept.base,
        "by": by,
        "changed_at": now,
        "changes_meaning": kept.changes_meaning,
        "live_at": kept.live_at,
    }
    with transaction.atomic():
        draft = Draft.objects.select_for_update().filter(slug=slug).first()
        if draft is None:
            made, is_new = Draft.objects.get_or_create(slug=slug, defaults=values)
            return made if is_new else None  # another has kept one in this very moment
        if _is_kept(draft, kept):
            return draft
        if stamp_of(draft) != seen:
            return None
        for name, value in values.items():
            setattr(draft, name, value)
        draft.save()
    return draft


def _is_kept(draft: Draft, kept: Kept) -> bool:
    """Whether the draft says all of it already, as after a second submit."""
    return (
        same(draft.source, kept.source)
        and draft.base_id == (kept.base.pk if kept.base else None)
        and draft.live_at == kept.live_at
        and draft.changes_meaning == kept.changes_meaning
    )


def stamp_of(draft: Draft | None) -> str:
    """Tells one state of a draft from another."""
    return draft.changed_at.isoformat() if draft else ""


def drop(slug: str, seen: str) -> None:
    """Takes away the draft of a question in the state that was seen; a later one stays."""
    for draft in Draft.objects.filter(slug=slug):
        if stamp_of(draft) == seen:
            Draft.objects.filter(pk=draft.pk, changed_at=draft.changed_at).delete()


def publish_due(now: datetime) -> list[Outcome]:
    """Puts every draft live whose time has come; one that does not fit is left as it is."""
    due = Draft.objects.filter(live_at__lte=now).order_by("live_at", "pk")
    found = (_publish(pk, now) for pk in list(due.values_list("pk", flat=True)))
    return [outcome for outcome in found if outcome]


def _publish(pk: int, now: datetime) -> Outcome | None:
    """None for a draft that another process has put live, or that was put off meanwhile."""
    with transaction.atomic():
        drafts = Draft.objects.select_for_update(of=("self",)).select_related("base")
        draft = drafts.filter(pk=pk, live_at__lte=now).first()
        if draft is None:
            return None
        reasons = tuple(_reasons_against(draft, now))
        if not reasons:
            draft.delete()
    return Outcome(draft.slug, reasons)


def _reasons_against(draft: Draft, now: datetime) -> Iterator[str]:
    """Puts a draft live; yields what speaks against that, where it was not done."""
    is_known = Question.objects.filter(slug=draft.slug).exists()
    if is_known and draft.base is None:
        yield f"id: there is a question {draft.slug} by now"
        return
    work = Work(draft.slug if is_known else "", draft.source, draft.base, draft.changes_meaning)
    act = Act.EDITED if is_known else Act.ADDED
    try:
        result = save(work, Change(draft.by_id, now, act, NOTE))
    except ContentError as error:
        yield from (f"{each.field}: {each.message}" for each in error.problems)
        return
    if not isinstance(result, Overtaken):
        return
    if result.is_gone:
        yield "the question was retired meanwhile"
    kind = str(draft.source.get("kind", ""))
    for clash in result.clashes:
        yield f"{label_of(kind, clash.path)}: somebody else has changed this too"
    yield from (f"{each.field}: {each.message}" for each in result.problems)
