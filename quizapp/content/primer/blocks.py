"""Chapters as HTML that is safe to show, block by block, so that a page can set things between.

Nothing here depends on who reads, and nothing is read again while the chapter stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from quizapp.content.models import Chapter
from quizapp.content.primer.diagrams import DiagramError, parse_diagram
from quizapp.content.primer.text import Block, ChapterText, read_body
from quizapp.content.rendering import blocks_as_html, inline_as_html


@dataclass(frozen=True)
class HtmlBlock:
    """One block of the text; which of the fields are filled tells its form (see `Block`)."""

    html: SafeString
    level: int
    anchor: str
    path: str
    caption: str
    question: str
    facts: tuple[str, ...]
    is_table: bool


def text_of(chapter: Chapter) -> ChapterText:
    return read_body(chapter.body)


def blocks_of(chapter: Chapter) -> list[HtmlBlock]:
    return [
        HtmlBlock(
            html=_html(block, number, chapter.diagrams),
            level=block.level,
            anchor=block.anchor,
            path=block.path,
            caption=block.caption,
            question=block.question,
            facts=block.facts,
            is_table=bool(block.tokens) and block.tokens[0].type == "table_open",
        )
        for number, block in enumerate(text_of(chapter).blocks)
    ]


def _html(block: Block, number: int, diagrams: Mapping[str, str]) -> SafeString:
    if block.path:
        return _diagram(block, number, diagrams)
    if block.level:
        return inline_as_html(block.tokens)
    html = blocks_as_html(block.tokens)
    return mark_safe(html.replace("<th>", '<th scope="col">'))  # noqa: S308 - still clean


def _diagram(block: Block, number: int, diagrams: Mapping[str, str]) -> SafeString:
    """The drawing itself; its description alone, should the drawing be missing or no good."""
    try:
        drawn = parse_diagram(diagrams.get(block.path, ""))
    except DiagramError:
        return SafeString("")
    return mark_safe(drawn.svg(f"diagram-{number}-", block.alt))  # noqa: S308 - made from a list
