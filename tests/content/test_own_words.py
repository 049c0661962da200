"""The content is in the product's own words.

`source_runs.txt` holds a fingerprint of every run of six words in the prose of the text that
the primer's facts were taken from: of the words in small letters, joined by spaces, the first
twelve hexadecimal digits of the SHA-256. So it can be proved that no run was taken over, without
keeping anybody's sentences here.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

FOLDER = Path(settings.BASE_DIR / "content")
SOURCE = frozenset((Path(__file__).parent / "source_runs.txt").read_text().split())
FILES = sorted(path for path in FOLDER.rglob("*") if path.suffix in {".yaml", ".md", ".svg"})
_WORD = re.compile(r"[a-z0-9]+(?:['.-][a-z0-9]+)*")


def runs_in(text: str) -> Iterator[str]:
    words = _WORD.findall(text.lower().replace("’", "'"))
    return (" ".join(words[start : start + 6]) for start in range(len(words) - 5))


def fingerprint(run: str) -> str:
    return hashlib.sha256(run.encode()).hexdigest()[:12]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_six_words_in_a_row_are_the_sources(path: Path) -> None:
    shared = {run for run in runs_in(path.read_text("utf-8")) if fingerprint(run) in SOURCE}

    assert shared == set()


def test_a_run_of_the_source_would_be_found() -> None:
    """The names of the four Service types, as everybody lists them, and the first once more."""
    (run,) = runs_in("`ClusterIP`, `NodePort`, `LoadBalancer`, and `ExternalName`.\n\n- ClusterIP")

    assert fingerprint(run) in SOURCE
    assert len(SOURCE) > 1500
