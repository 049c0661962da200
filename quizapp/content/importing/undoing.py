"""Taking back what was brought in from a file."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.db import transaction

from quizapp.content import editing
from quizapp.content.editing.batches import TakenBack, is_done, undo_of
from quizapp.content.history import Act, Change
from quizapp.content.history.revisions import latest_of, newest
from quizapp.content.models import Question, Revision
from quizapp.content.parsing import question_from
from quizapp.content.problems import ContentError
from quizapp.content.schema import Question as Entry
from quizapp.content.schema import Source


def take_back(batch: UUID, change: Change) -> TakenBack:
    """Lets questions say again what they said before, and retires those that were not in use.

    Left as they are: questions that were changed since, and those that cannot say it any more,
    as when a fact is gone. A version stays raised: what learners forgot does not come back.
    Raises Revision.DoesNotExist for a batch that is not known or was no import.
    """
    change = replace(change, act=Act.UNDONE, batch=undo_of(batch))
    with transaction.atomic():
        imports = {
            revision.slug: revision
            for revision in Revision.objects.filter(batch=batch, noun=Entry.noun, act=Act.IMPORTED)
        }
        if not imports:
            raise Revision.DoesNotExist
        locked = Question.objects.select_for_update(of=("self",), no_key=True)
        rows: list[Question] = list(locked.filter(slug__in=imports).order_by("pk"))
        if is_done(change.batch or batch):
            return TakenBack([], [], was_taken_before=True)
        latest = latest_of(imports)
        intact = [row for row in rows if latest[row.slug].pk == imports[row.slug].pk]
        taken = _take_back(intact, imports, change)
    kept = imports.keys() - {row.slug for row in taken}
    return TakenBack(taken, sorted(kept))


def _take_back(
    rows: list[Question], imports: dict[str, Revision], change: Change
) -> list[Question]:
    slugs = [row.slug for row in rows]
    brought = [imports[slug].pk for slug in slugs]
    before = newest(Revision.objects.filter(slug__in=slugs).exclude(pk__in=brought))
    said = {slug: revision.source for slug, revision in before.items() if revision.source}
    unused = [row for row in rows if row.slug not in said]
    again = [_say_again(row, said[row.slug], change) for row in rows if row.slug in said]
    return [*editing.retire(unused, change), *(row for row in again if row)]


def _say_again(row: Question, source: Source, change: Change) -> Question | None:
    raw = {**source, "version": row.version}
    topic = raw.pop("topic")
    try:
        entry = question_from(raw, topic)
        return editing.save(entry, change, on_new_version=lambda _keys: None)
    except ContentError:
        return None
