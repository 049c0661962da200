"""Variables of the environment, read strictly: what makes no sense is not taken for a no."""

from __future__ import annotations

import os

import environ
from django.core.exceptions import ImproperlyConfigured

_WORDS = {
    **dict.fromkeys(("on", "true", "yes", "y", "ok", "1"), True),
    **dict.fromkeys(("off", "false", "no", "n", "0"), False),
}


class Environment(environ.Env):  # type: ignore[misc]
    """A variable that is empty counts as one that is not set, as container tools hand them on."""

    ENVIRON = {name: value for name, value in os.environ.items() if value.strip()}  # noqa: RUF012 - read only

    def bool(self, var: str, default: bool = False) -> bool:  # noqa: FBT002 - as django-environ has it
        """Raises ImproperlyConfigured for a word that is neither a yes nor a no."""
        text = self.ENVIRON.get(var)
        if text is None:
            return default
        if (word := text.strip().lower()) not in _WORDS:
            raise ImproperlyConfigured(f"{var} has to be on or off, not {text}.")
        return _WORDS[word]
