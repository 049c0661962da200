"""Numbers of the reports in words."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from quizapp.content.rendering import plain_text
from quizapp.scheduling.day import LearnerDay
from quizapp.web.words import until

LONGEST_TITLE = 110


def title_of(stem: str) -> str:
    """The first paragraph of a stem as plain text, cut where it gets long."""
    title = " ".join(plain_text(stem.strip().partition("\n\n")[0]).split())
    if len(title) <= LONGEST_TITLE:
        return title
    whole_words = title[:LONGEST_TITLE].rpartition(" ")[0] or title[:LONGEST_TITLE]
    return whole_words.rstrip(" .,:;?!") + "…"


def wall_clock(moment: datetime, zone: ZoneInfo) -> datetime:
    """What a clock there showed, without its zone, since templates move what has one to UTC."""
    return moment.astimezone(zone).replace(tzinfo=None)


def comes_back(due: datetime, now: datetime, day: LearnerDay) -> str:
    """`due now`, or `comes back in 4 days`."""
    return "due now" if due <= now else f"comes back {until(due, now, day)}"


def strength(recall: float | None) -> str:
    """An expected recall from 0 to 1 in words; None is one of which nothing is known."""
    if recall is None:
        return "To learn anew"
    if recall == 1:  # As the model says within the day of an answer, which is no forecast.
        return "Answered today"
    if recall >= 0.9:
        return "Firm"
    if recall >= 0.75:
        return "Fading"
    return "Faint"
