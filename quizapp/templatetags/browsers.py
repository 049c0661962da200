"""Browsers by the names that people know."""

import re

from django import template

register = template.Library()

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/|FxiOS/", "Firefox"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Chrom|CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X|Macintosh", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux|X11", "Linux"),
)


@register.filter
def browser(user_agent: str) -> str:
    """`Firefox on Windows`; what is not known is told as it told itself, cut short.

    Most name older browsers as well, so the first that fits is it.
    """
    name = next((name for mark, name in _BROWSERS if re.search(mark, user_agent)), "")
    system = next((name for mark, name in _SYSTEMS if re.search(mark, user_agent)), "")
    if not name:
        return user_agent[:60]
    return f"{name} on {system}" if system else name
