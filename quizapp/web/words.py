"""Spans of time and numbers in words, and texts from people within lines."""

from __future__ import annotations

from datetime import datetime

from quizapp.scheduling.day import LearnerDay

DAYS_PER_MONTH = 30.4


def count(number: int, singular: str, plural: str = "") -> str:
    """`1 question`, `2 questions`, `1,413 questions`."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def until(due: datetime, now: datetime, day: LearnerDay) -> str:
    """How long until `due`: `now`, `in 10 minutes`, `tomorrow`, `in 4 days`, `in 3 months`."""
    days = (day.date_of(due) - day.date_of(now)).days
    minutes = max(0, round((due - now).total_seconds() / 60))
    if due <= now:
        return "now"
    if days == 0 or minutes < 60:
        return _within_the_day(minutes)
    if days == 1:
        return "tomorrow"
    if days < 60:
        return f"in {days} days"
    return f"in {count(round(days / DAYS_PER_MONTH), 'month')}"


def _within_the_day(minutes: int) -> str:
    if minutes < 60:
        return f"in {count(max(1, minutes), 'minute')}"
    return f"in {count(round(minutes / 60), 'hour')}"


def in_a_line(text: str) -> str:
    """Without anything that would begin a new line of a header, or turn the text around."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
