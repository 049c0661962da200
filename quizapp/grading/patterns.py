"""Regular expressions from authors: RE2 syntax, whose matching time is linear."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import re2


@lru_cache(maxsize=4096)
def compiled(pattern: str, *, case_sensitive: bool = True) -> Any:
    """A compiled pattern with re's `fullmatch`. Raises ValueError with the reason otherwise."""
    options = re2.Options()
    options.case_sensitive = case_sensitive
    options.log_errors = False
    options.max_mem = 1 << 20
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        reason = error.args[0].decode(errors="replace")
        raise ValueError(f"the pattern is not valid RE2: {reason}") from None
