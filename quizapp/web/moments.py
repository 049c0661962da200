"""Moments that a form carries, so that it is known what somebody had seen."""

from __future__ import annotations

from datetime import datetime


def instant(text: str) -> datetime | None:
    """A moment as a form of ours wrote it (ISO 8601 with its offset); None for anything else."""
    try:
        moment = datetime.fromisoformat(text[:40])
    except ValueError:
        return None
    return moment if moment.tzinfo else None
