"""Parsed specs, kept in memory: parsing costs more than grading, and specs never change."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from quizapp.grading import Spec, parse_spec


def cached_spec(kind: str, raw: dict[str, Any]) -> Spec:
    """`parse_spec`, remembered by content, so that an edited question never meets its old spec."""
    return _parse(kind, json.dumps(raw, sort_keys=True))


@lru_cache(maxsize=4096)
def _parse(kind: str, source: str) -> Spec:
    return parse_spec(kind, json.loads(source))
