"""What was done to questions together, and how it is taken back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID, uuid5

from django.db import transaction

from quizapp.content import editing
from quizapp.content.history import Act, Change
from quizapp.content.history.revisions import latest_of, newest
from quizapp.content.models import Question, QuestionFact, Revision, Topic
from quizapp.content.schema import Question as Entry

UNDOABLE = frozenset({Act.RETIRED, Act.RESTORED, Act.MOVED})

_UNDO = UUID("5b1f9a5e-0b6b-4a53-9e5f-3a4c0c6d1d53")


@dataclass(frozen=True, slots=True)
class TakenBack:
    """The questions that are as they were before, and the slugs of those left as they are."""

    taken: list[Question]
    left: list[str]
    was_taken_before: bool = False


def is_done(batch: UUID) -> bool:
    """Whether anything of it has been done, even if it was taken back since."""
    return Revision.objects.filter(batch=batch).exists()


def undo_of(batch: UUID) -> UUID:
    """The batch in which another is taken back: the same each time, so that it is done once."""
    return uuid5(_UNDO, str(batch))


def take_back(batch: UUID, change: Change) -> TakenBack:
    """Undoes an act in bulk, except for questions that were changed since.

    Raises Revision.DoesNotExist for a batch that is not known or was no such act.
    """
    change = replace(change, act=Act.UNDONE, batch=undo_of(batch))
    with transaction.atomic():
        revisions = {
            revision.slug: revision
            for revision in Revision.objects.filter(batch=batch, noun=Entry.noun, act__in=UNDOABLE)
        }
        if not revisions:
            raise Revision.DoesNotExist
        locked = Question.objects.select_for_update(of=("self",), no_key=True).select_related(
            "topic"
        )
        rows = list(locked.filter(slug__in=revisions).order_by("pk"))
        if is_done(undo_of(batch)):
            return TakenBack([], [], was_taken_before=True)
        latest = latest_of(revisions)
        intact = [row for row in rows if latest[row.slug].pk == revisions[row.slug].pk]
        taken = _take_back(intact, revisions, change)
    kept = revisions.keys() - {row.slug for row in taken}
    return TakenBack(taken, sorted(kept))


def _take_back(
    rows: Iterable[Question], revisions: Mapping[str, Revision], change: Change
) -> list[Question]:
    by_act: dict[str, list[Question]] = defaultdict(list)
    for row in rows:
        by_act[revisions[row.slug].act].append(row)
    gone = QuestionFact.objects.filter(
        question__in=by_act[Act.RETIRED], fact__retired_at__isnull=False
    )
    without = set(gone.values_list("question_id", flat=True))
    whole = [
        row for row in by_act[Act.RETIRED] if not row.topic.is_retired and row.pk not in without
    ]
    return [
        *editing.restore(whole, change),
        *editing.retire(by_act[Act.RESTORED], change),
        *_move_back(by_act[Act.MOVED], revisions, change),
    ]


def _move_back(
    rows: Iterable[Question], revisions: Mapping[str, Revision], change: Change
) -> list[Question]:
    """Each to the topic and the place in it that it came from."""
    by_slug = {row.slug: row for row in rows}
    moves = [revisions[slug].pk for slug in by_slug]
    before = Revision.objects.filter(slug__in=by_slug).exclude(pk__in=moves)
    came_from: dict[str, list[Question]] = defaultdict(list)
    for slug, revision in newest(before).items():
        came_from[revision.source.get("topic", "")].append(by_slug[slug])
    positions = {
        row.pk: position
        for slug, row in by_slug.items()
        if (position := revisions[slug].position_before) is not None
    }
    return [
        row
        for topic in Topic.objects.active().filter(slug__in=came_from)
        for row in editing.move(came_from[topic.slug], topic, change, positions=positions)
    ]
