"""A question met, as one row of the list."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.utils.safestring import SafeString

from quizapp.content.rendering import markdown_inline, plain_text
from quizapp.grading import KINDS
from quizapp.scheduling.memory import Schedule
from quizapp.scheduling.models import Card
from quizapp.web.standings import is_put_off, standing_words

LONGEST = 240

_FENCE = re.compile(r"^ *(```|~~~).*$", re.MULTILINE)
_CODE_BLOCK = re.compile(r"^ *(```|~~~).*?^ *\1[^\n]*$", re.DOTALL | re.MULTILINE)


def row(card: Card, now: datetime, schedule: Schedule) -> dict[str, Any]:
    """What a row prints; never a part of the key, whatever the kind."""
    question = card.question
    standing, *details = standing_words(card, now, schedule)
    return {
        "question": question,
        "stem": in_short(question.stem),
        "plain": plain_text(shortened(_without_code(question.stem), 60)),
        "kind_label": KINDS[question.kind].label,
        "standing": standing,
        "details": ", ".join(details),
        "is_suspended": card.is_suspended,
        "verb": "Bring back" if card.is_suspended else "Suspend",
        "is_put_off": is_put_off(card, now),
        "is_leech": card.is_leech,
    }


def in_short(stem: str) -> SafeString:
    """The stem on one line, without its blocks of code."""
    return markdown_inline(shortened(_without_code(stem), LONGEST))


def shortened(text: str, longest: int) -> str:
    """As many whole words as fit; code that is cut off is closed."""
    if len(text) <= longest:
        return text
    head = text[: longest + 1]
    kept = (head.rpartition(" ")[0] or head[:-1]).rstrip(" ,;:.")
    return kept + ("`" if kept.count("`") % 2 else "") + " …"


def _without_code(stem: str) -> str:
    """On one line; of a stem that is nothing but code, the code."""
    words = _CODE_BLOCK.sub(" ", stem).split() or _FENCE.sub(" ", stem).split()
    return " ".join(words)
