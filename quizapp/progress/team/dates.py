"""Days in the words of the pages on a team. No Django here."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from quizapp.scheduling.goals.words import on_day


def ago(day: date | None, today: date) -> str:
    """`today`, `yesterday`, `9 days ago`; `not yet` for None."""
    if day is None:
        return "not yet"
    days = (today - day).days
    if days <= 0:
        return "today"
    return "yesterday" if days == 1 else f"{days} days ago"


def clock(moment: datetime, zone: ZoneInfo, today: date) -> str:
    """`14:05`, or `14:05 on 11 March` where that is another day there."""
    there = moment.astimezone(zone)
    words = f"{there:%H:%M}"
    return words if there.date() == today else f"{words} on {on_day(there.date(), today)}"
