"""Making a question say again what it said before. That is one more entry of its history."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.db import transaction

from quizapp.authoring.edit.saving import parsed, present_source, without_version
from quizapp.content import editing, history
from quizapp.content.history import Act, Change
from quizapp.content.models import Question, Revision
from quizapp.content.schema import Question as Entry
from quizapp.content.schema import Source, digest_of
from quizapp.scheduling.cards import start_anew


class OvertakenError(Exception):
    """Somebody has changed the question since it was looked at."""


@dataclass(frozen=True, slots=True)
class Restored:
    """`before` and `after` are the newest revisions before and after; one and the same where the
    question says that already. `version` is that which learners now begin anew, if they do."""

    before: Revision
    after: Revision
    version: int | None = None

    @property
    def is_changed(self) -> bool:
        return self.before.pk != self.after.pk


def version_after(question: Question, then: Source) -> int:
    """The version under which a question says again what it said then.

    It is never lowered. A text from before the meaning changed is one more change of meaning.
    """
    version = int(then.get("version", 1))
    return max(version, question.version if version == question.version else question.version + 1)


def is_same(one: Source, other: Source) -> bool:
    """Whether two sources say the same, whatever their versions.

    Unlike ==, it tells 1 from true.
    """
    return digest_of(without_version(one)) == digest_of(without_version(other))


def newest_key(slug: str) -> int:
    """Which revision of a question is its newest, 0 if there is none."""
    found = Revision.objects.of(Entry.noun, slug).values_list("pk", flat=True).first()
    return found or 0


def restore(revision: Revision, change: Change, *, seen: int | None = None) -> Restored:
    """Makes the question say what it said in a revision, or retires it where it was retired.

    Raises ContentError, with nothing written, where its topic or a fact is gone or the parser
    takes it no more; OvertakenError if `seen` is given and not the newest revision any more.
    """
    with transaction.atomic():
        rows = Question.objects.select_for_update(of=("self",)).select_related("topic")
        question: Question = rows.get(slug=revision.slug)
        present = present_source(question)
        is_said = is_same(revision.source, present)
        if not is_said and seen is not None and seen != newest_key(question.slug):
            raise OvertakenError
        before = history.latest(Entry.noun, question.slug, present)
        if is_said:
            return Restored(before, before)
        if not revision.source:
            retired = Act.RETIRED if change.act == Act.RESTORED else change.act
            editing.retire([question], replace(change, act=retired))
            return Restored(before, history.latest(Entry.noun, question.slug, {}))
        version = version_after(question, revision.source)
        entry = parsed(without_version(revision.source), version)
        editing.save(entry, change, on_new_version=start_anew)
        after = history.latest(Entry.noun, question.slug, entry.source())
    return Restored(before, after, version if version > question.version else None)
