"""Days in the words of the pages on a team. No Django here."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo


def day_words(day: date, today: date) -> str:
    """`12 March`, with the year where it is another."""
    return f"{day:%-d %B}" if day.year == today.year else f"{day:%-d %B %Y}"


def ago(day: date | None, today: date) -> str:
    """`today`, `yesterday`, `9 days ago`, `not yet`."""
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
    return words if there.date() == today else f"{words} on {day_words(there.date(), today)}"
