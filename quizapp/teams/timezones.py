"""Names of time zones, which arrive from browsers and forms and so may be anything."""

from functools import cache
from zoneinfo import available_timezones


@cache
def _names() -> frozenset[str]:
    return frozenset(available_timezones())


def is_timezone(name: str) -> bool:
    return name in _names()


def known_timezone(name: str) -> str:
    return name if is_timezone(name) else "UTC"
