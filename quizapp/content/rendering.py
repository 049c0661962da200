"""Markdown as HTML that is safe to show, whoever wrote it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from html import unescape

import nh3
from django.utils.html import escape, strip_tags
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

_HIGHLIGHTED = frozenset({"yaml", "bash", "json"})
_INLINE_TAGS = frozenset({"a", "br", "code", "em", "s", "span", "strong"})
_BLOCK_TAGS = _INLINE_TAGS | frozenset(
    {"blockquote", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "ul"}
    | {"table", "tbody", "td", "th", "thead", "tr"}
)


@lru_cache(maxsize=4096)
def markdown(text: str) -> SafeString:
    """A text of paragraphs, lists, tables and fenced code."""
    return _clean(_MARKDOWN.render(text), _BLOCK_TAGS)


@lru_cache(maxsize=4096)
def markdown_inline(text: str) -> SafeString:
    """A text on one line, such as an option, without a paragraph around it."""
    return _clean(_MARKDOWN.renderInline(text), _INLINE_TAGS)


def blocks_as_html(tokens: Sequence[Token]) -> SafeString:
    """The same for Markdown that has been parsed already, block by block."""
    return _clean(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}), _BLOCK_TAGS)


def inline_as_html(tokens: Sequence[Token]) -> SafeString:
    """What stands within a block that has been parsed already."""
    children = [child for token in tokens for child in token.children or ()]
    html = _MARKDOWN.renderer.render(children, _MARKDOWN.options, {})
    return _clean(html, _INLINE_TAGS)


def plain_text(text: str) -> str:
    """The same text without its marks, for places that take no HTML, such as a choice in a list."""
    return unescape(strip_tags(markdown_inline(text)))


def _clean(html: str, tags: frozenset[str]) -> SafeString:
    """Keeps only known tags, even if the renderer should let something through."""
    cleaned = nh3.clean(
        html,
        tags=set(tags),
        attributes={"a": {"href", "title"}, "ol": {"start"}, "span": {"class"}},
        allowed_classes={"pre": {"highlight"}},
        # A block that scrolls sideways has to be within reach of the keyboard.
        set_tag_attribute_values={"pre": {"tabindex": "0"}} if "pre" in tags else None,
        url_schemes={"http", "https"},
        link_rel="noopener",
    )
    return mark_safe(cleaned)  # noqa: S308 - cleaned above


def _code_block(code: str, language: str, _attributes: str) -> str:
    if language in _HIGHLIGHTED:
        inner = highlight(code, get_lexer_by_name(language), HtmlFormatter(nowrap=True))
    else:
        inner = escape(code)
    return f'<pre class="highlight"><code>{inner}</code></pre>\n'


_MARKDOWN = (
    MarkdownIt("commonmark", {"html": False, "highlight": _code_block})
    .enable(["table", "strikethrough"])
    .disable("image")
)
