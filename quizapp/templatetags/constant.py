"""Fragments that are the same on many pages."""

from functools import lru_cache

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

register = template.Library()

Value = str | bool | None


@register.simple_tag
def constant(fragment: str, **values: Value) -> SafeString:
    """A fragment that depends on nothing but `values`, rendered once in a process for each set.

    Addresses and names of assets are costly to look up.
    """
    if settings.DEBUG:
        return render_to_string(fragment, values)
    return _rendered(fragment, **values)


@lru_cache(maxsize=512)
def _rendered(fragment: str, **values: Value) -> SafeString:
    return render_to_string(fragment, values)
