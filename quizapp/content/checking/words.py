"""Texts as a reader sees them: without Markdown, as words, in a form to compare."""

from __future__ import annotations

import re

_FENCE = re.compile(r"^(```|~~~).*?^\1[^\n]*$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`[^`]*`")
_EMPHASISED = re.compile(r"(\*\*|__|\*|\b_)(?=\S)(.+?)(?<=\S)\1", re.DOTALL)
_MARKUP = re.compile(r"[`*]")
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_SENTENCE_END = re.compile(r"(?<=[.!?:])\s+|\n\s*\n")


def prose(text: str) -> str:
    """A text without its fenced code."""
    return _FENCE.sub("", text).strip()


def visible(text: str) -> str:
    """A text as it is read on the page."""
    return _MARKUP.sub("", text).strip()


def words(text: str) -> list[str]:
    return _WORD.findall(visible(text))


def alike(text: str) -> str:
    """What two texts have in common that differ only in case, spacing, quotes or a full stop."""
    return " ".join(visible(text).casefold().strip(" .!?\"'“”‘’").split())


def last_sentence(text: str) -> str:
    """The sentence of a stem that asks, without code."""
    plain = _CODE.sub("", prose(text)).strip()
    return _SENTENCE_END.split(plain)[-1]


def without_emphasis(text: str) -> str:
    return _EMPHASISED.sub("", text)
