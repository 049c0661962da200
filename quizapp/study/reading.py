"""How far a learner has read: kept section by section, and where to go on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse

from quizapp.content.models import Chapter
from quizapp.content.primer.blocks import text_of
from quizapp.study.models import Reading
from quizapp.teams.models import User

_JUST = timedelta(minutes=10)
"""For how long a section that was noted is not noted again."""


@dataclass(frozen=True, slots=True)
class ReadingPlace:
    """Where to go on reading. `section` is empty at the head of the chapter."""

    chapter: Chapter
    section: str
    url: str
    read_at: datetime


def last_read(user: User) -> ReadingPlace | None:
    """Where the learner was reading last; None before the first time. One query."""
    reading = Reading.objects.of(user).order_by("-read_at", "-pk").first()
    return place_of(reading) if reading else None


def readings(user: User) -> Mapping[int, Reading]:
    """How far the learner is in each chapter, by its key, the one read last first. One query."""
    return {each.chapter_id: each for each in Reading.objects.of(user).order_by("-read_at", "-pk")}


def place_of(reading: Reading) -> ReadingPlace:
    section = text_of(reading.chapter).title_of(reading.anchor)
    anchor = f"#{reading.anchor}" if section else ""
    url = reverse("chapter", args=[reading.chapter.slug]) + anchor
    return ReadingPlace(reading.chapter, section, url, reading.read_at)


def note_reading(user: User, chapter: Chapter, anchor: str, now: datetime) -> None:
    """Keep the section as the one last read. Writes nothing where it has just been kept."""
    kept = Reading.objects.filter(user=user, chapter=chapter)
    if kept.filter(anchor=anchor, read_at__gt=now - _JUST).exists():
        return
    if not kept.update(anchor=anchor, read_at=now):
        new = Reading(user=user, chapter=chapter, anchor=anchor, read_at=now)
        Reading.objects.bulk_create([new], ignore_conflicts=True)
