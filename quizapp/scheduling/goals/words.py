"""Numbers and days in words, as reasons and advice need them. Pure."""

from __future__ import annotations

import math
from datetime import date


def counted(number: int, singular: str) -> str:
    """`1 question`, `2 questions`."""
    return f"{number} {singular}" if number == 1 else f"{number} {singular}s"


def minutes_a_day(minutes: float) -> str:
    """`1 minute a day`, `14 minutes a day`: rounded up, for less would not do."""
    return f"{counted(math.ceil(minutes), 'minute')} a day"


def on_day(day: date, today: date) -> str:
    """`12 March`, with the year where it is another one than today's."""
    year = "" if day.year == today.year else f" {day.year}"
    return f"{day.day} {day:%B}{year}"


def percent(share: float, target: float | None = None) -> str:
    """`85%`, for a share from 0 to 1. One that falls short of a target never looks like it."""
    number = round(share * 100)
    if target is not None and share < target and number >= round(target * 100):
        number = round(target * 100) - 1
    return f"{number}%"
