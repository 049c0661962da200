"""A chapter of the primer that is really served, to somebody who is signed in."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from quizapp.content.loading import load
from quizapp.content.models import Chapter, Question
from quizapp.content.parsing import parse_bank
from quizapp.teams.models import User
from tests.bench.databases import Database, migrated
from tests.bench.figures import Figure
from tests.bench.learning import signed_in
from tests.bench.timing import medians

TITLE = "A chapter of the primer, until its first byte"
MOST = 1.5


def figures(*, is_full: bool) -> list[Figure]:
    database = Database("primer", copy_of=migrated())
    database.use()
    load(parse_bank(Path(settings.CONTENT_DIR)), on_new_version=lambda _: None)
    browser = signed_in(User.objects.create_user("reader@example.com"))
    question = Question.objects.first()
    chapters = list(Chapter.objects.active())
    assert question
    taken = medians(
        yardstick=lambda _: browser.request(f"/yardstick/{question.pk}/").send,
        **{
            chapter.slug: lambda _, slug=chapter.slug: browser.request(f"/primer/{slug}/").send
            for chapter in chapters
        },
    )
    database.close()
    return [
        Figure(chapter.title, taken[chapter.slug], "ms", taken["yardstick"], most=MOST)
        for chapter in chapters
    ]
