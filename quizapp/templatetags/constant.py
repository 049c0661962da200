"""Fragments that are the same on every page."""

from functools import cache

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def constant(fragment: str) -> SafeString:
    """A fragment that needs no context, rendered once in a process: asset names are costly."""
    return render_to_string(fragment) if settings.DEBUG else _rendered(fragment)


@cache
def _rendered(fragment: str) -> SafeString:
    return render_to_string(fragment)
